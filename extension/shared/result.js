// A check as people see it in the popup: the verdict at a glance, then each claim with its statement and rating.

import { el, icon, safeLink } from "./build.js";
import { say, sayDate } from "./words.js";

const SHOWN_CLAIMS = 4;

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

/** The claims of a check, those with a fact-check first. @param {any} check */
export function claimList(check) {
  const decided = check.claims.filter((/** @type {any} */ claim) => claim.evidence.length);
  const open = check.claims.length - decided.length;
  const shown = decided.slice(0, SHOWN_CLAIMS).map(claimCard);
  const more = decided.slice(SHOWN_CLAIMS);
  return el(
    "div",
    { class: "claims" },
    decided.length > 0 && el("h2", {}, decided.length === 1 ? say("claimsOne") : say("claimsMany", decided.length)),
    ...shown,
    more.length > 0 && el("details", {}, el("summary", {}, say("moreClaims", more.length)), ...more.map(claimCard)),
    decided.length > 0 && open > 0 && el("p", { class: "hint" }, open === 1 ? say("openOne") : say("openMany", open)),
  );
}

/** A ready reply with the fact-check's link; "" where there is nothing to say. @param {any} check */
export function replyText(check) {
  const evidence = check.claims
    .filter((/** @type {any} */ claim) => ["refuted", "conflicting_evidence"].includes(claim.verdict.code))
    .flatMap((/** @type {any} */ claim) => claim.evidence)
    .sort((/** @type {any} */ a, /** @type {any} */ b) => b.confidence - a.confidence);
  const best = evidence.find((/** @type {any} */ each) => safeLink(each.statement.url));
  if (!best) return "";
  const { statement } = best;
  const publisher = statement.publisher.name || statement.publisher.site || say("unknownPublisher");
  const rating = statement.rating.alternate_name || say("unknownRating");
  const day = sayDate(statement.date_published);
  const sentence = day ? say("reply", publisher, statement.claim_reviewed, rating, day) : say("replyUndated", publisher, statement.claim_reviewed, rating);
  return `${sentence}\n${statement.url}`;
}

/** @param {any} claim */
function claimCard(claim) {
  const evidence = [...claim.evidence].sort((a, b) => b.confidence - a.confidence)[0];
  const { statement } = evidence;
  const link = safeLink(statement.url);
  const publisher = statement.publisher.name || statement.publisher.site || say("unknownPublisher");
  return el(
    "article",
    { class: `claim state-${claim.verdict.code}` },
    el("h3", {}, icon(claim.verdict.code), el("span", {}, claim.verdict.headline)),
    el("p", { class: "side" }, say("onThePage"), " ", el("span", { class: "mode" }, say(`mode_${claim.mode}`))),
    el("blockquote", { dir: "auto" }, claim.text),
    el("p", { class: "side" }, say("verifiedStatement")),
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
    link && el("p", {}, el("a", { class: "fact-check", href: link, target: "_blank", rel: "noopener noreferrer" }, say("readFactCheck"))),
  );
}

/** @param {{kind: string, claim: string, statement: string}[]} differences */
function differenceList(differences) {
  if (!differences.length) return null;
  const lines = differences.map(({ kind, claim, statement }) =>
    el("li", {}, el("b", {}, say(`difference_${kind}`)), ": ", say("sides", claim || say("nothing"), statement || say("nothing"))),
  );
  return el("ul", { class: "differences" }, ...lines);
}
