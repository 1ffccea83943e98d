// A page that wants to know what the extension knows of a link. It does whatever a script may do, writes down everything it sees,
// and hands it over as sorted lines, so that two links can be compared. It runs by itself: what tests evaluate counts as a gesture.

(() => {
  const LINK = decodeURIComponent(location.search.slice(6)); // ?link=…
  const FAKE = "gegencheck-card";
  const WORDS = ["rated", "Gegencheck", "Read first", "Share anyway", "list on this device", "Example Checks", "False", "statements"];
  const EVENTS = `abort auxclick animationstart beforeinput blur change click contextmenu copy dblclick drop error focus focusin focusout
    gotpointercapture input keydown keyup message mousedown mouseenter mouseleave mouseout mouseover mouseup paste pointercancel pointerdown
    pointerenter pointerleave pointermove pointerout pointerover pointerup reset scroll scrollend securitypolicyviolation select selectstart submit
    toggle beforetoggle touchend touchstart transitionrun visibilitychange`.split(/\s+/);
  const seen = new Set();
  const note = (...words) => seen.add(words.join(" ").replaceAll(LINK, "LINK"));
  const nameOf = (node) => (node instanceof Element ? node.localName + (node.id && `#${node.id}`) : (node?.nodeName ?? node?.constructor.name ?? "nothing"));

  // What the extension might call in this world, and elements that it might make.
  for (const [owner, name] of [[Element.prototype, "attachShadow"], [Document.prototype, "createElement"], [EventTarget.prototype, "addEventListener"], [CSS.highlights.constructor.prototype, "set"], [HTMLElement.prototype, "showPopover"], [Element.prototype, "append"]]) {
    const own = owner[name];
    owner[name] = function (...given) {
      if (!quiet) note("called", name);
      return own.apply(this, given.map((each) => (name === "attachShadow" ? { ...each, mode: "open" } : each)));
    };
  }
  let quiet = true;
  customElements.define(FAKE, class extends HTMLElement {
    constructor() {
      super();
      const internals = this.attachInternals();
      setInterval(() => note("internals", internals.shadowRoot?.textContent), 200);
    }
  });

  let arrived = 0; // events made here that came through
  for (const name of EVENTS) addEventListener(name, (event) => {
    if (quiet) return;
    if (!event.isTrusted) arrived += 1;
    note("event", name, nameOf(event.target), event.isTrusted, event.composedPath().map(nameOf).join("<"));
    setTimeout(() => note("after", name, event.defaultPrevented));
  }, true);
  for (const kind of ["resource", "largest-contentful-paint", "layout-shift", "element"]) {
    try {
      new PerformanceObserver((list) => list.getEntries().forEach((each) => note("performance", kind, each.name, each.size ?? ""))).observe({ type: kind, buffered: true });
    } catch { /* not in this browser */ }
  }

  function watch() {
    new MutationObserver((changes) => {
      for (const { type, target, addedNodes, removedNodes, attributeName } of changes) {
        note("change", type, nameOf(target), attributeName, [...addedNodes].map((each) => each.outerHTML ?? each.data), [...removedNodes].map(nameOf));
      }
    }).observe(document, { subtree: true, childList: true, attributes: true, characterData: true });
    setInterval(look, 150);
  }

  // What the page looks like from within; only answers that were not given before are new.
  function look() {
    if (quiet) return;
    for (const each of document.querySelectorAll("html > :not(head, body)")) {
      const box = each.getBoundingClientRect();
      const style = getComputedStyle(each);
      note("stranger", each.outerHTML, each.shadowRoot?.innerHTML, [box.x, box.y, box.width, box.height, each.offsetHeight, each.scrollHeight]);
      note("its style", style.display, style.opacity, style.color, style.pointerEvents, getComputedStyle(each, "::part(box)").color);
      note("its text", each.getHTML?.({ serializableShadowRoots: true }), each.innerText);
    }
    for (let x = 10; x < innerWidth; x += 60) for (let y = 10; y < innerHeight; y += 30) {
      for (const each of document.elementsFromPoint(x, y)) if (!each.closest("main")) note("at a point", nameOf(each));
      const caret = document.caretPositionFromPoint?.(x, y)?.offsetNode;
      if (caret && !document.body.contains(caret)) note("caret", nameOf(caret));
    }
    const root = document.scrollingElement;
    note("sizes", root.scrollHeight, root.scrollWidth, innerWidth, innerHeight, frames.length, document.styleSheets.length, document.adoptedStyleSheets.length);
    note("focus", nameOf(document.activeElement), document.hasFocus(), document.querySelectorAll(":popover-open, :focus").length);
    note("marks", [...CSS.highlights.keys()], getComputedStyle(document.body, "::highlight(gegencheck-refuted)").backgroundColor);
    note("names", Object.keys(window).filter((name) => /gegen|gc_/i.test(name)), typeof window.chrome?.runtime?.sendMessage, typeof window.browser);
    search();
  }

  function search() {
    const field = document.activeElement;
    const selection = getSelection();
    const kept = [field?.selectionStart, field?.selectionEnd];
    quiet = true;
    for (const word of WORDS) note("found", word, window.find(word, false, false, true), selection.toString());
    selection.removeAllRanges();
    if (kept[0] !== undefined) field.focus(), field.setSelectionRange(...kept);
    quiet = false;
  }

  // What scripts can do without anybody.
  function attempt() {
    const field = document.querySelector("#post");
    const form = document.querySelector("form");
    const transfer = new DataTransfer();
    transfer.setData("text/plain", LINK);
    const fire = (target, Kind, name, more = {}) => target.dispatchEvent(new Kind(name, { bubbles: true, composed: true, cancelable: true, view: window, detail: 1, ...more }));
    field.value = LINK;
    fire(field, FocusEvent, "focusin");
    fire(field, InputEvent, "input", { inputType: "insertFromPaste", data: LINK });
    fire(field, ClipboardEvent, "paste", { clipboardData: transfer });
    fire(field, DragEvent, "drop", { dataTransfer: transfer });
    for (const name of ["pointerdown", "pointerup"]) fire(field, PointerEvent, name);
    fire(document.querySelector("#send"), MouseEvent, "click");
    fire(form, SubmitEvent, "submit");
    fire(document, KeyboardEvent, "keydown", { key: "Enter" });
    document.querySelector("#send").click();
    form.requestSubmit(); // this and the next two are trusted events
    field.blur(), field.focus();
    document.execCommand("insertText", false, " ");
    for (const kind of ["pause", "read"]) {
      postMessage({ kind, links: [LINK], link: LINK }, "*");
      fire(document, CustomEvent, kind, { detail: { kind, links: [LINK] } });
      try {
        window.chrome?.runtime?.sendMessage?.({ kind, links: [LINK], link: LINK });
      } catch { /* nobody listens */ }
    }
    document.body.append(document.createElement(FAKE));
  }

  // Presses that nobody made, wherever a card may lie, and keys that nobody pressed.
  function press() {
    arrived = 0;
    for (let x = 5; x < innerWidth; x += 40) for (let y = 5; y < innerHeight; y += 40) for (const name of ["pointerover", "pointermove", "pointerdown", "mousedown", "pointerup", "mouseup", "click"]) {
      const Kind = name.startsWith("pointer") ? PointerEvent : MouseEvent;
      const event = new Kind(name, { bubbles: true, composed: true, cancelable: true, clientX: x, clientY: y, detail: 1, view: window });
      (document.elementFromPoint(x, y) ?? window).dispatchEvent(event);
    }
    for (const each of document.querySelectorAll("html > :not(head, body)")) each.click?.(), each.focus?.(), each.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
    document.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape", bubbles: true }));
    note("arrived", arrived);
  }

  // Which of many small boxes something lies over; Chromium tells.
  function covered() {
    return new Promise((resolve) => {
      const boxes = [...document.querySelectorAll("#grid i")];
      const observer = new IntersectionObserver((entries) => (observer.disconnect(), resolve(entries.map((each) => (each.isVisible === false ? "-" : "+")).join(""))), { trackVisibility: true, delay: 100 });
      for (const each of boxes) observer.observe(each);
    });
  }

  const rest = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  const step = async (act) => {
    seen.clear();
    quiet = false;
    await act();
    await rest(1100);
    look();
    note("covered", await covered());
    quiet = true;
    return [...seen].sort();
  };
  const report = (phase, lines) => {
    globalThis.reports = { ...globalThis.reports, [phase]: lines };
  };
  addEventListener("DOMContentLoaded", async () => {
    watch();
    await rest(300);
    report("alone", await step(attempt));
    // From now on a person is there, and within their gesture the page tries again.
    let pressed = false;
    document.querySelector("#send").addEventListener("click", async (event) => {
      if (!event.isTrusted || pressed) return;
      pressed = true;
      report("gesture", await step(attempt));
      report("presses", await step(async () => {
        await new Promise((resolve) => addEventListener("mousemove", (event) => event.isTrusted && resolve())); // over the card, if there is one
        press();
      }));
    });
  });
})();
