// Addresses and sites: what a person meant by what they typed, what may become a link, and what browsers are asked for.

/**
 * The origin that a person meant; throws TypeError for what is no http or https address.
 * @param {string} text
 */
export function readAddress(text) {
  const trimmed = text.trim();
  const local = /^(localhost|127\.|\[::1\])/i.test(trimmed);
  const url = new URL(/^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed) ? trimmed : `${local ? "http" : "https"}://${trimmed}`);
  const named = /^[\w.-]+$|^\[[\d:a-f]+\]$/i.test(url.hostname); // Chromium lets spaces pass
  if (!["http:", "https:"].includes(url.protocol) || url.username || !named) throw new TypeError("not an http address");
  return url.origin;
}

/**
 * The site that a person meant, as a host name; throws TypeError for what is none.
 * @param {string} text
 */
export function readSite(text) {
  return new URL(readAddress(text)).hostname.replace(/^www\./, "");
}

/** The match pattern of a site and everything below it. @param {string} site */
export function sitePattern(site) {
  return /^[\d.]+$|^\[|^localhost$/.test(site) ? `*://${site}/*` : `*://*.${site}/*`;
}

/** Whether an address lies on a site. @param {string} url @param {string} site */
export function isOnSite(url, site) {
  const host = new URL(url).hostname;
  return host === site || host.endsWith(`.${site}`);
}

/** The match pattern that asks for one host alone; patterns know no ports. @param {string} address */
export function hostPattern(address) {
  const url = new URL(address);
  return `${url.protocol}//${url.hostname}/*`;
}

/** A link's address where it is http or https; null for anything else that an import may have brought. @param {string} url */
export function safeLink(url) {
  try {
    return ["http:", "https:"].includes(new URL(url).protocol) ? url : null;
  } catch {
    return null;
  }
}
