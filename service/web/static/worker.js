// The service worker: takes what other apps share with this one, and shows kept results where there is no network.
// It keeps the page's own files. A result it never keeps by itself: page.js does, where somebody ticked that.

const SHELL = "gegencheck-shell-1";
const RESULTS = "gegencheck-results";
const SHARED = "gegencheck-shared"; // what was shared, until the page has taken it
const FILES = ["tokens.css", "page.css", "page.js", "phone.js", "icon.svg"].map((name) => `/assets/${name}`);
const OFFLINE = ["de", "en"].map((language) => `/offline?lang=${language}`);

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(SHELL)
      // Without cookies: what is kept here says nothing of whoever is signed in.
      .then((shell) => shell.addAll([...FILES, ...OFFLINE].map((name) => new Request(name, { credentials: "omit" }))))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  const ours = [SHELL, RESULTS];
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(names.filter((name) => !ours.includes(name)).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const address = new URL(request.url);
  if (address.origin !== self.location.origin) return;
  if (request.method === "POST" && address.pathname === "/share") event.respondWith(takeShared(request));
  else if (request.method !== "GET") return;
  else if (request.mode === "navigate") event.respondWith(page(request, address));
  else if (FILES.includes(address.pathname)) event.respondWith(file(request));
});

/** Put what was shared where the page finds it, and lead to the page, which fills it in and checks nothing by itself. */
async function takeShared(request) {
  const form = await request.formData();
  const words = ["url", "text", "title"].map((name) => form.get(name)).find((each) => typeof each === "string" && each.trim());
  const picture = form.get("picture");
  const shared = await caches.open(SHARED);
  if (words) await shared.put("/shared/text", new Response(words));
  if (picture instanceof File && picture.size) {
    await shared.put("/shared/picture", new Response(picture, { headers: { "Content-Type": picture.type } }));
  }
  return Response.redirect("/#shared", 303);
}

/** A page from the service; where that cannot be reached, the result that is kept of it, or what is kept at all. */
async function page(request, address) {
  try {
    const reply = await fetch(request);
    if (reply.status === 404) await (await caches.open(RESULTS)).delete(address.pathname);
    return reply;
  } catch {
    const kept = await (await caches.open(RESULTS)).match(address.pathname);
    if (kept) return kept;
    const language = new URLSearchParams(address.search).get("lang") ?? self.navigator.language;
    const own = OFFLINE[language.toLowerCase().startsWith("de") ? 0 : 1];
    return (await (await caches.open(SHELL)).match(own)) ?? Response.error();
  }
}

/** One of the page's own files, as new as the network gives it. */
async function file(request) {
  const shell = await caches.open(SHELL);
  try {
    const reply = await fetch(request);
    if (reply.ok) await shell.put(request, reply.clone());
    return reply;
  } catch {
    return (await shell.match(request)) ?? Response.error();
  }
}
