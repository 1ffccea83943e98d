// Every regular expression in the extension and in the page's script, from their syntax trees; texts made of what each one
// names itself; and how its time grows on them: a ratio of two times of one run, so that no machine is too slow.

import { readFileSync, readdirSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import vm from "node:vm";

import ts from "typescript";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../../../..");
const FOLDERS = ["extension", "service/web/static"];
const LETTERS = [..."a0 \n-.,A:ä'\"!_/<=&"];
const ENDINGS = ["", "!", "\0", "x"];
const MAX_RATIO = 3; // a doubled text may take this many times as long: linear work takes 2, quadratic work 4
const FIRST = 4096; // letters of a text that shows whether to look further
const NOTICEABLE_MS = 0.5;
const LONG_MS = 20; // what grows too fast up to here is not a small constant that ends
const CAP_MS = 3000; // after which a run is broken off: exponential work would never end

/** @returns {{place: string, source: string, flags: string}[]} */
export function findPatterns() {
  const files = FOLDERS.flatMap((folder) => readdirSync(join(ROOT, folder), { recursive: true }).map((name) => join(ROOT, folder, String(name))));
  return files.filter((file) => file.endsWith(".js")).flatMap((file) => patternsOf(relative(ROOT, file), readFileSync(file, "utf-8")));
}

/** Those of one file; one that is made of something known only at run time is an error. @param {string} file @param {string} code */
export function patternsOf(file, code) {
  const tree = ts.createSourceFile(file, code, ts.ScriptTarget.Latest, true, ts.ScriptKind.JS);
  /** @type {{place: string, source: string, flags: string}[]} */
  const found = [];
  const visit = (/** @type {ts.Node} */ node) => {
    const place = `${file}:${tree.getLineAndCharacterOfPosition(node.getStart()).line + 1}`;
    if (ts.isIdentifier(node) && node.text === "RegExp") throw new Error(`${place}: write the pattern out, so that it is tried here`);
    if (node.kind === ts.SyntaxKind.RegularExpressionLiteral) {
      const [, source, flags] = /** @type {RegExpMatchArray} */ (node.getText().match(/^\/(.*)\/([a-z]*)$/s));
      found.push({ place, source, flags });
    }
    ts.forEachChild(node, visit);
  };
  visit(tree);
  return found;
}

/** Texts by their size: what leads in, what is repeated, what makes a match fail late. @param {string} source */
export function* worstCases(source) {
  const plain = source.replace(/\\u([\da-f]{4})/gi, (_, code) => String.fromCharCode(parseInt(code, 16))).replace(/\\(.)/g, "$1");
  const words = [...new Set(plain.match(/[^()[\]{}|?*+^$\s]{2,20}/g) ?? [])].slice(0, 12);
  const own = [...new Set(plain)].filter((letter) => !/\w/.test(letter)).slice(0, 16);
  const parts = [...new Set([...LETTERS, ...own])];
  const pairs = parts.flatMap((one) => parts.map((other) => one + other));
  for (const pump of new Set([...parts, ...words, ...pairs, ...words.flatMap((word) => parts.flatMap((part) => [word + part, part + word]))])) {
    for (const before of ["", ...words.slice(0, 2)]) {
      for (const after of pump.length > 1 ? ["\0"] : ENDINGS) yield (/** @type {number} */ size) => before + pump.repeat(Math.max(1, Math.floor(size / pump.length))) + after;
    }
  }
}

/** The first text on which a pattern more than triples its time as the text doubles; null where there is none. @param {string} source @param {string} flags */
export function slowest(source, flags) {
  const builds = [...worstCases(source)];
  const { times } = run(source, flags, builds.map((build) => build(FIRST))); // those behind the one that was broken off have none
  for (const [place, build] of builds.entries()) {
    if (times[place] < NOTICEABLE_MS) continue;
    for (let size = FIRST, once = least(source, flags, build(size)); once >= NOTICEABLE_MS; size *= 2) {
      const twice = once === Infinity ? Infinity : least(source, flags, build(2 * size));
      if (twice <= MAX_RATIO * once && once < Infinity) break;
      if (twice >= LONG_MS) return { text: build(32), ratio: twice / once };
      once = twice;
    }
  }
  return null;
}

/** Milliseconds for a text, the least of three; Infinity where it was broken off. @param {string} source @param {string} flags @param {string} text */
function least(source, flags, text) {
  const { times, ended } = run(source, flags, [text, text, text]);
  return ended ? Math.min(...times) : Infinity;
}

/** How long a pattern takes to find all that it finds in each text, until CAP_MS are over. @param {string} source @param {string} flags @param {string[]} texts */
function run(source, flags, texts) {
  const times = /** @type {number[]} */ ([]);
  const measure = (/** @type {string} */ text, /** @type {() => void} */ find) => {
    const before = process.cpuUsage().user;
    find();
    times.push((process.cpuUsage().user - before) / 1000);
  };
  const pattern = new RegExp(source, flags.includes("g") ? flags : `${flags}g`);
  const code = "for (const text of texts) measure(text, () => { for (const found of text.matchAll(pattern)) found; })";
  try {
    vm.runInNewContext(code, { texts, measure, pattern }, { timeout: CAP_MS }); // nothing else breaks off a pattern
    return { times, ended: true };
  } catch {
    return { times, ended: false };
  }
}
