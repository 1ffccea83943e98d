// Marks on the page: matched sentences by the CSS Custom Highlight API, which changes no element, and a card about each.
// A classic script, injected after anchor.js and card.js once a person asked for it; injected again it starts afresh.

(() => {
  /** @typedef {{text: string, before: string, after: string, state: string, headline: string, statement: string, rating: string, reason: string, link: string | null, read: string}} Mark */
  /** @typedef {{marks: Mark[], words: Record<string, string>, language: string}} Order */

  const STATES = ["refuted", "conflicting_evidence", "supported", "mentions_refuted", "fact_check_found", "not_enough_evidence"];
  const SETTLE_MS = 400; // a page that draws itself is given this long to finish
  const MAX_LOOKS = 20; // a page that never rests is not searched for ever
  const POINT_MS = 60;
  const WATCHED = { childList: true, subtree: true, characterData: true };

  globalThis.gegencheckMarks?.clear();

  /** @type {Order} */
  let order = { marks: [], words: {}, language: "en" };
  /** @type {{mark: Mark, ranges: Range[], by: string}[]} */
  let found = [];
  /** @type {Set<typeof window>} */
  let views = new Set();
  let shown = -1;
  let looks = 0;
  let address = location.href;
  /** @type {ReturnType<typeof gegencheckCard> | null} */
  let card = null;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let settling;
  /** @type {PointerEvent | undefined} */
  let pointer;
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let pointing;

  // ---------------------------------------------------------------- marking

  function place() {
    settling = undefined;
    const anchored = globalThis.gegencheckAnchor(order.marks, document.body);
    found = anchored.map((each, number) => ({ mark: order.marks[number], ...each }));
    const ranges = found.flatMap((each) => each.ranges.map((range) => ({ range, state: each.mark.state, view: viewOf(range) })));
    enter(new Set(ranges.map(({ view }) => view)));
    for (const view of views) {
      for (const state of STATES) {
        const own = ranges.filter((each) => each.state === state && each.view === view).map(({ range }) => range);
        if (own.length) view.CSS.highlights.set(`gegencheck-${state}`, new view.Highlight(...own));
        else view.CSS.highlights.delete(`gegencheck-${state}`);
      }
    }
    for (const root of new Set(ranges.map(({ range }) => range.startContainer.getRootNode()))) {
      watcher.observe(root === document ? document.body : root, WATCHED); // it does not see into shadow roots and frames by itself
    }
  }

  /** The window that a range lies in: this one, or that of a frame of the same site. @param {Range} range @returns {typeof window} */
  function viewOf(range) {
    return /** @type {any} */ (range.startContainer.ownerDocument).defaultView ?? window;
  }

  /** Listen in the windows that hold marks. @param {Set<typeof window>} wanted */
  function enter(wanted) {
    for (const view of wanted) {
      if (views.has(view)) continue;
      views.add(view);
      view.document.addEventListener("pointermove", hover, { passive: true });
      view.document.addEventListener("click", tap);
      view.document.addEventListener("keydown", leave);
    }
  }

  function leaveAll() {
    for (const view of views) {
      try {
        for (const state of STATES) view.CSS.highlights.delete(`gegencheck-${state}`);
        view.document.removeEventListener("pointermove", hover);
        view.document.removeEventListener("click", tap);
        view.document.removeEventListener("keydown", leave);
      } catch {} // a frame that went to another site
    }
    views = new Set();
  }

  /** How far a window's own corner lies from this one's. @param {Window | null} view */
  function cornerOf(view) {
    let left = 0, top = 0;
    for (let each = view; each && each !== window; each = each.parent) {
      const frame = each.frameElement;
      if (!frame) break;
      const box = frame.getBoundingClientRect();
      (left += box.left + frame.clientLeft), (top += box.top + frame.clientTop);
    }
    return { left, top };
  }

  /** Where an event happened, as this window counts. @param {MouseEvent} event */
  function pointOf(event) {
    const { left, top } = cornerOf(event.view);
    return { x: event.clientX + left, y: event.clientY + top };
  }

  /** A box of a range, as this window counts. @param {Range} range @param {DOMRect} box */
  function placed(range, box) {
    const { left, top } = cornerOf(viewOf(range));
    return new DOMRect(box.left + left, box.top + top, box.width, box.height);
  }

  /** Pages that draw themselves anew take the marked text away, or bring it later: then it is looked for again. */
  const watcher = new MutationObserver((changes) => {
    if (address !== location.href) (address = location.href), (looks = 0); // a page of the same application
    if (settling !== undefined || looks >= MAX_LOOKS) return;
    const gone = found.some((each) => each.ranges.some((range) => !range.startContainer.isConnected || range.collapsed));
    const missing = found.some((each) => !each.ranges.length) && changes.some((change) => change.addedNodes.length);
    if (!gone && !missing) return;
    if (!gone) looks += 1;
    settling = setTimeout(place, SETTLE_MS);
  });

  function clear() {
    watcher.disconnect();
    clearTimeout(settling);
    clearTimeout(pointing);
    settling = pointing = undefined;
    found = [];
    hideCard();
    leaveAll();
  }

  // ---------------------------------------------------------------- the card

  /** The pointer's place is looked up a few times a second at most, and where it came to rest. @param {PointerEvent} event */
  function hover(event) {
    if (!event.isTrusted) return;
    pointer = event;
    pointing ??= setTimeout(() => {
      pointing = undefined;
      if (!pointer || globalThis.gegencheckCard.isCard(pointer.target)) return;
      const { x, y } = pointOf(pointer);
      const number = markAt(x, y);
      if (number >= 0) showCard(number, false);
    }, POINT_MS);
  }

  /** @param {MouseEvent} event */
  function tap(event) {
    if (!event.isTrusted || globalThis.gegencheckCard.isCard(event.target)) return;
    const { x, y } = pointOf(event);
    const number = markAt(x, y);
    if (number >= 0) showCard(number, false);
    else hideCard();
  }

  /** @param {number} x @param {number} y */
  function markAt(x, y) {
    return found.findIndex((each) => each.ranges.some((range) => holds(range, x, y)));
  }

  /** @param {Range} range @param {number} x @param {number} y */
  function holds(range, x, y) {
    const box = placed(range, range.getBoundingClientRect());
    if (x < box.left || x > box.right || y < box.top || y > box.bottom) return false;
    return [...range.getClientRects()].map((line) => placed(range, line)).some((line) => x >= line.left && x <= line.right && y >= line.top && y <= line.bottom);
  }

  /** @param {KeyboardEvent} event */
  function leave(event) {
    if (event.isTrusted && event.key === "Escape") hideCard();
  }

  function hideCard() {
    card?.close();
    card = null;
    shown = -1;
  }

  /** @param {number} number @param {boolean} focus */
  function showCard(number, focus) {
    if (number === shown && !focus) return;
    hideCard();
    const { mark, ranges } = found[number];
    const { words } = order;
    const several = found.filter((each) => each.ranges.length).length > 1;
    const buttons = [
      ...(several ? [{ name: "previous", text: words.previous, act: () => step(-1) }, { name: "next", text: words.next, act: () => step(1) }] : []),
      { name: "close", text: words.close, act: hideCard },
    ];
    const lines = [
      { text: mark.headline, part: /** @type {const} */ ("headline") },
      { text: `${words.verified} ${mark.statement}` },
      { text: mark.rating, part: /** @type {const} */ ("rating") },
      { text: mark.reason },
    ];
    const link = mark.link ? { text: mark.read, url: mark.link } : null;
    const content = { state: mark.state, language: order.language, label: words.card, lines, link, buttons };
    card = globalThis.gegencheckCard("dialog");
    card.fill(content, placed(ranges[0], ranges[0].getBoundingClientRect()));
    shown = number;
    if (focus) card.focus();
  }

  /** To the next or the one before, over those that were found. @param {number} by */
  function step(by) {
    const there = found.map((each, number) => (each.ranges.length ? number : -1)).filter((number) => number >= 0);
    if (!there.length) return;
    const at = there.indexOf(shown);
    const next = at < 0 ? there[by > 0 ? 0 : there.length - 1] : there[(at + by + there.length) % there.length];
    const target = found[next].ranges[0].startContainer.parentElement;
    target?.scrollIntoView({ block: "center", behavior: "instant" });
    showCard(next, true);
  }

  // ---------------------------------------------------------------- orders from the popup

  /** @param {Order} wanted */
  function mark(wanted) {
    clear();
    order = wanted;
    looks = 0;
    place();
    watcher.observe(document.body, WATCHED);
    enter(new Set([window]));
    return found.map((each) => each.by);
  }

  globalThis.gegencheckMarks = { mark, clear, step };
})();
