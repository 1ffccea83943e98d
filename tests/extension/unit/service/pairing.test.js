// Asking for a key of this browser's own, until somebody decided.

import assert from "node:assert/strict";
import { test } from "node:test";

import { Trouble } from "../../../../extension/service/api.js";
import { openConnecting, pair } from "../../../../extension/service/pairing.js";
import { openBrowser, skipWaits } from "../doubles.js";

const FAR = new Date(Date.now() + 600_000).toISOString();

/** A service that gives these answers to the question for the key, one after another. @param {...(string | Trouble)} answers */
function deciding(...answers) {
  return {
    named: "",
    beginPairing: async function (name) {
      this.named = name;
      return { id: "p1", code: "ABCD-EFGH", expires_at: FAR, interval: 3 };
    },
    fetchKey: async (id) => {
      assert.equal(id, "p1");
      const answer = answers.shift();
      assert.notEqual(answer, undefined, "asked again after the answer");
      if (answer instanceof Trouble) throw answer;
      return answer;
    },
  };
}

const show = async () => {};
const going = () => new AbortController().signal;

test("the code is shown first, and the key comes once it is allowed", async (t) => {
  const waits = skipWaits(t);
  const shown = [];
  const key = await pair(deciding("", "", "secret"), async (code) => void shown.push([code, waits.length]), going());
  assert.equal(key, "secret");
  assert.deepEqual(shown, [["ABCD-EFGH", 0]]);
  assert.deepEqual(waits, [3000, 3000, 3000], "as often as the service wants to be asked");
});

test("what passes is waited out: a service that is busy, or gone for a moment", async (t) => {
  skipWaits(t);
  const passing = [["failed", "too-many-requests"], ["failed", "service-busy"], ["failed", "store-unavailable"], ["no-service", ""]];
  const troubles = passing.map(([name, code]) => new Trouble(name, { code }));
  assert.equal(await pair(deciding(...troubles, "secret"), show, going()), "secret");
});

test("a pairing that the service no longer knows is over", async (t) => {
  skipWaits(t);
  await assert.rejects(pair(deciding(new Trouble("failed", { code: "not-found" })), show, going()), { name: "pairing-over" });
});

test("what does not pass is said at once", async (t) => {
  skipWaits(t);
  await assert.rejects(pair(deciding(new Trouble("origin-refused", { code: "origin-refused" })), show, going()), { name: "origin-refused" });
  const broken = { ...deciding(), fetchKey: async () => { throw new TypeError("a mistake of ours"); } };
  await assert.rejects(pair(broken, show, going()), { name: "failed" });
});

test("after its time it is over, whatever this machine's clock says", async (t) => {
  skipWaits(t);
  let now = 0;
  t.mock.method(performance, "now", () => (now += 11_000));
  const answers = Array(9).fill("");
  const service = { ...deciding(...answers), beginPairing: async () => ({ id: "p1", code: "ABCD-EFGH", expires_at: "2001-01-01T00:00:00Z", interval: 3 }) };
  await assert.rejects(pair(service, show, going()), { name: "pairing-over" });
});

test("begun anew, the one before ends without a key", async (t) => {
  skipWaits(t);
  const stopping = new AbortController();
  assert.equal(await pair(deciding(), async () => stopping.abort(), stopping.signal), "");
});

test("a person recognises their browser by its name and machine", async (t) => {
  for (const [agent, name] of [
    ["Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Linux"],
    ["Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36 Edg/140.0.0.0", "Edge, Windows"],
    ["Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36 OPR/120.0.0.0", "Opera, Mac OS"],
    ["Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0.0.0 Mobile Safari/537.36", "Chrome, Android"],
    ["something else", "Gegencheck"],
  ]) {
    skipWaits(t);
    t.mock.getter(navigator, "userAgent", () => agent);
    const service = deciding("secret");
    await pair(service, show, going());
    assert.equal(service.named, name);
    t.mock.restoreAll();
  }
});

test("the page that connects is opened where it begins at once", async (t) => {
  const opened = [];
  openBrowser(t, { tabs: { create: async ({ url }) => void opened.push(url) } });
  await openConnecting();
  assert.match(opened[0], /\/welcome\/welcome\.html#connect$/);
});
