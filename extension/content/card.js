// The small card over a page: some lines, a link, some buttons, in a shadow tree of its own. Its look is content/card.css.
// A classic script, so that the browser can inject it: it leaves `gegencheckCard` behind.

(() => {
  const GAP = 8; // pixels between the card, what it is about and the window's edge

  /** @typedef {{text: string, part?: "headline" | "rating"}} Line */
  /** @typedef {{state: string, language: string, label: string, role: "dialog" | "status", lines: Line[], link?: {text: string, url: string} | null, buttons: {name: string, text: string, act: () => void}[]}} Content */

  /** @param {string} tag @param {string} part @param {string} text */
  function piece(tag, part, text) {
    const element = document.createElement(tag);
    element.setAttribute("part", part);
    element.dir = "auto";
    element.textContent = text;
    return element;
  }

  /** @param {Content} content */
  function fill(content) {
    const pieces = content.lines.filter(({ text }) => text).map(({ text, part }) => piece("p", part ?? "line", text));
    if (content.link) {
      const link = piece("a", "link", content.link.text);
      Object.assign(link, { href: content.link.url, target: "_blank", rel: "noopener noreferrer" });
      pieces.push(link);
    }
    const buttons = content.buttons.map(({ name, text, act }) => {
      const button = piece("button", "button", text);
      button.setAttribute("type", "button");
      button.dataset.name = name;
      button.addEventListener("click", act);
      return button;
    });
    const actions = piece("div", "actions", "");
    actions.append(...buttons);
    return [...pieces, actions];
  }

  /**
   * Put a card beside something, or into the window's corner; it stays until `close`.
   * @param {Content} content
   * @param {DOMRect | null} near
   */
  function openCard(content, near) {
    const host = document.createElement("gegencheck-card");
    host.dataset.state = content.state;
    const box = document.createElement("section");
    box.setAttribute("part", "box");
    box.lang = content.language;
    box.tabIndex = -1;
    box.setAttribute("role", content.role);
    box.setAttribute("aria-label", content.label);
    host.attachShadow({ mode: "open" }).append(box);
    document.documentElement.append(host);
    box.append(...fill(content)); // after it stands in the page, so that a status is read out
    const { left, top } = near ? beside(near, box) : { left: innerWidth, top: GAP };
    box.style.left = `${Math.max(GAP, Math.min(left, innerWidth - box.offsetWidth - GAP))}px`;
    box.style.top = `${Math.max(GAP, Math.min(top, innerHeight - box.offsetHeight - GAP))}px`;
    return { element: host, focus: () => box.focus(), close: () => host.remove() };
  }

  /** Below, where there is room, else above. @param {DOMRect} near @param {HTMLElement} box */
  function beside(near, box) {
    const below = near.bottom + GAP + box.offsetHeight < innerHeight || near.top < innerHeight / 2;
    return { left: near.left, top: below ? near.bottom + GAP : near.top - box.offsetHeight - GAP };
  }

  globalThis.gegencheckCard = openCard;
})();
