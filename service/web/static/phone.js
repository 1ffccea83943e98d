// The page on a phone: the service worker, what other apps share, and results that are kept for when there is no network.
// Results are kept only where somebody ticked that, in this browser alone; forgetting a check removes its copy as well.

const RESULTS = "gegencheck-results";
const SHARED = "gegencheck-shared";
const KEEP = "gegencheck-keep"; // in localStorage: whether to keep results
const MOST = 20;
const DAYS = 30; // as long as the service keeps checks by default
const AS_KEPT = "default-src 'none'; style-src 'self'; img-src 'self' data:; base-uri 'none'; frame-ancestors 'none'";
const SHOWN_ONCE = ["form", "script", ".who", ".languages", ".actions", "#pass-on-actions", "#fault", 'meta[name="csrf-token"]'];

const able = "caches" in window && "serviceWorker" in navigator; // not over plain http, except on this machine

export function keeps() {
  return able && localStorage.getItem(KEEP) === "yes";
}

/** Begin or end to keep results; whoever ends it removes them all. */
export async function keepResults(yes) {
  if (yes) return localStorage.setItem(KEEP, "yes");
  localStorage.removeItem(KEEP);
  if (able) await caches.delete(RESULTS);
}

/** Keep the result that is shown, without anything that could be sent from it. */
export async function keepShown(shown = document) {
  const copy = shown.cloneNode(true);
  for (const part of copy.querySelectorAll(SHOWN_ONCE.join())) part.remove();
  const results = await caches.open(RESULTS);
  const headers = { "Content-Type": "text/html; charset=utf-8", "Content-Security-Policy": AS_KEPT, "X-Kept-At": String(Date.now()) };
  await results.put(location.pathname, new Response(`<!doctype html>${copy.documentElement.outerHTML}`, { headers }));
  await removeOld(results);
}

async function removeOld(results) {
  const kept = await listed(results);
  const since = Date.now() - DAYS * 86_400_000;
  for (const [place, one] of kept.entries()) if (place >= MOST || one.at < since) await results.delete(one.path);
}

async function listed(results) {
  const found = [];
  for (const request of await results.keys()) {
    const reply = await results.match(request);
    const title = /<title>([^<]*)<\/title>/.exec(await reply.text())?.[1] ?? "";
    found.push({ path: new URL(request.url).pathname, at: Number(reply.headers.get("X-Kept-At")), title });
  }
  return found.sort((one, other) => other.at - one.at);
}

export async function forgetKept(path) {
  if (able) await (await caches.open(RESULTS)).delete(path);
}

async function showKept(list) {
  const results = await caches.open(RESULTS);
  await removeOld(results);
  const kept = await listed(results);
  if (!kept.length) return;
  const day = new Intl.DateTimeFormat(document.documentElement.lang, { dateStyle: "medium", timeStyle: "short" });
  const decoded = (title) => new DOMParser().parseFromString(title, "text/html").body.textContent;
  list.replaceChildren(
    ...kept.map(({ path, at, title }) => {
      const link = Object.assign(document.createElement("a"), { href: path, textContent: decoded(title) });
      const item = document.createElement("li");
      item.append(link, ` (${day.format(at)})`);
      return item;
    }),
  );
}

/** Fill in what another app shared. It is checked when the person says so, and kept no longer. */
async function fillIn() {
  const shared = await caches.open(SHARED);
  const [text, picture] = [await shared.match("/shared/text"), await shared.match("/shared/picture")];
  await caches.delete(SHARED);
  history.replaceState(null, "", location.pathname + location.search);
  const input = document.getElementById("input");
  if (text && input) input.value = await text.text();
  const field = document.getElementById("picture");
  if (picture && field?.matches("input")) {
    const given = new DataTransfer();
    given.items.add(new File([await picture.blob()], "picture", { type: picture.headers.get("Content-Type") }));
    field.files = given.files;
    field.dispatchEvent(new Event("change"));
  }
}

/** What each page begins with. */
export function beginPhone() {
  if (!able) return;
  const box = document.getElementById("keep-results");
  if (box) {
    box.closest("[hidden]")?.removeAttribute("hidden");
    box.checked = keeps();
    box.addEventListener("change", () => keepResults(box.checked));
  }
  const list = document.getElementById("kept");
  if (list) showKept(list);
  if (location.hash === "#shared") fillIn();
  if (keeps() && document.querySelector("form[data-forget]") && document.getElementById("summary")) keepShown();
  for (const form of document.querySelectorAll(".who form")) form.addEventListener("submit", () => caches.delete(RESULTS));
}

if (able) navigator.serviceWorker.register("/worker.js").catch(() => {}); // without it the page is a page
