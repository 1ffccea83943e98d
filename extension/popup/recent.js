// The last checks under the popup, kept on this device alone; one click forgets them.

import { forgetChecks, recentChecks } from "../check/history.js";
import { el, icon } from "../look/build.js";
import { sayMoment } from "../look/words.js";

/**
 * List the checks of this service in this language.
 * @param {{address: string, language: string}} desk
 * @param {(remembered: import("../check/history.js").Remembered) => void} open
 */
export async function listRecent({ address, language }, open) {
  const details = /** @type {HTMLDetailsElement} */ (document.getElementById("recent"));
  const checks = (await recentChecks()).filter((each) => each.address === address && each.language === language);
  const entries = checks.map((each) => {
    const { summary, article } = each.check;
    const words = el("span", {}, el("bdi", {}, article?.title || each.url), el("small", {}, `${summary.lead} ${sayMoment(each.at)}`));
    const act = () => {
      details.open = false;
      open(each);
    };
    return el("li", { class: `state-${summary.state}` }, el("button", { type: "button", class: "quiet", onclick: act }, icon(summary.state), words));
  });
  document.getElementById("recent-list")?.replaceChildren(...entries);
  details.hidden = !entries.length;
}

export async function forgetRecent() {
  await forgetChecks();
  /** @type {HTMLElement} */ (document.getElementById("recent")).hidden = true;
}
