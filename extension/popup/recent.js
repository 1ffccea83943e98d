// The last checks under the popup, kept on this device alone; one click forgets them.

import { forgetChecks, recentChecks, renewCheck } from "../check/history.js";
import { keepSurroundings } from "../check/surroundings.js";
import { el, icon } from "../look/build.js";
import { sayMoment } from "../look/words.js";

/** @typedef {import("../check/history.js").Remembered} Remembered */
/** @typedef {{api: import("../service/api.js").Api, settings: {address: string}, language: string}} Desk */

/**
 * List the checks of this service in this language. Once the list is opened, the service is asked which of them it has judged
 * anew since; it knows them all.
 * @param {Desk} desk
 * @param {(remembered: Remembered) => void} open
 */
export async function listRecent(desk, open) {
  const details = /** @type {HTMLDetailsElement} */ (document.getElementById("recent"));
  const known = await recentChecks();
  const checks = known.filter((each) => each.address === desk.settings.address && each.language === desk.language);
  const draw = () => document.getElementById("recent-list")?.replaceChildren(...checks.map((each) => entry(details, each, open)));
  draw();
  details.hidden = !checks.length;
  details.ontoggle = async () => {
    if (details.open && (await renewAll(desk, checks))) draw();
  };
}

/** @param {HTMLDetailsElement} details @param {Remembered} each @param {(remembered: Remembered) => void} open */
function entry(details, each, open) {
  const { summary, article } = each.check;
  const words = el(
    "span",
    {},
    el("bdi", {}, article?.title || each.url),
    el("small", {}, `${summary.lead} ${sayMoment(each.at)}`),
    summary.revised && el("small", { class: "revised" }, summary.revised),
  );
  const act = () => {
    details.open = false;
    open(each);
  };
  return el("li", { class: `state-${summary.state}` }, el("button", { type: "button", class: "quiet", onclick: act }, icon(summary.state), words));
}

/** Ask for checks again, one after the other; whether any was judged anew. @param {Desk} desk @param {Remembered[]} checks */
async function renewAll({ api }, checks) {
  let renewed = false;
  for (const each of checks) {
    const now = await api.get(each.check.id).catch(() => null); // deleted, or no service: what is remembered stays
    if (now?.state !== "finished" || (now.revised_at ?? null) === (each.check.revised_at ?? null)) continue;
    each.check = keepSurroundings(now);
    await renewCheck(each.check);
    renewed = true;
  }
  return renewed;
}

export async function forgetRecent() {
  await forgetChecks();
  /** @type {HTMLElement} */ (document.getElementById("recent")).hidden = true;
}
