// What is the matter with the service, in words, and what can be done about it: the same in popup, options and welcome page.

import { el } from "../look/build.js";
import { say } from "../look/words.js";
import { hostPattern } from "../settings/addresses.js";
import { openConnecting } from "./pairing.js";

/** @typedef {import("./api.js").Trouble} Trouble */

/** The message that explains a trouble. @type {Record<string, string>} */
const WORDS = {
  "no-access": "noAccess",
  "no-service": "noService",
  "wrong-key": "wrongKey",
  "origin-refused": "originRefused",
  "index-not-ready": "indexNotReady",
  "not-gegencheck": "notGegencheck",
  "host-refused": "notGegencheck",
  "pairing-over": "pairingOver",
};

/** Which message explains a trouble. @param {Trouble} trouble @param {string} address of the service */
export function nameTrouble(trouble, address) {
  if (trouble.name === "no-service" && !navigator.onLine && !isLocal(address)) return "offline";
  return WORDS[trouble.name] ?? "failed";
}

/** What is filled into that message. @param {Trouble} trouble @param {string} address */
export function valueOf(trouble, address) {
  if (trouble.name === "index-not-ready") return String(trouble.seconds);
  return WORDS[trouble.name] ? address : trouble.message;
}

/**
 * The buttons that mend it, the most likely first.
 * @param {Trouble} trouble
 * @param {string} address
 * @param {() => void} again after access was allowed
 * @param {() => void} connect
 */
export function mendings(trouble, address, again, connect = () => void openConnecting().then(() => window.close())) {
  if (["origin-refused", "wrong-key", "pairing-over"].includes(trouble.name)) return [el("button", { type: "button", id: "connect", onclick: connect }, say("connect"))];
  if (trouble.name !== "no-access") return [];
  // Permission for this one host, asked for directly in the click as Firefox wants it.
  const allow = async () => {
    if (await chrome.permissions.request({ origins: [hostPattern(address)] })) again();
  };
  return [el("button", { type: "button", id: "allow", onclick: () => void allow() }, say("allowAccess", address))];
}

/** @param {string} address */
function isLocal(address) {
  return ["localhost", "127.0.0.1", "[::1]"].includes(new URL(address).hostname);
}
