// The options: where the service is, with which key; a test that says what is wrong, and what to do about it.

import { Api, Trouble } from "../shared/api.js";
import { el } from "../shared/build.js";
import { summaryBox } from "../shared/result.js";
import { LOCAL_SERVICE, hostPattern, loadSettings, readAddress, saveSettings } from "../shared/settings.js";
import { fillWords, loadWords, say } from "../shared/words.js";

const field = (/** @type {string} */ id) => /** @type {HTMLInputElement} */ (document.getElementById(id));
const outcome = /** @type {HTMLElement} */ (document.getElementById("outcome"));

/** @param {string} state @param {string} name @param {Node[]} [more] @param {...string} values */
function tell(state, name, more = [], ...values) {
  outcome.dataset.outcome = name;
  outcome.replaceChildren(summaryBox({ state, lead: say(`${name}Lead`), detail: say(`${name}Detail`, ...values) }), ...more);
}

async function save() {
  let address;
  try {
    address = readAddress(field("address").value || LOCAL_SERVICE);
  } catch {
    field("address").setAttribute("aria-invalid", "true");
    field("address-wrong").hidden = false;
    field("address").focus();
    return;
  }
  field("address").removeAttribute("aria-invalid");
  field("address-wrong").hidden = true;
  field("address").value = address;
  const settings = await saveSettings({ address, key: field("key").value.trim(), language: field("language").value });
  await speak(settings.language);
  await test();
}

/** Ask the service, and say in words what is the matter. */
async function test() {
  const settings = await loadSettings();
  outcome.textContent = say("testing");
  try {
    const ready = await new Api(settings, document.documentElement.lang).test();
    tell("supported", "connected", [], String(ready.index.statements));
  } catch (fault) {
    const trouble = fault instanceof Trouble ? fault : new Trouble("failed");
    explain(trouble, settings.address);
  }
}

/** @param {Trouble} trouble @param {string} address */
function explain(trouble, address) {
  switch (trouble.name) {
    case "no-access":
      return tell("could_not_read", "noAccess", [allowButton(address)], address);
    case "no-service":
      return tell("could_not_read", "noService", [], address);
    case "wrong-key":
      return tell("could_not_read", "wrongKey");
    case "origin-refused":
      return tell("could_not_read", "originRefused", [originHelp()]);
    case "index-not-ready":
      return tell("index_not_ready", "indexNotReady", [], String(trouble.seconds));
    case "not-gegencheck":
    case "host-refused":
      return tell("could_not_read", "notGegencheck", [], address);
    default:
      return tell("failed", "failed", [], trouble.message);
  }
}

/** Permission for this one host, asked for directly in the click as Firefox wants it. @param {string} address */
function allowButton(address) {
  const allow = async () => {
    if (await chrome.permissions.request({ origins: [hostPattern(address)] })) await test();
  };
  return el("div", { class: "actions" }, el("button", { type: "button", id: "allow", onclick: () => void allow() }, say("allowAccess", address)));
}

function originHelp() {
  const line = `gegencheck serve --extension-origins ${location.origin}`;
  return el("p", {}, el("code", { id: "command" }, line));
}

/** @param {string} language */
async function speak(language) {
  await loadWords(language);
  document.title = say("optionsTitle");
  fillWords(document);
}

async function begin() {
  const settings = await loadSettings();
  await speak(settings.language);
  field("address").value = settings.address;
  field("key").value = settings.key;
  field("language").value = settings.language;
  document.getElementById("service")?.addEventListener("submit", (event) => {
    event.preventDefault();
    void save();
  });
}

void begin();
