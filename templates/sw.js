{# Served at /sw.js. The list of files follows their hashed names, so that a new release is a new worker. shell: the address of the visit form. -#}
{% set offline_page %}{% include "errors/offline.html" %}{% endset -%}
const STATIC = {{ static("img/")[:-4]|tojson }};
const SHELL = {{ shell|tojson }};
const ASSETS = [
  {{ static("vendor/tabler.min.css")|tojson }},
  {{ static("css/unionops.css")|tojson }},
  {{ static("vendor/icons.svg")|tojson }},
  {{ static("vendor/htmx.min.js")|tojson }},
  {{ static("vendor/app.js")|tojson }},
  {{ static("img/unionops.svg")|tojson }},
];
const OFFLINE_PAGE = {{ offline_page|tojson }};
const FILES = "unionops-files";
const PERSON = "unionops-of-";
const PATIENCE = 4000;
// Pages vary on cookie and language: without ignoreVary a stored page is never found again.
const LOOSELY = { ignoreVary: true, ignoreSearch: true };

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches.open(FILES)
      .then((cache) => cache.addAll(ASSETS.map((asset) => new Request(asset, { cache: "reload" }))))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  event.waitUntil(dropOldFiles().then(() => self.clients.claim()));
});

async function dropOldFiles() {
  const cache = await caches.open(FILES);
  const wanted = new Set(ASSETS.map((asset) => new URL(asset, self.location).href));
  for (const request of await cache.keys()) if (!wanted.has(request.url)) await cache.delete(request);
}

// The form of one person is kept, and only while that person is signed in on this device.
self.addEventListener("message", (event) => {
  if (event.data?.type === "user") event.waitUntil(keepFormOf(event.data));
  if (event.data?.type === "wipe") event.waitUntil(dropForms(""));
});

async function dropForms(except) {
  for (const name of await caches.keys()) if (name.startsWith(PERSON) && name !== except) await caches.delete(name);
}

// Whoever logs no visits tells of no form.
async function keepFormOf({ user, shell }) {
  const own = PERSON + user;
  await dropForms(own);
  const cache = await caches.open(own);
  if (shell && !(await cache.match(shell, LOOSELY))) await fetchForm(new Request(shell, { credentials: "same-origin" }));
}

async function fetchForm(request) {
  const response = await fetch(request);
  const [name] = (await caches.keys()).filter((key) => key.startsWith(PERSON));
  // A redirect leads to the sign-in page: that is nobody's form.
  // A form that was opened for one enterprise is not the empty form.
  const isPlain = !/[?&](enterprise|plan)=/.test(request.url);
  if (name && isPlain && response.ok && !response.redirected) await (await caches.open(name)).put(SHELL, response.clone());
  return response;
}

function impatiently(promise) {
  return Promise.race([promise, new Promise((_, reject) => setTimeout(() => reject(new Error("slow")), PATIENCE))]);
}

async function form(request) {
  const fresh = fetchForm(request);
  fresh.catch(() => {});
  try {
    return await impatiently(fresh);
  } catch {
    return (await caches.match(SHELL, LOOSELY)) ?? fresh.catch(offline);
  }
}

// Whose form is kept, of that person it shows what waits to be sent.
async function offline() {
  const [name = ""] = (await caches.keys()).filter((key) => key.startsWith(PERSON));
  const person = name.slice(PERSON.length).replace(/[^\w-]/g, "");
  return new Response(OFFLINE_PAGE.replace("<html", `<html data-user="${person}"`), { status: 503, headers: { "Content-Type": "text/html; charset=utf-8" } });
}

// A hashed name never changes its content; anything else is asked for first.
async function file(request) {
  const isHashed = /\.[0-9a-f]{12}\./.test(request.url);
  if (isHashed) return (await caches.match(request, LOOSELY)) ?? fetch(request);
  return fetch(request).catch(async () => (await caches.match(request, LOOSELY)) ?? Response.error());
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (request.method !== "GET" || address.origin !== self.location.origin) return;
  if (address.pathname.startsWith(STATIC)) event.respondWith(file(request));
  else if (request.mode === "navigate" && SHELL && address.pathname === SHELL) event.respondWith(form(request));
  else if (request.mode === "navigate") event.respondWith(fetch(request).catch(offline));
});
