// What htmx needs from us. Everything on the pages works without it too.
(() => {
  "use strict";
  // After the page is there: it must not wait for what is only needed without a connection.
  addEventListener("load", () => navigator.serviceWorker?.register("/sw.js"));

  const messages = () => document.getElementById("messages");
  const ours = (event) => event.detail.xhr?.getResponseHeader("HX-Retarget") === "#messages";

  // The sentence stands in the page, so it is in the reader's language.
  const sayNotSent = () => messages()?.replaceChildren(document.getElementById("om-not-sent").content.cloneNode(true));

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
  document.addEventListener("htmx:responseError", (event) => {
    if (!ours(event)) sayNotSent();
  });
  document.addEventListener("htmx:sendError", sayNotSent);
  document.addEventListener("htmx:timeout", sayNotSent);
})();
