// What stood around the claims of a check, so that its sentences are found in the page again; the article's text is not kept.

/** @typedef {import("../service/api.js").Check} Check */
/** @typedef {import("../service/api.js").Claim & {before?: string, after?: string}} SurroundedClaim */
/** @typedef {Omit<Check, "claims"> & {claims: SurroundedClaim[]}} SurroundedCheck */

const AROUND = 40; // letters before and after a sentence that tell its twins apart

/** Keep of an article's text only what stands around each claim. @param {Check} check as asked for with its text @returns {SurroundedCheck} */
export function keepSurroundings(check) {
  if (!check.article?.text) return check;
  const letters = Array.from(check.article.text); // offsets count code points
  const { text, ...article } = check.article;
  const claims = check.claims.map((claim) => ({
    ...claim,
    before: letters.slice(Math.max(0, claim.start - AROUND), claim.start).join(""),
    after: letters.slice(claim.end, claim.end + AROUND).join(""),
  }));
  return { ...check, article, claims };
}
