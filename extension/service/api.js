// The service's HTTP API as the extension uses it. Every fault becomes a Trouble, named after the screen that explains it.

import { hostPattern } from "../settings/addresses.js";

/** @typedef {import("../settings/settings.js").Settings} Settings */
/** @typedef {import("./openapi.d.ts").components["schemas"]} Shapes what the service takes and gives, written by `make api-types` */
/** @typedef {Shapes["CheckShape"]} Check */
/** @typedef {Shapes["CheckedClaimShape"]} Claim */
/** @typedef {Shapes["StatementShape"]} Statement */
/** @typedef {"no-service"|"no-access"|"wrong-key"|"origin-refused"|"host-refused"|"index-not-ready"|"not-gegencheck"|"refused"|"pairing-over"|"failed"} TroubleName */

export class Trouble extends Error {
  /**
   * @param {TroubleName} name
   * @param {{detail?: string, seconds?: number, code?: string}} [about]
   */
  constructor(name, about = {}) {
    super(about.detail ?? name);
    this.name = name;
    this.code = about.code ?? "";
    this.seconds = about.seconds ?? 0;
  }
}

const TIMEOUT_MS = 15_000;
const PROBE_MS = 5_000;
const FIRST_POLL_MS = 150;
const MAX_POLL_MS = 1500;
const ENDED = ["finished", "failed"];

export class Api {
  /**
   * @param {Settings} settings
   * @param {string} language
   */
  constructor(settings, language) {
    this.settings = settings;
    this.language = language;
  }

