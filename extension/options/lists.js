// The parts of the options that rest on the filter: the badge, the sites with a pause before sharing, and the filter's own state.

import { forgetFilter, keptFilter, loadFilter, refreshFilter } from "../filter/keeping.js";
import { FilterRefused } from "../filter/reading.js";
import { el } from "../look/build.js";
import { say, sayMoment, sayNumber, sayShare } from "../look/words.js";
import { mayPause, pauseOpenPages, registerPause } from "../page/pausing.js";
import { Api } from "../service/api.js";
import { isOnSite, readSite, sitePattern } from "../settings/addresses.js";
import { loadSettings, managedSettings, saveSettings, wantsFilter } from "../settings/settings.js";

const field = (/** @type {string} */ id) => /** @type {HTMLInputElement} */ (document.getElementById(id));

export async function beginLists() {
  field("badge").addEventListener("change", () => void switchBadge());
  field("badge-allow").addEventListener("click", () => void allowTabs());
  field("pause").addEventListener("submit", (event) => {
    event.preventDefault();
    void addSite();
  });
  chrome.storage.onChanged.addListener((changes) => void (changes.filter && showFilter()));
  await fillLists();
}

export async function fillLists() {
  await Promise.all([showBadge(), listSites(), listScreens(), showFilter()]);
}

// ---------------------------------------------------------------- badge

/** Permission is asked for before anything is awaited, as Firefox wants it in a click. */
async function switchBadge() {
  const on = field("badge").checked;
  if (on) await chrome.permissions.request({ permissions: ["tabs"] }).catch(() => false);
  else await chrome.permissions.remove({ permissions: ["tabs"] });
  await saveSettings({ badge: on });
  await showBadge();
  await fetchFilter();
}

async function allowTabs() {
  await chrome.permissions.request({ permissions: ["tabs"] });
  await showBadge();
}

async function showBadge() {
  const { badge } = await loadSettings();
  field("badge-without").hidden = !badge || (await chrome.permissions.contains({ permissions: ["tabs"] }));
}

// ---------------------------------------------------------------- pause before sharing

async function addSite() {
  let site;
  try {
    site = readSite(field("site").value);
  } catch {
    return sayAtSite("pauseWrong");
  }
  const allowed = await chrome.permissions.request({ origins: [sitePattern(site)] }).catch(() => false);
  if (!allowed) return sayAtSite("pauseDenied", site);
  field("site").removeAttribute("aria-invalid");
  field("site-wrong").hidden = true;
  field("site").value = "";
  await keepSites([...(await loadSettings()).pause.filter((each) => each !== site), site]);
  await pauseOpenPages(site);
  await fetchFilter();
}

/** @param {string} word @param {...string} values */
function sayAtSite(word, ...values) {
  field("site-wrong").textContent = say(word, ...values);
  field("site-wrong").hidden = false;
  field("site").setAttribute("aria-invalid", "true");
  field("site").focus();
}

/** @param {string} site */
async function removeSite(site) {
  const { pause, address } = await loadSettings();
  const isService = address && isOnSite(address, site);
  if (!isService) await chrome.permissions.remove({ origins: [sitePattern(site)] }).catch(() => false);
  await keepSites(pause.filter((each) => each !== site));
  field("site").focus();
}

/** @param {string} site */
async function allowSite(site) {
  if (await chrome.permissions.request({ origins: [sitePattern(site)] })) await keepSites((await loadSettings()).pause);
}

/** @param {string[]} pause */
async function keepSites(pause) {
  await saveSettings({ pause });
  await registerPause(pause);
  await listSites();
  await showFilter();
}

async function listSites() {
  const { pause } = await loadSettings();
  const managed = "pause" in (await managedSettings());
  const entries = pause.map(async (site) => {
    const remove = () => void removeSite(site);
    const allow = () => void allowSite(site);
    return el(
      "li",
      {},
      el("span", {}, site),
      !managed && el("button", { type: "button", class: "quiet", onclick: remove }, say("pauseRemove", site)),
      !(await mayPause(site)) && el("p", {}, say("pauseDenied", site)),
      !(await mayPause(site)) && el("button", { type: "button", class: "quiet", onclick: allow }, say("allowAccess", site)),
    );
  });
  document.getElementById("sites")?.replaceChildren(...(await Promise.all(entries)));
  for (const each of field("pause").querySelectorAll("input, button")) /** @type {HTMLInputElement} */ (each).disabled = managed;
}

/** Sites whose pages are sent as they are seen; each can be taken back. */
async function listScreens() {
  const { screen } = await loadSettings();
  const remove = async (/** @type {string} */ host) => {
    await saveSettings({ screen: (await loadSettings()).screen.filter((each) => each !== host) });
    await listScreens();
  };
  const entries = screen.map((host) => el("li", {}, el("span", {}, host), el("button", { type: "button", class: "quiet", onclick: () => void remove(host) }, say("pauseRemove", host))));
  document.getElementById("screen-sites")?.replaceChildren(...entries);
  field("screen").hidden = !screen.length;
}

// ---------------------------------------------------------------- the filter

/** Fetch it now, where it is wanted, and say what came of it. */
async function fetchFilter() {
  const settings = await loadSettings();
  if (!wantsFilter(settings)) return showFilter();
  try {
    await refreshFilter(new Api(settings, document.documentElement.lang));
    await showFilter();
  } catch (fault) {
    await showFilter(!(fault instanceof FilterRefused));
  }
}

/** @param {boolean} [failed] whether it could not be fetched just now */
async function showFilter(failed = false) {
  const settings = await loadSettings();
  const box = /** @type {HTMLElement} */ (document.getElementById("filter"));
  if (!wantsFilter(settings)) return box.replaceChildren();
  const kept = await keptFilter(settings.address);
  const filter = await loadFilter(settings.address);
  const trust = el("button", { type: "button", class: "quiet", id: "trust", onclick: () => void forgetFilter().then(fetchFilter) }, say("filterTrust"));
  const parts = [
    el("p", { id: "filter-state" }, filter ? say("filterState", sayMoment(filter.head.made_at), sayNumber(filter.head.entries), sayShare(filter.head.false_positives)) : say("filterNone")),
    failed && el("p", { class: "wrong" }, say("filterFailed")),
    kept?.refused && el("p", { class: "wrong", id: "filter-refused" }, say(`filterRefused_${kept.refused}`)),
    kept?.refused && trust,
  ];
  box.replaceChildren(.../** @type {Node[]} */ (parts.filter(Boolean)));
}
