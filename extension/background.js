// What happens without a popup: the context menu, the schedule of the filter, and the badge that it lights.

import { Api } from "./shared/api.js";
import { loadFilter, lookUp, refreshFilter } from "./shared/filter.js";
import { loadSettings } from "./shared/settings.js";

const MENUS = { selection: "menuSelection", link: "menuLink", page: "menuPage" };
const FILTER_ALARM = "filter";
const FILTER_MINUTES = 60;
const BADGES = { refuted: ["!", "#9b2f25"], conflicting_evidence: ["?", "#7c5200"], mentions_refuted: ["“", "#584a94"], supported: ["✓", "#23663f"] };

// ---------------------------------------------------------------- context menu

chrome.runtime.onInstalled.addListener(() => {
  chrome.contextMenus.removeAll(() => {
    for (const [context, message] of Object.entries(MENUS)) {
      chrome.contextMenus.create({ id: context, title: chrome.i18n.getMessage(message), contexts: [/** @type {any} */ (context)] });
    }
  });
  void schedule();
});
chrome.runtime.onStartup.addListener(() => void schedule());

chrome.contextMenus.onClicked.addListener((info, tab) => {
  const text = info.menuItemId === "selection" ? info.selectionText : undefined;
  const url = info.menuItemId === "link" ? info.linkUrl : info.menuItemId === "page" ? info.pageUrl : undefined;
  void openCheck({ text, url, tabId: info.menuItemId === "page" ? tab?.id : undefined });
});

/** Show a check in a small window; what to check is handed over in memory. @param {{text?: string, url?: string, tabId?: number}} what */
async function openCheck(what) {
  const id = crypto.randomUUID();
  await chrome.storage.session.set({ [`pending-${id}`]: what });
  await chrome.windows.create({ url: chrome.runtime.getURL(`popup/popup.html?pending=${id}`), type: "popup", width: 460, height: 680 });
}

// ---------------------------------------------------------------- filter and badge

async function schedule() {
  const { badge, address } = await loadSettings();
  if (!badge || !address) return void chrome.alarms.clear(FILTER_ALARM);
  chrome.alarms.create(FILTER_ALARM, { delayInMinutes: 0.1, periodInMinutes: FILTER_MINUTES });
}

chrome.alarms.onAlarm.addListener((alarm) => {
  if (alarm.name === FILTER_ALARM) void refresh();
});

async function refresh() {
  const settings = await loadSettings();
  if (!settings.badge || !settings.address) return;
  await refreshFilter(new Api(settings, "en")).catch(() => undefined); // offline or wrongly signed: the old one stays
  filter = undefined;
}

/** @type {Promise<import("./shared/filter.js").PageFilter | null> | undefined} */
let filter;

/** @param {number} tabId @param {string} url */
async function showBadge(tabId, url) {
  const { badge, address } = await loadSettings();
  if (!badge) return;
  filter ??= loadFilter(address);
  const known = await filter;
  const code = known ? await lookUp(known, url) : "";
  const [text, color] = BADGES[/** @type {keyof typeof BADGES} */ (code)] ?? ["", "#47515d"];
  await chrome.action.setBadgeText({ tabId, text });
  if (text) await chrome.action.setBadgeBackgroundColor({ tabId, color });
}

/** Addresses of tabs are only told where the optional permission `tabs` was given. */
chrome.tabs.onUpdated.addListener((tabId, change, tab) => {
  if ((change.url || change.status === "complete") && tab.url) void showBadge(tabId, tab.url).catch(() => undefined);
});

chrome.storage.onChanged.addListener((changes, area) => {
  if (area === "local" && changes.settings) void schedule();
  if (area === "local" && changes.filter) filter = undefined;
});
