// What of a page is sent when a person agrees to it: its HTML, without scripts and pictures where it is very long.

/** Runs inside the page, so it uses nothing from outside itself. */
export function capturePage() {
  const limit = 4_900_000; // bytes; the service takes 5 MB
  const encoder = new TextEncoder();
  let html = document.documentElement.outerHTML;
  if (encoder.encode(html).length > limit) {
    const copy = /** @type {HTMLElement} */ (document.documentElement.cloneNode(true));
    for (const heavy of copy.querySelectorAll("script:not([type='application/ld+json']), style, svg, canvas, iframe, template")) heavy.remove();
    for (const inlined of copy.querySelectorAll("[src^='data:']")) inlined.removeAttribute("src");
    html = copy.outerHTML;
  }
  const { read } = encoder.encodeInto(html, new Uint8Array(limit));
  return { html: html.slice(0, read), cut: read < html.length, url: location.href };
}

/**
 * The page in a tab; null where the browser lets no extension read it.
 * @param {number} tabId
 */
export async function readTab(tabId) {
  try {
    const [found] = await chrome.scripting.executeScript({ target: { tabId }, func: capturePage });
    return found?.result ?? null;
  } catch {
    return null;
  }
}
