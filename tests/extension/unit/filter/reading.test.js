// The signed filter: which page it holds, and which filters are not taken.

import assert from "node:assert/strict";
import { test } from "node:test";

import { filterAddress, FilterRefused, fromText, lookUp, lookUpDetail, readFilter } from "../../../../extension/filter/reading.js";
import { makeFilter, makeKeys, publicKey, SATIRE_PLACES } from "./filters.js";

const KEYS = await makeKeys();

test("addresses are known as the service knows them", () => {
  for (const [url, known] of [
    ["https://Zeitung.Example", "https://zeitung.example/"],
    ["https://a.example/b?utm_source=x&id=7&fbclid=9#top", "https://a.example/b?id=7"],
    ["https://a.example/b?utm_source=x", "https://a.example/b"],
    ["https://a.example/zitrönchen?q=ä~*", "https://a.example/zitr%C3%B6nchen?q=%C3%A4~*"],
    ["https://a.example/%C3%B6?a=1&&b", "https://a.example/%C3%B6?a=1&b"],
    ["https://a.example:443/", "https://a.example/"],
    ["ftp://a.example/", ""],
    ["about:blank", ""],
    ["no address", ""],
  ]) assert.equal(filterAddress(url), known, url);
});

test("the page in it is found by its verdict, under all its addresses, and no other is", async () => {
  const filter = await readFilter(await makeFilter(KEYS), "");
  for (const [url, code] of [
    ["https://example.org/", "refuted"],
    ["https://EXAMPLE.org?utm_source=x#top", "refuted"],
    ["https://example.org/other", ""],
    ["http://example.org/", ""],
    ["about:blank", ""],
  ]) assert.equal(await lookUp(filter, url), code, url);
});

test("what alone refutes a page is found beside its verdict, where the filter tells such details", async () => {
  const details = ["refuted.satire", "refuted.altered_media"];
  for (const [head, more, known] of [
    [{ details }, SATIRE_PLACES, "refuted.satire"],
    [{ details }, [], "refuted"],
    [{ details: ["refuted.altered_media"] }, SATIRE_PLACES, "refuted"],
    [{ details: ["refuted.hearsay"] }, SATIRE_PLACES, "refuted"],
    [{ details: "refuted.satire" }, SATIRE_PLACES, "refuted"],
    [{}, SATIRE_PLACES, "refuted"],
  ]) {
    const filter = await readFilter(await makeFilter(KEYS, head, more), "");
    assert.equal(await lookUp(filter, "https://example.org/"), "refuted", "the verdict is the same for every reader");
    assert.equal(await lookUpDetail(filter, "https://example.org/?utm_source=x", "refuted"), known, JSON.stringify(head));
    assert.equal(await lookUpDetail(filter, "https://example.org/", "supported"), "supported");
  }
});

test("a filter without bits set holds nothing, and one with all set holds everything", async () => {
  const { head, bits } = await readFilter(await makeFilter(KEYS), "");
  assert.equal(await lookUp({ head, bits: bits.map(() => 0) }, "https://example.org/"), "");
  assert.equal(await lookUp({ head, bits: bits.map(() => 255) }, "https://never.example/"), "refuted");
});

test("the key that was seen first is the only one that is taken", async () => {
  const content = await makeFilter(KEYS);
  assert.equal((await readFilter(content, await publicKey(KEYS))).head.entries, 1);
  await assert.rejects(readFilter(content, await publicKey(await makeKeys())), { why: "key" });
});

test("whatever was changed after signing is noticed", async () => {
  const content = await makeFilter(KEYS);
  const end = content.indexOf(10) + 1;
  for (const place of [end, end + 63, end + 64, content.length - 1]) {
    const changed = content.slice();
    changed[place] ^= 1;
    await assert.rejects(readFilter(changed, ""), { why: "signature" }, String(place));
  }
  const renamed = new Uint8Array(Buffer.from(Buffer.from(content).toString("latin1").replace('"supported"', '"surported"'), "latin1"));
  await assert.rejects(readFilter(renamed, ""), { why: "signature" });
});

test("signed by one key and named by another is not signed", async () => {
  await assert.rejects(makeFilter(KEYS, { public_key: "AAAA" }).then((content) => readFilter(content, "")), { why: "signature" });
});

test("another layout is not read", async () => {
  for (const changes of [{ version: 2 }, { bits: 4095 }, { bits: 8192 }, { hashes: 0 }, { hashes: 33 }, { hashes: "many" }, { codes: "refuted" }]) {
    await assert.rejects(makeFilter(KEYS, changes).then((content) => readFilter(content, "")), FilterRefused, JSON.stringify(changes));
    await assert.rejects(makeFilter(KEYS, changes).then((content) => readFilter(content, "")), { why: "layout" }, JSON.stringify(changes));
  }
  for (const text of ["", "{}", "{}\n", "<!doctype html>\n", "[]\n", "null\n", "7\n"]) {
    await assert.rejects(readFilter(new TextEncoder().encode(text), ""), { why: "layout" }, text);
  }
});

test("bytes come out of base64 as they went in", () => {
  assert.deepEqual([...fromText("AP+ACg==")], [0, 255, 128, 10]);
});
