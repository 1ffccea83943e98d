/** The plug-in for Coop: loaded as Coop loads it, asked as Coop asks it, against a service that behaves badly too. */

import assert from "node:assert/strict";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";

import { createPlugin } from "../../../integrations/coop/src/index.js";
import { accessOf } from "../../../integrations/coop/src/signals.js";
import { inputOf, load, signalsOf } from "./contract.js";

const FOLDER = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../../integrations/coop");
const ACCESS = { address: "https://facts.example/", key: "gck_secret" };
const TEXT = "Hot lemon water cures diabetes.";

const matchOf = (confidence, normalized = "false", stance = "supports", name = "Example Checks") => ({
  statement: {
    url: "https://checks.example/lemons",
    publisher: { name, site: "checks.example" },
    rating: { alternate_name: "False", normalized },
  },
  confidence,
  stance,
});
const found = (...matches) => Response.json({ results: [{ matches }] });
const refusal = (status, headers = {}) => Response.json({ code: "key-required", detail: TEXT }, { status, headers });

/** A plug-in whose service gives these answers in turn; what was asked and waited for is noted. */
function asked(...replies) {
  const noted = { requests: [], waits: [], now: 0 };
  const plugin = createPlugin({
    async fetch(url, options) {
      noted.requests.push({ url: String(url), ...options });
      const reply = replies.length > 1 ? replies.shift() : replies[0];
      if (reply instanceof Error) throw reply;
      return reply.clone();
    },
    async sleep(seconds) {
      noted.waits.push(seconds);
    },
    now: () => noted.now,
  });
  return { noted, signals: signalsOf(plugin, async () => ACCESS) };
}

test("Coop can load the package, and every descriptor is one", async () => {
  const plugin = load(FOLDER);
  const signals = signalsOf(plugin, async () => ({}));
  assert.deepEqual(Object.keys(signals), ["GEGENCHECK_FACT_CHECKED", "GEGENCHECK_RATED_FALSE"]);
  assert.equal((await signals.GEGENCHECK_RATED_FALSE.getDisabledInfo("org")).disabled, true);
});

test("the score is the confidence of the surest match, with who rated it what", async () => {
  const { signals, noted } = asked(found(matchOf(0.6), matchOf(0.93, "true"), matchOf(0.1)));
  assert.deepEqual(await signals.GEGENCHECK_FACT_CHECKED.run(inputOf(TEXT)), {
    outputType: { scalarType: "NUMBER" },
    score: 0.93,
    matchedValue: "Example Checks: False – https://checks.example/lemons",
  });
  const [request] = noted.requests;
  assert.equal(request.url, "https://facts.example/v1/match");
  assert.deepEqual([request.method, request.redirect, request.headers.Authorization], ["POST", "error", "Bearer gck_secret"]);
  assert.deepEqual(JSON.parse(request.body), { texts: [TEXT], limit: 10, stance: true });
});

test("rated false counts what the text repeats, not what it denies or what was rated otherwise", async () => {
  const matches = [matchOf(0.99, "false", "refutes"), matchOf(0.98, "true"), matchOf(0.97, "false", "neutral")];
  const nothing = asked(found(...matches));
  assert.deepEqual(await nothing.signals.GEGENCHECK_RATED_FALSE.run(inputOf(TEXT)), {
    outputType: { scalarType: "NUMBER" },
    score: 0,
  });
  for (const rating of ["false", "mostly_false", "altered_media", "satire"]) {
    const { signals } = asked(found(...matches, matchOf(0.8, rating)));
    assert.equal((await signals.GEGENCHECK_RATED_FALSE.run(inputOf(TEXT))).score, 0.8);
  }
});

test("a publisher without a name is named by its site", async () => {
  const { signals } = asked(found(matchOf(0.9, "false", "supports", null)));
  assert.match((await signals.GEGENCHECK_FACT_CHECKED.run(inputOf(TEXT))).matchedValue, /^checks\.example: False/);
});

test("both signals share one request, for a minute", async () => {
  const { signals, noted } = asked(found(matchOf(0.9)));
  await Promise.all(Object.values(signals).map((signal) => signal.run(inputOf(TEXT))));
  assert.equal(noted.requests.length, 1);
  await signals.GEGENCHECK_FACT_CHECKED.run(inputOf(`${TEXT} Really.`));
  assert.equal(noted.requests.length, 2);
  noted.now = 60_001;
  await signals.GEGENCHECK_FACT_CHECKED.run(inputOf(TEXT));
  assert.equal(noted.requests.length, 3);
});

test("one organisation's answers are never another's", async () => {
  const noted = [];
  const plugin = createPlugin({ fetch: async (url) => noted.push(String(url)) && found(matchOf(0.9)) });
  const signals = signalsOf(plugin, async (org) => ({ address: `https://${org}.example`, key: org }));
  await signals.GEGENCHECK_FACT_CHECKED.run(inputOf(TEXT, "one"));
  await signals.GEGENCHECK_FACT_CHECKED.run(inputOf(TEXT, "two"));
  assert.deepEqual(noted, ["https://one.example/v1/match", "https://two.example/v1/match"]);
});

