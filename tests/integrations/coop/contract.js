/**
 * The contract between Coop and its plug-ins, restated for the tests from roostorg/coop at commit 1c1f54da:
 * types/integration.ts (isCoopIntegrationPlugin, assertModelCardHasRequiredSections, PluginSignalDescriptor),
 * server/services/integrationRegistry/loadPlugins.ts, server/services/signalsService/helpers/loadPluginSignals.ts and
 * signals/PluginSignalAdapter.ts, which take a package by `require` and its default export.
 */

import assert from "node:assert/strict";
import fs from "node:fs";
import { createRequire } from "node:module";
import path from "node:path";

export const REQUIRED_SECTIONS = [
  "trainingData", "policyAndTaxonomy", "annotationMethodology", "performanceBenchmarks", "biasAndLimitations",
  "implementationGuidance", "relevantLinks",
];
const INPUT_TYPES = ["text", "password", "json", "array"];
const SCALAR_TYPES = [
  "USER_ID", "ID", "STRING", "BOOLEAN", "NUMBER", "AUDIO", "IMAGE", "VIDEO", "DATETIME", "GEOHASH", "RELATED_ITEM", "URL",
  "POLICY_ID", "IP_ADDRESS", "EMAIL_ADDRESS", "MEDIA",
];

/** As loadPlugins does: the package by `require`, its default export, and what must be right about the manifest. */
export function load(folder) {
  const require = createRequire(path.join(folder, "package.json"));
  const loaded = require(folder);
  const plugin = loaded.default ?? loaded;
  checkManifest(plugin.manifest, folder);
  return plugin;
}

function checkManifest(manifest, folder) {
  for (const name of ["id", "name", "version"]) assert.equal(typeof manifest[name], "string");
  assert.match(manifest.id, /^[A-Z][A-Z0-9_]*$/, "UPPER_SNAKE_CASE");
  assert.equal(typeof manifest.requiresConfig, "boolean");
  for (const field of manifest.configurationFields) {
    assert.deepEqual([typeof field.key, typeof field.label, typeof field.required], ["string", "string", "boolean"]);
    assert.ok(INPUT_TYPES.includes(field.inputType));
  }
  const sections = manifest.modelCard.sections.map((each) => each.id);
  assert.deepEqual(REQUIRED_SECTIONS.filter((id) => !sections.includes(id)), []);
  for (const { fields } of manifest.modelCard.sections) {
    for (const field of fields) assert.deepEqual([typeof field.label, typeof field.value], ["string", "string"]);
  }
  for (const logo of [manifest.logoPath, manifest.logoWithBackgroundPath]) {
    assert.ok(fs.existsSync(path.join(folder, logo)));
  }
}

/** As loadPluginSignals does: createSignals(context), and what PluginSignalAdapter reads of each descriptor. */
export function signalsOf(plugin, getCredential) {
  const context = { integrationId: plugin.manifest.id, getCredential };
  const byType = {};
  for (const { signalTypeId, signal } of plugin.createSignals(context)) {
    assert.ok(!(signalTypeId in byType));
    checkDescriptor(signalTypeId, signal, plugin.manifest);
    byType[signalTypeId] = signal;
  }
  assert.deepEqual(Object.keys(byType), [...plugin.manifest.signalTypeIds]);
  return byType;
}

function checkDescriptor(id, signal, manifest) {
  assert.equal(signal.id.type, id);
  assert.equal(signal.integration, manifest.id);
  assert.deepEqual([typeof signal.displayName, typeof signal.description], ["string", "string"]);
  assert.ok(signal.docsUrl === null || typeof signal.docsUrl === "string");
  assert.ok(signal.supportedLanguages === "ALL" || Array.isArray(signal.supportedLanguages));
  assert.ok(["FREE", "SUBSCRIPTION"].includes(signal.pricingStructure.type));
  assert.ok(signal.eligibleInputs.every((each) => each === "FULL_ITEM" || SCALAR_TYPES.includes(each)));
  assert.ok(SCALAR_TYPES.includes(signal.outputType.scalarType));
  assert.equal(typeof signal.getCost(), "number");
  assert.equal(typeof signal.run, "function");
  for (const name of ["needsMatchingValues", "needsActionPenalties", "allowedInAutomatedRules"]) {
    assert.equal(typeof signal[name], "boolean");
  }
  assert.ok(Array.isArray(signal.eligibleSubcategories));
}

/** What Coop hands to a signal (SignalInput of SignalBase.ts), for a text. */
export const inputOf = (text, orgId = "org-1") => ({
  value: { type: "STRING", value: text },
  matchingValues: undefined,
  actionPenalties: undefined,
  orgId,
});
