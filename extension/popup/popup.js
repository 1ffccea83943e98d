// The popup: opening it is the click that asks. It sends the tab's address, shows the stages, then the verdict.

import { Api, Trouble } from "../shared/api.js";
import { el } from "../shared/build.js";
import { readTab } from "../shared/capture.js";
import { claimList, summaryBox } from "../shared/result.js";
import { loadSettings } from "../shared/settings.js";
import { fillWords, loadWords, say } from "../shared/words.js";

const STAGES = ["fetch", "article", "sentences", "claims", "evidence", "stance", "verdict"];
const READABLE = ["page-", "address-refused"]; // problems that the page's own HTML may get around

const main = /** @type {HTMLElement} */ (document.getElementById("content"));
const progress = /** @type {HTMLElement} */ (document.getElementById("progress"));

/** @param {...(Node | null)} parts */
function show(...parts) {
  main.replaceChildren(.../** @type {Node[]} */ (parts.filter(Boolean)));
  main.setAttribute("aria-busy", "false");
  /** @type {HTMLElement | null} */ (main.querySelector(".lead"))?.focus();
}

/** @param {string} word @param {() => void} act @param {boolean} [quiet] */
function button(word, act, quiet = false) {
  return el("button", { type: "button", class: quiet ? "quiet" : undefined, onclick: act }, say(word));
}

/** A screen that says what is the matter and what to do. @param {string} name @param {Node[]} actions @param {string[]} [values] */
function screen(name, actions, ...values) {
  const state = name === "indexNotReady" ? "index_not_ready" : name === "firstRun" ? "running" : "could_not_read";
  const summary = { state, lead: say(`${name}Lead`), detail: say(`${name}Detail`, ...values) };
  document.body.dataset.screen = name;
  show(summaryBox(summary), actions.length ? el("div", { class: "actions" }, ...actions) : null);
}

const openOptions = () => {
  void chrome.runtime.openOptionsPage();
  window.close();
};

// ---------------------------------------------------------------- checking

/**
 * @param {Api} api
 * @param {chrome.tabs.Tab} tab
 * @param {{url?: string, html?: string}} what
 */
async function check(api, tab, what) {
  showStages(null, Boolean(what.html));
  try {
    const begun = await api.begin(what);
    const done = await api.follow(begun, (stage) => showStages(stage, Boolean(what.html)));
    showCheck(api, tab, done, Boolean(what.html));
  } catch (fault) {
    showTrouble(api, tab, what, fault instanceof Trouble ? fault : new Trouble("failed"));
  }
}

/** @param {string | null} stage @param {boolean} supplied */
function showStages(stage, supplied) {
  const at = stage ? STAGES.indexOf(stage) : -1;
  const list = STAGES.filter((each) => !supplied || each !== "fetch").map((each) => {
    const place = STAGES.indexOf(each);
    const state = place < at ? "done" : place === at ? "current" : "waiting";
    return el("li", { class: state, "aria-current": state === "current" ? "step" : undefined }, say(`stage_${each}`));
  });
  document.body.dataset.screen = "running";
  main.replaceChildren(el("h1", {}, say("running")), el("ol", { class: "stages" }, ...list));
  const said = stage ? say(`stage_${stage}`) : say("running");
  if (progress.textContent !== said) progress.textContent = said;
}

/** @param {Api} api @param {chrome.tabs.Tab} tab @param {any} done @param {boolean} supplied */
function showCheck(api, tab, done, supplied) {
  progress.textContent = "";
  document.body.dataset.screen = done.summary.state;
  const offer = !supplied && READABLE.some((start) => done.problem?.code.startsWith(start));
  const actions = [
    offer && button("sendPage", () => void sendPage(api, tab)),
    el("a", { class: offer ? "button quiet" : "button", href: api.pageOf(done.id), target: "_blank", rel: "noopener" }, say("explanation")),
    done.problem && !offer && button("again", () => void check(api, tab, { url: tab.url }), true),
  ].filter(Boolean);
  show(
    summaryBox(offer ? { ...done.summary, advice: "" } : done.summary),
    done.article?.title ? el("p", { class: "source", dir: "auto" }, done.article.title) : null,
    offer ? el("p", { class: "source" }, say("sendPageHint")) : null,
    claimList(done),
    el("div", { class: "actions" }, ...actions),
  );
}

/** Send what the person sees, now that they asked for it. @param {Api} api @param {chrome.tabs.Tab} tab */
async function sendPage(api, tab) {
  const page = await readTab(/** @type {number} */ (tab.id));
  if (!page) return screen("cannotRead", []);
  await check(api, tab, { html: page.html, url: page.url });
}

/** @param {Api} api @param {chrome.tabs.Tab} tab @param {{url?: string, html?: string}} what @param {Trouble} trouble */
function showTrouble(api, tab, what, trouble) {
  progress.textContent = "";
  const again = button("again", () => void check(api, tab, what));
  const options = button("openOptions", openOptions, true);
  switch (trouble.name) {
    case "index-not-ready":
      return screen("indexNotReady", [again], String(trouble.seconds));
    case "refused":
      return screen("refused", [button("sendPage", () => void sendPage(api, tab))]);
    case "wrong-key":
      return screen("wrongKey", [button("openOptions", openOptions)]);
    case "no-access":
    case "no-service":
      return screen(navigator.onLine || isLocal(api) ? "noService" : "offline", [again, options], api.settings.address);
    case "origin-refused":
    case "host-refused":
    case "not-gegencheck":
      return screen("notSetUp", [button("openOptions", openOptions)], api.settings.address);
    default:
      return screen("failed", [again, options], trouble.message);
  }
}

/** @param {Api} api */
function isLocal(api) {
  return ["localhost", "127.0.0.1", "[::1]"].includes(new URL(api.settings.address).hostname);
}

// ---------------------------------------------------------------- beginning

async function begin() {
  const settings = await loadSettings();
  const language = await loadWords(settings.language);
  fillWords(document);
  document.getElementById("options")?.addEventListener("click", openOptions);
  if (!settings.address) return screen("firstRun", [button("openOptions", openOptions)]);
  const [tab] = await chrome.tabs.query({ active: true, currentWindow: true });
  if (!tab?.url || !/^https?:/.test(tab.url)) return screen("cannotRead", []);
  await check(new Api(settings, language), tab, { url: tab.url });
}

void begin();
