// A check as people see it in the popup: the verdict at a glance, then each claim with its statement and rating.

import { el, icon } from "../look/build.js";
import { say, sayDate, sayForeign, sayNumber } from "../look/words.js";
import { safeLink } from "../settings/addresses.js";
import { decidedClaims, linkWords, publisherOf, reasonOf } from "./wording.js";

/** @typedef {import("../service/api.js").Check} Check */
/** @typedef {import("../service/api.js").Claim} Claim */
/** @typedef {Claim["evidence"][number]} Evidence */
/** @typedef {import("../service/api.js").Statement} Statement */

const SHOWN_CLAIMS = 4;
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

/** What there is to say about the whole page beside the verdict. @param {Check} check @param {boolean} cut whether only its beginning was sent */
export function pageNotes(check, cut) {
  const left = check.claims.filter((claim) => claim.hints.includes("not_searched")).length;
  const review = check.article?.review;
  return [
    review ? say("ownReview", review.claim_reviewed, review.alternate_name) : check.article?.is_fact_check && say("isFactCheck"),
    check.article?.is_whole === false && say("partOfPage"),
    cut && say("longPageCut"),
    check.looked_at < check.sentences && say("longPageSome", sayNumber(check.looked_at), sayNumber(check.sentences)),
    left > 0 && say("longPageLeft", sayNumber(check.claims.length - left), sayNumber(left)),
  ]
    .filter(Boolean)
    .map((note) => el("p", { class: "note" }, note));
}

