// Sends marks into a tab: which sentences of a check, with the words of the card.

import { linkWords, publisherOf, reasonOf } from "../check/wording.js";
import { say, sayDate } from "../look/words.js";
import { safeLink } from "../settings/addresses.js";

/**
 * Mark the claims of a check that have a fact-check; resolves to how each was found, or null where the page cannot be reached.
 * @param {number} tabId
 * @param {import("../check/surroundings.js").SurroundedCheck} check
 * @param {string} language
 * @returns {Promise<string[] | null>}
 */
export async function markClaims(tabId, check, language) {
  const order = { marks: check.claims.filter((claim) => claim.evidence.length).map(markOf), words: cardWords(), language };
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

/** To the next mark in a tab, with its card. @param {number} tabId */
export async function showNextMark(tabId) {
  await chrome.scripting.executeScript({ target: { tabId }, func: () => globalThis.gegencheckMarks?.step(1) });
}

/** @param {number} tabId */
export async function clearMarks(tabId) {
  await chrome.scripting.executeScript({ target: { tabId }, func: () => globalThis.gegencheckMarks?.clear() });
}

/** @param {import("../check/surroundings.js").SurroundedClaim} claim */
function markOf(claim) {
  const [{ statement }] = claim.evidence; // the one that decides
  const publisher = publisherOf(statement);
  const own = claim.mode === "asserted" || claim.mode === "denied";
  const state = claim.verdict.code === "refuted" && !own ? "mentions_refuted" : claim.verdict.code;
  const rating = [statement.rating.alternate_name, publisher, sayDate(statement.date_published)].filter(Boolean).join(" · ");
  return { text: claim.text, before: claim.before ?? "", after: claim.after ?? "", state, headline: claim.verdict.headline, statement: statement.claim_reviewed, rating, reason: reasonOf(statement), link: safeLink(statement.url), read: linkWords(statement) };
}

function cardWords() {
  return { card: say("name"), verified: `${say("verifiedStatement")}:`, previous: say("previous"), next: say("next"), close: say("close") };
}
