// The extension's own words, from _locales, in the browser's language or the one chosen in the options.

/** @type {Record<string, {message: string}>} */
let messages = {};
let spoken = "en";

/** Load the words; must be awaited before `say`. Resolves to the language spoken. @param {string} chosen "de", "en" or "" */
export async function loadWords(chosen) {
  const wanted = chosen || chrome.i18n.getUILanguage();
  spoken = wanted.toLowerCase().startsWith("de") ? "de" : "en";
  const reply = await fetch(chrome.runtime.getURL(`_locales/${spoken}/messages.json`));
  messages = await reply.json();
  return spoken;
}

/**
 * A message with its `$1`, `$2` … filled in.
 * @param {string} key
 * @param {...(string|number)} values
 */
export function say(key, ...values) {
  const found = messages[key];
  if (!found) throw new Error(`no message ${key}`);
  return found.message.replace(/\$(\d)/g, (_, place) => String(values[Number(place) - 1] ?? ""));
}

/** What a verdict says, or what it alone rests on ("refuted.satire"). @param {string} detail */
export function sayCode(detail) {
  return say(`code_${detail.replace(".", "_")}`);
}

/** Fill every element that names its message. @param {Document} root */
export function fillWords(root) {
  root.documentElement.lang = spoken;
  for (const element of root.querySelectorAll("[data-t]")) element.textContent = say(element.getAttribute("data-t") ?? "");
  for (const element of root.querySelectorAll("[data-t-label]")) {
    element.setAttribute("aria-label", say(element.getAttribute("data-t-label") ?? ""));
  }
}

/** A day such as 2021-05-03 as people write it; "" for none. @param {string | null} day */
export function sayDate(day) {
  if (!day) return "";
  const locale = spoken === "de" ? "de" : "en-GB";
  return new Intl.DateTimeFormat(locale, { dateStyle: "long", timeZone: "UTC" }).format(new Date(`${day}T00:00:00Z`));
}

/** What the language of a text is called, where it is another than the one spoken; "" otherwise. @param {string | null} tag */
export function sayForeign(tag) {
  if (!tag || tag.split(/[-_]/)[0].toLowerCase() === spoken) return "";
  try {
    const names = new Intl.DisplayNames([spoken], { type: "language", fallback: "none" });
    return names.of(tag.split(/[-_]/)[0]) ?? "";
  } catch {
    return ""; // what was imported is no language
  }
}

/** A moment as people write it, in this browser's own time. @param {number | string} moment */
export function sayMoment(moment) {
  return new Intl.DateTimeFormat(spoken === "de" ? "de" : "en-GB", { dateStyle: "medium", timeStyle: "short" }).format(new Date(moment));
}

/** A share of 1 in per cent, as exactly as people want small ones. @param {number} share */
export function sayShare(share) {
  return share.toLocaleString(spoken === "de" ? "de" : "en-GB", { style: "percent", maximumFractionDigits: 2 });
}

/** A whole number with its thousands apart. @param {number} number */
export function sayNumber(number) {
  return number.toLocaleString(spoken === "de" ? "de" : "en-GB");
}