test("a text without anything in it asks nobody, and a long one is cut", async () => {
  const { signals, noted } = asked(found(matchOf(0.9)));
  assert.equal((await signals.GEGENCHECK_FACT_CHECKED.run(inputOf(" \n"))).score, 0);
  assert.equal((await signals.GEGENCHECK_FACT_CHECKED.run({ ...inputOf("x"), value: { type: "IMAGE", value: {} } })).score, 0);
  assert.equal(noted.requests.length, 0);
  await signals.GEGENCHECK_FACT_CHECKED.run(inputOf(`${"a".repeat(49_999)}😀`));
  assert.equal(JSON.parse(noted.requests[0].body).texts[0], `${"a".repeat(49_999)}\ufffd`);
});

test("busy is waited for as long as it says, and not for longer than a rule can wait", async () => {
  const short = asked(refusal(503, { "Retry-After": "1" }), refusal(429), found(matchOf(0.9)));
  assert.equal((await short.signals.GEGENCHECK_FACT_CHECKED.run(inputOf(TEXT))).score, 0.9);
  assert.deepEqual(short.noted.waits, [1, 0.5]);
  const long = asked(refusal(429, { "Retry-After": "30" }));
  await assert.rejects(long.signals.GEGENCHECK_FACT_CHECKED.run(inputOf(TEXT)), {
    name: "Busy", message: "Gegencheck answers 429; try again in 30 s.", retryAfterSeconds: 30,
  });
  assert.deepEqual([long.noted.waits, long.noted.requests.length], [[], 1]);
  const always = asked(refusal(503));
  await assert.rejects(always.signals.GEGENCHECK_FACT_CHECKED.run(inputOf(TEXT)), { name: "Busy" });
  assert.equal(always.noted.requests.length, 3);
});

test("what failed is not remembered", async () => {
  const { signals, noted } = asked(refusal(401), found(matchOf(0.9)));
  await assert.rejects(signals.GEGENCHECK_FACT_CHECKED.run(inputOf(TEXT)), { name: "Refused" });
  assert.equal((await signals.GEGENCHECK_FACT_CHECKED.run(inputOf(TEXT))).score, 0.9);
  assert.equal(noted.requests.length, 2);
});

test("an error is an error, never a score of 0, and has neither text nor key nor address in it", async () => {
  const late = Object.assign(new Error(TEXT), { name: "TimeoutError" });
  const odd = [
    [new Error(`connect ${ACCESS.address} ${TEXT}`), "Unreachable", 3], [late, "Unreachable", 3],
    [refusal(401), "Refused", 1], [refusal(403), "Refused", 1], [refusal(500), "Unreachable", 3],
    [new Response("<html>", { status: 200 }), "Unreachable", 3], [Response.json({ results: [] }), "Unreachable", 3],
    [Response.json(null), "Unreachable", 3], [found({ confidence: "1" }), "Unreachable", 3],
    [found(matchOf(Number.NaN)), "Unreachable", 3],
  ];
  for (const [reply, name, requests] of odd) {
    const { signals, noted } = asked(reply);
    const fault = await signals.GEGENCHECK_RATED_FALSE.run(inputOf(TEXT)).then(() => null, (each) => each);
    assert.equal(fault?.name, name);
    assert.equal(noted.requests.length, requests);
    for (const secret of ["lemon", "gck_secret", "facts.example"]) assert.ok(!`${fault.stack}${fault.cause ?? ""}`.includes(secret));
  }
});

test("an organisation that has not entered what is needed is told so", async () => {
  const wrong = [undefined, null, {}, { address: " ", key: "k" }, { address: "facts", key: "k" }, { address: "ftp://a.example", key: "k" },
    { address: "https://me:pw@a.example", key: "k" }, { address: "https://a.example" }];
  for (const stored of wrong) {
    const signals = signalsOf(createPlugin(), async () => stored);
    const told = await signals.GEGENCHECK_FACT_CHECKED.getDisabledInfo("org-1");
    assert.equal(told.disabled, true);
    await assert.rejects(signals.GEGENCHECK_FACT_CHECKED.run(inputOf(TEXT)), { name: "NotConfigured", message: told.disabledMessage });
  }
  assert.deepEqual(accessOf({ address: " http://localhost:8000/x ", key: " k " }), { address: "http://localhost:8000", key: "k" });
  const signals = signalsOf(createPlugin(), async () => ACCESS);
  assert.deepEqual(await signals.GEGENCHECK_FACT_CHECKED.getDisabledInfo("org-1"), { disabled: false });
});
