// Reads codes with the camera. A code of ours leads to its page; without camera or script it is typed.
(() => {
  "use strict";
  const [scanner, video, said, start, stop, torch] = ["scanner", "camera", "scanner-says", "camera-on", "camera-off", "torch"]
    .map((id) => document.getElementById(id));
  const OURS = /^\/(?:s|k|welkom|r)\/[\w-]+\/?$/;
  const WHY = { NotAllowedError: "refused", SecurityError: "refused", NotReadableError: "busy", AbortError: "busy" };
  let stream = null;
  // Whoever stops, or starts again, makes what is still under way of no use.
  let turn = 0;

  // The sentences stand in the page, so they are in the reader's language.
  const say = (what) => {
    if (said.dataset.says === what) return;
    said.dataset.says = what;
    said.replaceChildren(document.getElementById(`scanner-${what}`).content.cloneNode(true));
  };

  const show = (running) => {
    const focused = [start, stop, torch].includes(document.activeElement);
    start.hidden = running;
    stop.hidden = video.hidden = !running;
    torch.hidden = true;
    torch.setAttribute("aria-pressed", "false");
    if (focused) (running ? stop : start).focus();
  };

  const release = () => {
    turn += 1;
    stream?.getTracks().forEach((track) => track.stop());
    stream = video.srcObject = null;
  };

  const end = (why) => {
    release();
    show(false);
    say(why);
  };

  // The path of a code that is ours, or nothing. Only the path is followed, so it never leads off this site.
  const pathOf = (text) => {
    try {
      const { origin, pathname } = new URL(text);
      return [location.origin, scanner.dataset.origin].includes(origin) && OURS.test(pathname) ? pathname : null;
    } catch {
      return null;
    }
  };

  const load = (address) => new Promise((resolve, reject) => {
    const script = Object.assign(document.createElement("script"), { src: address, onload: resolve, onerror: reject });
    document.head.append(script);
  });

  // The browser's own reader; where it has none, or not for these codes, ours.
  const readerOfCodes = async () => {
    const formats = ["qr_code"];
    const known = await window.BarcodeDetector?.getSupportedFormats();
    if (known?.includes("qr_code")) return new window.BarcodeDetector({ formats });
    if (!window.BarcodeDetectionAPI) await load(scanner.dataset.reader);
    const ours = window.BarcodeDetectionAPI;
    await ours.prepareZXingModule({ overrides: { locateFile: () => scanner.dataset.wasm }, fireImmediately: true });
    return new ours.BarcodeDetector({ formats });
  };

  // Until a code of ours is seen or somebody stops it.
  const look = async (reader, mine) => {
    while (mine === turn) {
      const seen = video.readyState >= video.HAVE_CURRENT_DATA ? await reader.detect(video) : [];
      if (mine !== turn) return;
      const path = seen.map((code) => pathOf(code.rawValue)).find(Boolean);
      const isCard = path?.startsWith("/k/");
      if (path && !isCard) {
        end("found");
        location.assign(path);
        return;
      }
      // The page of a strip card is not there yet.
      if (isCard) say("card");
      else if (seen.length) say("foreign");
      await new Promise((resolve) => { setTimeout(resolve, 150); });
    }
  };

  const begin = async () => {
    release();
    const mine = turn;
    show(true);
    say("starting");
    const reading = readerOfCodes();
    reading.catch(() => {}); // told below, once there is a camera
    let opened;
    try {
      opened = await navigator.mediaDevices.getUserMedia({ audio: false, video: { facingMode: "environment", width: { ideal: 1280 } } });
    } catch (problem) {
      if (mine === turn) end(WHY[problem.name] ?? "absent");
      return;
    }
    if (mine !== turn) {
      opened.getTracks().forEach((track) => track.stop());
      return;
    }
    stream = video.srcObject = opened;
    const [track] = opened.getVideoTracks();
    track.addEventListener("ended", () => { if (mine === turn) end("busy"); });
    try {
      await video.play();
      say("loading");
      const reader = await reading;
      if (mine !== turn) return;
      torch.hidden = !track.getCapabilities?.().torch;
      say("looking");
      await look(reader, mine);
    } catch {
      if (mine === turn) end("broken");
    }
  };

  start.addEventListener("click", begin);
  stop.addEventListener("click", () => end("off"));
  torch.addEventListener("click", async () => {
    const on = torch.getAttribute("aria-pressed") !== "true";
    try {
      await stream.getVideoTracks()[0].applyConstraints({ advanced: [{ torch: on }] });
      torch.setAttribute("aria-pressed", String(on));
    } catch {
      torch.hidden = true;
    }
  });
  document.addEventListener("visibilitychange", () => { if (document.hidden && !stop.hidden) end("off"); });

  scanner.hidden = false;
  if (!navigator.mediaDevices) {
    start.hidden = true;
    say("absent");
  }
})();
