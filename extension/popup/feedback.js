// "Tell us it is wrong": a short form under a result; nothing is sent before the button is pressed.

import { el } from "../look/build.js";
import { say } from "../look/words.js";

/** @typedef {import("../service/api.js").Shapes["FeedbackBody"]["kind"]} Kind */

/** @type {Kind[]} */
const KINDS = ["wrong_match", "wrong_stance", "missing_claim", "other"];

/**
 * @param {import("../service/api.js").Api} api
 * @param {string} id of the check
 */
export function feedbackForm(api, id) {
  const kinds = KINDS.map((kind, place) =>
    el("label", { class: "choice" }, el("input", { type: "radio", name: "kind", value: kind, checked: place === 0 }), say(`wrong_${kind}`)),
  );
  const comment = /** @type {HTMLTextAreaElement} */ (el("textarea", { id: "comment", rows: "3", maxlength: "5000" }));
  const outcome = el("p", { role: "status" });
  const form = /** @type {HTMLFormElement} */ (
    el(
      "form",
      {},
      el("fieldset", {}, el("legend", {}, say("wrongLegend")), ...kinds),
      el("label", { for: "comment" }, say("wrongComment")),
      comment,
      el("button", { type: "submit", class: "quiet" }, say("wrongSend")),
      outcome,
    )
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const kind = /** @type {Kind} */ (String(new FormData(form).get("kind")));
    try {
      await api.sayWrong(id, { kind, comment: comment.value.trim() || undefined });
      form.replaceChildren(el("p", { role: "status", id: "thanks" }, say("wrongThanks")));
    } catch {
      outcome.textContent = say("wrongFailed");
    }
  });
  return el("details", { id: "feedback" }, el("summary", {}, say("wrongTitle")), form);
}
