/** What can go wrong between Coop and the service. No message ever has the text, the key or the address in it. */

export class GegencheckError extends Error {
  name = "GegencheckError";
}

/** The integration has no usable address or key. */
export class NotConfigured extends GegencheckError {
  name = "NotConfigured";
}

/** The service is overloaded, or the key's limit is reached; `retryAfterSeconds` is what it said. */
export class Busy extends GegencheckError {
  name = "Busy";

  /** @param {number} status @param {number | null} retryAfterSeconds */
  constructor(status, retryAfterSeconds) {
    const when = retryAfterSeconds === null ? "" : `; try again in ${retryAfterSeconds} s`;
    super(`Gegencheck answers ${status}${when}.`);
    this.status = status;
    this.retryAfterSeconds = retryAfterSeconds;
  }
}

/** The service refuses the request: a wrong key, a missing scope, a text that is too long. */
export class Refused extends GegencheckError {
  name = "Refused";

  /** @param {number} status @param {string} code */
  constructor(status, code) {
    super(`Gegencheck refuses the request: ${status}${code ? ` ${code}` : ""}.`);
    this.status = status;
  }
}

/** No answer came in time, or none that can be read. */
export class Unreachable extends GegencheckError {
  name = "Unreachable";
}
