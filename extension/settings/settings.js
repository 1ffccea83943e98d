// What this browser keeps for the extension: the service's address, the key and the switches. Nothing of what is read.

/**
 * @typedef {object} Settings
 * @property {string} address origin of the service, without a slash at the end; "" until somebody has set one
 * @property {string} key bearer key; "" where the service is open
 * @property {string} language "de", "en", or "" for the browser's
 * @property {boolean} highlight whether matched sentences are marked in the page
 * @property {string[]} unmarked hosts on which nothing is marked
 * @property {string[]} screen hosts whose pages are sent as they are seen where the service cannot read them itself
 * @property {boolean} badge whether the badge is lit from the filter where `tabs` was allowed; else the popup asks it
 * @property {string[]} pause sites on which links put into text fields are looked up in the filter before they are shared
 */

/** @type {Settings} */
export const DEFAULTS = { address: "", key: "", language: "", highlight: true, unmarked: [], screen: [], badge: false, pause: [] };
export const LOCAL_SERVICE = "http://127.0.0.1:8000";

/** The settings; what an organisation manages wins. @returns {Promise<Settings>} */
export async function loadSettings() {
  const [stored, managed] = await Promise.all([storedSettings(), managedSettings()]);
  return { ...DEFAULTS, ...stored, ...managed };
}

/** What was set by hand. @returns {Promise<Partial<Settings>>} */
async function storedSettings() {
  const { settings } = await chrome.storage.local.get("settings");
  return /** @type {Partial<Settings>} */ (settings ?? {});
}

/** What an organisation's policy sets; the person cannot change these. @returns {Promise<Partial<Settings>>} */
export async function managedSettings() {
  const managed = await chrome.storage.managed.get().catch(() => ({})); // Firefox rejects where there is no policy
  const fits = (/** @type {string} */ name, /** @type {unknown} */ value) => {
    const usual = DEFAULTS[/** @type {keyof Settings} */ (name)];
    return typeof value === typeof usual && Array.isArray(value) === Array.isArray(usual);
  };
  return Object.fromEntries(Object.entries(managed).filter(([name, value]) => name in DEFAULTS && fits(name, value)));
}

/** @param {Partial<Settings>} changes */
export async function saveSettings(changes) {
  await chrome.storage.local.set({ settings: { ...(await storedSettings()), ...changes } });
  return loadSettings();
}

/** Whether anything needs the service's filter of pages with a verdict. @param {Settings} settings */
export function wantsFilter(settings) {
  return Boolean(settings.address) && (settings.badge || settings.pause.length > 0);
}
