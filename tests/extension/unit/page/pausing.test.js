// On which sites the pause runs: those that a person named and the browser allows.

import assert from "node:assert/strict";
import { test } from "node:test";

import { mayPause, pauseOpenPages, registerPause } from "../../../../extension/page/pausing.js";
import { openBrowser } from "../doubles.js";

/** A browser that allows some sites; its registered scripts can be read. @param {import("node:test").TestContext} t @param {string[]} allowed patterns @param {any[]} [registered] */
function allowing(t, allowed, registered = []) {
  const scripting = {
    getRegisteredContentScripts: async () => registered,
    registerContentScripts: async (scripts) => void registered.push(...scripts),
    updateContentScripts: async (scripts) => void registered.splice(0, registered.length, ...scripts),
    unregisterContentScripts: async () => void registered.splice(0),
  };
  openBrowser(t, { scripting, permissions: { contains: async ({ origins }) => origins.every((each) => allowed.includes(each)) } });
  return registered;
}

test("only sites that the browser allows are told to it", async (t) => {
  const registered = allowing(t, ["*://*.example.social/*"]);
  await registerPause(["example.social", "denied.example"]);
  assert.deepEqual(registered.map(({ id, matches, runAt }) => [id, matches, runAt]), [["pause", ["*://*.example.social/*"], "document_start"]]);
  assert.deepEqual([await mayPause("example.social"), await mayPause("denied.example")], [true, false]);
});

test("a site more or less changes the one entry, and the last one gone takes it away", async (t) => {
  const registered = allowing(t, ["*://*.a.example/*", "*://*.b.example/*"]);
  await registerPause(["a.example"]);
  await registerPause(["a.example", "b.example"]);
  assert.deepEqual(registered.map(({ matches }) => matches), [["*://*.a.example/*", "*://*.b.example/*"]]);
  await registerPause([]);
  assert.deepEqual(registered, []);
  await registerPause([]);
});

test("pages that are open already begin at once, but for one that is just going", async (t) => {
  const begun = [];
  const executeScript = async ({ target, files }) => {
    if (target.tabId === 2) throw new Error("No tab with id 2");
    begun.push([target.tabId, files]);
  };
  openBrowser(t, { scripting: { executeScript }, tabs: { query: async ({ url }) => (assert.equal(url, "*://*.a.example/*"), [{ id: 1 }, { id: 2 }, { id: 3 }]) } });
  await pauseOpenPages("a.example");
  assert.deepEqual(begun, [1, 3].map((id) => [id, ["/content/card.js", "/content/pause.js"]]));
});
