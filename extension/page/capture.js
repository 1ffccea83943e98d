// What of a page is sent when a person agrees to it: its HTML as it is seen, with what lies in open shadow roots and in frames of
// the same site, and without scripts and pictures where it is very long.

/** Runs inside the page, so it uses nothing from outside itself. */
export function capturePage() {
  const limit = 4_900_000; // bytes; the service takes 5 MB
  const heavy = "script:not([type='application/ld+json']), style, svg, canvas, iframe, template";
  const encoder = new TextEncoder();

  /** What a node shows in its place: a shadow root's content, a slot's, a frame's; else its children. @param {Node} node @returns {{shown: Node[], within: boolean}} */
  function seenIn(node) {
    if (!(node.nodeType === 1)) return { shown: [...node.childNodes], within: false };
    const element = /** @type {any} */ (node);
    if (element.shadowRoot) return { shown: [...element.shadowRoot.childNodes], within: true };
    if (element.localName === "slot" && element.assignedNodes?.().length) return { shown: element.assignedNodes(), within: true };
    if (["iframe", "frame"].includes(element.localName)) {
      try {
        const { body } = element.contentDocument ?? {};
        if (body?.textContent.trim()) return { shown: [...body.childNodes], within: true };
      } catch {} // of another site
    }
    return { shown: [...element.childNodes], within: false };
  }

  /** Whether anything shows another thing than its children. */
  function isComposed() {
    for (const element of document.querySelectorAll("*")) if (seenIn(element).within) return true;
    return false;
  }

  /** The page as it is seen, in a document that runs nothing: elements with code of their own stay dead there. */
  function compose() {
    const made = document.implementation.createHTMLDocument("");
    const copy = /** @type {HTMLElement} */ (made.importNode(document.documentElement, false));
    /** @type {[Node, Node][]} */
    const open = [[document.documentElement, copy]]; // a list, since pages may be nested deeper than calls can be
    for (let next = open.pop(); next; next = open.pop()) {
      const [from, to] = next;
      for (const child of seenIn(from).shown) {
        if (child.nodeType === 1 && /** @type {Element} */ (child).matches("style, template")) continue;
        const composed = child.nodeType === 1 && seenIn(child).within;
        const kept = composed ? made.createElement("div") : made.importNode(child, false);
        to.appendChild(kept);
        if (child.nodeType === 1) open.push([child, kept]);
      }
    }
    return copy;
  }

  let page = document.documentElement;
  if (isComposed()) page = compose();
  let html = page.outerHTML;
  if (encoder.encode(html).length > limit) {
    const copy = /** @type {HTMLElement} */ (document.implementation.createHTMLDocument("").importNode(page, true));
    for (const each of copy.querySelectorAll(heavy)) each.remove();
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

/** Runs inside the page: the text that is selected, with what lies in open shadow roots and in frames of the same site. */
export function captureSelection() {
  const texts = /** @type {string[]} */ ([]);
  const breaks = /^(?:address|article|aside|blockquote|br|dd|div|dl|dt|figcaption|figure|footer|h[1-6]|header|hr|li|main|nav|ol|p|pre|section|table|td|th|tr|ul)$/;

  /** The texts below a node in the order in which they are seen. @param {Node} top @param {(text: Text) => string} cut */
  function read(top, cut) {
    const open = [top];
    for (let node = open.pop(); node; node = open.pop()) {
      if (node.nodeType === 3) texts.push(cut(/** @type {Text} */ (node)));
      if (node.nodeType !== 1 && node.nodeType !== 11) continue;
      const element = /** @type {any} */ (node);
      if (["script", "style", "noscript", "template", "textarea", "select"].includes(element.localName)) continue;
      if (breaks.test(element.localName ?? "")) texts.push("\n");
      const assigned = element.localName === "slot" ? element.assignedNodes() : [];
      open.push(...[...(assigned.length ? assigned : (element.shadowRoot ?? element).childNodes)].reverse());
    }
  }

  /** @param {Range} range */
  function readRange(range) {
    read(range.commonAncestorContainer, (text) => {
      const root = /** @type {any} */ (text.getRootNode());
      let around = /** @type {Node} */ (text); // a whole shadow tree is selected with its host
      for (let each = root; each !== range.startContainer.getRootNode() && each?.host; each = around.getRootNode()) around = each.host;
      if (!range.intersectsNode(around)) return "";
      const from = text === range.startContainer ? range.startOffset : 0;
      return text.data.slice(from, text === range.endContainer ? range.endOffset : undefined);
    });
  }

  /** @param {any} root a document or a shadow root */
  function visit(root) {
    const selection = root.getSelection?.();
    const ranges = Array.from({ length: selection?.rangeCount ?? 0 }, (_, number) => selection.getRangeAt(number)).filter((range) => !range.collapsed);
    ranges.forEach(readRange);
    if (ranges.length) return;
    for (const element of root.querySelectorAll("*")) {
      if (element.shadowRoot) visit(element.shadowRoot);
      if (!["iframe", "frame"].includes(element.localName)) continue;
      try {
        if (element.contentDocument) visit(element.contentDocument);
      } catch {} // of another site
    }
  }

  visit(document);
  return texts.join("").replace(/[^\S\n]+/g, " ").replace(/ ?\n[\s]*/g, "\n").trim();
}

/**
 * What is selected in a tab; "" where nothing is, or where the browser lets no extension read it.
 * @param {number} tabId
 * @param {number} [frameId]
 */
export async function readSelection(tabId, frameId = 0) {
  try {
    const [found] = await chrome.scripting.executeScript({ target: { tabId, frameIds: [frameId] }, func: captureSelection });
    return found?.result ?? "";
  } catch {
    return "";
  }
}
