// On which sites the browser runs the pause before resharing: those that a person named and allowed, and no others.

import { sitePattern } from "../settings/addresses.js";

const SCRIPT = "pause";
const FILES = ["/content/card.js", "/content/pause.js"];

/** Tell the browser the sites anew. @param {string[]} sites */
export async function registerPause(sites) {
  const matches = [];
  for (const site of sites) if (await mayPause(site)) matches.push(sitePattern(site));
  const [known] = await chrome.scripting.getRegisteredContentScripts({ ids: [SCRIPT] });
  if (!matches.length) return known ? chrome.scripting.unregisterContentScripts({ ids: [SCRIPT] }) : undefined;
  // From the start, so that a press on the notice comes to it before it comes to the page.
  const script = { id: SCRIPT, matches, js: FILES, runAt: /** @type {const} */ ("document_start"), persistAcrossSessions: true };
  return known ? chrome.scripting.updateContentScripts([script]) : chrome.scripting.registerContentScripts([script]);
}

/** Whether the browser lets us run on a site. @param {string} site */
export async function mayPause(site) {
  return chrome.permissions.contains({ origins: [sitePattern(site)] });
}

/** Begin on pages of a site that are open already. @param {string} site */
export async function pauseOpenPages(site) {
  for (const { id } of await chrome.tabs.query({ url: sitePattern(site) })) {
    const target = { tabId: /** @type {number} */ (id) };
    await chrome.scripting.executeScript({ target, files: FILES }).catch(() => undefined); // a page that is just going
  }
}
