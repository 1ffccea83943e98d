// What stands in for the browser where the extension's modules run without one: storage in memory, words from the source, and a
// service whose replies a test writes down. Each is put in place for one test and taken away with it.

import { readFile } from "node:fs/promises";

const SOURCE = new URL("../../../extension/", import.meta.url);

/** One area of the browser's storage. @param {Record<string, any>} [kept] */
export function memoryArea(kept = {}) {
  return {
    kept,
    get: async (name) => structuredClone(name === undefined ? kept : name in kept ? { [name]: kept[name] } : {}),
    set: async (values) => void Object.assign(kept, structuredClone(values)),
    remove: async (name) => void delete kept[name],
    clear: async () => Object.keys(kept).forEach((name) => delete kept[name]),
  };
}

/**
 * Put a browser in place: `chrome` with storage in memory, and what else a test hands over.
 * @param {import("node:test").TestContext} t
 * @param {{local?: Record<string, any>, managed?: Record<string, any> | null, language?: string, [more: string]: any}} [options] `managed` null: there is no policy, as Firefox says it
 */
export function openBrowser(t, { local, managed = {}, language = "en-GB", ...more } = {}) {
  const noPolicy = { get: async () => Promise.reject(new Error("no managed storage manifest")) };
  globalThis.chrome = {
    storage: { local: memoryArea(local), session: memoryArea(), managed: managed ? memoryArea(managed) : noPolicy },
    runtime: { getURL: (path) => new URL(path, SOURCE).href },
    i18n: { getUILanguage: () => language },
    ...more,
  };
  t.after(() => delete globalThis.chrome);
  return globalThis.chrome;
}

/**
 * Answer what is fetched: files of the extension from the source, everything else as the test says; returns the requests.
 * @param {import("node:test").TestContext} t
 * @param {(request: {url: string, method: string, headers: Record<string, string>, body: any, mode?: string}) => any} answer a Response, or throws as a network that is down
 */
export function answerFetches(t, answer = () => new Response("", { status: 404 })) {
  const requests = [];
  t.mock.method(globalThis, "fetch", async (url, options = {}) => {
    if (url.startsWith("file:")) return new Response(await readFile(new URL(url)));
    const { method = "GET", headers = {}, body, mode } = options;
    const request = { url, method, headers, body: body && JSON.parse(body), mode };
    requests.push(request);
    return answer(request);
  });
  return requests;
}

/** A JSON reply. @param {any} body @param {number} [status] @param {Record<string, string>} [headers] */
export function json(body, status = 200, headers = {}) {
  return new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json", ...headers } });
}

/** Let no time pass: whatever is waited for comes at once; returns how long would have been waited. @param {import("node:test").TestContext} t */
export function skipWaits(t) {
  const waits = [];
  t.mock.method(globalThis, "setTimeout", (act, milliseconds) => {
    waits.push(milliseconds);
    queueMicrotask(act);
  });
  return waits;
}

/** A statement as the service answers it. @param {any} [changes] */
export function statement(changes = {}) {
  return {
    id: "s1", claim_reviewed: "Hot lemon water cures diabetes.", language: "en", url: "https://checks.example/lemons", headline: null,
    publisher: { name: "Example Checks", site: "checks.example" }, claimant: null, date_published: "2021-05-03", explanation: null,
    rating: { alternate_name: "False", rating_value: null, best_rating: null, worst_rating: null, normalized: "false" },
    cluster: null, license: null, warnings: [], ...changes,
  };
}

/** A claim of a check with these statements beside it. @param {any} [changes] @param {...any} statements */
export function claim(changes = {}, ...statements) {
  const evidence = statements.map((each) => ({ statement: each, similarity: 0.9, confidence: 0.95, is_match: true, stance: "supports", stance_confidence: 0.9, differences: [] }));
  return { text: "Hot lemon water cures diabetes.", start: 0, end: 31, mode: "asserted", hints: [], neighbours: null, verdict: { code: "refuted", confidence: 0.9, headline: "Example Checks rated it False." }, evidence, candidates: [], ...changes };
}

/** A finished check of these claims. @param {any[]} claims @param {any} [changes] */
export function finished(claims, changes = {}) {
  return { id: "c1", state: "finished", stage: null, article: { title: "Lemons", text: null, language: "en" }, claims, verdict: { code: "refuted", claim: 0 }, problem: null, summary: { state: "refuted", lead: "", detail: "", advice: "", revised: "" }, ...changes };
}
