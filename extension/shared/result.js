// A check as people see it in the popup: the verdict at a glance, then each claim with its statement and rating.

import { el, icon, safeLink } from "./build.js";
import { say, sayDate, sayForeign, sayNumber } from "./words.js";

const SHOWN_CLAIMS = 4;
const MAX_REASON = 300; // letters of a reason that are shown
const MIN_STRONG = 0.9; // confidence from which a match is called strong, as on the web page

/**
 * The box that answers the question.
 * @param {{state: string, lead: string, detail?: string, advice?: string}} summary
 */
export function summaryBox(summary) {
  return el(
    "div",
    { class: `summary state-${summary.state}` },
    icon(summary.state),
    el(
      "div",
      {},
      el("h1", { class: "lead", tabindex: "-1" }, summary.lead),
      summary.detail && el("p", { class: "detail" }, summary.detail),
      summary.advice && el("p", { class: "advice" }, summary.advice),
    ),
  );
}

/** What there is to say about the whole page beside the verdict. @param {any} check @param {boolean} cut whether only its beginning was sent */
export function pageNotes(check, cut) {
  const left = check.claims.filter((/** @type {any} */ claim) => claim.hints.includes("not_searched")).length;
  const review = check.article?.review;
  return [
    review ? say("ownReview", review.claim_reviewed, review.alternate_name) : check.article?.is_fact_check && say("isFactCheck"),
    cut && say("longPageCut"),
    check.looked_at < check.sentences && say("longPageSome", sayNumber(check.looked_at), sayNumber(check.sentences)),
    left > 0 && say("longPageLeft", sayNumber(check.claims.length - left), sayNumber(left)),
  ]
    .filter(Boolean)
    .map((note) => el("p", { class: "note" }, note));
}

/** The claims of a check, those with a fact-check first. @param {any} check */
export function claimList(check) {
  const decided = check.claims.filter((/** @type {any} */ claim) => claim.evidence.length);
  const open = check.claims.filter((/** @type {any} */ claim) => !claim.evidence.length);
  const year = check.article?.date_published?.slice(0, 4) ?? "";
  const spoken = check.article?.language;
  const card = (/** @type {any} */ claim) => claimCard(claim, year, spoken);
  const shown = decided.slice(0, SHOWN_CLAIMS).map(card);
  const more = decided.slice(SHOWN_CLAIMS);
  return el(
    "div",
    { class: "claims" },
    decided.length > 0 && el("h2", {}, decided.length === 1 ? say("claimsOne") : say("claimsMany", decided.length)),
    ...shown,
    more.length > 0 && el("details", {}, el("summary", {}, say("moreClaims", more.length)), ...more.map(card)),
    decided.length > 0 && open.length > 0 && el("p", { class: "hint" }, open.length === 1 ? say("openOne") : say("openMany", open.length)),
    open.length > 0 && openList(open, spoken),
  );
}

/** The claims without a fact-check, folded. @param {any[]} claims @param {string | undefined} spoken the page's language */
function openList(claims, spoken) {
  const lines = claims.map(({ text }) => el("li", { dir: "auto", lang: spoken || undefined }, text));
  return el("details", { id: "open" }, el("summary", {}, say("showOpen")), el("ul", {}, ...lines));
}

/** What a link to a fact-check is called; it names the language where that is not the reader's. @param {any} statement */
export function linkWords(statement) {
  const language = sayForeign(statement.language);
  return language ? say("readFactCheckIn", language) : say("readFactCheck");
}

/** A ready reply with the fact-check's link; "" where there is nothing to say. @param {any} check */
export function replyText(check) {
  const deciding = check.claims[check.verdict?.claim ?? -1];
  const [first, ...others] = (deciding ?? check.claims.find((/** @type {any} */ claim) => claim.evidence.length))?.evidence ?? [];
  // That which decides, or where it has no link another that was rated alike: never one that says the opposite.
  const alike = others.filter((/** @type {any} */ each) => each.stance === first.stance && each.statement.rating.normalized === first.statement.rating.normalized);
  const best = [first, ...alike].find((/** @type {any} */ each) => safeLink(each?.statement.url));
  if (!best) return "";
  const { statement } = best;
  const publisher = statement.publisher.name || statement.publisher.site || say("unknownPublisher");
  const rating = statement.rating.alternate_name || say("unknownRating");
  const day = sayDate(statement.date_published);
  const sentence = day ? say("reply", publisher, statement.claim_reviewed, rating, day) : say("replyUndated", publisher, statement.claim_reviewed, rating);
  const language = sayForeign(statement.language);
  return `${sentence}\n${statement.url}${language && ` ${say("replyLanguage", language)}`}`;
}

