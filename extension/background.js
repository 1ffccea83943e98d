// What happens without a popup: the context menu, the schedule of the filter, the badge, and the pause before resharing.

import { recallCheck } from "./check/history.js";
import { loadFilter, refreshFilter } from "./filter/keeping.js";
import { lookUp, lookUpDetail } from "./filter/reading.js";
import { loadWords, say, sayCode } from "./look/words.js";
import { readSelection } from "./page/capture.js";
import { registerPause } from "./page/pausing.js";
import { Api } from "./service/api.js";
import { WELCOME } from "./service/pairing.js";
import { isOnSite } from "./settings/addresses.js";
import { loadSettings, wantsFilter } from "./settings/settings.js";

const MENUS = { selection: "menuSelection", link: "menuLink", page: "menuPage" };
const FILTER_ALARM = "filter";
const FILTER_MINUTES = 60;
const BADGES = { refuted: ["!", "#9b2f25"], conflicting_evidence: ["?", "#7c5200"], mentions_refuted: ["“", "#584a94"], fact_check_found: ["i", "#1d5c66"], supported: ["✓", "#23663f"] };
const MAX_LINKS = 5;
const MAX_LETTERS = 4000; // of a link
const PAUSED = ["refuted", "conflicting_evidence"]; // reporting on a false statement is no reason to pause

// ---------------------------------------------------------------- beginning

chrome.runtime.onInstalled.addListener(({ reason }) => {
  void begin();
  if (reason === "install") void welcome();
});
chrome.runtime.onStartup.addListener(() => void begin());

async function begin() {
  const settings = await loadSettings();
  await makeMenus(settings.language);
  await scheduleFilter();
  await registerPause(settings.pause);
}

/** The three steps, for whoever has no organisation that took them already. */
async function welcome() {
  const { address } = await loadSettings();
  if (!address) await chrome.tabs.create({ url: chrome.runtime.getURL(WELCOME) });
}

chrome.storage.onChanged.addListener((changes, area) => {
  if (area === "managed") void begin();
  if (area !== "local") return;
  if (changes.filter) filter = undefined;
  if (changes.filter || changes.checks) void showBadges(); // a page that was just checked has its badge at once
  if (changes.settings) void followSettings(changes.settings.oldValue, changes.settings.newValue);
});

/** @param {any} before @param {any} after what was set by hand */
async function followSettings(before, after) {
  const changed = (/** @type {string} */ name) => JSON.stringify(before?.[name]) !== JSON.stringify(after?.[name]);
  const settings = await loadSettings();
  if (changed("address")) filter = undefined;
  if (changed("language")) await makeMenus(settings.language);
  if (["address", "key", "badge", "pause"].some(changed)) await scheduleFilter();
  if (changed("pause")) await registerPause(settings.pause);
  if (changed("badge")) await showBadges();
}

chrome.permissions.onAdded.addListener(() => void loadSettings().then(({ pause }) => registerPause(pause)));
chrome.permissions.onRemoved.addListener(() => void loadSettings().then(({ pause }) => registerPause(pause)));

// ---------------------------------------------------------------- context menu

/** @param {string} language */
async function makeMenus(language) {
  await loadWords(language);
  await chrome.contextMenus.removeAll();
  for (const [context, message] of Object.entries(MENUS)) {
    chrome.contextMenus.create({ id: context, title: say(message), contexts: [/** @type {any} */ (context)] }, () => void chrome.runtime.lastError);
  }
}

chrome.contextMenus.onClicked.addListener((info, tab) => {
  if (info.menuItemId === "selection") return void checkSelection(tab?.id, info.frameId, info.selectionText);
  const url = info.menuItemId === "link" ? info.linkUrl : info.menuItemId === "page" ? info.pageUrl : undefined;
  void openCheck({ url, tabId: info.menuItemId === "page" ? tab?.id : undefined });
});

/** The shortcut is a gesture like the button: the browser lets us read the tab in front. */
chrome.commands.onCommand.addListener((command, tab) => {
  if (command === "check-selection") void checkSelection(tab?.id);
});

/** Check what is selected; the browser's own word for it leaves out what lies in shadow roots. @param {number} [tabId] @param {number} [frameId] @param {string} [told] */
async function checkSelection(tabId, frameId = 0, told = "") {
  const read = tabId === undefined ? "" : await readSelection(tabId, frameId);
  const text = read.length > told.length ? read : told;
  if (text.trim()) await openCheck({ text });
}

