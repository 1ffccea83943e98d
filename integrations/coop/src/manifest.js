/** What Coop shows of the integration. The model card has every section that Coop requires. */

import { FACT_CHECKED, RATED_FALSE } from "./signals.js";

export const INTEGRATION_ID = "GEGENCHECK";
const VERSION = "0.1.0";

/** @param {string} id @param {string} title @param {Record<string, string>} fields */
const section = (id, title, fields) => ({
  id,
  title,
  fields: Object.entries(fields).map(([label, value]) => ({ label, value })),
});

const modelCard = {
  modelName: "Gegencheck",
  version: VERSION,
  sections: [
    section("modelDetails", "Model details", {
      Purpose: "Finds out whether a claim has already been fact-checked, by whom, when, and with what rating.",
      Input: "Text, up to 50,000 characters.",
      Output: "A number from 0 to 1 for each text, and the fact-check that it is about.",
      Privacy: "Texts go to the Gegencheck at the address that you enter, and nowhere else; it keeps none of them.",
    }),
    section("trainingData", "Training data", {
      Source: "Texts written for the project, public judged posts and public stance data; training/ has their datasheets.",
      "Your texts": "They are not used for training.",
    }),
    section("policyAndTaxonomy", "Policy and taxonomy", {
      Ratings: "The publisher's own words are kept; false, mostly_false, altered_media and satire count as rated false.",
      Policy: "It applies no policy: the rules in Coop do.",
    }),
    section("annotationMethodology", "Annotation methodology", {
      Ratings: "They are those of the fact-checkers who published them.",
      Confidence: "A calibrated probability that both sentences make the same claim or its denial.",
    }),
    section("performanceBenchmarks", "Performance benchmarks", {
      Figures: "Your Gegencheck shows them, by language, with the reliability plot: /docs/accuracy.",
    }),
    section("biasAndLimitations", "Bias and limitations", {
      Coverage: "Only what the statements in your index cover is found. No match does not mean that a text is true.",
      Errors: "Near misses happen: another number, date or name. Look at both sentences before you act.",
      Languages: "Measured in German and English; other languages are found less surely.",
    }),
    section("implementationGuidance", "Implementation guidance", {
      Thresholds: "0.9 for few false matches, 0.7 for more matches; a person should look at both sentences.",
      "In rules": `${RATED_FALSE} for texts that repeat a statement rated false, ${FACT_CHECKED} to offer the fact-check.`,
      Errors: "If Gegencheck cannot be reached or is busy, the condition ends in an error; it never counts as 0.",
    }),
    section("relevantLinks", "Relevant links", {
      Documentation: "docs/coop.md of the project, and /docs of your Gegencheck.",
    }),
  ],
};

export const manifest = {
  id: INTEGRATION_ID,
  name: "Gegencheck",
  version: VERSION,
  description: "Has this text already been fact-checked, and was it rated false? Asks your own Gegencheck.",
  requiresConfig: true,
  configurationFields: [
    {
      key: "address",
      label: "Address",
      required: true,
      inputType: "text",
      placeholder: "https://gegencheck.example",
      description: "Where your Gegencheck answers, as seen from Coop's server.",
    },
    {
      key: "key",
      label: "Key",
      required: true,
      inputType: "password",
      description: "A key with the scope “check”: gegencheck keys create coop --scope check",
    },
  ],
  signalTypeIds: [FACT_CHECKED, RATED_FALSE],
  modelCard,
  logoPath: "icon.svg",
  logoWithBackgroundPath: "icon.svg",
};
