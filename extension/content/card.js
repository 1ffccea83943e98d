// The small card over a page: some lines, a link, some buttons. The page must learn nothing from it. So its tree is closed, and
// hangs on a plain element (a page may define elements with names of their own, and is let into them); its words are drawn by
// its style sheet, where the page's search does not find them; and it lies in the browser's top layer, which no style of the
// page moves or covers by number. A classic script, so that the browser can inject it: it leaves `gegencheckCard` behind.

(() => {
  const GAP = 8; // pixels between the card, what it is about and the window's edge
  const SETTLE_MS = 400; // a press so soon after the card came was meant for what lay there before
  const PRESSES = ["pointerdown", "mousedown", "touchstart", "pointerup", "mouseup", "touchend", "click", "auxclick", "dblclick"];

  // Colours as in look/tokens.css, written out: a page could redefine custom properties. `!important` in here wins over the page's.
  const LOOK = `
    :host { all: initial !important; }
    .layer:not(:popover-open) { display: none; }
    .layer:popover-open {
      all: initial; position: fixed; z-index: 2147483647; display: flex; flex-direction: column; box-sizing: border-box; direction: ltr;
      width: min(352px, calc(100vw - 16px)); max-height: 70vh; font: 16px/1.5 system-ui, sans-serif; overflow-wrap: anywhere; user-select: none;
    }
    .blind.layer:popover-open { height: 352px; pointer-events: none; }
    .blind p { display: -webkit-box; -webkit-box-orient: vertical; -webkit-line-clamp: 3; overflow: hidden; } /* it cannot be scrolled */
    .above { justify-content: flex-end; }
    section {
      box-sizing: border-box; min-height: 0; padding: 16px; overflow: auto; color: #1b2027; background: #ffffff;
      border: 1px solid #7b8592; border-inline-start: 4px solid #47515d; border-radius: 8px; box-shadow: 0 4px 20px rgb(0 0 0 / 0.2);
    }
    [data-text]::after { content: attr(data-text); }
    [data-text] { unicode-bidi: plaintext; text-align: start; }
    p { margin: 0 0 8px; }
    .headline { font-weight: 650; color: #47515d; }
    .actions { display: flex; flex-wrap: wrap; gap: 8px; margin: 8px 0 0; }
    a { display: inline-flex; align-items: center; min-height: 44px; color: #14557e; font-weight: 650; }
    button {
      min-height: 44px; margin: 0; padding: 0 12px; font: inherit; color: #14557e; background: none;
      border: 1px solid #14557e; border-radius: 8px; cursor: pointer;
    }
    button:focus-visible, a:focus-visible { outline: 3px solid #14557e; outline-offset: 2px; }
    .refuted section { border-inline-start-color: #9b2f25; } .refuted .headline { color: #9b2f25; }
    .conflicting_evidence section { border-inline-start-color: #7c5200; } .conflicting_evidence .headline { color: #7c5200; }
    .supported section { border-inline-start-color: #23663f; } .supported .headline { color: #23663f; }
    .mentions_refuted section { border-inline-start-color: #584a94; } .mentions_refuted .headline { color: #584a94; }
    .fact_check_found section { border-inline-start-color: #1d5c66; } .fact_check_found .headline { color: #1d5c66; }
    @media (prefers-color-scheme: dark) {
      section { color-scheme: dark; color: #e8ebef; background: #15181d; border-color: #7d8794; border-inline-start-color: #b5bec9; }
      .headline { color: #b5bec9; }
      a, button { color: #8cc4ea; border-color: #8cc4ea; }
      button:focus-visible, a:focus-visible { outline-color: #8cc4ea; }
      .refuted section { border-inline-start-color: #f0a79d; } .refuted .headline { color: #f0a79d; }
      .conflicting_evidence section { border-inline-start-color: #e6bd72; } .conflicting_evidence .headline { color: #e6bd72; }
      .supported section { border-inline-start-color: #93cfa9; } .supported .headline { color: #93cfa9; }
      .mentions_refuted section { border-inline-start-color: #beb2ee; } .mentions_refuted .headline { color: #beb2ee; }
      .fact_check_found section { border-inline-start-color: #8fc9d3; } .fact_check_found .headline { color: #8fc9d3; }
    }`;

  /** @typedef {{text: string, part?: "headline" | "rating"}} Line */
  /** @typedef {{state: string, language: string, label: string, lines: Line[], link?: {text: string, url: string} | null, buttons: {name: string, text: string, act: () => void}[]}} Content */

  /** @param {string} tag @param {string} look @param {string} text drawn by the style sheet, see above */
  function piece(tag, look, text) {
    const element = document.createElement(tag);
    element.className = look;
    element.dataset.text = text;
    if (tag !== "p") element.setAttribute("aria-label", text);
    return element;
  }

  /** @param {Content} content @param {(event: Event) => boolean} counts */
  function pieces({ lines, link, buttons }, counts) {
    const made = lines.filter(({ text }) => text).map(({ text, part }) => piece("p", part ?? "line", text));
    if (link) made.push(Object.assign(piece("a", "link", link.text), { href: link.url, target: "_blank", rel: "noopener noreferrer" }));
    const actions = document.createElement("div");
    actions.className = "actions";
    for (const { name, text, act } of buttons) {
      const button = piece("button", "button", text);
      button.setAttribute("type", "button");
      button.dataset.name = name;
      button.addEventListener("click", (event) => counts(event) && act());
      actions.append(button);
    }
    return [...made, actions];
  }

  /** @type {WeakSet<EventTarget>} */
  const hosts = new WeakSet();

  /**
   * A card, empty at first. A blind one takes up the same room whether it is filled or not, and the page's questions about what
   * lies at a point go through it; presses on it are handed over by `press`.
   * @param {"dialog" | "status"} role
   * @param {boolean} [blind]
   */
  function makeCard(role, blind = false) {
    const host = document.createElement("div");
    const root = host.attachShadow({ mode: "closed" });
    const style = document.createElement("style");
    style.textContent = LOOK;
    const layer = document.createElement("div");
    layer.className = "layer";
    layer.popover = "manual";
    layer.tabIndex = -1;
    layer.setAttribute("role", role);
    root.append(style, layer);
    hosts.add(host);
    /** @type {HTMLElement | null} */
    let box = null;
    /** @type {Content | null} */
    let shown = null;
    let place = "";
    let since = 0;

    const counts = (/** @type {Event} */ event) => event.isTrusted && event.timeStamp - since > SETTLE_MS;

    /** Beside something, below where there is room; it stays until `lift` or `close`. @param {DOMRect} near */
    function lay(near) {
      if (host.parentNode !== document.documentElement) document.documentElement.append(host); // the page may have moved it
      if (!layer.matches(":popover-open")) layer.showPopover(), (since = performance.now());
      const below = near.bottom + GAP + layer.offsetHeight < innerHeight || near.top < innerHeight / 2;
      const top = below ? near.bottom + GAP : near.top - layer.offsetHeight - GAP;
      layer.style.left = `${Math.max(GAP, Math.min(near.left, innerWidth - layer.offsetWidth - GAP))}px`;
      layer.style.top = `${Math.max(GAP, Math.min(top, innerHeight - layer.offsetHeight - GAP))}px`;
      layer.className = ["layer", blind && "blind", !below && "above", shown?.state].filter(Boolean).join(" ");
      if (place !== layer.style.cssText) (place = layer.style.cssText), (since = performance.now());
    }

    /** After it stands in the page, so that a status is read out. @param {Content} content @param {DOMRect} near */
    function fill(content, near) {
      shown = content;
      box = document.createElement("section");
      layer.lang = content.language;
      layer.setAttribute("aria-label", content.label);
      box.append(...pieces(content, counts));
      box.addEventListener("pointerleave", () => box?.style.removeProperty("pointer-events"));
      layer.replaceChildren(box);
      lay(near);
      since = performance.now();
    }

    function empty() {
      shown = box = null;
      layer.replaceChildren();
    }

    /**
     * Take a press that lies on the words of a blind card, so that neither page nor link below gets it.
     * @param {Event} event
     */
    function press(event) {
      const at = pointOf(event);
      if (!box || !event.isTrusted || !at || !covers(box, at) || isByKey(event)) return;
      // A frame below would swallow presses before they come here, so over one the card is like any other.
      if (event.type === "pointerover") return void (isFrame(event.target) && box.style.setProperty("pointer-events", "auto"));
      event.stopImmediatePropagation();
      if (event.type === "mousedown") event.preventDefault(); // who writes keeps the cursor
      if (event.type !== "click") return;
      event.preventDefault();
      const hit = [...box.querySelectorAll("button")].find((button) => covers(button, at));
      const button = counts(event) && shown?.buttons.find(({ name }) => name === hit?.dataset.name);
      if (button) button.act();
    }

    return {
      lay, fill, empty, press,
      focus: () => layer.focus(),
      onKey: (/** @type {(event: KeyboardEvent) => void} */ act) => layer.addEventListener("keydown", (event) => event.isTrusted && act(event)),
      lift: () => (empty(), layer.hidePopover()),
      close: () => host.remove(),
    };
  }

  /** @param {Element} element @param {{clientX: number, clientY: number}} at */
  function covers(element, { clientX, clientY }) {
    const { left, right, top, bottom } = element.getBoundingClientRect();
    return clientX >= left && clientX <= right && clientY >= top && clientY <= bottom;
  }

  /** @param {Event} event one of PRESSES */
  function pointOf(event) {
    return "changedTouches" in event ? /** @type {TouchEvent} */ (event).changedTouches[0] : /** @type {MouseEvent} */ (event);
  }

  /** A click by keyboard or by a screen reader reaches its button by itself. @param {Event} event */
  function isByKey(event) {
    return event.type === "click" && /** @type {MouseEvent} */ (event).detail === 0;
  }

  /** @param {EventTarget | null} target */
  function isFrame(target) {
    return target instanceof Element && ["iframe", "frame", "object", "embed"].includes(target.localName);
  }

  /** Of a card, be it one that its own button has just replaced. @param {EventTarget | null} target */
  const isCard = (target) => target !== null && hosts.has(target);

  globalThis.gegencheckCard = Object.assign(makeCard, { isCard, PRESSES: [...PRESSES, "pointerover"] });
})();
