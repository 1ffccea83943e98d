// No regular expression of the extension or of the page's script takes more than linear time, whatever a page says.

import assert from "node:assert/strict";
import test from "node:test";

import { findPatterns, patternsOf, slowest } from "./patterns.js";

const FOUND = findPatterns();

for (const { place, source, flags } of FOUND) {
  test(`linear: ${place} ${source.slice(0, 40)}`, () => assert.equal(slowest(source, flags), null));
}

test("the patterns of all files are found", () => {
  const files = new Set(FOUND.map(({ place }) => place.split(":")[0]));
  for (const file of ["extension/content/anchor.js", "extension/content/pause.js", "extension/page/capture.js"]) assert.ok(files.has(file), file);
  assert.deepEqual(patternsOf("a.js", "x = 1 / 2; y = `${/b+/g}` // /c/"), [{ place: "a.js:1", source: "b+", flags: "g" }]);
});

test("a pattern that is made at run time is refused", () => {
  assert.throws(() => patternsOf("a.js", "new RegExp(given)"), /write the pattern out/);
});

test("slow patterns are found, and others pass", () => {
  for (const slow of ["(a+)+$", "\\s+$", "\\w+:", "<!--.*-->", 'href="[^>]*>']) assert.ok(slowest(slow, ""), slow);
  for (const quick of ["\\s+", "^\\s+x", 'href="([^"]+)"', "[^<>]{0,90}>?"]) assert.equal(slowest(quick, ""), null, quick);
});
