// Shows a page of our own when there is no connection. It keeps that page and what it looks like, and nothing else:
// a phone may be shared. To take the worker away from all phones: docs/architecture.md.
"use strict";
const KEPT = {{ kept|tojson }};
const PAGE = {{ page|tojson }};
const FILES = {{ files|tojson }};

self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(KEPT).then((kept) => kept.addAll([PAGE, ...FILES])).then(() => self.skipWaiting()));
});

self.addEventListener("activate", (event) => {
  const old = (names) => names.filter((name) => name !== KEPT);
  event.waitUntil(caches.keys().then((names) => Promise.all(old(names).map((name) => caches.delete(name)))));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  // What is sent goes its own way: the browser keeps it, and can send it again.
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(fetch(request).catch(() => caches.match(PAGE)));
  else if (FILES.includes(new URL(request.url).pathname)) event.respondWith(caches.match(request).then((file) => file ?? fetch(request)));
});
