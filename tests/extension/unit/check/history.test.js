// The last checks of this device: recalled while fresh, for the same service and language, and few.

import assert from "node:assert/strict";
import { test } from "node:test";

import { forgetChecks, recallCheck, recentChecks, rememberCheck, renewCheck } from "../../../../extension/check/history.js";
import { finished, openBrowser } from "../doubles.js";

const ADDRESS = "http://127.0.0.1:8000";
const MINUTE = 60_000;

/** @param {any} [changes] */
const remembered = (changes = {}) => ({ url: "https://news.example/a", address: ADDRESS, language: "en", at: Date.now(), check: finished([]), ...changes });

test("a page seen again has its check, from this service and in this language alone", async (t) => {
  openBrowser(t);
  await rememberCheck(remembered());
  assert.equal((await recallCheck("https://news.example/a", ADDRESS, "en"))?.check.id, "c1");
  assert.equal(await recallCheck("https://news.example/b", ADDRESS, "en"), undefined);
  assert.equal(await recallCheck("https://news.example/a", "https://check.example", "en"), undefined);
  assert.equal(await recallCheck("https://news.example/a", ADDRESS, "de"), undefined);
});

test("a check is fresh for an hour", async (t) => {
  openBrowser(t);
  t.mock.timers.enable({ apis: ["Date"], now: 1_000_000_000_000 });
  await rememberCheck(remembered());
  t.mock.timers.setTime(1_000_000_000_000 + 60 * MINUTE - 1);
  assert.ok(await recallCheck("https://news.example/a", ADDRESS, "en"));
  t.mock.timers.setTime(1_000_000_000_000 + 60 * MINUTE);
  assert.equal(await recallCheck("https://news.example/a", ADDRESS, "en"), undefined);
});

test("the newest check of a page takes the place of the one before", async (t) => {
  openBrowser(t);
  await rememberCheck(remembered({ check: finished([], { id: "old" }) }));
  await rememberCheck(remembered({ url: "https://news.example/b" }));
  await rememberCheck(remembered({ check: finished([], { id: "new" }) }));
  assert.deepEqual((await recentChecks()).map(({ url, check }) => [url, check.id]), [["https://news.example/a", "new"], ["https://news.example/b", "c1"]]);
});

test("a check that was judged anew keeps its place and its age, and the others stay", async (t) => {
  openBrowser(t);
  await rememberCheck(remembered({ at: 5, check: finished([], { id: "a" }) }));
  await rememberCheck(remembered({ url: "https://news.example/b", at: 7, check: finished([], { id: "b" }) }));
  await renewCheck(finished([], { id: "a", revised_at: "2026-11-26T12:00:00.000Z" }));
  await renewCheck(finished([], { id: "gone" }));
  assert.deepEqual(
    (await recentChecks()).map(({ at, check }) => [at, check.id, check.revised_at]),
    [[7, "b", undefined], [5, "a", "2026-11-26T12:00:00.000Z"]],
  );
});

test("twenty are kept, the newest first", async (t) => {
  openBrowser(t);
  for (let number = 1; number <= 22; number++) await rememberCheck(remembered({ url: `https://news.example/${number}` }));
  const urls = (await recentChecks()).map(({ url }) => url);
  assert.equal(urls.length, 20);
  assert.deepEqual([urls[0], urls[19]], ["https://news.example/22", "https://news.example/3"]);
});

test("what was kept is forgotten, and a broken note counts as none", async (t) => {
  const { storage } = openBrowser(t);
  await rememberCheck(remembered());
  await forgetChecks();
  assert.deepEqual(await recentChecks(), []);
  await storage.local.set({ checks: "?" });
  assert.deepEqual(await recentChecks(), []);
});
