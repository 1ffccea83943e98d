// Connecting this browser: the service gives the extension a key of its own once a person allowed it on the service's page.

import { Trouble } from "./api.js";

export const WELCOME = "welcome/welcome.html";
const AGAIN = ["too-many-requests", "service-busy", "store-unavailable"]; // worth asking once more

/** Open the page that connects, and begin there at once. */
export async function openConnecting() {
  await chrome.tabs.create({ url: chrome.runtime.getURL(`${WELCOME}#connect`) });
}

/**
 * Ask for a key and wait until somebody decided. Resolves to the key. Throws Trouble; `pairing-over` where it was refused or
 * took too long.
 * @param {import("./api.js").Api} api without a key
 * @param {(code: string) => Promise<void>} show is told the code to compare
 * @param {AbortSignal} signal ends the waiting; it then resolves to ""
 */
export async function pair(api, show, signal) {
  const { id, code, interval, expires_at } = await api.beginPairing(nameOfBrowser());
  const seconds = Math.max(30, (Date.parse(expires_at) - Date.now()) / 1000); // the clocks of two machines may differ
  const until = performance.now() + seconds * 1000;
  await show(code);
  while (!signal.aborted) {
    await new Promise((resolve) => setTimeout(resolve, interval * 1000));
    if (performance.now() > until) throw new Trouble("pairing-over");
    if (signal.aborted) break;
    try {
      const key = await api.fetchKey(id);
      if (key) return key;
    } catch (fault) {
      const trouble = fault instanceof Trouble ? fault : new Trouble("failed");
      if (trouble.code === "not-found") throw new Trouble("pairing-over");
      if (trouble.name !== "no-service" && !AGAIN.includes(trouble.code)) throw trouble;
    }
  }
  return "";
}

/** How a person recognises this browser: "Firefox, Linux". */
function nameOfBrowser() {
  const agent = navigator.userAgent;
  const browser = ["Firefox", "Edg", "OPR", "Chrome"].find((name) => agent.includes(`${name}/`)) ?? "";
  const machine = ["Android", "Windows", "Mac OS", "CrOS", "Linux"].find((name) => agent.includes(name)) ?? "";
  const names = { Edg: "Edge", OPR: "Opera", "": "Gegencheck" };
  return [names[/** @type {keyof typeof names} */ (browser)] ?? browser, machine].filter(Boolean).join(", ");
}
