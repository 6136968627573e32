// The screen in the hall: renews itself each minute, and keeps what it shows when nobody answers.
(() => {
  "use strict";
  const EVERY = 60000, PATIENCE = 15000;
  const find = (id) => document.getElementById(id);
  let mark = "", seconds = 0, since = 0;

  // The time of the house goes on from its last answer: a television often has none that is right.
  const time = (at) => {
    const now = Math.floor(seconds + (at - since) / 1000);
    return `${Math.floor(now / 3600) % 24}:${String(Math.floor(now / 60) % 60).padStart(2, "0")}`;
  };
  const tick = () => { find("clock").textContent = time(performance.now()); };

  const answered = (clock) => {
    const [hours, minutes, rest] = clock.split(":").map(Number);
    seconds = hours * 3600 + minutes * 60 + rest;
    since = performance.now();
    find("updated").querySelector("span").textContent = time(since);
    find("updated").hidden = false;
    find("lost").hidden = true;
    find("clock").hidden = false;
    tick();
  };

  const lost = () => {
    find("lost").querySelector("span").textContent = find("updated").querySelector("span").textContent;
    find("updated").hidden = true;
    find("lost").hidden = false;
  };

  const renew = (page) => {
    const fresh = new DOMParser().parseFromString(page, "text/html");
    const style = (of) => of.querySelector("link[rel=stylesheet]").getAttribute("href");
    // After an update of the house everything is fetched anew.
    if (style(fresh) !== style(document)) { location.reload(); return; }
    document.body.className = fresh.body.className;
    find("screen").replaceChildren(...fresh.getElementById("screen").childNodes);
  };

  const ask = async () => {
    const stop = new AbortController();
    const patience = setTimeout(() => stop.abort(), PATIENCE);
    try {
      const headers = mark ? { "If-None-Match": mark } : {};
      const answer = await fetch(location.href, { headers, cache: "no-store", signal: stop.signal });
      if (answer.status !== 304) {
        if (!answer.ok) throw new Error(String(answer.status));
        renew(await answer.text());
        mark = answer.headers.get("ETag");
      }
      answered(answer.headers.get("Ontmoet-Time"));
    } catch {
      lost();
    } finally {
      clearTimeout(patience);
    }
  };

  setInterval(ask, EVERY);
  setInterval(tick, 1000);
  window.addEventListener("online", ask);
  ask();
})();