/** The claims of a check: that which decides first, then the others with a fact-check. @param {Check} check */
export function claimList(check) {
  const decided = decidedClaims(check);
  const open = check.claims.filter((claim) => !claim.evidence.length);
  const year = check.article?.date_published?.slice(0, 4) ?? "";
  const spoken = check.article?.language;
  const card = (/** @type {Claim} */ claim) => claimCard(claim, year, spoken);
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

/** The claims without a fact-check, folded. @param {Claim[]} claims @param {string | null | undefined} spoken the page's language */
function openList(claims, spoken) {
  const lines = claims.map((claim) => el("li", {}, el("span", { dir: "auto", lang: spoken || undefined }, claim.text), suggestion(claim), elsewhere(claim)));
  const open = claims.some((claim) => claim.hints.includes("suggestion")); // what may be meant is an answer, so it is not folded
  const searched = claims.some((claim) => claim.elsewhere);
  return el("details", { id: "open", open }, el("summary", {}, say("showOpen")), el("ul", {}, ...lines), searched && el("p", { class: "hint" }, say("elsewhereNote")));
}

/** What may be meant by a claim, with its rating and link; nothing where the service suggests nothing. @param {Claim} claim */
function suggestion({ hints, candidates }) {
  const meant = hints.includes("suggestion") && candidates.find(({ shortfalls }) => !shortfalls.includes("difference"));
  return meant && el("div", { class: "suggestion" }, el("p", { class: "side" }, say("didYouMean")), ...statementLines(meant.statement));
}

/** Searches on other sites that the service prepared; services of before prepare none. @param {Claim} claim */
function elsewhere({ elsewhere: found }) {
  if (!found) return null;
  const links = found.searches.filter(({ url }) => safeLink(url)).map(({ name, url }) =>
    el("li", {}, el("a", { href: url, target: "_blank", rel: "noopener noreferrer", referrerpolicy: "no-referrer" }, name)),
  );
  const asked = say("elsewhereWords", found.words);
  return el("div", {}, el("p", { class: "hint" }, asked), el("ul", { class: "elsewhere", "aria-label": asked }, ...links));
}

/** @param {Claim} claim @param {string} year of the page; "" where it is not known @param {string | null | undefined} spoken the page's language */
function claimCard(claim, year, spoken) {
  const [evidence] = claim.evidence; // the one that decides
  const { statement } = evidence;
  return el(
    "article",
    { class: `claim state-${claim.verdict.code}` },
    el("h3", {}, icon(claim.verdict.code), el("span", {}, claim.verdict.headline)),
    el("p", { class: "side" }, say("onThePage"), " ", el("span", { class: "mode" }, say(`mode_${claim.mode}`))),
    el("blockquote", { dir: "auto", lang: spoken || undefined }, ...withNeighbours(claim)),
    claim.neighbours && el("p", { class: "hint" }, say("besideHint")),
    ...claim.hints.filter(hasHint).map((hint) => el("p", { class: "hint" }, sayHint(hint, year))),
    el("p", { class: "side" }, say("verifiedStatement"), " ", el("span", { class: "mode" }, say(evidence.confidence >= MIN_STRONG ? "strength_strong" : "strength_fair"))),
    ...statementLines(statement, differenceList(evidence.differences)),
    ...alsoChecked(evidence, claim.evidence),
  );
}

/** Who else checked what the statement that is shown says, and whether they disagree. @param {Evidence} shown @param {Evidence[]} evidence */
function alsoChecked(shown, evidence) {
  const others = evidence.filter((each) => each !== shown && each.cluster && each.cluster === shown.cluster);
  const ratings = new Set([shown, ...others].map(({ statement }) => statement.rating.normalized).filter((rating) => rating !== "unmapped"));
  return [
    ...others.map(({ statement }) => alsoCheckedLine(statement)),
    ratings.size > 1 && el("p", { class: "hint" }, say("ratedOtherwise")),
  ];
}

/** Another fact-check of one claim in a line, as a link where it has one. @param {Statement} statement */
function alsoCheckedLine(statement) {
  const link = safeLink(statement.url);
  const rating = statement.rating.alternate_name || say("unknownRating");
  const year = statement.date_published?.slice(0, 4);
  const words = year ? say("alsoCheckedIn", publisherOf(statement), year, rating) : say("alsoChecked", publisherOf(statement), rating);
  const language = sayForeign(statement.language);
  const line = language ? `${words} ${say("replyLanguage", language)}` : words;
  return el("p", {}, link ? el("a", { class: "fact-check", href: link, hreflang: statement.language || undefined, target: "_blank", rel: "noopener noreferrer" }, line) : line);
}

/** A statement with its rating, the reason and the link. @param {Statement} statement @param {Node | null} [beside] what stands below the statement */
function statementLines(statement, beside = null) {
  const link = safeLink(statement.url);
  const language = statement.language || undefined;
  const reason = reasonOf(statement);
  return [
    el("blockquote", { dir: "auto", lang: language }, statement.claim_reviewed),
    beside,
    el(
      "p",
      { class: "rating-line" },
      el("b", { dir: "auto" }, statement.rating.alternate_name || say("unknownRating")),
      " · ",
      el("bdi", {}, publisherOf(statement)),
      " · ",
      statement.date_published
        ? el("time", { datetime: statement.date_published }, sayDate(statement.date_published))
        : say("undated"),
    ),
    reason && el("p", { class: "reason", dir: "auto", lang: language }, reason),
    link && el("p", {}, el("a", { class: "fact-check", href: link, hreflang: language, target: "_blank", rel: "noopener noreferrer" }, linkWords(statement))),
  ];
}

/** The sentence of a claim, with what was searched around it in grey. @param {Claim} claim */
function withNeighbours({ text, neighbours }) {
  const beside = (/** @type {string | undefined} */ words) => words && el("span", { class: "beside" }, words);
  return [beside(neighbours?.before), neighbours?.before && " ", text, neighbours?.after && " ", beside(neighbours?.after)];
}

/** @type {Claim["hints"]} */
const HINTS = ["old_article", "older_statement", "rating_revised", "opinion"];

/** @param {Claim["hints"][number]} hint */
function hasHint(hint) {
  return HINTS.includes(hint);
}

/** @param {string} hint @param {string} year */
function sayHint(hint, year) {
  return year ? say(`hint_${hint}`, year) : say(`hint_${hint}_undated`);
}

/** @param {import("../service/api.js").Shapes["DifferenceShape"][]} differences */
function differenceList(differences) {
  if (!differences.length) return null;
  const lines = differences.map(({ kind, claim, statement }) =>
    el("li", {}, el("b", {}, say(`difference_${kind}`)), ": ", sides(claim, statement)),
  );
  return el("ul", { class: "differences" }, ...lines);
}

/** What stands where in a difference; where only one sentence has it, in which. @param {string} claim @param {string} statement */
function sides(claim, statement) {
  if (!statement) return say("onlyOnPage", claim);
  return claim ? say("sides", claim, statement) : say("onlyInStatement", statement);
}
