// Finding a sentence again in a page: exactly, then by what stands around it, then by most of its words. Reads the page, changes
// nothing. A classic script, so that the browser can inject it: it leaves `gegencheckAnchor` behind.

(() => {
  const SKIPPED = new Set(["SCRIPT", "STYLE", "NOSCRIPT", "TEMPLATE", "TEXTAREA", "SELECT", "SVG", "svg"]);
  const FRAMES = new Set(["iframe", "frame"]);
  const INLINE = new Set(["A", "ABBR", "B", "BDI", "BDO", "CITE", "CODE", "DATA", "DFN", "EM", "FONT", "I", "INS", "DEL", "KBD", "MARK", "Q", "S", "SMALL", "SPAN", "STRONG", "SUB", "SUP", "TIME", "U", "VAR", "WBR"]);
  const MAX_GAP = 2000; // characters that an advertisement or a caption may put into a sentence
  const MIN_PART_WORDS = 3;
  const MIN_SHARED = 0.6; // share of a sentence's words that must be found again, near each other
  const MAX_OCCURRENCES = 60; // words that stand everywhere say nothing about where
  const MAX_TWINS = 50; // places of one sentence that are compared
  const SAME = { "\u2018": "'", "\u2019": "'", "\u201a": "'", "\u201c": '"', "\u201d": '"', "\u201e": '"', "\u00ab": '"', "\u00bb": '"', "\u2013": "-", "\u2014": "-", "\u2011": "-" };
  const ALIKE = /[\u2018\u2019\u201a\u201c\u201d\u201e\u00ab\u00bb\u2013\u2014\u2011]/g;
  const DROPPED = /[\u00ad\u200b-\u200f\u2060\ufeff]/g;

  /** @typedef {{text: string, before?: string, after?: string}} Wanted a sentence, and what stands around it in the article */
  /** @typedef {{text: string, nodes: Text[], starts: number[], leads: boolean[]}} PageText */
  /** @typedef {{ranges: Range[], by: "exact" | "context" | "fuzzy" | "none"}} Anchored */

  // ---------------------------------------------------------------- the page's text

  /** Quotation marks and dashes alike, spaces collapsed, invisible letters gone. @param {string} text */
  function plain(text) {
    return text.replace(DROPPED, "").replace(/\s+/g, " ").replace(ALIKE, (letter) => SAME[/** @type {keyof typeof SAME} */ (letter)]);
  }

  /**
   * What an element shows in its place: its shadow root's content, what is assigned to a slot, the page in a frame of the same
   * site; else its children. @param {Node} node
   * @returns {ArrayLike<Node>}
   */
  function seenIn(node) {
    if (node.nodeType !== Node.ELEMENT_NODE) return node.childNodes;
    const element = /** @type {Element} */ (node);
    if (element.shadowRoot) return element.shadowRoot.childNodes;
    if (element.localName === "slot") {
      const assigned = /** @type {HTMLSlotElement} */ (element).assignedNodes();
      return assigned.length ? assigned : element.childNodes;
    }
    if (!FRAMES.has(element.localName)) return element.childNodes;
    try {
      return /** @type {HTMLIFrameElement} */ (element).contentDocument?.body?.childNodes ?? [];
    } catch {
      return []; // of another site
    }
  }

  /** Elements and texts in the order in which they are seen. @param {Node} root @returns {Generator<Node>} */
  function* seen(root) {
    const open = [{ nodes: seenIn(root), at: 0 }]; // a list, since pages may be nested deeper than calls can be
    for (let last = open.at(-1); last; last = open.at(-1)) {
      const node = last.nodes[last.at++];
      if (!node) {
        open.pop();
        continue;
      }
      const isElement = node.nodeType === Node.ELEMENT_NODE;
      if ((!isElement && node.nodeType !== Node.TEXT_NODE) || SKIPPED.has(node.nodeName)) continue;
      yield node;
      if (isElement) open.push({ nodes: seenIn(node), at: 0 });
    }
  }

  /**
   * The page's text in plain letters; for each text node where it starts, and whether its leading space is kept.
   * @param {Node} root
   * @returns {PageText}
   */
  function readText(root) {
    const nodes = [], starts = [], leads = [], parts = [];
    let length = 0;
    let spaced = true;
    for (const next of seen(root)) {
      if (next.nodeType === Node.ELEMENT_NODE) {
        // Block elements part words even where no space stands between them.
        if (!spaced && !INLINE.has(next.nodeName)) parts.push(" "), (length += 1), (spaced = true);
        continue;
      }
      const text = /** @type {Text} */ (next);
      const letters = plain(text.data);
      /** @type {string} */
      const part = spaced && letters.startsWith(" ") ? letters.slice(1) : letters;
      if (!part) continue;
      nodes.push(text), starts.push(length), leads.push(part === letters), parts.push(part);
      length += part.length;
      spaced = part.endsWith(" ");
    }
    return { text: parts.join(""), nodes, starts, leads };
  }

  /**
   * The text node and the offset in it of a letter of the plain text.
   * @param {PageText} page
   * @param {number} at
   * @returns {[Text, number]}
   */
  function placeOf(page, at) {
    let low = 0, high = page.starts.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (page.starts[middle] <= at) low = middle;
      else high = middle - 1;
    }
    const { data } = page.nodes[low];
    let left = at - page.starts[low];
    let spaced = !page.leads[low];
    for (let offset = 0; offset < data.length; offset++) {
      const letter = data[offset];
      if (letter.search(DROPPED) === 0) continue;
      const space = /\s/.test(letter);
      if (space && spaced) continue;
      if (left-- === 0) return [page.nodes[low], offset];
      spaced = space;
    }
    return [page.nodes[low], data.length]; // a space between blocks, which stands in no node
  }

  /** A stretch of the page, as one range in each tree that it lies in: no range crosses into a shadow root or a frame. @param {PageText} page @param {number} start @param {number} end @returns {Range[]} */
  function rangesOf(page, start, end) {
    const [first, from] = placeOf(page, start);
    const [last, to] = placeOf(page, end - 1);
    if (first.getRootNode() === last.getRootNode()) return [rangeBetween(first, from, last, to + 1)];
    const nodes = page.nodes.slice(page.nodes.indexOf(first), page.nodes.indexOf(last) + 1);
    return nodes.filter(({ data }) => data.trim()).map((node) => rangeBetween(node, node === first ? from : 0, node, node === last ? to + 1 : node.data.length));
  }

  /** @param {Text} first @param {number} from @param {Text} last @param {number} to */
  function rangeBetween(first, from, last, to) {
    const range = first.ownerDocument.createRange();
    range.setStart(first, from);
    range.setEnd(last, Math.min(to, last.data.length));
    return range;
  }

  /** Words with their places. @param {string} text */
  function wordsOf(text) {
    return [...text.matchAll(/[\p{L}\p{N}]+/gu)].map((found) => ({ word: found[0].toLowerCase(), start: found.index, end: found.index + found[0].length }));
  }

  // ---------------------------------------------------------------- three tries

  /**
   * Where sentences stand in the page: for each the ranges (two around a gap, none where it is not there) and by which try.
   * @param {Wanted[]} sentences
   * @param {Node} root
   * @returns {Anchored[]}
   */
  function anchor(sentences, root) {
    const page = readText(root);
    const lower = page.text.toLowerCase();
    const folds = lower.length === page.text.length; // a few capitals become two letters
    const find = (/** @type {string} */ part, /** @type {number} */ from) =>
      folds ? lower.indexOf(part.toLowerCase(), from) : page.text.indexOf(part, from);
    /** @type {ReturnType<typeof indexWords> | null} */
    let index = null;
    /** @type {Set<number>} */
    const taken = new Set();
    return sentences.map(({ text, before = "", after = "" }) => {
      const wanted = plain(text).trim();
      if (!wanted) return { ranges: [], by: "none" };
      const exact = bestTwin(page.text, wanted, plain(before).trim(), plain(after).trim(), find, taken);
      if (exact >= 0) {
        taken.add(exact);
        return { ranges: rangesOf(page, exact, exact + wanted.length), by: "exact" };
      }
      const parted = aroundGap(wanted, find);
      if (parted) return { ranges: parted.flatMap(([start, end]) => rangesOf(page, start, end)), by: "context" };
      index ??= indexWords(page.text);
      const near = byWords(wanted, index);
      return near ? { ranges: rangesOf(page, ...near), by: "fuzzy" } : { ranges: [], by: "none" };
    });
  }

  /**
   * Of the places where a sentence stands, the one whose surroundings agree most; among equals the first not taken yet.
   * @param {string} text
   * @param {string} wanted
   * @param {string} before
   * @param {string} after
   * @param {(part: string, from: number) => number} find
   * @param {Set<number>} taken
   */
  function bestTwin(text, wanted, before, after, find, taken) {
    let best = -1, most = -1;
    for (let at = find(wanted, 0), twins = 0; at >= 0 && twins < MAX_TWINS; at = find(wanted, at + wanted.length), twins++) {
      if (taken.has(at)) continue;
      const agree = agreement(text, at, wanted.length, before, after);
      if (agree > most) (best = at), (most = agree);
    }
    return best >= 0 ? best : find(wanted, 0);
  }

  /** How many letters before and after a place are as they should be. @param {string} text @param {number} at @param {number} length @param {string} before @param {string} after */
  function agreement(text, at, length, before, after) {
    const ahead = text.slice(Math.max(0, at - before.length - 2), at).trimEnd();
    const behind = text.slice(at + length, at + length + after.length + 2).trimStart();
    let letters = 0;
    while (letters < Math.min(before.length, ahead.length) && before.at(-1 - letters) === ahead.at(-1 - letters)) letters++;
    for (let next = 0; next < Math.min(after.length, behind.length) && after[next] === behind[next]; next++) letters++;
    return letters;
  }

  /**
   * A sentence torn apart once: its beginning, then, not far behind, its end.
   * @param {string} wanted
   * @param {(part: string, from: number) => number} find
   * @returns {[number, number][] | null}
   */
  function aroundGap(wanted, find) {
    const words = wordsOf(wanted);
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

  /** The page's words, and where each of them stands. @param {string} text */
  function indexWords(text) {
    const words = wordsOf(text);
    /** @type {Map<string, number[]>} */
    const places = new Map();
    words.forEach(({ word }, place) => {
      const known = places.get(word);
      if (known) known.push(place);
      else places.set(word, [place]);
    });
    return { words, places };
  }

  /**
   * The stretch of the page that shares most words with a sentence, in about its order.
   * @param {string} wanted
   * @param {ReturnType<typeof indexWords>} index
   * @returns {[number, number] | null}
   */
  function byWords(wanted, { words, places }) {
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
    for (const [start, number] of votes) if (number > count) (best = start), (count = number);
    const first = Math.max(0, best), last = Math.min(words.length, best + asked.length) - 1;
    if (last < first) return null;
    const near = new Set(words.slice(first, last + 1).map(({ word }) => word));
    const shared = asked.filter(({ word }) => near.has(word)).length / asked.length;
    return shared >= MIN_SHARED ? [words[first].start, words[last].end] : null;
  }

  globalThis.gegencheckAnchor = anchor;
})();
