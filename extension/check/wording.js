// What the extension itself says of a fact-check: who published it, why it was rated so, and a reply to whoever sent the page.

import { say, sayDate, sayForeign } from "../look/words.js";
import { safeLink } from "../settings/addresses.js";

/** @typedef {import("../service/api.js").Check} Check */
/** @typedef {import("../service/api.js").Claim} Claim */
/** @typedef {import("../service/api.js").Statement} Statement */
/** @typedef {Claim["evidence"][number]} Evidence */

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

/** The claim that the verdict speaks of. @param {Check} check */
function decidingClaim({ claims, verdict }) {
  return claims[verdict?.claim ?? -1] ?? claims.find((claim) => claim.evidence.length);
}

/** The claims with a fact-check in the page's order, but the one that the verdict speaks of first: it is never folded. @param {Check} check */
export function decidedClaims(check) {
  const first = decidingClaim(check);
  return check.claims.filter((claim) => claim.evidence.length).sort((one, other) => Number(other === first) - Number(one === first));
}

/** A ready reply with the fact-check's link, or those of all sides; "" where there is nothing to say. @param {Check} check */
export function replyText(check) {
  const deciding = decidingClaim(check);
  if (!deciding) return "";
  const sides = sidesOf(deciding);
  if (sides.length > 1) return disputedReply(deciding, sides);
  const [first, ...others] = deciding.evidence;
  // That which decides, or where it has no link another that was rated alike: never one that says the opposite.
  const alike = others.filter((each) => each.stance === first.stance && each.statement.rating.normalized === first.statement.rating.normalized);
  const best = [first, ...alike].find((each) => each && safeLink(each.statement.url));
  if (!best) return "";
  const { statement } = best;
  const publisher = publisherOf(statement);
  const rating = statement.rating.alternate_name || say("unknownRating");
  const day = sayDate(statement.date_published);
  const sentence = day ? say("reply", publisher, statement.claim_reviewed, rating, day) : say("replyUndated", publisher, statement.claim_reviewed, rating);
  return `${sentence}\n${linkedAddress(statement)}`;
}

/** Where fact-checks disagree: the first of each rating and stance, as the service's headline names them; of other claims none. @param {Claim} claim */
function sidesOf({ verdict, evidence }) {
  if (verdict.code !== "conflicting_evidence") return [];
  const decides = evidence.filter(({ stance, statement }) => stance !== "neutral" && !["unproven", "unmapped"].includes(statement.rating.normalized));
  const side = (/** @type {Evidence} */ { stance, statement }) => `${stance} ${statement.rating.normalized}`;
  return decides.filter((each, place) => decides.findIndex((other) => side(other) === side(each)) === place);
}

/** The sentence of the page, who rated it how, and every side's link. @param {Claim} claim @param {Evidence[]} sides */
function disputedReply({ text, verdict }, sides) {
  const links = sides.filter(({ statement }) => safeLink(statement.url)).map(({ statement }) => linkedAddress(statement));
  return links.length ? [text.replace(/\s+/g, " ").trim(), verdict.headline, ...links].join("\n") : "";
}

/** The address of a fact-check, with its language where that is not the reader's. @param {Statement} statement */
function linkedAddress(statement) {
  const language = sayForeign(statement.language);
  return `${statement.url}${language && ` ${say("replyLanguage", language)}`}`;
}

/** Why the fact-checkers rated it so, cut where it is very long; "" where nothing is known. @param {Statement} statement */
export function reasonOf(statement) {
  const [words, claimed] = [statement.explanation || statement.headline || "", statement.claim_reviewed].map((text) => text.replace(/\s+/g, " ").trim());
  if (words === claimed) return "";
  return words.length <= MAX_REASON ? words : `${words.slice(0, MAX_REASON - 1).trimEnd()}…`;
}
