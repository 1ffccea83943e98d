// How the service is asked, and what each of its answers, and each silence, is called.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Api, Trouble } from "../../../../extension/service/api.js";
import { DEFAULTS } from "../../../../extension/settings/settings.js";
import { answerFetches, finished, json, openBrowser, skipWaits } from "../doubles.js";

const ADDRESS = "http://127.0.0.1:8000";
const down = () => { throw new TypeError("Failed to fetch"); };

/** @param {any} [changes] */
const apiOf = (changes = {}) => new Api({ ...DEFAULTS, address: ADDRESS, ...changes }, "de");

/** The trouble that a call ends with. @param {Promise<any>} call @returns {Promise<Trouble>} */
const troubleOf = (call) => call.then(() => assert.fail("no trouble"), (fault) => (assert.ok(fault instanceof Trouble, fault), fault));

test("a check is asked for in the reader's language, with the key, and nothing else goes along", async (t) => {
  const requests = answerFetches(t, () => json({ id: "c1", state: "queued" }, 202));
  await apiOf({ key: "secret" }).begin({ url: "https://news.example/a" });
  assert.deepEqual(requests, [{
    url: `${ADDRESS}/v1/checks`, method: "POST", mode: undefined, body: { url: "https://news.example/a", wait: 0 },
    headers: { "Accept-Language": "de", "Content-Type": "application/json", Authorization: "Bearer secret" },
  }]);
});

test("without a key none is sent, and nothing of what the browser knows of the service", async (t) => {
  let seen;
  t.mock.method(globalThis, "fetch", async (_url, options) => ((seen = options), json({})));
  await apiOf().get("c1");
  assert.equal(seen.headers.Authorization, undefined);
  assert.deepEqual([seen.credentials, seen.cache, seen.referrerPolicy, seen.redirect], ["omit", "no-store", "no-referrer", "error"]);
});

test("whatever an id holds, it stays in its place of the address", async (t) => {
  const requests = answerFetches(t, () => json({}));
  await apiOf().get("../keys?a=b");
  assert.equal(requests[0].url, `${ADDRESS}/v1/checks/..%2Fkeys%3Fa%3Db?include=text`);
  assert.equal(apiOf().pageOf("a/b"), `${ADDRESS}/checks/a%2Fb?lang=de`);
  assert.equal(apiOf().connectPage("AB CD"), `${ADDRESS}/connect?code=AB%20CD&lang=de`);
  assert.equal(apiOf().accuracyPage, `${ADDRESS}/docs/accuracy?lang=de`);
});

test("each refusal has the name of the screen that explains it", async (t) => {
  for (const [status, body, name] of [
    [503, { code: "index-not-ready" }, "index-not-ready"],
    [503, null, "index-not-ready"],
    [503, { code: "service-busy" }, "failed"],
    [403, { code: "origin-refused" }, "origin-refused"],
    [421, { code: "host-refused" }, "host-refused"],
    [401, { code: "key-required" }, "wrong-key"],
    [401, null, "wrong-key"],
    [403, { code: "scope-missing" }, "wrong-key"],
    [404, null, "not-gegencheck"],
    [404, { code: 7 }, "not-gegencheck"],
    [422, { code: "bad-request", errors: [{ pointer: "/url", detail: "" }] }, "refused"],
    [422, { code: "bad-request", errors: [{ pointer: "/text", detail: "" }] }, "failed"],
    [429, { code: "too-many-requests" }, "failed"],
  ]) {
    answerFetches(t, () => json(body, status));
    assert.equal((await troubleOf(apiOf().get("c1"))).name, name, `${status} ${JSON.stringify(body)}`);
    t.mock.restoreAll();
  }
});

test("a trouble tells people the title, and when to come again", async (t) => {
  answerFetches(t, () => json({ code: "index-not-ready", title: "Der Index lädt.", detail: "The index is being loaded." }, 503, { "Retry-After": "12" }));
  const trouble = await troubleOf(apiOf().get("c1"));
  assert.deepEqual([trouble.message, trouble.seconds, trouble.code], ["Der Index lädt.", 12, "index-not-ready"]);
  t.mock.restoreAll();
  answerFetches(t, () => json({ code: "index-not-ready" }, 503, { "Retry-After": "soon" }));
  assert.equal((await troubleOf(apiOf().get("c1"))).seconds, 5);
});

test("a page that is no JSON is not Gegencheck", async (t) => {
  answerFetches(t, () => new Response("<!doctype html>", { status: 502 }));
  assert.equal((await troubleOf(apiOf().get("c1"))).name, "not-gegencheck");
});

/** A service that cannot be read: what it tells every extension, whether anything answers, what the browser allows. */
async function unreached(t, { told, answers = false, allowed = false }) {
  openBrowser(t, { permissions: { contains: async ({ origins }) => (assert.deepEqual(origins, ["http://127.0.0.1/*"]), allowed) } });
  answerFetches(t, ({ url, mode }) => {
    if (url.endsWith("/v1/pairings") && told !== undefined) return json(told);
    return mode === "no-cors" && answers ? new Response("") : down();
  });
  const { name } = await troubleOf(apiOf().begin({ text: "Lemons." }));
  t.mock.restoreAll();
  return name;
}

