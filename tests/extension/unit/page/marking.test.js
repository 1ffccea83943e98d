// What is sent into a page to be marked: the sentences with a fact-check, and the words of their cards.

import assert from "node:assert/strict";
import { test } from "node:test";

import { loadWords } from "../../../../extension/look/words.js";
import { markClaims } from "../../../../extension/page/marking.js";
import { answerFetches, claim, finished, openBrowser, statement } from "../doubles.js";

/** Mark a check in a tab; returns the order that the page gets. @param {import("node:test").TestContext} t @param {any} check */
async function order(t, check) {
  let sent;
  const executeScript = async ({ args }) => (args && ([sent] = args), [{ result: ["exact"] }]);
  openBrowser(t, { scripting: { insertCSS: async () => {}, executeScript } });
  answerFetches(t);
  await loadWords("en");
  assert.deepEqual(await markClaims(7, check, "en"), ["exact"]);
  return sent;
}

test("only claims with a fact-check are marked, with what stood around them", async (t) => {
  const { marks, language } = await order(t, finished([claim({ before: "Well. ", after: " So." }, statement()), claim()]));
  assert.equal(language, "en");
  assert.deepEqual(marks, [{
    text: "Hot lemon water cures diabetes.", before: "Well. ", after: " So.", state: "refuted", headline: "Example Checks rated it False.",
    statement: "Hot lemon water cures diabetes.", rating: "False · Example Checks · 3 May 2021", reason: "", link: "https://checks.example/lemons", read: "Read the fact-check",
  }]);
});

test("a refuted sentence that the page does not say itself is marked as mentioned", async (t) => {
  const modes = ["asserted", "denied", "reported", "quoted", "asked"];
  const { marks } = await order(t, finished(modes.map((mode) => claim({ mode }, statement()))));
  assert.deepEqual(marks.map(({ state }) => state), ["refuted", "refuted", "mentions_refuted", "mentions_refuted", "mentions_refuted"]);
});

test("the card speaks of the statement that decides, and of no link that is none", async (t) => {
  const { marks } = await order(t, finished([claim({}, statement({ url: "javascript:x", date_published: null }), statement({ claim_reviewed: "Second." }))]));
  assert.deepEqual([marks[0].statement, marks[0].link, marks[0].rating], ["Hot lemon water cures diabetes.", null, "False · Example Checks"]);
});

test("a page that the browser lets nobody into has no marks", async (t) => {
  openBrowser(t, { scripting: { insertCSS: async () => { throw new Error("Cannot access a chrome:// URL"); } } });
  answerFetches(t);
  await loadWords("en");
  assert.equal(await markClaims(7, finished([claim({}, statement())]), "en"), null);
});