/** @param {any} claim @param {string} year of the page; "" where it is not known @param {string | undefined} spoken the page's language */
function claimCard(claim, year, spoken) {
  const [evidence] = claim.evidence; // the one that decides
  const { statement } = evidence;
  const link = safeLink(statement.url);
  const publisher = statement.publisher.name || statement.publisher.site || say("unknownPublisher");
  return el(
    "article",
    { class: `claim state-${claim.verdict.code}` },
    el("h3", {}, icon(claim.verdict.code), el("span", {}, claim.verdict.headline)),
    el("p", { class: "side" }, say("onThePage"), " ", el("span", { class: "mode" }, say(`mode_${claim.mode}`))),
    el("blockquote", { dir: "auto", lang: spoken || undefined }, ...withNeighbours(claim)),
    claim.neighbours && el("p", { class: "hint" }, say("besideHint")),
    ...claim.hints.filter(hasHint).map((/** @type {string} */ hint) => el("p", { class: "hint" }, sayHint(hint, year))),
    el("p", { class: "side" }, say("verifiedStatement"), " ", el("span", { class: "mode" }, say(evidence.confidence >= MIN_STRONG ? "strength_strong" : "strength_fair"))),
    el("blockquote", { dir: "auto", lang: statement.language || undefined }, statement.claim_reviewed),
    differenceList(evidence.differences),
    el(
      "p",
      { class: "rating-line" },
      el("b", { dir: "auto" }, statement.rating.alternate_name || say("unknownRating")),
      " · ",
      el("bdi", {}, publisher),
      " · ",
      statement.date_published
        ? el("time", { datetime: statement.date_published }, sayDate(statement.date_published))
        : say("undated"),
    ),
    reasonOf(statement) && el("p", { class: "reason", dir: "auto", lang: statement.language || undefined }, reasonOf(statement)),
    link && el("p", {}, el("a", { class: "fact-check", href: link, hreflang: statement.language || undefined, target: "_blank", rel: "noopener noreferrer" }, linkWords(statement))),
  );
}

/** The sentence of a claim, with what was searched around it in grey. @param {any} claim */
function withNeighbours({ text, neighbours }) {
  const beside = (/** @type {string | undefined} */ words) => words && el("span", { class: "beside" }, words);
  return [beside(neighbours?.before), neighbours?.before && " ", text, neighbours?.after && " ", beside(neighbours?.after)];
}

/** Why the fact-checkers rated it so, cut where it is very long; "" where nothing is known. @param {any} statement */
export function reasonOf(statement) {
  const words = (statement.explanation || statement.headline || "").replace(/\s+/g, " ").trim();
  if (words === statement.claim_reviewed) return "";
  return words.length <= MAX_REASON ? words : `${words.slice(0, MAX_REASON - 1).trimEnd()}…`;
}

const HINTS = ["old_article", "older_statement", "rating_revised", "opinion"];

/** @param {string} hint */
function hasHint(hint) {
  return HINTS.includes(hint);
}

/** @param {string} hint @param {string} year */
function sayHint(hint, year) {
  return year ? say(`hint_${hint}`, year) : say(`hint_${hint}_undated`);
}

/** @param {{kind: string, claim: string, statement: string}[]} differences */
function differenceList(differences) {
  if (!differences.length) return null;
  const lines = differences.map(({ kind, claim, statement }) =>
    el("li", {}, el("b", {}, say(`difference_${kind}`)), ": ", say("sides", claim || say("nothing"), statement || say("nothing"))),
  );
  return el("ul", { class: "differences" }, ...lines);
}
