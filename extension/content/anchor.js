// Finding a sentence again in a page: exactly, then around a gap, then by most of its words. Reads the page, changes nothing.
// A classic script, so that the browser can inject it: it leaves `gegencheckAnchor` behind.

(() => {
  const SKIPPED = new Set(["SCRIPT", "STYLE", "NOSCRIPT", "TEMPLATE", "TEXTAREA", "SELECT", "SVG", "svg", "GEGENCHECK-CARD"]);
  const MAX_GAP = 2000; // characters that an advertisement or a caption may put into a sentence
  const MIN_PART_WORDS = 3;
  const MIN_SHARED = 0.6; // share of a sentence's words that must be found again, near each other
  const MAX_OCCURRENCES = 60; // words that stand everywhere say nothing about where
  const SAME = { "\u2018": "'", "\u2019": "'", "\u201a": "'", "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u00ab": '"', "\u00bb": '"', "\u2013": "-", "\u2014": "-", "\u2011": "-" };
  const DROPPED = /[\u00ad\u200b-\u200f\u2060\ufeff]/;

  /** @typedef {{text: string, nodes: Text[], node: Uint32Array, offset: Uint32Array}} PageText */

  /**
   * The page's text with spaces collapsed and quotation marks made alike, each letter with its place.
   * @param {Node} root
   * @returns {PageText}
   */
  function readText(root) {
    const walker = document.createTreeWalker(root, NodeFilter.SHOW_ELEMENT | NodeFilter.SHOW_TEXT, (node) =>
      node.nodeType === Node.ELEMENT_NODE && SKIPPED.has(node.nodeName) ? NodeFilter.FILTER_REJECT : NodeFilter.FILTER_ACCEPT,
    );
    const letters = [], nodes = [], node = [], offset = [];
    let spaced = true;
    for (let next = walker.nextNode(); next; next = walker.nextNode()) {
      if (next.nodeType === Node.ELEMENT_NODE) {
        // Block elements part words even where no space stands between them.
        if (!spaced && !isInline(/** @type {Element} */ (next)) && nodes.length) {
          letters.push(" "), node.push(nodes.length - 1), offset.push(nodes[nodes.length - 1].data.length), (spaced = true);
        }
        continue;
      }
      const text = /** @type {Text} */ (next);
      nodes.push(text);
      for (let at = 0; at < text.data.length; at++) {
        const letter = text.data[at];
        if (DROPPED.test(letter)) continue;
        const space = /\s/.test(letter);
        if (space && spaced) continue;
        letters.push(space ? " " : (SAME[/** @type {keyof typeof SAME} */ (letter)] ?? letter));
        node.push(nodes.length - 1), offset.push(at);
        spaced = space;
      }
    }
    return { text: letters.join(""), nodes, node: Uint32Array.from(node), offset: Uint32Array.from(offset) };
  }

  const INLINE = new Set(["A", "ABBR", "B", "BDI", "BDO", "CITE", "CODE", "DATA", "DFN", "EM", "FONT", "I", "INS", "DEL", "KBD", "MARK", "Q", "S", "SMALL", "SPAN", "STRONG", "SUB", "SUP", "TIME", "U", "VAR", "WBR"]);

  /** @param {Element} element */
  function isInline(element) {
    return INLINE.has(element.nodeName);
  }

  /** @param {string} text */
  function plain(text) {
    return [...text].filter((letter) => !DROPPED.test(letter)).map((letter) => SAME[/** @type {keyof typeof SAME} */ (letter)] ?? letter).join("").replace(/\s+/g, " ").trim();
  }

  /** @param {PageText} page @param {number} start @param {number} end */
  function rangeOf(page, start, end) {
    const range = document.createRange();
    range.setStart(page.nodes[page.node[start]], page.offset[start]);
    range.setEnd(page.nodes[page.node[end - 1]], page.offset[end - 1] + 1);
    return range;
  }

  /** Words with their places. @param {string} text */
  function wordsOf(text) {
    return [...text.matchAll(/[\p{L}\p{N}]+/gu)].map((found) => ({ word: found[0].toLowerCase(), start: found.index, end: found.index + found[0].length }));
  }

  /**
   * Where sentences stand in the page: for each the ranges (two around a gap, none where it is not there) and by which try.
   * @param {string[]} sentences
   * @param {Node} root
   * @returns {{ranges: Range[], by: "exact" | "context" | "fuzzy" | "none"}[]}
   */
  function anchor(sentences, root) {
    const page = readText(root);
    const lower = page.text.toLowerCase();
    const find = (/** @type {string} */ part, /** @type {number} */ from) => {
      const folded = part.toLowerCase();
      return folded.length === part.length && lower.length === page.text.length ? lower.indexOf(folded, from) : page.text.indexOf(part, from);
    };
    /** @type {ReturnType<typeof wordsOf> | null} */
    let words = null;
    /** @type {Map<string, number[]> | null} */
    let places = null;
    const used = new Map();
    return sentences.map((sentence) => {
      const wanted = plain(sentence);
      if (!wanted) return { ranges: [], by: "none" };
      const exact = find(wanted, used.get(wanted) ?? 0);
      if (exact >= 0) {
        used.set(wanted, exact + wanted.length); // a sentence that stands twice is marked twice
        return { ranges: [rangeOf(page, exact, exact + wanted.length)], by: "exact" };
      }
      const parted = aroundGap(wanted, find);
      if (parted) return { ranges: parted.map(([start, end]) => rangeOf(page, start, end)), by: "context" };
      words ??= wordsOf(page.text);
      places ??= placesOf(words);
      const near = byWords(wanted, words, places);
      return near ? { ranges: [rangeOf(page, ...near)], by: "fuzzy" } : { ranges: [], by: "none" };
    });
  }

  /**
   * A sentence torn apart once: its beginning, then, not far behind, its end.
   * @param {string} wanted
   * @param {(part: string, from: number) => number} find
   * @returns {[number, number][] | null}
   */
  function aroundGap(wanted, find) {
    const words = wordsOf(wanted);
    if (words.length < 2 * MIN_PART_WORDS) return null;
    for (let cut = words.length - MIN_PART_WORDS; cut >= MIN_PART_WORDS; cut--) {
      const head = wanted.slice(0, words[cut - 1].end);
      const start = find(head, 0);
      if (start < 0) continue;
      const tail = wanted.slice(words[cut].start);
      const from = start + head.length;
      const end = find(tail, from);
      if (end >= 0 && end - from <= MAX_GAP) return [[start, from], [end, end + tail.length]];
      return null; // a longer beginning than this is not there, so a shorter one parts it elsewhere
    }
    return null;
  }

  /** @param {ReturnType<typeof wordsOf>} words */
  function placesOf(words) {
    /** @type {Map<string, number[]>} */
    const places = new Map();
    words.forEach(({ word }, place) => {
      const known = places.get(word);
      if (known) known.push(place);
      else places.set(word, [place]);
    });
    return places;
  }

  /**
   * The stretch of the page that shares most words with a sentence, in about its order.
   * @param {string} wanted
   * @param {ReturnType<typeof wordsOf>} words
   * @param {Map<string, number[]>} places
   * @returns {[number, number] | null}
   */
  function byWords(wanted, words, places) {
    const asked = wordsOf(wanted);
    if (asked.length < 2 * MIN_PART_WORDS) return null;
    /** @type {Map<number, number>} */
    const votes = new Map();
    asked.forEach(({ word }, place) => {
      const known = places.get(word) ?? [];
      if (known.length > MAX_OCCURRENCES) return;
      for (const found of known) {
        for (let shift = -2; shift <= 2; shift++) votes.set(found - place + shift, (votes.get(found - place + shift) ?? 0) + 1);
      }
    });
    let best = 0, count = 0;
    for (const [start, votes_] of votes) if (votes_ > count) (best = start), (count = votes_);
    const first = Math.max(0, best), last = Math.min(words.length, best + asked.length) - 1;
    if (last < first) return null;
    const near = new Set(words.slice(first, last + 1).map(({ word }) => word));
    const shared = asked.filter(({ word }) => near.has(word)).length / asked.length;
    return shared >= MIN_SHARED ? [words[first].start, words[last].end] : null;
  }

  globalThis.gegencheckAnchor = anchor;
})();
