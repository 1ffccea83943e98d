// What is kept around a claim, so that its sentence is found in the page again.

import assert from "node:assert/strict";
import { test } from "node:test";

import { keepSurroundings } from "../../../../extension/check/surroundings.js";
import { claim, finished } from "../doubles.js";

/** @param {string} text @param {any[]} claims */
const checked = (text, claims) => finished(claims, { article: { title: "Lemons", language: "en", text } });

test("forty letters before and after are kept, and the text is not", () => {
  const before = "b".repeat(50), after = "a".repeat(50);
  const kept = keepSurroundings(checked(`${before}CLAIM${after}`, [claim({ start: 50, end: 55 })]));
  assert.deepEqual([kept.claims[0].before, kept.claims[0].after], ["b".repeat(40), "a".repeat(40)]);
  assert.deepEqual(kept.article, { title: "Lemons", language: "en" });
});

test("offsets count code points, as the service's do", () => {
  const kept = keepSurroundings(checked("😀😀 A. B. 😀", [claim({ start: 3, end: 5 }), claim({ start: 6, end: 8 })]));
  assert.deepEqual(kept.claims.map(({ before, after }) => [before, after]), [["😀😀 ", " B. 😀"], ["😀😀 A. ", " 😀"]]);
});

test("at the beginning and the end there is less", () => {
  const kept = keepSurroundings(checked("CLAIM", [claim({ start: 0, end: 5 })]));
  assert.deepEqual([kept.claims[0].before, kept.claims[0].after], ["", ""]);
});

test("a check without its text stays as it is", () => {
  for (const article of [null, { title: "Lemons", text: null }, { title: "Lemons", text: "" }]) {
    const check = finished([claim()], { article });
    assert.equal(keepSurroundings(check), check);
  }
});
