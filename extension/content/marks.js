// Marks on the page: matched sentences by the CSS Custom Highlight API, which changes no element, and a small card about each.
// A classic script, injected after anchor.js once a person asked for it; injected again it only takes the new marks.

(() => {
  /** @typedef {{text: string, state: string, headline: string, statement: string, rating: string, link: string | null, mode: string}} Mark */
  /** @typedef {{marks: Mark[], words: Record<string, string>, language: string}} Order */

  const STATES = ["refuted", "conflicting_evidence", "supported", "mentions_refuted", "not_enough_evidence"];
  const SETTLE_MS = 400;

  /** @type {Order} */
  let order = { marks: [], words: {}, language: "en" };
  /** @type {{mark: Mark, ranges: Range[], by: string}[]} */
  let found = [];
  let shown = -1;
  /** @type {HTMLElement | null} */
  let card = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let settling;

  // ---------------------------------------------------------------- marking

  function place() {
    const anchored = globalThis.gegencheckAnchor(order.marks.map((mark) => mark.text), document.body);
    found = anchored.map((each, number) => ({ mark: order.marks[number], ...each }));
    for (const state of STATES) {
      const ranges = found.filter((each) => each.mark.state === state).flatMap((each) => each.ranges);
      if (ranges.length) CSS.highlights.set(`gegencheck-${state}`, new Highlight(...ranges));
      else CSS.highlights.delete(`gegencheck-${state}`);
    }
  }

  /** Pages that draw themselves anew take the marked text away: then it is looked for again. */
  const watcher = new MutationObserver(() => {
    const gone = found.some((each) => each.ranges.some((range) => !range.startContainer.isConnected || range.collapsed));
    const missing = found.some((each) => !each.ranges.length);
    if (!gone && !missing) return;
    clearTimeout(settling);
    settling = setTimeout(place, SETTLE_MS);
  });

  function clear() {
    watcher.disconnect();
    clearTimeout(settling);
    for (const state of STATES) CSS.highlights.delete(`gegencheck-${state}`);
    found = [];
    hideCard();
    document.removeEventListener("pointermove", point);
    document.removeEventListener("click", point);
    document.removeEventListener("keydown", leave);
  }

  // ---------------------------------------------------------------- the card

  let tracked = 0;

  /** @param {PointerEvent | MouseEvent} event */
  function point(event) {
    const now = performance.now();
    if (event.type === "pointermove" && now - tracked < 60) return;
    tracked = now;
    if (card?.contains(/** @type {Node} */ (event.target))) return;
    const at = found.findIndex((each) => each.ranges.some((range) => holds(range, event.clientX, event.clientY)));
    if (at >= 0) showCard(at, false);
    else if (event.type === "click") hideCard();
  }

  /** @param {Range} range @param {number} x @param {number} y */
  function holds(range, x, y) {
    const box = range.getBoundingClientRect();
    if (x < box.left || x > box.right || y < box.top || y > box.bottom) return false;
    return [...range.getClientRects()].some((line) => x >= line.left && x <= line.right && y >= line.top && y <= line.bottom);
  }

  /** @param {KeyboardEvent} event */
  function leave(event) {
    if (event.key === "Escape") hideCard();
  }

  function hideCard() {
    card?.remove();
    card = null;
    shown = -1;
  }

  /** @param {string} tag @param {string} text @param {string} [part] */
  function line(tag, text, part) {
    const element = document.createElement(tag);
    element.textContent = text;
    element.dir = "auto";
    if (part) element.className = part;
    return element;
  }

  /** @param {number} number @param {boolean} focus */
  function showCard(number, focus) {
    if (number === shown && !focus) return;
    hideCard();
    const { mark, ranges } = found[number];
    shown = number;
    card = document.createElement("gegencheck-card");
    const root = card.attachShadow({ mode: "open" });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(CARD_LOOK);
    root.adoptedStyleSheets = [sheet];
    const box = document.createElement("section");
    box.lang = order.language;
    box.className = mark.state;
    box.tabIndex = -1;
    box.setAttribute("role", "dialog");
    box.setAttribute("aria-label", order.words.card);
    box.append(line("p", mark.headline, "headline"), line("p", `${order.words.verified} ${mark.statement}`), line("p", mark.rating, "rating"));
    if (mark.link) {
      const link = /** @type {HTMLAnchorElement} */ (line("a", order.words.read));
      Object.assign(link, { href: mark.link, target: "_blank", rel: "noopener noreferrer" });
      box.append(link);
    }
    const buttons = document.createElement("p");
    const move = (/** @type {number} */ by) => step(by);
    for (const [word, act] of /** @type {[string, () => void][]} */ ([["previous", () => move(-1)], ["next", () => move(1)], ["close", hideCard]])) {
      const button = line("button", order.words[word]);
      button.setAttribute("type", "button");
      button.addEventListener("click", act);
      if (word !== "close" && found.filter((each) => each.ranges.length).length < 2) continue;
      buttons.append(button);
    }
    box.append(buttons);
    root.append(box);
    document.documentElement.append(card);
    const at = ranges[0].getBoundingClientRect();
    const below = at.bottom + 8 + box.offsetHeight < innerHeight || at.top < innerHeight / 2;
    box.style.insetInlineStart = "auto";
    box.style.left = `${Math.max(8, Math.min(at.left, innerWidth - box.offsetWidth - 8))}px`;
    box.style.top = `${Math.max(8, Math.min(below ? at.bottom + 8 : at.top - box.offsetHeight - 8, innerHeight - box.offsetHeight - 8))}px`;
    if (focus) box.focus();
  }

  /** To the next or the one before, over those that were found. @param {number} by */
  function step(by) {
    const there = found.map((each, number) => (each.ranges.length ? number : -1)).filter((number) => number >= 0);
    if (!there.length) return;
    const at = there.indexOf(shown);
    const next = there[(at + by + there.length) % there.length];
    const target = found[next].ranges[0].startContainer.parentElement;
    const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
    target?.scrollIntoView({ block: "center", behavior: calm ? "instant" : "smooth" });
    setTimeout(() => showCard(next, true), calm ? 0 : 350);
  }

  const CARD_LOOK = `
    :host { all: initial; }
    section { position: fixed; z-index: 2147483647; box-sizing: border-box; width: min(22rem, calc(100vw - 16px)); max-height: 70vh; overflow: auto;
      padding: 16px; font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; color: #1b2027; background: #fff; border: 1px solid #7b8592;
      border-inline-start: 4px solid var(--state); border-radius: 8px; box-shadow: 0 4px 20px rgb(0 0 0 / .2); --state: #47515d; }
    section:focus { outline: none; }
    p { margin: 0 0 8px; }
    .headline { font-weight: 650; color: var(--state); }
    .refuted { --state: #9b2f25; } .conflicting_evidence { --state: #7c5200; } .supported { --state: #23663f; } .mentions_refuted { --state: #584a94; }
    a { color: #14557e; font-weight: 650; display: inline-flex; min-height: 44px; align-items: center; }
    button { font: inherit; min-height: 44px; padding: 0 12px; margin-inline-end: 8px; color: #14557e; background: none; border: 1px solid #14557e; border-radius: 8px; cursor: pointer; }
    :focus-visible { outline: 3px solid #14557e; outline-offset: 2px; }
    @media (prefers-color-scheme: dark) {
      section { color: #e8ebef; background: #15181d; border-color: #7d8794; --state: #b5bec9; }
      .refuted { --state: #f0a79d; } .conflicting_evidence { --state: #e6bd72; } .supported { --state: #93cfa9; } .mentions_refuted { --state: #beb2ee; }
      a, button { color: #8cc4ea; border-color: #8cc4ea; } :focus-visible { outline-color: #8cc4ea; }
    }`;

  // ---------------------------------------------------------------- orders from the popup

  /** @param {Order} wanted */
  function mark(wanted) {
    clear();
    order = wanted;
    place();
    watcher.observe(document.body, { childList: true, subtree: true, characterData: true });
    document.addEventListener("pointermove", point, { passive: true });
    document.addEventListener("click", point);
    document.addEventListener("keydown", leave);
    return found.map((each) => each.by);
  }

  globalThis.gegencheckMarks = { mark, clear, step };
})();
