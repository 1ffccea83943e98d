// The popup: opening it is the click that asks. It sends the page's address, shows the stages, then the verdict.

import { recallCheck, rememberCheck } from "../check/history.js";
import { claimList, pageNotes, summaryBox } from "../check/result.js";
import { keepSurroundings } from "../check/surroundings.js";
import { replyText } from "../check/wording.js";
import { loadFilter } from "../filter/keeping.js";
import { lookUp, lookUpDetail } from "../filter/reading.js";
import { el, icon } from "../look/build.js";
import { fillWords, loadWords, say, sayCode } from "../look/words.js";
import { readTab } from "../page/capture.js";
import { clearMarks, markClaims, showNextMark } from "../page/marking.js";
import { Api, Trouble } from "../service/api.js";
import { openConnecting } from "../service/pairing.js";
import { mendings, nameTrouble, valueOf } from "../service/troubles.js";
import { loadSettings, saveSettings } from "../settings/settings.js";
import { feedbackForm } from "./feedback.js";
import { forgetRecent, listRecent } from "./recent.js";

/** @typedef {{url?: string, text?: string, html?: string, cut?: boolean, tabId?: number}} Subject what to check, and the tab it is open in */
/** @typedef {import("../check/surroundings.js").SurroundedCheck} SurroundedCheck */
/** @typedef {{api: Api, settings: import("../settings/settings.js").Settings, language: string}} Desk */

/** @type {NonNullable<SurroundedCheck["stage"]>[]} */
const STAGES = ["fetch", "article", "sentences", "claims", "evidence", "stance", "verdict"];
const READABLE = ["page-", "address-refused"]; // problems that the page's own HTML may get around

const main = /** @type {HTMLElement} */ (document.getElementById("content"));
const progress = /** @type {HTMLElement} */ (document.getElementById("progress"));

/** @param {string} name @param {(Node | null | false | undefined | "")[]} parts */
function show(name, ...parts) {
  document.body.dataset.screen = name;
  progress.textContent = "";
  main.replaceChildren(.../** @type {Node[]} */ (parts.filter(Boolean)));
  main.setAttribute("aria-busy", "false");
  if (!performance.getEntriesByName("answer").length) performance.mark("answer"); // benchmarks/highlight.py reads it
  /** @type {HTMLElement | null} */ (main.querySelector(".lead"))?.focus();
}

/** @param {string} word @param {() => void} act @param {boolean} [quiet] */
function button(word, act, quiet = false) {
  return el("button", { type: "button", class: quiet ? "quiet" : undefined, onclick: act }, say(word));
}

/** A screen that says what is the matter and what to do. @param {string} name @param {Node[]} actions @param {string[]} values */
function screen(name, actions, ...values) {
  const state = name === "indexNotReady" ? "index_not_ready" : name === "firstRun" ? "running" : "could_not_read";
  const summary = { state, lead: say(`${name}Lead`), detail: say(`${name}Detail`, ...values) };
  show(name, summaryBox(summary), knownLine(), actions.length > 0 && el("div", { class: "actions" }, ...actions));
}

let listed = { code: "", detail: "" }; // what the filter on this device knows of the page

/** That line, for while nothing better is known. */
function knownLine() {
  const { code, detail } = listed;
  return code && el("p", { class: `known state-${code}` }, icon(code), el("span", {}, say("knownHere"), " ", el("b", {}, sayCode(detail))));
}

const openOptions = () => {
  void chrome.runtime.openOptionsPage();
  window.close();
};

// ---------------------------------------------------------------- checking

/** @param {Desk} desk @param {Subject} subject */
async function check(desk, subject) {
  const supplied = Boolean(subject.html || subject.text);
  if (!supplied) subject = { ...subject, cut: false }; // the address is sent, so the whole page is read
  showStages(null, supplied);
  const what = subject.text ? { text: subject.text } : subject.html ? { html: subject.html, url: subject.url } : { url: subject.url };
  try {
    const done = keepSurroundings(await desk.api.follow(await desk.api.begin(what), (stage) => showStages(stage, supplied)));
    if (subject.url && done.state === "finished") {
      await rememberCheck({ url: subject.url, address: desk.settings.address, language: desk.language, at: Date.now(), cut: subject.cut, check: done });
    }
    if (isUnread(subject, done) && hasConsent(desk, subject)) return await sendPage(desk, subject);
    await showCheck(desk, subject, done);
    await listChecks(desk);
  } catch (fault) {
    const trouble = fault instanceof Trouble ? fault : new Trouble("failed", { detail: say("surprise") });
    if (trouble.name === "refused" && hasConsent(desk, subject)) return sendPage(desk, subject);
    showTrouble(desk, subject, trouble);
  }
}

