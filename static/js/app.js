// What htmx needs from us. Everything on the pages works without it too.
(() => {
  "use strict";
  // After the page is there: it must not wait for what is only needed without a connection.
  addEventListener("load", () => navigator.serviceWorker?.register("/sw.js"));

  const messages = () => document.getElementById("messages");
  const ours = (event) => event.detail.xhr?.getResponseHeader("HX-Retarget") === "#messages";

  // The sentence stands in the page, so it is in the reader's language. Where the page has one about what was asked
  // for, it takes the place of the old answer, which is not true any more, and of what was chosen before.
  const sayNotSent = ({ detail: { target } }) => {
    const own = document.getElementById(`${target?.id}-not-sent`);
    const said = own ?? document.getElementById("om-not-sent");
    const places = own ? [target, document.getElementById("chosen")] : [messages()];
    for (const place of places) place?.replaceChildren(said.content.cloneNode(true));
  };

  document.addEventListener("htmx:configRequest", ({ detail }) => {
    detail.headers["X-CSRFToken"] = document.querySelector('meta[name="csrf-token"]').content;
  });

  // The day that is chosen stands in the middle of its strip, on a new page and in what htmx brings. Only the strip
  // is scrolled: the page stays where it is.
  document.addEventListener("htmx:load", ({ target }) => target.querySelectorAll("[data-days]").forEach((strip) => {
    const chosen = strip.querySelector(":checked, [aria-current]");
    const day = (chosen?.labels?.[0] ?? chosen)?.getBoundingClientRect();
    const seen = strip.getBoundingClientRect();
    if (day) strip.scrollLeft += day.left - seen.left - (seen.width - day.width) / 2;
  }));

  // An error that comes with a sentence of its own is shown; of any other we only know that it failed.
  document.addEventListener("htmx:beforeSwap", (event) => {
    if (ours(event)) event.detail.shouldSwap = true;
  });
  // What went wrong before is over once something came.
  document.addEventListener("htmx:afterSwap", (event) => {
    if (!ours(event)) messages()?.replaceChildren();
  });
  document.addEventListener("htmx:responseError", (event) => {
    if (!ours(event)) sayNotSent(event);
  });
  document.addEventListener("htmx:sendError", sayNotSent);
  document.addEventListener("htmx:timeout", sayNotSent);
})();
