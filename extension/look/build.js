// Building elements without markup: what pages and publishers wrote only ever becomes text.

const SVG = "http://www.w3.org/2000/svg";

/** The icons of the states, as on the web page. */
const DRAWINGS = {
  refuted: ["M10 17V8.5a2 2 0 0 1 4 0V15M14 14V6a2 2 0 0 1 4 0v8M18 14V7.5a2 2 0 0 1 4 0V17M22 14.5v-3a2 2 0 0 1 4 0V19a9 9 0 0 1-9 9c-4 0-6-1.500-8-4.500L5.400 19a2 2 0 0 1 3.100-2.500L10 18"],
  conflicting_evidence: ["M5 11h20m-5-5 5 5-5 5M27 21H7m5-5-5 5 5 5"],
  supported: ["m6 17 7 7L26 9"],
  mentions_refuted: ["M13 9c-4 1-6 4-6 8v6h6v-6H9M25 9c-4 1-6 4-6 8v6h6v-6h-4"],
  fact_check_found: ["M16 9c-3-2.500-7-3-12-2v18c5-1 9-.5 12 2 3-2.500 7-3 12-2V7c-5-1-9-.5-12 2zM16 9v18"],
  not_enough_evidence: ["circle 16 16 10"],
  nothing_to_check: ["M7 16h18"],
  could_not_read: ["M13.200 18.900 9 23a4.200 4.200 0 0 1-6-6l4.200-4.200a4.200 4.200 0 0 1 4.700-.7M18.900 13.200 23 9a4.200 4.200 0 0 1 6 6l-4.200 4.200a4.200 4.200 0 0 1-4.700.7M12.300 5.700l1.400 3.800M5.700 12.300l3.800 1.400M19.800 26.300l-1.400-3.800M26.300 19.800l-3.800-1.400"],
  failed: ["M16 7v12M16 24.500v.1", "circle 16 16 13"],
  clock: ["circle 16 16 11", "M16 9v7l5 3"],
};

/**
 * An element with properties and children; strings become text nodes.
 * @param {string} tag
 * @param {Record<string, any>} [attributes]
 * @param {...(Node | string | null | undefined | false)} children
 */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else element.setAttribute(name, value === true ? "" : String(value));
  }
  element.append(.../** @type {(Node | string)[]} */ (children.filter((child) => child || child === "")));
  return element;
}

/** The icon of a state; always beside words, so hidden from screen readers. @param {string} state */
export function icon(state) {
  const svg = document.createElementNS(SVG, "svg");
  const looks = { class: "icon", viewBox: "0 0 32 32", "aria-hidden": "true", focusable: "false", fill: "none", stroke: "currentColor", "stroke-width": "2", "stroke-linecap": "round", "stroke-linejoin": "round" };
  for (const [name, value] of Object.entries(looks)) svg.setAttribute(name, value);
  for (const drawing of DRAWINGS[/** @type {keyof typeof DRAWINGS} */ (state)] ?? DRAWINGS.clock) {
    const [kind, ...numbers] = drawing.split(" ");
    const shape = document.createElementNS(SVG, kind === "circle" ? "circle" : "path");
    if (kind === "circle") ["cx", "cy", "r"].forEach((name, place) => shape.setAttribute(name, numbers[place]));
    else shape.setAttribute("d", drawing);
    svg.append(shape);
  }
  return svg;
}
