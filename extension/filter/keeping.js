// The filter kept on this device: fetched on a schedule, with the key seen first, and asked here alone.

import { FilterRefused, fromText, readFilter } from "./reading.js";

/** @typedef {import("./reading.js").PageFilter} PageFilter */
/** @typedef {{address: string, key: string, at: number, etag: string, content: string, refused: "" | "layout" | "key" | "signature"}} Kept */

/**
 * Fetch the filter anew. One that is not rightly signed is refused: the old one stays, and the options say so.
 * Throws Trouble where the service does not answer, FilterRefused.
 * @param {import("../service/api.js").Api} api
 */
export async function refreshFilter(api) {
  const known = await keptFilter(api.settings.address);
  try {
    const fetched = await api.filter(known?.content ? known.etag : "");
    if (!fetched) return void (known && (await keep({ ...known, at: Date.now(), refused: "" })));
    const { head } = await readFilter(fetched.content, known?.key ?? "");
    await keep({ address: api.settings.address, key: head.public_key, at: Date.now(), etag: fetched.etag, content: toText(fetched.content), refused: "" });
  } catch (fault) {
    const empty = { address: api.settings.address, key: "", at: 0, etag: "", content: "" };
    if (fault instanceof FilterRefused) await keep({ ...empty, ...known, refused: fault.why });
    throw fault;
  }
}

/** Forget the filter and the key it was signed with, so that the next one may have another. */
export async function forgetFilter() {
  await chrome.storage.local.remove("filter");
}

/** The filter kept from this service; null where there is none. @param {string} address @returns {Promise<PageFilter | null>} */
export async function loadFilter(address) {
  const known = await keptFilter(address);
  if (!known?.content) return null;
  return readFilter(fromText(known.content), known.key).catch(() => null);
}

/** What is kept of this service's filter. @param {string} address @returns {Promise<Kept | undefined>} */
export async function keptFilter(address) {
  const { filter } = await chrome.storage.local.get("filter");
  const kept = /** @type {Kept | undefined} */ (filter);
  return kept?.address === address ? kept : undefined;
}

/** @param {Kept} filter */
async function keep(filter) {
  await chrome.storage.local.set({ filter });
}

/** @param {Uint8Array} bytes */
function toText(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}
