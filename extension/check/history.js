// The last checks, on this device alone, so that a page seen again has its verdict at once. One click forgets them.

const KEPT = 20;
const FRESH_MS = 60 * 60 * 1000;

/** @typedef {{url: string, address: string, language: string, at: number, cut?: boolean, check: import("./surroundings.js").SurroundedCheck}} Remembered */

/** @returns {Promise<Remembered[]>} */
export async function recentChecks() {
  const { checks } = await chrome.storage.local.get("checks");
  return Array.isArray(checks) ? checks : [];
}

/**
 * The fresh check of a page by this service, in this language; undefined where there is none.
 * @param {string} url
 * @param {string} address
 * @param {string} language
 */
export async function recallCheck(url, address, language) {
  const known = await recentChecks();
  const match = known.find((each) => each.url === url && each.address === address && each.language === language);
  return match && Date.now() - match.at < FRESH_MS ? match : undefined;
}

/** @param {Remembered} remembered */
export async function rememberCheck(remembered) {
  const others = (await recentChecks()).filter((each) => each.url !== remembered.url);
  await chrome.storage.local.set({ checks: [remembered, ...others].slice(0, KEPT) });
}

/**
 * Keep what a check says now in the place of what it said before. It stays as old as it is.
 * @param {Remembered["check"]} check
 */
export async function renewCheck(check) {
  const known = await recentChecks();
  await chrome.storage.local.set({ checks: known.map((each) => (each.check.id === check.id ? { ...each, check } : each)) });
}

export async function forgetChecks() {
  await chrome.storage.local.remove("checks");
}
