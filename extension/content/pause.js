// Pause before resharing: on sites where a person asked for it, looks at links in text fields and asks the extension whether
// the list on this device knows them. Stops nothing, records nothing, sends nothing. A classic script, after card.js.

(() => {
  const LINK = /https?:\/\/[^\s<>"'\u201c\u201d\u201e\u00ab\u00bb()[\]{}]+/gi;
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
  /** @type {ReturnType<typeof gegencheckCard> | null} */
  let notice = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let typing;

  // ---------------------------------------------------------------- links in fields

  /** @param {string} text */
  function linksIn(text) {
    const found = (text.match(LINK) ?? []).map((link) => link.replace(/[.,;:!?…]+$/, ""));
    return [...new Set(found)].filter((link) => !agreed.has(link)).slice(0, MAX_LINKS);
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

  /** @param {ClipboardEvent | DragEvent} event */
  function putIn(event) {
    const field = fieldAt(event.composedPath()[0]);
    const data = "clipboardData" in event ? event.clipboardData : event.dataTransfer;
    if (field) void look(field, linksIn(textOfTransfer(data)));
  }

  /** @param {Event} event */
  function write(event) {
    read(fieldAt(event.composedPath()[0]), event.type === "focusin" ? 0 : TYPING_MS);
  }

  /** @param {Element | null} field @param {number} delay */
  function read(field, delay) {
    if (!field) return;
    clearTimeout(typing);
    typing = setTimeout(() => {
      const links = linksIn(textOf(field));
      if (field === lastField && !links.includes(shownFor)) hide(); // the link was taken out again
      void look(field, links);
    }, delay);
  }

  /** Sharing is never held up: what the list knows is said beside it. @param {Event} event */
  function share(event) {
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
    if (!links.length || links.includes(shownFor)) return;
    const known = await chrome.runtime.sendMessage({ kind: "pause", links }).catch(stop); // no extension any more
    if (known && known.link !== shownFor && !agreed.has(known.link)) show(field, known); // a click asks twice where it submits
  }

  // ---------------------------------------------------------------- the notice

  /** @param {Element} field @param {{link: string, state: string, language: string, words: Record<string, string>}} known */
  function show(field, { link, state, language, words }) {
    hide();
    shownFor = link;
    const readFirst = () => {
      hide();
      void chrome.runtime.sendMessage({ kind: "read", link }).catch(stop);
    };
    const shareAnyway = () => {
      agreed.add(link);
      hide();
      if (field instanceof HTMLElement) field.focus();
    };
    const lines = [{ text: words.lead, part: /** @type {const} */ ("headline") }, { text: words.rating }, { text: words.link }];
    const buttons = [
      { name: "read", text: words.read, act: readFirst },
      { name: "share", text: words.share, act: shareAnyway },
    ];
    const content = { state, language, label: words.label, role: /** @type {const} */ ("status"), lines, buttons };
    notice = globalThis.gegencheckCard(content, field.getBoundingClientRect());
    notice.element.addEventListener("keydown", (event) => {
      if (event.key === "Escape") shareAnyway();
    });
  }

  function hide() {
    notice?.close();
    notice = null;
    shownFor = "";
  }

  const LISTENERS = /** @type {[string, (event: any) => void][]} */ ([
    ["paste", putIn],
    ["drop", putIn],
    ["input", write],
    ["focusin", write],
    ["click", share],
    ["submit", share],
  ]);

  function stop() {
    hide();
    clearTimeout(typing);
    for (const [name, act] of LISTENERS) document.removeEventListener(name, act, true);
  }

  for (const [name, act] of LISTENERS) document.addEventListener(name, act, { capture: true, passive: true });
  globalThis.gegencheckPause = { stop };
  read(fieldAt(document.activeElement), 0); // sites put the cursor there before this begins
})();
