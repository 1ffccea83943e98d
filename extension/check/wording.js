// What the extension itself says of a fact-check: who published it, why it was rated so, and a reply to whoever sent the page.

import { say, sayDate, sayForeign } from "../look/words.js";
import { safeLink } from "../settings/addresses.js";

/** @typedef {import("../service/api.js").Check} Check */
/** @typedef {import("../service/api.js").Statement} Statement */

const MAX_REASON = 300; // letters of a reason that are shown

/** Who published a fact-check. @param {Statement} statement */
export function publisherOf(statement) {
  return statement.publisher.name || statement.publisher.site || say("unknownPublisher");
}

/** What a link to a fact-check is called; it names the language where that is not the reader's. @param {Statement} statement */
export function linkWords(statement) {
  const language = sayForeign(statement.language);
  return language ? say("readFactCheckIn", language) : say("readFactCheck");
}

/** A ready reply with the fact-check's link; "" where there is nothing to say. @param {Check} check */
export function replyText(check) {
  const deciding = check.claims[check.verdict?.claim ?? -1];
  const [first, ...others] = (deciding ?? check.claims.find((claim) => claim.evidence.length))?.evidence ?? [];
  // That which decides, or where it has no link another that was rated alike: never one that says the opposite.
  const alike = others.filter((each) => each.stance === first.stance && each.statement.rating.normalized === first.statement.rating.normalized);
  const best = [first, ...alike].find((each) => each && safeLink(each.statement.url));
  if (!best) return "";
  const { statement } = best;
  const publisher = publisherOf(statement);
  const rating = statement.rating.alternate_name || say("unknownRating");
  const day = sayDate(statement.date_published);
  const sentence = day ? say("reply", publisher, statement.claim_reviewed, rating, day) : say("replyUndated", publisher, statement.claim_reviewed, rating);
  const language = sayForeign(statement.language);
  return `${sentence}\n${statement.url}${language && ` ${say("replyLanguage", language)}`}`;
}

/** Why the fact-checkers rated it so, cut where it is very long; "" where nothing is known. @param {Statement} statement */
export function reasonOf(statement) {
  const [words, claimed] = [statement.explanation || statement.headline || "", statement.claim_reviewed].map((text) => text.replace(/\s+/g, " ").trim());
  if (words === claimed) return "";
  return words.length <= MAX_REASON ? words : `${words.slice(0, MAX_REASON - 1).trimEnd()}…`;
}
