// Filters as the service makes them, for the tests of what reads them.

/** The bits that `refuted` of https://example.org/ sets in a filter of 4096, as the service's own test has them. */
export const PLACES = [3121, 2806, 2491, 2176, 1861, 1546, 1231, 916, 601, 286, 4067, 3752];

/** Those of `refuted.satire` of the same address. */
export const SATIRE_PLACES = [2424, 59, 1790, 3521, 1156, 2887, 522, 2253, 3984, 1619, 3350, 985];

/** A pair of keys, as the service has one. */
export async function makeKeys() {
  return crypto.subtle.generateKey({ name: "Ed25519" }, true, ["sign", "verify"]);
}

/** The public half as the filter names it. @param {CryptoKeyPair} keys */
export async function publicKey(keys) {
  return Buffer.from(await crypto.subtle.exportKey("raw", keys.publicKey)).toString("base64");
}

/** A signed filter with that one page. @param {CryptoKeyPair} keys @param {any} [changes] to its head @param {number[]} [more] places */
export async function makeFilter(keys, changes = {}, more = []) {
  const bits = new Uint8Array(512);
  for (const place of [...PLACES, ...more]) bits[place >> 3] |= 1 << (place & 7);
  const head = {
    version: 1, made_at: "2026-11-29T10:00:00Z", entries: 1, bits: 4096, hashes: 12, false_positives: 0,
    codes: ["refuted", "supported"], public_key: await publicKey(keys), ...changes,
  };
  const line = Buffer.from(`${JSON.stringify(head)}\n`);
  const signature = await crypto.subtle.sign("Ed25519", keys.privateKey, Buffer.concat([line, bits]));
  return new Uint8Array(Buffer.concat([line, new Uint8Array(signature), bits]));
}
