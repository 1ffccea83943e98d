// Pause before resharing: on sites where a person asked for it, looks at links in text fields and asks the extension whether
// the list on this device knows them. Stops nothing, records nothing, sends nothing. A classic script, after card.js.
//
// The page must not find out what the list knows. So it looks only after a person's own gesture, and does the same in the page
// for every link: a card is laid beside the field, and only what stands in it, where the page cannot look, tells them apart.

(() => {
  const LINK = /https?:\/\/[^\s<>"'\u201c\u201d\u201e\u00ab\u00bb]+/gi;
  const PAIRS = { ")": "(", "]": "[", "}": "{" };
  const MAX_LINKS = 5;
  const TYPING_MS = 500;
  const FIELDS = "textarea, input:not([type]), input[type='text'], input[type='url'], input[type='search']";
  const EDITABLE = "[contenteditable]:not([contenteditable='false'])";
  const SENDERS = "button, [role='button'], input[type='submit']";

  globalThis.gegencheckPause?.stop();

  /** @type {Set<string>} links that the person wants to share anyway, until the page is left */
  const agreed = new Set();
  /** @type {Element | null} */
  let lastField = null;
  let shownFor = "";
  let asked = 0;
  /** @type {GegencheckCard | null} */
  let notice = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let typing;

  // ---------------------------------------------------------------- links in fields

  /** @param {string} text */
  function linksIn(text) {
    const found = (text.replaceAll("](", "] (").match(LINK) ?? []).map(trimLink); // Markdown puts two links together
    return [...new Set(found)].filter((link) => !agreed.has(link)).slice(0, MAX_LINKS);
  }

  /** A link without what belongs to the sentence around it: full stops, and closing brackets that it did not open. @param {string} link */
  function trimLink(link) {
    /** @type {Record<string, number>} */
    const left = {};
    for (const letter of link) if ("()[]{}".includes(letter)) left[letter] = (left[letter] ?? 0) + 1;
    let end = link.length;
    for (; end > 0; end--) {
      const last = link[end - 1];
      const opens = PAIRS[/** @type {keyof typeof PAIRS} */ (last)];
      if (opens ? left[last] <= (left[opens] ?? 0) : !".,;:!?…".includes(last)) break;
      if (opens) left[last] -= 1;
    }
    return link.slice(0, end);
  }

  /** The text field that something happened in; null elsewhere. @param {EventTarget | null} target */
  function fieldAt(target) {
    if (!(target instanceof Element)) return null;
    if (target.matches(FIELDS)) return target;
    /** @type {Element | null} */
    let editable = null;
    for (let each = /** @type {Element | null} */ (target); each instanceof HTMLElement && each.isContentEditable; each = each.parentElement) editable = each;
    return editable;
  }

  /** @param {Element} field */
  function textOf(field) {
    if ("value" in field) return String(field.value);
    const links = [...field.querySelectorAll("a[href]")].map((link) => /** @type {HTMLAnchorElement} */ (link).href);
    return [field.textContent, ...links].join("\n");
  }

  /** What is being put in, with the links behind its words. @param {DataTransfer | null} data */
  function textOfTransfer(data) {
    if (!data) return "";
    const behind = [...data.getData("text/html").matchAll(/href="([^"]+)"/gi)].map(([, link]) => link.replaceAll("&amp;", "&"));
    return [data.getData("text/plain"), data.getData("text/uri-list"), ...behind].join("\n");
  }

  // ---------------------------------------------------------------- what happens in the page

  /** Whether a person is behind it: scripts bring about trusted events too (focus, execCommand, requestSubmit), but no gesture. @param {Event} event */
  function isReal(event) {
    return event.isTrusted && navigator.userActivation.isActive;
  }

  /** Only a person can paste or drop, but menus and long ways of the mouse outlast what counts as a gesture. @param {ClipboardEvent | DragEvent} event */
  function putIn(event) {
    if (!event.isTrusted) return;
    const field = fieldAt(event.composedPath()[0]);
    const data = "clipboardData" in event ? event.clipboardData : event.dataTransfer;
    if (field) void look(field, linksIn(textOfTransfer(data)));
  }

  /** @param {Event} event */
  function write(event) {
    if (isReal(event)) read(fieldAt(event.composedPath()[0]), event.type === "focusin" ? 0 : TYPING_MS);
  }

  /** @param {Element | null} field @param {number} delay */
  function read(field, delay) {
    if (!field) return;
    clearTimeout(typing);
    typing = setTimeout(() => {
      const links = linksIn(textOf(field));
      if (field === lastField && !links.length) hide(); // the link was taken out again
      else if (field === lastField && !links.includes(shownFor)) clear();
      void look(field, links);
    }, delay);
  }

  /** Sharing is never held up: what the list knows is said beside it. @param {Event} event */
  function share(event) {
    if (!isReal(event)) return;
    const target = event.composedPath()[0];
    if (!(target instanceof Element)) return;
    if (event.type === "click" && !target.closest(SENDERS)) return;
    const box = target.closest("form, dialog, [role='dialog']");
    const around = box ?? /** @type {Document | ShadowRoot} */ (target.getRootNode());
    const last = lastField?.isConnected && (!box || box.contains(lastField)) ? [lastField] : []; // it may lie in a shadow tree
    const field = [...last, ...around.querySelectorAll(`${FIELDS}, ${EDITABLE}`)].find((each) => linksIn(textOf(each)).length);
    if (field) void look(field, linksIn(textOf(field)));
  }

  /** @param {Element} field @param {string[]} links */
  async function look(field, links) {
    lastField = field;
    if (!links.length) return;
    notice ??= makeNotice();
    notice.lay(field.getBoundingClientRect()); // for each link, known or not
    if (links.includes(shownFor)) return;
    const turn = ++asked; // a click asks twice where it submits
    const known = await chrome.runtime.sendMessage({ kind: "pause", links }).catch(stop); // no extension any more
    if (known && turn === asked && !agreed.has(known.link)) show(field, known);
  }

  // ---------------------------------------------------------------- the notice

  function makeNotice() {
    const made = globalThis.gegencheckCard("status", true);
    made.onKey((event) => {
      if (event.key === "Escape") shareAnyway();
    });
    return made;
  }

  /** @param {Element} field @param {{link: string, state: string, language: string, words: Record<string, string>}} known */
  function show(field, { link, state, language, words }) {
    shownFor = link;
    const lines = [{ text: words.lead, part: /** @type {const} */ ("headline") }, { text: words.rating }, { text: words.link }];
    const buttons = [
      { name: "read", text: words.read, act: readFirst },
      { name: "share", text: words.share, act: shareAnyway },
    ];
    notice?.fill({ state, language, label: words.label, lines, buttons }, field.getBoundingClientRect());
  }

  function readFirst() {
    void chrome.runtime.sendMessage({ kind: "read", link: shownFor }).catch(stop);
    clear();
  }

  function shareAnyway() {
    agreed.add(shownFor);
    const stepsOut = globalThis.gegencheckCard.isCard(document.activeElement);
    clear();
    if (stepsOut && lastField instanceof HTMLElement) lastField.focus();
  }

  /** The words go, the room stays taken. */
  function clear() {
    notice?.empty();
    shownFor = "";
  }

  function hide() {
    asked += 1;
    clear();
    notice?.lift();
  }

  /** @param {Event} event */
  function press(event) {
    notice?.press(event);
  }

  /** A field that came filled, with the cursor in it, is looked at when the person first does something. @param {Event} event */
  function begin(event) {
    if (!isReal(event)) return;
    for (const name of FIRST) window.removeEventListener(name, begin, true);
    read(fieldAt(document.activeElement), 0);
  }

  const FIRST = ["keydown", "pointerup"];
  const { PRESSES } = globalThis.gegencheckCard;
  const LISTENERS = /** @type {[string, (event: any) => void][]} */ ([
    ["paste", putIn],
    ["drop", putIn],
    ["input", write],
    ["focusin", write],
    ["click", share],
    ["submit", share],
  ]);

  function stop() {
    asked += 1;
    notice?.close();
    notice = null;
    clearTimeout(typing);
    for (const [name, act] of LISTENERS) document.removeEventListener(name, act, true);
    for (const name of FIRST) window.removeEventListener(name, begin, true);
    for (const name of PRESSES) window.removeEventListener(name, press, true);
  }

  for (const [name, act] of LISTENERS) document.addEventListener(name, act, { capture: true, passive: true });
  for (const name of FIRST) window.addEventListener(name, begin, { capture: true, passive: true });
  for (const name of PRESSES) window.addEventListener(name, press, { capture: true, passive: name.startsWith("touch") });
  globalThis.gegencheckPause = { stop };
})();
