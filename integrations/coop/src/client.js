/** Asks POST /v1/match, with a time limit, few tries, and a cache that knows texts only by their digest. */

import { createHash } from "node:crypto";

import { Busy, NotConfigured, Refused, Unreachable } from "./errors.js";

const TIMEOUT_MS = 5_000; // of each try, as Coop's own signals have it
const TRIES = 3;
const LONGEST_WAIT_SECONDS = 2; // whoever must wait longer is told so: a rule is being evaluated
const FIRST_WAIT_SECONDS = 0.25; // without Retry-After, then doubled
const CACHE_MS = 60_000;
const CACHED = 1_000;
const MOST_CHARACTERS = 50_000; // of a text that the API takes
const LIMIT = 10;

/**
 * @typedef {{address: string, key: string}} Access
 * @typedef {{
 *   statement: {url: string, publisher: {name: string | null, site: string | null},
 *               rating: {alternate_name: string, normalized: string}},
 *   confidence: number, stance: string,
 * }} Match
 */

/** Finds the statements that are most similar to a text. */
export class MatchClient {
  /** @type {Map<string, {until: number, matches: Promise<Match[]>}>} */
  #cache = new Map();

  /**
   * @param {{fetch?: typeof fetch, sleep?: (seconds: number) => Promise<void>, now?: () => number}} [edges]
   */
  constructor({ fetch: ask = fetch, sleep = pause, now = Date.now } = {}) {
    this.ask = ask;
    this.sleep = sleep;
    this.now = now;
  }

  /**
   * The matches of a text, with stance. Two that ask for the same at once share one request.
   *
   * @param {Access} access
   * @param {string} text
   * @returns {Promise<Match[]>} rejects with a GegencheckError
   */
  match(access, text) {
    const digest = createHash("sha256").update(JSON.stringify([access.address, access.key, text])).digest("hex");
    const held = this.#cache.get(digest);
    if (held && held.until > this.now()) return held.matches;
    const matches = this.#asked(access, text.slice(0, MOST_CHARACTERS).toWellFormed());
    this.#remember(digest, matches);
    return matches;
  }

  /** @param {string} digest @param {Promise<Match[]>} matches */
  #remember(digest, matches) {
    this.#cache.delete(digest);
    this.#cache.set(digest, { until: this.now() + CACHE_MS, matches });
    matches.catch(() => {
      if (this.#cache.get(digest)?.matches === matches) this.#cache.delete(digest);
    });
    if (this.#cache.size > CACHED) this.#cache.delete(this.#cache.keys().next().value ?? "");
  }

  /** @param {Access} access @param {string} text */
  async #asked(access, text) {
    let wait = FIRST_WAIT_SECONDS;
    for (let left = TRIES - 1; ; left--) {
      try {
        return await this.#once(access, text);
      } catch (fault) {
        if (!left || fault instanceof Refused || fault instanceof NotConfigured) throw fault;
        const pauseSeconds = fault instanceof Busy ? (fault.retryAfterSeconds ?? wait) : wait;
        if (pauseSeconds > LONGEST_WAIT_SECONDS) throw fault;
        await this.sleep(pauseSeconds);
        wait *= 2;
      }
    }
  }

  /** @param {Access} access @param {string} text */
  async #once(access, text) {
    const reply = await this.#sent(access, text);
    if (reply.status === 429 || reply.status === 503) throw new Busy(reply.status, retryAfter(reply));
    if (reply.status >= 500) throw new Unreachable(`Gegencheck answers ${reply.status}.`);
    const told = await body(reply);
    if (reply.status !== 200) throw new Refused(reply.status, typeof told?.code === "string" ? told.code : "");
    const matches = told?.results?.[0]?.matches;
    if (told?.results?.length !== 1 || !Array.isArray(matches) || !matches.every(isMatch)) {
      throw new Unreachable("What answered is no Gegencheck that this plug-in understands.");
    }
    return matches;
  }

  /** @param {Access} access @param {string} text */
  async #sent({ address, key }, text) {
    try {
      return await this.ask(new URL("/v1/match", address), {
        method: "POST",
        headers: { Authorization: `Bearer ${key}`, "Content-Type": "application/json", Accept: "application/json" },
        body: JSON.stringify({ texts: [text], limit: LIMIT, stance: true }),
        redirect: "error", // or the key would go wherever it leads
        signal: AbortSignal.timeout(TIMEOUT_MS),
      });
    } catch (fault) {
      const late = fault instanceof Error && fault.name === "TimeoutError";
      throw new Unreachable(late ? "Gegencheck did not answer in time." : "Gegencheck cannot be reached.");
    }
  }
}

/** @param {Response} reply @returns {Promise<any>} */
async function body(reply) {
  try {
    return await reply.json();
  } catch {
    throw new Unreachable("What answered is no Gegencheck, or broke off.");
  }
}

/** @param {Response} reply */
function retryAfter(reply) {
  const said = Number(reply.headers.get("Retry-After") ?? Number.NaN);
  return Number.isFinite(said) && said >= 0 ? said : null;
}

/** @param {any} each @returns {each is Match} */
function isMatch(each) {
  return (
    Number.isFinite(each?.confidence) &&
    typeof each.stance === "string" &&
    typeof each.statement?.url === "string" &&
    typeof each.statement?.rating?.alternate_name === "string" &&
    typeof each.statement?.rating?.normalized === "string"
  );
}

/** @param {number} seconds */
function pause(seconds) {
  return new Promise((done) => {
    setTimeout(done, seconds * 1000);
  });
}
