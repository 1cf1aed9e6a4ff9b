/* Serves the page for the road and its own files when there is no network. It keeps no data: those stand, under a
   key, where the page put them. */
"use strict";

const KEPT = "woonvast-offline";
const PATIENCE = 4000; // milliseconds on a bad network before the kept page will do

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (event.request.method !== "GET" || url.origin !== self.location.origin) return;
  if (url.pathname.endsWith("/gegevens")) return;
  event.respondWith(answer(event.request, url));
});

async function answer(request, url) {
  const cache = await caches.open(KEPT);
  const kept = await cache.match(request, { ignoreVary: true });
  if (!kept) return fetch(request);
  if (url.searchParams.has("v")) return kept.clone();
  try {
    return await Promise.race([fetch(request), new Promise((_, fail) => setTimeout(fail, PATIENCE))]);
  } catch {
    return kept.clone();
  }
}
