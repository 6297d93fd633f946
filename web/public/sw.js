// SPDX-License-Identifier: GPL-3.0-or-later
// Lets the page open where the server cannot be reached: it then says so itself. Nothing of a service is ever kept, only
// the page's own files; those below assets/ have the hash of their content in their name.
const kCache = 'almon-page';

/// The page and what it names at once.
async function keep_page(response) {
  const text = await response.clone().text();
  const cache = await caches.open(kCache);
  const before = await cache.match('/');
  if (before && (await before.text()) === text) return;
  for (const request of await cache.keys()) await cache.delete(request);
  await cache.addAll([...new Set([...text.matchAll(/(?:src|href)="(\/[^"]+)"/g)].map(([, path]) => path))]);
  await cache.put('/', response);
}

async function page() {
  try {
    const response = await fetch('/');
    if (response.ok) await keep_page(response.clone()).catch(() => undefined);
    return response;
  } catch (reason) {
    const kept = await caches.match('/');
    if (kept) return kept;
    throw reason;
  }
}

async function asset(request) {
  const kept = await caches.match(request);
  if (kept) return kept;
  const response = await fetch(request);
  if (response.ok) await (await caches.open(kCache)).put(request, response.clone());
  return response;
}

self.addEventListener('install', (event) => {
  event.waitUntil(page().then(() => self.skipWaiting()));
});
self.addEventListener('activate', (event) => {
  event.waitUntil(self.clients.claim());
});
self.addEventListener('fetch', (event) => {
  const { pathname, origin } = new URL(event.request.url);
  if (event.request.method !== 'GET' || origin !== self.location.origin || /^\/(api|ws)(\/|$)/.test(pathname)) return;
  if (event.request.mode === 'navigate') event.respondWith(page());
  else if (pathname.startsWith('/assets/') || pathname === '/icon.svg') event.respondWith(asset(event.request));
});
