// What is shown once must not be asked for twice: the answer to a second tap would take the place of the first.
(() => {
  "use strict";
  const LONGEST = 15000;
  let sent = false;
  const again = () => { sent = false; };
  // Who comes back to this page starts anew, and so does who waited in vain.
  addEventListener("pageshow", again);
  document.querySelectorAll("form[data-once]").forEach((form) => form.addEventListener("submit", (event) => {
    if (sent) event.preventDefault();
    else setTimeout(again, LONGEST);
    sent = true;
  }));
})();
