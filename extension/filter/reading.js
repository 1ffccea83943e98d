// The service's signed filter of pages with a verdict: is it rightly signed, and does it hold a page? Its layout is told in the
// service's store/page_filter.py.

/** @typedef {{version: number, entries: number, bits: number, hashes: number, codes: string[], details: string[], public_key: string, made_at: string, false_positives: number}} Head */
/** @typedef {{head: Head, bits: Uint8Array}} PageFilter */

/** A filter that is not taken, and why. */
export class FilterRefused extends Error {
  /** @param {"layout" | "key" | "signature"} why */
  constructor(why) {
    super(`the filter is refused: ${why}`);
    this.why = why;
  }
}

const SIGNATURE_BYTES = 64;
const MAX_BITS = 80_000_000;
const DETAILS = ["refuted.satire", "refuted.altered_media"]; // that this extension has words for
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
 * Read and check a filter. Throws FilterRefused where the layout, the key or the signature is not as it must be.
 * @param {Uint8Array<ArrayBuffer>} content
 * @param {string} pinned the public key seen first from this service; "" for the first time
 * @returns {Promise<PageFilter>}
 */
export async function readFilter(content, pinned) {
  const end = content.indexOf(10) + 1;
  const bits = content.slice(end + SIGNATURE_BYTES);
  const head = readHead(content.subarray(0, end), bits.length * 8);
  if (pinned && head.public_key !== pinned) throw new FilterRefused("key");
  const signed = new Uint8Array(end + bits.length);
  signed.set(content.subarray(0, end));
  signed.set(bits, end);
  if (!(await isSigned(head.public_key, content.slice(end, end + SIGNATURE_BYTES), signed))) throw new FilterRefused("signature");
  return { head, bits };
}

/** @param {Uint8Array} line @param {number} bits @returns {Head} */
function readHead(line, bits) {
  let head;
  try {
    head = JSON.parse(new TextDecoder().decode(line));
  } catch {
    throw new FilterRefused("layout");
  }
  const whole = head?.version === 1 && head.bits === bits && bits > 0 && bits <= MAX_BITS && Array.isArray(head.codes);
  if (!whole || !(head.hashes > 0 && head.hashes <= 32)) throw new FilterRefused("layout");
  return { ...head, details: Array.isArray(head.details) ? head.details : [] }; // services of before tell none
}

/** @param {string} publicKey @param {Uint8Array<ArrayBuffer>} signature @param {Uint8Array<ArrayBuffer>} signed */
async function isSigned(publicKey, signature, signed) {
  try {
    const key = await crypto.subtle.importKey("raw", fromText(publicKey), { name: "Ed25519" }, false, ["verify"]);
    return await crypto.subtle.verify("Ed25519", key, signature, signed);
  } catch {
    return false; // what is called a key is none
  }
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

/**
 * What the filter says of a page with a verdict: the verdict, or what alone it rests on, such as "refuted.satire".
 * @param {PageFilter} filter
 * @param {string} url
 * @param {string} code the verdict
 */
export async function lookUpDetail(filter, url, code) {
  const told = DETAILS.filter((detail) => detail.startsWith(`${code}.`) && filter.head.details.includes(detail));
  for (const detail of told) if (await holds(filter, `${detail}\n${filterAddress(url)}`)) return detail;
  return code;
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

/** Bytes from base64. @param {string} text */
export function fromText(text) {
  return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
}
