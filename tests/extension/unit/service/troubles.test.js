// Which words explain a trouble, and that both languages have them.

import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";

import { Trouble } from "../../../../extension/service/api.js";
import { nameTrouble, valueOf } from "../../../../extension/service/troubles.js";

const LOCAL = "http://127.0.0.1:8000";
const AWAY = "https://check.example";

test("each trouble has its own words in both languages", async () => {
  const named = ["no-access", "no-service", "wrong-key", "origin-refused", "index-not-ready", "not-gegencheck", "host-refused", "pairing-over", "failed"].map((name) => nameTrouble(new Trouble(name), LOCAL));
  assert.deepEqual(named, ["noAccess", "noService", "wrongKey", "originRefused", "indexNotReady", "notGegencheck", "notGegencheck", "pairingOver", "failed"]);
  for (const language of ["de", "en"]) {
    const messages = JSON.parse(await readFile(new URL(`../../../../extension/_locales/${language}/messages.json`, import.meta.url), "utf8"));
    for (const name of [...named, "offline"]) assert.ok(messages[`${name}Lead`] && messages[`${name}Detail`], `${language} ${name}`);
  }
});

test("without a network a service elsewhere is not to blame; one on this machine is", (t) => {
  Object.defineProperty(navigator, "onLine", { value: false, configurable: true });
  t.after(() => delete navigator.onLine);
  assert.equal(nameTrouble(new Trouble("no-service"), AWAY), "offline");
  for (const address of [LOCAL, "http://localhost:8000", "http://[::1]:8000"]) assert.equal(nameTrouble(new Trouble("no-service"), address), "noService", address);
  assert.equal(nameTrouble(new Trouble("wrong-key"), AWAY), "wrongKey");
});

test("filled in is the address, the seconds to wait, or what the service said", () => {
  assert.equal(valueOf(new Trouble("no-service"), LOCAL), LOCAL);
  assert.equal(valueOf(new Trouble("index-not-ready", { seconds: 12 }), LOCAL), "12");
  assert.equal(valueOf(new Trouble("failed", { detail: "Too many calls." }), LOCAL), "Too many calls.");
});
