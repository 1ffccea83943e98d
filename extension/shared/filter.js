// The service's signed filter of pages with a verdict: fetched on a schedule, checked, kept, and asked on this device alone.
// Its layout is told in the service's store/page_filter.py.

/** @typedef {{version: number, entries: number, bits: number, hashes: number, codes: string[], public_key: string, made_at: string}} Head */
/** @typedef {{head: Head, bits: Uint8Array}} PageFilter */

const SIGNATURE_BYTES = 64;
const MAX_BITS = 80_000_000;
const TRACKING = ["utm_", "fbclid=", "gclid=", "mc_", "igshid=", "ref_src="];

/** An address as the filter knows it; "" for what no filter holds. @param {string} url */
export function filterAddress(url) {
  let parts;
  try {
    parts = new URL(url);
  } catch {
    return "";
  }
  if (!["http:", "https:"].includes(parts.protocol)) return "";
  const kept = parts.search.slice(1).split("&").filter((pair) => pair && !TRACKING.some((start) => pair.toLowerCase().startsWith(start)));
  return `${parts.protocol}//${parts.host}${parts.pathname}${kept.length ? `?${kept.join("&")}` : ""}`;
}

/**
 * Read and check a filter. Throws where the signature, the layout or the key is not as it must be.
 * @param {Uint8Array<ArrayBuffer>} content
 * @param {string} pinned the public key seen first from this service; "" for the first time
 * @returns {Promise<PageFilter>}
 */
export async function readFilter(content, pinned) {
  const end = content.indexOf(10) + 1;
  const head = /** @type {Head} */ (JSON.parse(new TextDecoder().decode(content.subarray(0, end))));
  const signature = content.slice(end, end + SIGNATURE_BYTES);
  const bits = content.slice(end + SIGNATURE_BYTES);
  const whole = head.version === 1 && head.bits === bits.length * 8 && head.bits > 0 && head.bits <= MAX_BITS;
  if (!whole || !(head.hashes > 0 && head.hashes <= 32)) throw new Error("this is no filter");
  if (pinned && head.public_key !== pinned) throw new Error("the filter was signed with another key than before");
  const raw = Uint8Array.from(atob(head.public_key), (letter) => letter.charCodeAt(0));
  const key = await crypto.subtle.importKey("raw", raw, { name: "Ed25519" }, false, ["verify"]);
  const signed = new Uint8Array(end + bits.length);
  signed.set(content.subarray(0, end));
  signed.set(bits, end);
  if (!(await crypto.subtle.verify("Ed25519", key, signature, signed))) throw new Error("the filter's signature is wrong");
  return { head, bits };
}

/**
 * The verdict that the filter knows of a page, or "". Now and then it errs by naming one; it never misses one.
 * @param {PageFilter} filter
 * @param {string} url
 */
export async function lookUp(filter, url) {
  const address = filterAddress(url);
  if (!address) return "";
  for (const code of filter.head.codes) if (await holds(filter, `${code}\n${address}`)) return code;
  return "";
}

/** @param {PageFilter} filter @param {string} entry */
async function holds({ head, bits }, entry) {
  const digest = new DataView(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(entry)));
  const first = digest.getUint32(0, true);
  const second = (digest.getUint32(4, true) | 1) >>> 0;
  for (let turn = 0; turn < head.hashes; turn++) {
    const place = (first + turn * second) % head.bits; // below 2^53, so exact
    if (!((bits[place >>> 3] >>> (place & 7)) & 1)) return false;
  }
  return true;
}

// ---------------------------------------------------------------- kept on this device

/** Fetch the filter anew; one that is not rightly signed is refused, and the old one stays. @param {import("./api.js").Api} api */
export async function refreshFilter(api) {
  const known = await keptFilter();
  const pinned = known?.address === api.settings.address ? known.key : "";
  const content = await api.filter();
  const { head } = await readFilter(content, pinned);
  const kept = { address: api.settings.address, key: head.public_key, at: Date.now(), content: toText(content) };
  await chrome.storage.local.set({ filter: kept });
}

/** The filter kept from this service; null where there is none. @param {string} address @returns {Promise<PageFilter | null>} */
export async function loadFilter(address) {
  const known = await keptFilter();
  if (!known?.content || known.address !== address) return null;
  return readFilter(fromText(known.content), known.key).catch(() => null);
}

/** @returns {Promise<{address: string, key: string, content: string} | undefined>} */
async function keptFilter() {
  const { filter } = await chrome.storage.local.get("filter");
  return /** @type {any} */ (filter);
}

/** @param {Uint8Array} bytes */
function toText(bytes) {
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}

/** @param {string} text */
function fromText(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}