/** Show a check in a small window; what to check is handed over in memory. @param {{text?: string, url?: string, tabId?: number}} what */
async function openCheck(what) {
  const id = crypto.randomUUID();
  await chrome.storage.session.set({ [`pending-${id}`]: what });
  await chrome.windows.create({ url: chrome.runtime.getURL(`popup/popup.html?pending=${id}`), type: "popup", width: 460, height: 680 });
}

// ---------------------------------------------------------------- filter and badge

async function scheduleFilter() {
  if (!wantsFilter(await loadSettings())) return void chrome.alarms.clear(FILTER_ALARM);
  chrome.alarms.create(FILTER_ALARM, { delayInMinutes: 0.1, periodInMinutes: FILTER_MINUTES });
}

chrome.alarms.onAlarm.addListener((alarm) => {
  if (alarm.name === FILTER_ALARM) void refresh();
});

async function refresh() {
  const settings = await loadSettings();
  if (wantsFilter(settings)) await refreshFilter(new Api(settings, "en")).catch(() => undefined); // offline or refused: the old one stays
}

/** @type {Promise<import("./filter/reading.js").PageFilter | null> | undefined} */
let filter;

/** What the filter on this device knows of an address: the verdict or "", and which words say it. @param {string} address of the service @param {string} url */
async function known(address, url) {
  filter ??= loadFilter(address);
  const loaded = await filter;
  const code = loaded ? await lookUp(loaded, url) : "";
  return { code, detail: loaded && code ? await lookUpDetail(loaded, url, code) : "" };
}

/** @param {number} tabId @param {string} url */
async function showBadge(tabId, url) {
  const { badge, address, language } = await loadSettings();
  const spoken = await loadWords(language);
  const checked = badge ? (await recallCheck(url, address, spoken))?.check : undefined; // it says more than the filter
  const listed = badge && !checked?.verdict ? await known(address, url) : undefined;
  const code = checked?.verdict?.code ?? listed?.code;
  const [text, color] = BADGES[/** @type {keyof typeof BADGES} */ (code)] ?? ["", ""];
  const lead = text && (listed ? sayCode(listed.detail) : checked?.summary.lead);
  await chrome.action.setBadgeText({ tabId, text });
  await chrome.action.setTitle({ tabId, title: lead ? `${say("name")}: ${lead}` : say("actionTitle") });
  if (text) await chrome.action.setBadgeBackgroundColor({ tabId, color });
}

async function showBadges() {
  for (const { id, url } of await chrome.tabs.query({})) if (id !== undefined && url) await showBadge(id, url).catch(() => undefined);
}

/** Addresses of tabs are only told where the optional permission `tabs` was given. */
chrome.tabs.onUpdated.addListener((tabId, change, tab) => {
  if ((change.url || change.status === "complete") && tab.url) void showBadge(tabId, tab.url).catch(() => undefined);
});

// ---------------------------------------------------------------- pause before resharing

/** A script in a page is believed little: only about sites with the pause, and a window opens only for a link that is paused at. */
chrome.runtime.onMessage.addListener((message, sender, answer) => {
  if (sender.id !== chrome.runtime.id || !sender.tab?.id || sender.frameId !== 0) return undefined;
  const page = sender.origin ?? sender.url ?? "";
  if (message?.kind === "read") void notice([message.link], page).then((known) => known && openCheck({ url: known.link }));
  if (message?.kind !== "pause") return undefined;
  notice(message.links, page).then(answer, () => answer(null));
  return true; // the answer comes later
});

/** What to say about the first of some links that the filter knows; null for nothing. @param {unknown} links @param {string} page */
async function notice(links, page) {
  const { pause, address, language } = await loadSettings();
  if (!Array.isArray(links) || !pause.some((site) => isOnSite(page, site))) return null;
  for (const link of links.slice(0, MAX_LINKS)) {
    if (typeof link !== "string" || link.length > MAX_LETTERS) continue;
    const { code, detail } = await known(address, link);
    if (PAUSED.includes(code)) return { link, state: code, ...(await noticeWords(detail, link, address, language)) };
  }
  return null;
}

/** @param {string} detail @param {string} link @param {string} address @param {string} chosen */
async function noticeWords(detail, link, address, chosen) {
  const language = await loadWords(chosen);
  const checked = await recallCheck(link, address, language); // where it was checked here, who rated it is known
  const words = {
    label: say("name"),
    lead: checked?.check.summary.lead || sayCode(detail),
    rating: checked?.check.summary.detail || say("pauseDetail"),
    link,
    read: say("pauseRead"),
    share: say("pauseShare"),
  };
  return { language, words };
}
