// Sends marks into a tab: which sentences of a check, with the words of the card.

import { safeLink } from "./build.js";
import { linkWords, reasonOf } from "./result.js";
import { say, sayDate } from "./words.js";

/**
 * Mark the claims of a check that have a fact-check; resolves to how each was found, or null where the page cannot be reached.
 * @param {number} tabId
 * @param {any} check
 * @param {string} language
 * @returns {Promise<string[] | null>}
 */
export async function markClaims(tabId, check, language) {
  const order = { marks: check.claims.filter((/** @type {any} */ claim) => claim.evidence.length).map(markOf), words: cardWords(), language };
  try {
    const target = { tabId }; // paths begin with a slash, because Firefox takes others from the caller's folder
    await chrome.scripting.insertCSS({ target: { tabId, allFrames: true }, origin: "USER", files: ["/content/marks.css"] });
    await chrome.scripting.executeScript({ target, files: ["/content/anchor.js", "/content/card.js", "/content/marks.js"] });
    const [done] = await chrome.scripting.executeScript({ target, args: [order], func: (wanted) => globalThis.gegencheckMarks?.mark(wanted) });
    return done?.result ?? null;
  } catch {
    return null;
  }
}

const AROUND = 40; // letters before and after a sentence that tell its twins apart

/** Keep of an article's text only what stands around each claim. @param {any} check as asked for with its text */
export function keepSurroundings(check) {
  if (!check.article?.text) return check;
  const letters = Array.from(check.article.text); // offsets count code points
  const { text, ...article } = check.article;
  const claims = check.claims.map((/** @type {any} */ claim) => ({
    ...claim,
    before: letters.slice(Math.max(0, claim.start - AROUND), claim.start).join(""),
    after: letters.slice(claim.end, claim.end + AROUND).join(""),
  }));
  return { ...check, article, claims };
}

/** To the next mark in a tab, with its card. @param {number} tabId */
export async function showNextMark(tabId) {
  await chrome.scripting.executeScript({ target: { tabId }, func: () => globalThis.gegencheckMarks?.step(1) });
}

/** @param {number} tabId */
export async function clearMarks(tabId) {
  await chrome.scripting.executeScript({ target: { tabId }, func: () => globalThis.gegencheckMarks?.clear() });
}

/** @param {any} claim */
function markOf(claim) {
  const [{ statement }] = claim.evidence; // the one that decides
  const publisher = statement.publisher.name || statement.publisher.site || say("unknownPublisher");
  const own = claim.mode === "asserted" || claim.mode === "denied";
  const state = claim.verdict.code === "refuted" && !own ? "mentions_refuted" : claim.verdict.code;
  const rating = [statement.rating.alternate_name, publisher, sayDate(statement.date_published)].filter(Boolean).join(" · ");
  return { text: claim.text, before: claim.before ?? "", after: claim.after ?? "", state, headline: claim.verdict.headline, statement: statement.claim_reviewed, rating, reason: reasonOf(statement), link: safeLink(statement.url), read: linkWords(statement) };
}

function cardWords() {
  return { card: say("name"), verified: `${say("verifiedStatement")}:`, previous: say("previous"), next: say("next"), close: say("close") };
}
