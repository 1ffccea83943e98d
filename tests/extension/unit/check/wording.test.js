// What the extension says of a fact-check in its own words.

import assert from "node:assert/strict";
import { test } from "node:test";

import { decidedClaims, linkWords, publisherOf, reasonOf, replyText } from "../../../../extension/check/wording.js";
import { loadWords } from "../../../../extension/look/words.js";
import { answerFetches, claim, finished, openBrowser, statement } from "../doubles.js";

/** @param {import("node:test").TestContext} t @param {"de" | "en"} language */
async function speak(t, language) {
  openBrowser(t);
  answerFetches(t);
  await loadWords(language);
}

test("a reply names publisher, statement, rating, day and link", async (t) => {
  await speak(t, "en");
  assert.equal(
    replyText(finished([claim({}, statement())])),
    "There is a fact-check on this: Example Checks rated the statement “Hot lemon water cures diabetes.” as “False” on 3 May 2021.\nhttps://checks.example/lemons",
  );
});

test("the reply says in which language the fact-check is, where the reader speaks another", async (t) => {
  await speak(t, "de");
  assert.equal(
    replyText(finished([claim({}, statement({ date_published: null }))])),
    "Dazu gibt es einen Faktencheck: Example Checks hat die Aussage «Hot lemon water cures diabetes.» mit «False» bewertet.\nhttps://checks.example/lemons (auf Englisch)",
  );
});

test("the reply tells what decides, wherever it stands in the page", async (t) => {
  await speak(t, "en");
  const first = claim({}, statement({ claim_reviewed: "The first." }));
  const second = claim({}, statement({ claim_reviewed: "The second." }));
  assert.match(replyText(finished([first, second], { verdict: { code: "refuted", claim: 1 } })), /“The second\.”/);
  assert.match(replyText(finished([first, second], { verdict: { code: "refuted", claim: null } })), /“The first\.”/);
  assert.match(replyText(finished([first, second], { verdict: { code: "refuted", claim: 7 } })), /“The first\.”/);
});

test("the claim that the verdict speaks of stands before the others, however many there are", () => {
  const [open, ...claims] = [claim(), ...Array.from({ length: 6 }, () => claim({}, statement()))];
  const shown = decidedClaims(finished([open, ...claims], { verdict: { code: "refuted", claim: 5 } }));
  assert.deepEqual(shown.map((each) => claims.indexOf(each)), [4, 0, 1, 2, 3, 5]);
  assert.deepEqual(decidedClaims(finished([open, ...claims], { verdict: null })), claims);
});

test("a fact-check whose link cannot be followed is passed over; without any there is no reply", async (t) => {
  await speak(t, "en");
  const unsafe = statement({ url: "javascript:alert(1)", claim_reviewed: "Unsafe." });
  assert.match(replyText(finished([claim({}, unsafe, statement())])), /lemon water.*\nhttps:\/\/checks\.example\/lemons$/);
  assert.equal(replyText(finished([claim({}, unsafe)])), "");
  assert.equal(replyText(finished([claim()], { verdict: null })), "");
  assert.equal(replyText(finished([])), "");
});

test("nobody is sent a fact-check that says the opposite of the one that decides", async (t) => {
  await speak(t, "en");
  const unsafe = statement({ url: "javascript:alert(1)" });
  const opposite = statement({ rating: { ...unsafe.rating, alternate_name: "True", normalized: "true" } });
  assert.equal(replyText(finished([claim({}, unsafe, opposite)])), "");
  const denying = claim({}, unsafe, statement());
  denying.evidence[1].stance = "refutes";
  assert.equal(replyText(finished([denying])), "");
  assert.match(replyText(finished([claim({}, opposite, statement())])), /as “True”/);
});

test("where fact-checks disagree the reply takes no side", async (t) => {
  await speak(t, "en");
  const rated = (/** @type {string} */ normalized, /** @type {string} */ url) => statement({ url, rating: { ...statement().rating, normalized } });
  const [first, unproven, again, other] = [rated("false", "https://a.example/1"), rated("unproven", "https://b.example/1"), rated("false", "https://c.example/1"), rated("true", "https://d.example/1")];
  const verdict = { code: "conflicting_evidence", confidence: 0.9, headline: "Fact-checks disagree about this statement: A “False”, D “True”." };
  const disputed = claim({ text: "Lemons\n cure diabetes.", verdict }, first, unproven, again, other);
  assert.equal(replyText(finished([disputed])), `Lemons cure diabetes.\n${verdict.headline}\nhttps://a.example/1\nhttps://d.example/1`);
  assert.match(replyText(finished([claim({ verdict }, first, unproven, again)])), /^There is a fact-check on this.*\nhttps:\/\/a\.example\/1$/);
  const opposite = claim({ verdict }, first, again);
  opposite.evidence[1].stance = "refutes";
  assert.match(replyText(finished([opposite])), /disagree.*\nhttps:\/\/a\.example\/1\nhttps:\/\/c\.example\/1$/);
  assert.equal(replyText(finished([claim({ verdict }, rated("false", "javascript:1"), rated("true", "ftp://x"))])), "");
});

test("a publisher without a name goes by its site, and one without either is still a fact-check", async (t) => {
  await speak(t, "en");
  const of = (name, site) => publisherOf(statement({ publisher: { name, site } }));
  assert.deepEqual([of("Example Checks", "checks.example"), of("", "checks.example"), of(null, null)], ["Example Checks", "checks.example", "a fact-check"]);
});

test("the link says the language where it is not the reader's", async (t) => {
  await speak(t, "de");
  assert.equal(linkWords(statement({ language: "de-CH" })), "Faktencheck lesen");
  assert.equal(linkWords(statement({ language: "en" })), "Faktencheck lesen (auf Englisch)");
  assert.equal(linkWords(statement({ language: null })), "Faktencheck lesen");
});

test("the reason is the explanation, else the headline, on one line and not the statement again", () => {
  assert.equal(reasonOf(statement({ explanation: " Sugar\n stays.  ", headline: "No cure" })), "Sugar stays.");
  assert.equal(reasonOf(statement({ headline: "No cure" })), "No cure");
  assert.equal(reasonOf(statement()), "");
  for (const changes of [{ headline: "Hot lemon  water cures diabetes." }, { headline: "No cure", claim_reviewed: "No\n cure " }]) assert.equal(reasonOf(statement(changes)), "");
});

test("a long reason ends after 300 letters", () => {
  assert.equal(reasonOf(statement({ explanation: "a".repeat(300) })), "a".repeat(300));
  assert.equal(reasonOf(statement({ explanation: "a".repeat(301) })), `${"a".repeat(299)}…`);
  assert.equal(reasonOf(statement({ explanation: `${"a".repeat(298)} bcd` })), `${"a".repeat(298)}…`, "no space before the dots");
});