test("a request that came to nothing is explained by what the service tells every extension", async (t) => {
  for (const [why, name] of [["origin-refused", "origin-refused"], ["key-required", "wrong-key"], ["scope-missing", "wrong-key"], ["something-new", "not-gegencheck"]]) {
    assert.equal(await unreached(t, { told: { allowed: false, why } }), name, why);
  }
  assert.equal(await unreached(t, { told: { code: "host-refused" } }), "host-refused");
  assert.equal(await unreached(t, { told: { allowed: true, why: null } }), "no-service", "it answers this, but did not the call");
});

test("where nothing can be read, it matters whether the browser would let us and whether anything answers", async (t) => {
  assert.equal(await unreached(t, { allowed: true, answers: true }), "no-service");
  assert.equal(await unreached(t, { answers: true }), "no-access");
  assert.equal(await unreached(t, {}), "no-service");
});

test("a check is followed to its end, with longer and longer rests, and each stage is told", async (t) => {
  const waits = skipWaits(t);
  const stages = ["fetch", "claims", "evidence"];
  answerFetches(t, () => json(stages.length ? { id: "c1", state: "running", stage: stages.shift() } : finished([])));
  const told = [];
  const done = await apiOf().follow({ id: "c1", state: "queued", stage: null }, (stage) => told.push(stage));
  assert.equal(done.state, "finished");
  assert.deepEqual(told, [null, "fetch", "claims", "evidence"]);
  assert.deepEqual(waits.map(Math.round), [150, 210, 294, 412]);
});

test("nobody rests longer than a second and a half", async (t) => {
  const waits = skipWaits(t);
  let left = 12;
  answerFetches(t, () => json(left-- ? { id: "c1", state: "running", stage: "claims" } : finished([])));
  await apiOf().follow({ id: "c1", state: "running", stage: "claims" }, () => {});
  assert.equal(Math.max(...waits), 1500);
});

test("a check that is finished at once is asked for once more, because its text is not in it", async (t) => {
  const requests = answerFetches(t, () => json(finished([], { article: { title: "Lemons", text: "A text." } })));
  const begun = finished([], { article: { title: "Lemons" } });
  assert.equal((await apiOf().follow(begun, () => {})).article.text, "A text.");
  assert.equal(requests.length, 1);
  for (const ended of [{ ...begun, article: null }, { ...begun, state: "failed" }, finished([])]) {
    assert.equal(await apiOf().follow(ended, () => {}), ended);
  }
  assert.equal(requests.length, 1);
});

test("who closes the popup is not followed on", async (t) => {
  skipWaits(t);
  const requests = answerFetches(t, () => json(finished([])));
  const running = { id: "c1", state: "running", stage: "claims" };
  assert.equal(await apiOf().follow(running, () => {}, AbortSignal.abort()), running);
  assert.deepEqual(requests, []);
});

test("testing asks what a check asks: alive, ours, and taking us", async (t) => {
  const ready = { status: "ready", index: { checkpoint: "1", statements: 7 }, queue: { waiting: 0, oldest_seconds: 0 } };
  const replies = { "/healthz": () => json({ status: "ok" }), "/v1/checks": () => json({ code: "bad-request" }, 422), "/readyz": () => json(ready) };
  const requests = answerFetches(t, ({ url }) => replies[new URL(url).pathname]());
  assert.deepEqual(await apiOf().test(), ready);
  assert.deepEqual(requests.map(({ url, body }) => [new URL(url).pathname, body]), [["/healthz", undefined], ["/v1/checks", {}], ["/readyz", undefined]]);
  replies["/v1/checks"] = () => json({ code: "key-required" }, 401);
  assert.equal((await troubleOf(apiOf().test())).name, "wrong-key");
  for (const stranger of [["pong"], null, "ok", { alive: true }]) {
    replies["/healthz"] = () => json(stranger);
    assert.equal((await troubleOf(apiOf().test())).name, "not-gegencheck", JSON.stringify(stranger));
  }
});

test("the filter comes with its mark, and not again where it is the same", async (t) => {
  const requests = answerFetches(t, ({ headers }) => headers["If-None-Match"] ? new Response(null, { status: 304 }) : new Response(new Uint8Array([1, 2]), { headers: { ETag: '"a"' } }));
  assert.deepEqual(await apiOf().filter(""), { content: new Uint8Array([1, 2]), etag: '"a"' });
  assert.equal(await apiOf().filter('"a"'), null);
  assert.deepEqual(requests.map(({ headers }) => headers["If-None-Match"]), [undefined, '"a"']);
  t.mock.restoreAll();
  answerFetches(t, () => json({ code: "key-required" }, 401));
  assert.equal((await troubleOf(apiOf().filter(""))).name, "wrong-key");
});

test("feedback goes to its check", async (t) => {
  const requests = answerFetches(t, () => json({}, 201));
  await apiOf().sayWrong("c1", { kind: "other", comment: "No." });
  assert.deepEqual([requests[0].url, requests[0].body], [`${ADDRESS}/v1/checks/c1/feedback`, { kind: "other", comment: "No." }]);
});
