// The extension's words in both languages, from the catalogues that are shipped.

import assert from "node:assert/strict";
import { test } from "node:test";

import { loadWords, say, sayDate, sayForeign, sayNumber, sayShare } from "../../../../extension/look/words.js";
import { answerFetches, openBrowser } from "../doubles.js";

/** @param {import("node:test").TestContext} t @param {string} [chosen] @param {string} [language] the browser's */
async function speak(t, chosen = "", language = "en-GB") {
  openBrowser(t, { language });
  answerFetches(t);
  return loadWords(chosen);
}

test("the language chosen is spoken, else the browser's, else English", async (t) => {
  for (const [chosen, browser, spoken] of [["de", "en-GB", "de"], ["", "de-AT", "de"], ["", "fr-FR", "en"], ["en", "de-DE", "en"]]) {
    assert.equal(await speak(t, chosen, browser), spoken, `${chosen} ${browser}`);
  }
});

test("a message is filled in, in its places", async (t) => {
  await speak(t, "de");
  assert.equal(say("replyLanguage", "Englisch"), "(auf Englisch)");
  await speak(t, "en");
  assert.equal(say("replyLanguage", "German"), "(in German)");
});

test("a message that does not exist is a fault, not an empty place", async (t) => {
  await speak(t);
  assert.throws(() => say("noSuchMessage"), /no message noSuchMessage/);
});

test("days and numbers are written as people write them, whatever the time zone", async (t) => {
  await speak(t, "de");
  assert.deepEqual([sayDate("2021-05-03"), sayDate(null), sayNumber(86376)], ["3. Mai 2021", "", "86.376"]);
  await speak(t, "en");
  assert.deepEqual([sayDate("2021-05-03"), sayDate(""), sayNumber(86376)], ["3 May 2021", "", "86,376"]);
});

test("a small share is said to a hundredth of a per cent, the sign where each language has it", async (t) => {
  await speak(t, "de");
  assert.equal(sayShare(0.001364), "0,14\u00a0%");
  await speak(t, "en");
  assert.deepEqual([sayShare(0.001364), sayShare(0)], ["0.14%", "0%"]);
});

test("a language is named where it is another than the reader's", async (t) => {
  await speak(t, "de");
  assert.deepEqual(["en", "en_GB", "de", "de-CH", "DE", "", null, "not a language"].map(sayForeign), ["Englisch", "Englisch", "", "", "", "", "", ""]);
});
