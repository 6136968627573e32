// Shows a passkey, or makes one. Without it, or where the browser knows none, every other way is there.
(() => {
  "use strict";
  if (!window.PublicKeyCredential) return;
  const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (sign) => sign.charCodeAt(0));
  const text = (buffer) => btoa(String.fromCharCode(...new Uint8Array(buffer)))
    .replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
  const PARTS = ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"];

  const readable = (question) => {
    question.challenge = bytes(question.challenge);
    if (question.user) question.user.id = bytes(question.user.id);
    for (const known of [...(question.excludeCredentials ?? []), ...(question.allowCredentials ?? [])]) known.id = bytes(known.id);
    return question;
  };

  const ask = async (address) => {
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error("no question");
    const question = readable(await answer.json());
    const made = question.user
      ? await navigator.credentials.create({ publicKey: question })
      : await navigator.credentials.get({ publicKey: question });
    const response = {};
    for (const part of PARTS) if (made.response[part]) response[part] = text(made.response[part]);
    return JSON.stringify({ id: made.id, rawId: text(made.rawId), type: made.type, response, clientExtensionResults: {} });
  };

  for (const box of document.querySelectorAll("[data-passkey]")) {
    const button = box.querySelector("button");
    const field = box.querySelector("input");
    const said = box.querySelector("[role=status]");
    box.hidden = false;
    button.addEventListener("click", async () => {
      said.replaceChildren();
      button.disabled = true;
      try {
        field.value = await ask(box.dataset.passkey);
        if (box.dataset.to) field.form.action = box.dataset.to;
        field.form.submit();
      } catch {
        // Somebody thought better of it, or has no passkey here: the sentence stands in the page.
        said.replaceChildren(box.querySelector("template").content.cloneNode(true));
      }
      button.disabled = false;
    });
  }
})();
