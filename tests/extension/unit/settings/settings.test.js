// What the browser keeps of the settings, and what an organisation decides.

import assert from "node:assert/strict";
import { test } from "node:test";

import { DEFAULTS, loadSettings, managedSettings, saveSettings, wantsFilter } from "../../../../extension/settings/settings.js";
import { openBrowser } from "../doubles.js";

test("before anything was set there are the defaults", async (t) => {
  openBrowser(t);
  assert.deepEqual(await loadSettings(), DEFAULTS);
  assert.equal(DEFAULTS.address, "");
});

test("what was set is kept beside what was set before", async (t) => {
  openBrowser(t, { local: { settings: { address: "http://127.0.0.1:8000" } } });
  await saveSettings({ language: "de" });
  assert.deepEqual(await loadSettings(), { ...DEFAULTS, address: "http://127.0.0.1:8000", language: "de" });
});

test("an organisation's word wins, and is not written down as the person's own", async (t) => {
  const { storage } = openBrowser(t, { managed: { address: "https://check.example" }, local: { settings: { address: "http://127.0.0.1:8000" } } });
  assert.equal((await saveSettings({ badge: true })).address, "https://check.example");
  assert.deepEqual(storage.local.kept.settings, { address: "http://127.0.0.1:8000", badge: true });
});

test("of a policy only what is known and of the right type counts", async (t) => {
  openBrowser(t, { managed: { address: 7, key: "k", badge: "yes", pause: "example.social", unmarked: { length: 0 }, theme: "dark" } });
  assert.deepEqual(await managedSettings(), { key: "k" });
});

test("where there is no policy nothing is managed", async (t) => {
  openBrowser(t, { managed: null });
  assert.deepEqual(await managedSettings(), {});
});

test("the filter is wanted for the badge or a pause, and never without a service", () => {
  const address = "http://127.0.0.1:8000";
  for (const [changes, wanted] of [
    [{ address }, false],
    [{ address, badge: true }, true],
    [{ address, pause: ["example.social"] }, true],
    [{ badge: true, pause: ["example.social"] }, false],
  ]) assert.equal(wantsFilter({ ...DEFAULTS, ...changes }), wanted, JSON.stringify(changes));
});
