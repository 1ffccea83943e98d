/** The two signals, as Coop's plug-in contract describes them (types/integration.ts of roostorg/coop). */

import { NotConfigured } from "./errors.js";

export const FACT_CHECKED = "GEGENCHECK_FACT_CHECKED";
export const RATED_FALSE = "GEGENCHECK_RATED_FALSE";
const RATED_UNTRUE = new Set(["false", "mostly_false", "altered_media", "satire"]);
const NUMBER = { scalarType: "NUMBER" };
const COST = 20; // what Coop gives its own signals that ask another service

/** @typedef {import("./client.js").Match} Match */

/** Any fact-check of the same claim, whatever it says. @param {Match} _match */
const anything = (_match) => true;

/** The text says what fact-checkers rated untrue. @param {Match} match */
const untrue = (match) => match.stance === "supports" && RATED_UNTRUE.has(match.statement.rating.normalized);

/**
 * @param {{integrationId: string, getCredential: (orgId: string) => Promise<Record<string, unknown> | null | undefined>}} context
 * @param {import("./client.js").MatchClient} client
 */
export function createSignals(context, client) {
  return [
    {
      signalTypeId: FACT_CHECKED,
      signal: describe(context, client, FACT_CHECKED, anything, {
        displayName: "Gegencheck: has been fact-checked",
        description:
          "How sure it is that this text makes the same claim as a statement that has been fact-checked, or denies it: " +
          "0 to 1. Says nothing about the rating.",
      }),
    },
    {
      signalTypeId: RATED_FALSE,
      signal: describe(context, client, RATED_FALSE, untrue, {
        displayName: "Gegencheck: repeats a statement rated false",
        description:
          "How sure it is that this text says what fact-checkers rated false, mostly false, altered or satire: 0 to 1. " +
          "A text that denies such a statement does not count. 0 means that nothing was found, not that the text is true.",
      }),
    },
  ];
}

/**
 * @param {Parameters<typeof createSignals>[0]} context
 * @param {import("./client.js").MatchClient} client
 * @param {string} type
 * @param {(match: Match) => boolean} counts
 * @param {{displayName: string, description: string}} words
 */
function describe({ integrationId, getCredential }, client, type, counts, words) {
  return {
    id: { type },
    ...words,
    docsUrl: null,
    recommendedThresholds: { highPrecisionThreshold: 0.9, highRecallThreshold: 0.7 },
    supportedLanguages: "ALL",
    pricingStructure: { type: "FREE" },
    eligibleInputs: ["STRING"],
    outputType: NUMBER,
    getCost: () => COST,
    needsMatchingValues: false,
    eligibleSubcategories: [],
    needsActionPenalties: false,
    integration: integrationId,
    allowedInAutomatedRules: true,
    /** @param {any} input */
    async run(input) {
      const text = input?.value?.value;
      if (typeof text !== "string" || !text.trim()) return { outputType: NUMBER, score: 0 };
      const matches = await client.match(accessOf(await getCredential(input.orgId)), text);
      return scored(matches.filter(counts));
    },
    /** @param {string} orgId */
    async getDisabledInfo(orgId) {
      try {
        accessOf(await getCredential(orgId));
        return { disabled: false };
      } catch (fault) {
        return { disabled: true, disabledMessage: fault instanceof NotConfigured ? fault.message : NO_ACCESS };
      }
    },
  };
}

const NO_ACCESS = "Enter the address of your Gegencheck and a key with the scope “check” in the integration's settings.";

/** The surest of some matches: its confidence, and who rated what where. @param {Match[]} matches */
function scored(matches) {
  const best = matches.reduce(
    (surest, each) => (surest && surest.confidence >= each.confidence ? surest : each),
    /** @type {Match | null} */ (null),
  );
  if (best === null) return { outputType: NUMBER, score: 0 };
  const { publisher, rating, url } = best.statement;
  const by = publisher?.name ?? publisher?.site ?? "unknown publisher";
  return { outputType: NUMBER, score: best.confidence, matchedValue: `${by}: ${rating.alternate_name} – ${url}` };
}

/**
 * Where to ask, and with what. Throws NotConfigured.
 *
 * @param {Record<string, unknown> | null | undefined} stored
 * @returns {import("./client.js").Access}
 */
export function accessOf(stored) {
  const { address, key } = stored ?? {};
  if (typeof address !== "string" || typeof key !== "string" || !address.trim() || !key.trim()) {
    throw new NotConfigured(NO_ACCESS);
  }
  let url;
  try {
    url = new URL(address.trim());
  } catch {
    throw new NotConfigured("The address of Gegencheck is no web address.");
  }
  if (!["http:", "https:"].includes(url.protocol) || url.username || url.password) {
    throw new NotConfigured("The address of Gegencheck must begin with https:// or http://, without a user name.");
  }
  return { address: url.origin, key: key.trim() };
}