  /** Whether the service answers, is one of ours, and takes checks from us. Throws Trouble; resolves to its readiness. @returns {Promise<Shapes["ReadyShape"]>} */
  async test() {
    const health = await this.#ask("/healthz");
    if (!health || typeof health !== "object" || !("status" in health)) throw new Trouble("not-gegencheck");
    // A check of nothing is refused, but only after origin and key were looked at as for any other.
    await this.#ask("/v1/checks", { method: "POST", body: "{}" }).catch((trouble) => {
      if (trouble.code !== "bad-request") throw trouble;
    });
    return this.#ask("/readyz");
  }

  /** Ask for a key of this browser's own, which a person allows on the service's page. @param {string} name how they recognise it @returns {Promise<Shapes["PairingShape"]>} */
  async beginPairing(name) {
    return this.#ask("/v1/pairings", { method: "POST", body: JSON.stringify({ name }) });
  }

  /** The key of a pairing once it was allowed; "" until then. @param {string} id @returns {Promise<string>} */
  async fetchKey(id) {
    const found = await this.#ask(`/v1/pairings/${encodeURIComponent(id)}/token`, { method: "POST", body: "{}" });
    return found?.key ?? "";
  }

  /** Where a person allows a pairing. @param {string} code */
  connectPage(code) {
    return `${this.settings.address}/connect?code=${encodeURIComponent(code)}&lang=${this.language}`;
  }

  /**
   * Ask for a check; answered at once, whether it is done or not.
   * @param {{url?: string, html?: string, text?: string}} what
   * @returns {Promise<Check>}
   */
  async begin(what) {
    return this.#ask("/v1/checks", { method: "POST", body: JSON.stringify({ ...what, wait: 0 }) });
  }

  /** A check, with its article's text. @param {string} id @returns {Promise<Check>} */
  async get(id) {
    return this.#ask(`/v1/checks/${encodeURIComponent(id)}?include=text`);
  }

  /**
   * Follow a check to its end, telling each stage.
   * @param {Check} check
   * @param {(stage: string | null) => void} report
   * @param {AbortSignal} [signal]
   */
  async follow(check, report, signal) {
    let wait = FIRST_POLL_MS;
    while (!ENDED.includes(check.state)) {
      report(check.stage);
      await new Promise((resolve) => setTimeout(resolve, wait));
      if (signal?.aborted) return check;
      wait = Math.min(wait * 1.4, MAX_POLL_MS);
      check = await this.get(check.id);
    }
    const textMissing = check.state === "finished" && check.article && check.article.text === undefined;
    return textMissing ? this.get(check.id) : check;
  }

  /**
   * Tell the service that a check is wrong.
   * @param {string} id
   * @param {Shapes["FeedbackBody"]} words
   */
  async sayWrong(id, words) {
    return this.#ask(`/v1/checks/${encodeURIComponent(id)}/feedback`, { method: "POST", body: JSON.stringify(words) });
  }

  /** The signed filter's bytes; null where they are those of `etag` still. @param {string} etag "" for none */
  async filter(etag) {
    const reply = await this.#reach("/v1/filter", etag ? { headers: { "If-None-Match": etag } } : {});
    if (reply.status === 304) return null;
    if (!reply.ok) throw troubleOf(reply, await reply.json().catch(() => null));
    return { content: new Uint8Array(await reply.arrayBuffer()), etag: reply.headers.get("ETag") ?? "" };
  }

  /** Where a person reads the whole explanation. @param {string} id */
  pageOf(id) {
    return `${this.settings.address}/checks/${encodeURIComponent(id)}?lang=${this.language}`;
  }

  /** Where a person reads how often matches are wrong. */
  get accuracyPage() {
    return `${this.settings.address}/docs/accuracy?lang=${this.language}`;
  }

  /**
   * @param {string} path
   * @param {RequestInit} [options]
   * @returns {Promise<any>}
   */
  async #ask(path, options = {}) {
    const reply = await this.#reach(path, options);
    const body = await reply.json().catch(() => null);
    if (reply.ok) return body;
    throw troubleOf(reply, body);
  }

  /**
   * @param {string} path
   * @param {RequestInit} options
   */
  async #reach(path, options) {
    /** @type {Record<string, string>} */
    const headers = { "Accept-Language": this.language, .../** @type {Record<string, string>} */ (options.headers) };
    if (options.body) headers["Content-Type"] = "application/json";
    if (this.settings.key) headers.Authorization = `Bearer ${this.settings.key}`;
    try {
      return await fetch(this.settings.address + path, {
        ...options,
        ...QUIETLY,
        headers,
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
    } catch {
      throw new Trouble(await this.#whyUnreached());
    }
  }

  /**
   * What is behind a request that came to nothing. Browsers hide refusals from an extension that may not read them, so the
   * service is asked where it tells every extension; and where nothing can be read, whether anything answers at all.
   * @returns {Promise<TroubleName>}
   */
  async #whyUnreached() {
    const { address, key } = this.settings;
    const options = { ...QUIETLY, signal: AbortSignal.timeout(PROBE_MS) };
    const headers = key ? { Authorization: `Bearer ${key}` } : undefined;
    const told = await fetch(`${address}/v1/pairings`, { ...options, headers }).then((reply) => reply.json()).catch(() => null);
    const why = told?.why ?? told?.code;
    if (why) return WHY[/** @type {keyof typeof WHY} */ (why)] ?? "not-gegencheck";
    if (told || (await chrome.permissions.contains({ origins: [hostPattern(address)] }))) return "no-service";
    const answers = await fetch(address, { ...options, mode: "no-cors", redirect: "follow", signal: AbortSignal.timeout(PROBE_MS) }).then(() => true, () => false);
    return answers ? "no-access" : "no-service";
  }
}

/** @type {RequestInit} */
const QUIETLY = { credentials: "omit", cache: "no-store", referrerPolicy: "no-referrer", redirect: "error" };

/** What the service tells an extension, by code, and what we call it. @type {Record<string, TroubleName>} */
const WHY = { "origin-refused": "origin-refused", "host-refused": "host-refused", "key-required": "wrong-key", "scope-missing": "wrong-key" };

/**
 * @param {Response} reply
 * @param {Partial<Shapes["ErrorShape"]> | null} body what is not JSON is null
 */
function troubleOf(reply, body) {
  const code = typeof body?.code === "string" ? body.code : "";
  // The title is in the reader's language; the detail is for developers, in English.
  const about = { detail: body?.title, code, seconds: Number(reply.headers.get("Retry-After")) || 5 };
  if (code === "index-not-ready" || (reply.status === 503 && !code)) return new Trouble("index-not-ready", about);
  if (code === "origin-refused") return new Trouble("origin-refused", about);
  if (code === "host-refused") return new Trouble("host-refused", about);
  if (reply.status === 401 || code === "scope-missing") return new Trouble("wrong-key", about);
  if (!code) return new Trouble("not-gegencheck", about);
  const badAddress = body?.errors?.some((field) => field.pointer === "/url");
  if (badAddress) return new Trouble("refused", about);
  return new Trouble("failed", about);
}
