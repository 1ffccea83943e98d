// Marks on the page: matched sentences by the CSS Custom Highlight API, which changes no element, and a card about each.
// A classic script, injected after anchor.js and card.js once a person asked for it; injected again it starts afresh.

(() => {
  /** @typedef {{text: string, before: string, after: string, state: string, headline: string, statement: string, rating: string, reason: string, link: string | null, read: string}} Mark */
  /** @typedef {{marks: Mark[], words: Record<string, string>, language: string}} Order */

  const STATES = ["refuted", "conflicting_evidence", "supported", "mentions_refuted", "fact_check_found", "not_enough_evidence"];
  const SETTLE_MS = 400; // a page that draws itself is given this long to finish
  const MAX_LOOKS = 20; // a page that never rests is not searched for ever
  const POINT_MS = 60;

  globalThis.gegencheckMarks?.clear();

  /** @type {Order} */
  let order = { marks: [], words: {}, language: "en" };
  /** @type {{mark: Mark, ranges: Range[], by: string}[]} */
  let found = [];
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
    for (const state of STATES) {
      const ranges = found.filter((each) => each.mark.state === state).flatMap((each) => each.ranges);
      if (ranges.length) CSS.highlights.set(`gegencheck-${state}`, new Highlight(...ranges));
      else CSS.highlights.delete(`gegencheck-${state}`);
    }
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
    for (const state of STATES) CSS.highlights.delete(`gegencheck-${state}`);
    found = [];
    hideCard();
    document.removeEventListener("pointermove", hover);
    document.removeEventListener("click", tap);
    document.removeEventListener("keydown", leave);
  }

  // ---------------------------------------------------------------- the card

  /** The pointer's place is looked up a few times a second at most, and where it came to rest. @param {PointerEvent} event */
  function hover(event) {
    if (!event.isTrusted) return;
    pointer = event;
    pointing ??= setTimeout(() => {
      pointing = undefined;
      if (!pointer || globalThis.gegencheckCard.isCard(pointer.target)) return;
      const number = markAt(pointer.clientX, pointer.clientY);
      if (number >= 0) showCard(number, false);
    }, POINT_MS);
  }

  /** @param {MouseEvent} event */
  function tap(event) {
    if (!event.isTrusted || globalThis.gegencheckCard.isCard(event.target)) return;
    const number = markAt(event.clientX, event.clientY);
    if (number >= 0) showCard(number, false);
    else hideCard();
  }

  /** @param {number} x @param {number} y */
  function markAt(x, y) {
    return found.findIndex((each) => each.ranges.some((range) => holds(range, x, y)));
  }

  /** @param {Range} range @param {number} x @param {number} y */
  function holds(range, x, y) {
    const box = range.getBoundingClientRect();
    if (x < box.left || x > box.right || y < box.top || y > box.bottom) return false;
    return [...range.getClientRects()].some((line) => x >= line.left && x <= line.right && y >= line.top && y <= line.bottom);
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
    card.fill(content, ranges[0].getBoundingClientRect());
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
    watcher.observe(document.body, { childList: true, subtree: true, characterData: true });
    document.addEventListener("pointermove", hover, { passive: true });
    document.addEventListener("click", tap);
    document.addEventListener("keydown", leave);
    return found.map((each) => each.by);
  }

  globalThis.gegencheckMarks = { mark, clear, step };
})();