/** Whether the service could not read a page that lies open here. @param {Subject} subject @param {SurroundedCheck} done */
function isUnread(subject, done) {
  return subject.tabId !== undefined && !subject.html && READABLE.some((start) => done.problem?.code.startsWith(start));
}

/** Whether the person said once that pages of this site may be sent as they are seen. @param {Desk} desk @param {Subject} subject */
function hasConsent(desk, { tabId, url }) {
  return tabId !== undefined && Boolean(url) && desk.settings.screen.includes(new URL(url ?? "").host);
}

/** To send what is on the screen, now or from now on. @param {Desk} desk @param {Subject} subject */
function sendButtons(desk, subject) {
  if (subject.tabId === undefined) return [];
  const { host } = new URL(subject.url ?? "");
  const always = async () => {
    desk.settings = await saveSettings({ screen: [...desk.settings.screen.filter((each) => each !== host), host] });
    await sendPage(desk, subject);
  };
  return [button("sendPage", () => void sendPage(desk, subject)), el("button", { type: "button", class: "quiet", id: "send-always", onclick: () => void always() }, say("sendAlways", host))];
}

/** @param {string | null} stage @param {boolean} supplied */
function showStages(stage, supplied) {
  const at = STAGES.findIndex((each) => each === stage);
  const list = STAGES.filter((each) => !supplied || each !== "fetch").map((each) => {
    const place = STAGES.indexOf(each);
    const state = place < at ? "done" : place === at ? "current" : "waiting";
    return el("li", { class: state, "aria-current": state === "current" ? "step" : undefined }, say(`stage_${each}`));
  });
  document.body.dataset.screen = "running";
  main.replaceChildren(el("h1", {}, say("running")), el("ol", { class: "stages" }, ...list), knownLine() || "");
  const said = stage ? say(`stage_${stage}`) : say("running");
  if (progress.textContent !== said) progress.textContent = said;
}

/** Send what the person sees, now that they asked for it. @param {Desk} desk @param {Subject} subject */
async function sendPage(desk, subject) {
  const page = subject.tabId === undefined ? null : await readTab(subject.tabId);
  if (!page) return screen("cannotRead", []);
  await check(desk, { ...subject, html: page.html, cut: page.cut, url: page.url });
}

// ---------------------------------------------------------------- the result

/** @param {Desk} desk @param {Subject} subject @param {SurroundedCheck} done @param {boolean} [remembered] */
async function showCheck(desk, subject, done, remembered = false) {
  const offer = isUnread(subject, done);
  const reply = replyText(done);
  const marks = el("div", { class: "actions", id: "marks" });
  show(
    done.summary.state,
    summaryBox(offer ? { ...done.summary, advice: "" } : done.summary),
    done.summary.revised && el("p", { class: "note" }, done.summary.revised),
    done.article?.title && el("p", { class: "source", dir: "auto" }, done.article.title),
    ...pageNotes(done, Boolean(subject.cut)),
    offer && el("p", { class: "source" }, say("sendPageHint")),
    marks,
    claimList(done),
    done.claims.some((claim) => claim.evidence.length) &&
      el("p", { class: "source" }, el("a", { href: desk.api.accuracyPage, target: "_blank", rel: "noopener" }, say("howOftenWrong"))),
    el(
      "div",
      { class: "actions" },
      ...(offer ? sendButtons(desk, subject) : []),
      el("a", { class: offer ? "button quiet" : "button", href: desk.api.pageOf(done.id), target: "_blank", rel: "noopener" }, say("explanation")),
      reply && copyButton(reply),
      ((done.problem && !offer) || remembered) && button(remembered ? "checkAnew" : "again", () => void check(desk, subject), true),
    ),
    done.state === "finished" && feedbackForm(desk.api, done.id),
  );
  await offerMarks(desk, subject, done, marks);
}

/** @param {string} reply */
function copyButton(reply) {
  const made = button("copyReply", async () => {
    await navigator.clipboard.writeText(reply);
    made.textContent = say("copied");
    progress.textContent = say("copied");
  }, true);
  made.id = "copy";
  return made;
}

