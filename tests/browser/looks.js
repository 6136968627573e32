// What `looks.py` asks in a page, beside axe.
window.looks = (() => {
  "use strict";
  const isText = (node) => node.nodeType === Node.TEXT_NODE && node.data.trim();
  const isField = ({ localName }) => /^(input|select|textarea)$/.test(localName);
  const isRead = (element) => isField(element) || [...element.childNodes].some(isText);
  let ofKind;

  // What a page says: kinds of elements with text, each in all of which its colours are judged by. Axe goes through
  // the whole page for a single element, so it is asked about few.
  const kinds = () => {
    ofKind = new Map();
    const note = (element, around, surface, seenThrough) => {
      const style = getComputedStyle(element);
      const { backgroundColor, backgroundImage, color, fontSize, fontWeight, position } = style;
      const image = backgroundImage === "none" ? "" : backgroundImage;
      const isOpaque = backgroundColor.startsWith("rgb(") && !image;
      // What is moved elsewhere may lie over anything.
      const over = /static|relative/.test(position) ? "" : `${element.getAttribute("class")} over `;
      const own = backgroundColor === "rgba(0, 0, 0, 0)" && !image ? over : `${over}${backgroundColor} ${image} `;
      const behind = isOpaque ? own : `${own}${surface}`;
      const opacity = seenThrough * style.opacity;
      const size = parseFloat(fontSize) >= (fontWeight >= 700 ? 18.5 : 24) ? "large" : "small";
      const link = element.localName === "a" ? `link ${style.textDecorationLine} ${fontWeight} in ${around}` : "";
      const kind = `${color} ${opacity} ${size} ${element.matches(":disabled")} ${link} on ${behind}`;
      if (!ofKind.has(kind) && isRead(element) && element.checkVisibility()) ofKind.set(kind, element);
      for (const child of element.children) note(child, `${color} ${fontWeight}`, behind, opacity);
    };
    note(document.body, "", getComputedStyle(document.documentElement).backgroundColor, 1);
    return [...ofKind.keys()];
  };

  const sideways = () => {
    const isWider = document.documentElement.scrollWidth > innerWidth;
    return isWider ? [`scrolls sideways at ${innerWidth} px`] : [];
  };

  // What stays where it is while the rest of the page goes under it, null for the rest.
  const layerOf = (element) => element && /^(fixed|sticky)$/.test(getComputedStyle(element).position)
    ? element
    : element && layerOf(element.parentElement);

  // Targets smaller than a finger needs (WCAG 2.5.8), and those that lie partly under another one. Axe forgives more,
  // and took a third of its time for it.
  const cramped = () => {
    const targets = [...document.querySelectorAll("a[href], button, input, select, textarea, summary")]
      .filter((element) => element.checkVisibility())
      .map((element) => ({
        element, layer: layerOf(element), at: element.getBoundingClientRect(),
      }));
    const isOver = (one, other) => one.layer === other.layer
      && one.at.left < other.at.right && other.at.left < one.at.right
      && one.at.top < other.at.bottom && other.at.top < one.at.bottom;
    return targets
      .filter((one) => Math.min(one.at.width, one.at.height) < 24
        || targets.some((other) => other !== one && isOver(one, other)))
      .map(({ element, at }) => `cramped at ${at.width} by ${at.height} px: ${element.outerHTML.slice(0, 120)}`);
  };

  // In words already: what axe tells of everything else takes longer to carry over than to find. Style sheets and
  // sound, which no rule of ours asks for, are not loaded once more.
  const found = async (where, rules) => {
    const { violations } = await axe.run(where, { ...rules, preload: false, resultTypes: ["violations"] });
    return violations.map(({ id, nodes }) => `${id}: ${nodes[0].html.slice(0, 120)}`);
  };

  return {
    sideways,
    // What is wrong with the page as it is looked at, by these rules if there are any; and the kinds it has.
    page: async (rules) => [[...(rules ? await found(document, rules) : []), ...sideways(), ...cramped()], kinds()],
    // The same of an element of each of these kinds that are there still, and which those are: a page that renews
    // itself may have done so.
    elements: async (of, rules) => {
      kinds();
      const there = of.filter((kind) => ofKind.has(kind));
      const include = there.map((kind) => ofKind.get(kind));
      return [there.length ? await found({ include }, rules) : [], there];
    },
    // Whether the page of this address stands here now: it does when neither it nor the one before has a script.
    show: async (path) => {
      const answer = await fetch(path);
      const next = new DOMParser().parseFromString(await answer.text(), "text/html");
      if (document.scripts.length || next.scripts.length) return false;
      const loads = [...next.querySelectorAll("link[rel=stylesheet], img")].map(
        (element) => new Promise((done) => { element.onload = element.onerror = done; })
      );
      document.replaceChild(document.adoptNode(next.documentElement), document.documentElement);
      await Promise.all(loads);
      await document.fonts.ready;
      return true;
    },
  };
})();
