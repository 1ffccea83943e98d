// The page after installing: three steps to the first check. Connecting happens here, because a popup closes over it.

import { summaryBox } from "../check/result.js";
import { el } from "../look/build.js";
import { fillWords, loadWords, say } from "../look/words.js";
import { Api, Trouble } from "../service/api.js";
import { pair } from "../service/pairing.js";
import { mendings, nameTrouble, valueOf } from "../service/troubles.js";
import { readAddress } from "../settings/addresses.js";
import { loadSettings, LOCAL_SERVICE, managedSettings, saveSettings } from "../settings/settings.js";

const field = /** @type {HTMLInputElement} */ (document.getElementById("address"));
const outcome = /** @type {HTMLElement} */ (document.getElementById("outcome"));
const steps = [...document.querySelectorAll(".steps > li")];
let waiting = new AbortController();

/** @param {string} name @param {...(Node | string)} parts */
function show(name, ...parts) {
  outcome.dataset.outcome = name;
  outcome.replaceChildren(...parts);
}

/** @param {string} state @param {string} name @param {Node[]} [buttons] @param {...string} values */
function tell(state, name, buttons = [], ...values) {
  const box = summaryBox({ state, lead: say(`${name}Lead`), detail: say(`${name}Detail`, ...values) });
  show(name, box, ...(buttons.length ? [el("div", { class: "actions" }, ...buttons)] : []));
}

/** @param {unknown} fault @param {string} address */
function explain(fault, address) {
  const trouble = fault instanceof Trouble ? fault : new Trouble("failed");
  const name = nameTrouble(trouble, address);
  steps[0].classList.toggle("done", ["wrongKey", "originRefused", "indexNotReady", "pairingOver"].includes(name));
  const state = name === "indexNotReady" ? "index_not_ready" : name === "originRefused" ? "running" : "could_not_read";
  tell(state, name, mendings(trouble, address, () => void connect(), () => void connect()), valueOf(trouble, address));
}

/** The address in the field; null, and said so there, where it is none. */
function addressGiven() {
  const wrong = /** @type {HTMLElement} */ (document.getElementById("address-wrong"));
  try {
    field.value = readAddress(field.value || LOCAL_SERVICE);
    field.removeAttribute("aria-invalid");
    wrong.hidden = true;
    return field.value;
  } catch {
    field.setAttribute("aria-invalid", "true");
    wrong.hidden = false;
    field.focus();
    return null;
  }
}

/** Connect with the service; where it takes us already there is nothing to do. */
async function connect() {
  waiting.abort();
  const { signal } = (waiting = new AbortController());
  const address = addressGiven();
  if (!address) return;
  const known = await loadSettings();
  // A key belongs to the service that gave it, and is shown to no other.
  const settings = await saveSettings(known.address === address ? { address } : { address, key: "" });
  show("testing", say("testing"));
  try {
    await test(settings);
  } catch (fault) {
    if (!(fault instanceof Trouble) || !["origin-refused", "wrong-key"].includes(fault.name)) return explain(fault, address);
    await askForKey(settings, signal);
  }
}

/** @param {import("../settings/settings.js").Settings} settings @param {AbortSignal} signal */
async function askForKey(settings, signal) {
  const api = new Api({ ...settings, key: "" }, document.documentElement.lang);
  try {
    const key = await pair(api, (code) => showCode(api, code), signal);
    if (!key) return; // begun anew
    await test(await saveSettings({ key }));
  } catch (fault) {
    if (!signal.aborted) explain(fault, settings.address);
  }
}

/** @param {Api} api @param {string} code */
async function showCode(api, code) {
  steps[0].classList.add("done");
  const open = () => chrome.tabs.create({ url: api.connectPage(code) });
  const link = el("button", { type: "button", class: "quiet", id: "open-page", onclick: () => void open() }, say("openConnectPage"));
  const said = [el("p", {}, say("compareCode")), el("p", { class: "code", id: "code" }, code), el("p", { class: "hint" }, say("waitingForPress"))];
  show("waiting", ...said, el("div", { class: "actions" }, link));
  await open();
}

/** @param {import("../settings/settings.js").Settings} settings */
async function test(settings) {
  const ready = await new Api(settings, document.documentElement.lang).test().catch((trouble) => {
    if (trouble.name !== "index-not-ready") throw trouble;
    return null; // connected all the same
  });
  for (const step of steps.slice(0, 2)) step.classList.add("done");
  if (ready) tell("supported", "connected", [], String(ready.index.statements));
  else tell("supported", "connectedLoading");
}

/** The shortcut as the browser has it; people may change it. */
async function shortcut() {
  const commands = await chrome.commands.getAll();
  return commands.find(({ name }) => name === "_execute_action")?.shortcut ?? "";
}

async function begin() {
  const settings = await loadSettings();
  await loadWords(settings.language);
  document.title = say("welcomeTitle");
  fillWords(document);
  const keys = await shortcut();
  const detail = /** @type {HTMLElement} */ (document.getElementById("check-detail"));
  detail.textContent = keys ? say("stepCheckKeys", keys) : say("stepCheckDetail");
  field.value = settings.address || LOCAL_SERVICE;
  field.disabled = "address" in (await managedSettings());
  document.getElementById("service")?.addEventListener("submit", (event) => {
    event.preventDefault();
    void connect();
  });
  document.body.dataset.ready = "true";
  if (location.hash === "#connect") await connect();
}

void begin();
