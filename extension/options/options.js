// The options: where the service is, with which key; a test that says what is wrong, and what to do about it.

import { recentChecks } from "../check/history.js";
import { summaryBox } from "../check/result.js";
import { el } from "../look/build.js";
import { fillWords, loadWords, say } from "../look/words.js";
import { Api, Trouble } from "../service/api.js";
import { openConnecting } from "../service/pairing.js";
import { mendings, nameTrouble, valueOf } from "../service/troubles.js";
import { readAddress } from "../settings/addresses.js";
import { loadSettings, LOCAL_SERVICE, managedSettings, saveSettings } from "../settings/settings.js";
import { beginLists, fillLists } from "./lists.js";

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
  const known = await loadSettings();
  const given = field("key").value.trim();
  const key = address !== known.address && given === known.key ? "" : given; // another service must not see this one's key
  field("key").value = key;
  const settings = await saveSettings({ address, key, language: field("language").value });
  await speak(settings.language);
  await fillLists();
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
    const trouble = fault instanceof Trouble ? fault : new Trouble("failed", { detail: say("surprise") });
    explain(trouble, settings.address);
  }
}

/** @param {Trouble} trouble @param {string} address */
function explain(trouble, address) {
  const name = nameTrouble(trouble, address);
  const state = name === "indexNotReady" ? "index_not_ready" : name === "failed" ? "failed" : "could_not_read";
  const buttons = mendings(trouble, address, () => void test(), () => void openConnecting());
  const more = [buttons.length && el("div", { class: "actions" }, ...buttons), name === "originRefused" && originHelp()];
  tell(state, name, /** @type {Node[]} */ (more.filter(Boolean)), valueOf(trouble, address));
}

/** For whoever runs the service: the other way, without a key. */
function originHelp() {
  const line = `gegencheck serve --extension-origins ${location.origin}`;
  return el("p", { class: "hint" }, say("originLine"), " ", el("code", { id: "command" }, line));
}

/** @param {string} language */
async function speak(language) {
  await loadWords(language);
  document.title = say("optionsTitle");
  fillWords(document);
}

// ---------------------------------------------------------------- data

/** Everything that the extension keeps, as a file; the key is left out. */
async function exportAll() {
  const { key, ...settings } = await loadSettings();
  const kept = JSON.stringify({ settings, checks: await recentChecks() }, null, 2);
  const link = /** @type {HTMLAnchorElement} */ (el("a", { download: "gegencheck.json", href: URL.createObjectURL(new Blob([kept], { type: "application/json" })) }));
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000); // Firefox reads it after the click
}

async function deleteAll() {
  await chrome.storage.local.clear();
  await chrome.storage.session.clear();
  const granted = await chrome.permissions.getAll();
  for (const origin of granted.origins ?? []) await chrome.permissions.remove({ origins: [origin] }).catch(() => false);
  await chrome.permissions.remove({ permissions: ["tabs"] }).catch(() => false);
  await speak((await loadSettings()).language);
  await fill();
  await fillLists();
  /** @type {HTMLElement} */ (document.getElementById("data-outcome")).textContent = say("deleted");
}

async function fill() {
  const settings = await loadSettings();
  const managed = await managedSettings();
  for (const name of /** @type {const} */ (["address", "key", "language"])) field(name).value = settings[name];
  for (const name of /** @type {const} */ (["highlight", "badge"])) field(name).checked = settings[name];
  for (const name of ["address", "key", "language", "highlight", "badge"]) field(name).disabled = name in managed;
  field("managed").hidden = !Object.keys(managed).length;
}

async function begin() {
  const settings = await loadSettings();
  await speak(settings.language);
  await fill();
  document.getElementById("service")?.addEventListener("submit", (event) => {
    event.preventDefault();
    void save();
  });
  field("highlight").addEventListener("change", () => void saveSettings({ highlight: field("highlight").checked }));
  field("export").addEventListener("click", () => void exportAll());
  field("delete").addEventListener("click", () => void deleteAll());
  await beginLists();
  document.body.dataset.ready = "true";
}

void begin();