/** Mark the sentences in the page, where that is wanted, and offer the way to them. @param {Desk} desk @param {Subject} subject @param {SurroundedCheck} done @param {HTMLElement} marks */
async function offerMarks(desk, subject, done, marks) {
  const { tabId, url } = subject;
  if (tabId === undefined || !url || !desk.settings.highlight || !done.claims.some((claim) => claim.evidence.length)) return;
  const host = new URL(url).host;
  const off = desk.settings.unmarked.includes(host);
  const ways = off ? null : await markClaims(tabId, done, desk.language);
  marks.dataset.found = ways ? ways.join(" ") : "";
  const toggle = button(off ? "markHere" : "markNotHere", async () => {
    const unmarked = off ? desk.settings.unmarked.filter((each) => each !== host) : [...desk.settings.unmarked, host];
    desk.settings = await saveSettings({ unmarked });
    if (!off) await clearMarks(tabId);
    await offerMarks(desk, subject, done, marks);
  }, true);
  const seen = ways?.some((way) => way !== "none");
  marks.replaceChildren(...(seen ? [button("showMarks", () => void showNextMark(tabId).then(() => window.close()))] : []), ...(off || seen ? [toggle] : []));
}

/** @param {Desk} desk @param {Subject} subject @param {Trouble} trouble */
function showTrouble(desk, subject, trouble) {
  const { address } = desk.settings;
  const again = () => void check(desk, subject);
  if (trouble.name === "refused") {
    const sending = sendButtons(desk, subject);
    return sending.length ? screen("refused", sending) : screen("refusedLink", []);
  }
  const mends = mendings(trouble, address, again);
  const retry = ["no-service", "no-access", "index-not-ready", "failed"].includes(trouble.name) && button("again", again, mends.length > 0);
  const options = trouble.name !== "index-not-ready" && button("openOptions", openOptions, true);
  screen(nameTrouble(trouble, address), /** @type {Node[]} */ ([...mends, retry, options].filter(Boolean)), valueOf(trouble, address));
}

// ---------------------------------------------------------------- beginning

/** What to check: handed over by the context menu, or the page under the popup. @returns {Promise<Subject | null>} */
async function findSubject() {
  const id = new URLSearchParams(location.search).get("pending");
  if (id) {
    document.body.classList.add("windowed");
    const handed = await chrome.storage.session.get(`pending-${id}`);
    await chrome.storage.session.remove(`pending-${id}`);
    return handed[`pending-${id}`] ?? null;
  }
  const [tab] = await chrome.tabs.query({ active: true, currentWindow: true });
  return tab?.url ? { url: tab.url, tabId: tab.id } : null;
}

async function begin() {
  const settings = await loadSettings();
  const language = await loadWords(settings.language);
  fillWords(document);
  document.getElementById("options")?.addEventListener("click", openOptions);
  document.getElementById("forget")?.addEventListener("click", () => void forgetRecent());
  if (!settings.address) return screen("firstRun", [button("connect", () => void openConnecting().then(() => window.close())), button("openOptions", openOptions, true)]);
  const desk = { api: new Api(settings, language), settings, language };
  const subject = await findSubject();
  void listChecks(desk);
  await answer(desk, subject);
}

/** @param {Desk} desk */
function listChecks(desk) {
  return listRecent(desk, (each) => void showCheck(desk, { url: each.url, cut: each.cut }, each.check, true));
}

/** Show what is known of the page already, or check it. @param {Desk} desk @param {Subject | null} subject */
async function answer(desk, subject) {
  if (!subject || (subject.url && !/^https?:/.test(subject.url))) return screen("cannotRead", []);
  const known = subject.url && !subject.text ? await recallCheck(subject.url, desk.settings.address, desk.language) : undefined;
  if (known) return showCheck(desk, { ...subject, cut: known.cut }, known.check, true);
  if (subject.url) await askFilter(desk.settings.address, subject.url);
  await check(desk, subject);
}

/** What the filter on this device knows is said while the check runs, and where it cannot run. @param {string} address @param {string} url */
async function askFilter(address, url) {
  const filter = await loadFilter(address);
  const code = filter ? await lookUp(filter, url) : "";
  listed = { code, detail: filter && code ? await lookUpDetail(filter, url, code) : "" };
}

void begin();
