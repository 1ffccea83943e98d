// The filter as this device keeps it: fetched, refused, and asked.

import assert from "node:assert/strict";
import { test } from "node:test";

import { forgetFilter, keptFilter, loadFilter, refreshFilter } from "../../../../extension/filter/keeping.js";
import { FilterRefused, lookUp } from "../../../../extension/filter/reading.js";
import { openBrowser } from "../doubles.js";
import { makeFilter, makeKeys, publicKey } from "./filters.js";

const ADDRESS = "http://127.0.0.1:8000";
const KEYS = await makeKeys();

/** A service that answers with these filters, one after another; null is "the same still". @param {...(Uint8Array | null)} contents */
function serving(...contents) {
  const asked = [];
  const filter = async (etag) => {
    asked.push(etag);
    const content = contents.shift();
    return content ? { content, etag: `"${asked.length}"` } : null;
  };
  return { settings: { address: ADDRESS }, filter, asked };
}

test("a filter is kept with the key it was signed with, and asked without the service", async (t) => {
  openBrowser(t);
  await refreshFilter(serving(await makeFilter(KEYS)));
  const kept = await keptFilter(ADDRESS);
  assert.deepEqual([kept.key, kept.etag, kept.refused], [await publicKey(KEYS), '"1"', ""]);
  assert.equal(await lookUp(await loadFilter(ADDRESS), "https://example.org/"), "refuted");
});

test("the service is told which filter is here, and where it is the same nothing changes", async (t) => {
  openBrowser(t);
  const service = serving(await makeFilter(KEYS), null);
  await refreshFilter(service);
  const { content } = await keptFilter(ADDRESS);
  await refreshFilter(service);
  assert.deepEqual(service.asked, ["", '"1"']);
  assert.equal((await keptFilter(ADDRESS)).content, content);
});

test("a filter of another key is refused: the old one stays, and why is kept", async (t) => {
  openBrowser(t);
  const service = serving(await makeFilter(KEYS), await makeFilter(await makeKeys(), { entries: 7 }));
  await refreshFilter(service);
  await assert.rejects(refreshFilter(service), FilterRefused);
  assert.equal((await keptFilter(ADDRESS)).refused, "key");
  assert.equal((await loadFilter(ADDRESS)).head.entries, 1);
});

test("once the old key is forgotten the next filter may have another", async (t) => {
  openBrowser(t);
  const service = serving(await makeFilter(KEYS), await makeFilter(await makeKeys(), { entries: 7 }));
  await refreshFilter(service);
  await forgetFilter();
  assert.equal(await loadFilter(ADDRESS), null);
  await refreshFilter(service);
  assert.equal((await loadFilter(ADDRESS)).head.entries, 7);
});

test("a first filter that is no good leaves no filter, and says why", async (t) => {
  openBrowser(t);
  await assert.rejects(refreshFilter(serving(await makeFilter(KEYS, { version: 2 }))), FilterRefused);
  assert.deepEqual([(await keptFilter(ADDRESS)).refused, await loadFilter(ADDRESS)], ["layout", null]);
});

test("a service that does not answer leaves everything as it is", async (t) => {
  openBrowser(t);
  await refreshFilter(serving(await makeFilter(KEYS)));
  const before = await keptFilter(ADDRESS);
  await assert.rejects(refreshFilter({ settings: { address: ADDRESS }, filter: async () => { throw new Error("down"); } }), /down/);
  assert.deepEqual(await keptFilter(ADDRESS), before);
});

test("the filter of one service is never asked for another's", async (t) => {
  openBrowser(t);
  await refreshFilter(serving(await makeFilter(KEYS)));
  assert.equal(await loadFilter("https://check.example"), null);
  assert.equal(await keptFilter("https://check.example"), undefined);
});

test("a filter that was changed on this device is none", async (t) => {
  const { storage } = openBrowser(t);
  await refreshFilter(serving(await makeFilter(KEYS)));
  const { filter } = storage.local.kept;
  filter.content = `${filter.content.slice(0, -8)}AAAAAAA=`;
  assert.equal(await loadFilter(ADDRESS), null);
});
