"""Mark-up that changes what a text means: hidden, struck, quoted, and readers' comments. Works on the parsed page.

Pieces of text get marks that survive the extraction: what is hidden, struck or a reader's comment is cut out
afterwards, and what is quoted leaves the places of the quotations. Taking it out before would mislead the extraction,
which weighs the parts of a page; that is done only where the extraction took what was to be cut.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Any

# Printable signs that no page is written in; where one uses them all the same, brackets stand for them.
OPENING, CLOSING = "⸨", "⸩"
CUT_FROM, CUT_TO = "⦃", "⦄"
MARKS = re.compile(f"[{OPENING}{CLOSING}]")
FOREIGN = str.maketrans({OPENING: "((", CLOSING: "))", CUT_FROM: "{", CUT_TO: "}"})
CUT = re.compile(f"( ?){CUT_FROM}[^{CUT_FROM}{CUT_TO}]*+{CUT_TO}( ?)")
ALL_BUT = 0.9  # of a text in quotation elements: then they are its layout
TOO_MUCH = 0.3  # of an extracted text to cut out: then it was not the article
MOST = 0.5  # of a page's text: what is hidden and holds more is shown by a script, unless it is a dialog
NOTICE = 400  # characters of a noscript that only asks for scripts; a longer one is the page without them
LINKED, ITEM = 0.4, 40  # the share of links in an item of a list, and its characters, that make it one of words
NEAR = 4  # elements around or within one
STRUCK = frozenset({"del", "s", "strike"})
QUOTING = frozenset({"blockquote", "q"})
WHOLE = frozenset({"html", "body", "main", "head"})
HIDING = re.compile(
    r"(?<![\w-])(?:display:none|visibility:(?:hidden|collapse)|font-size:0(?![.\d])"
    r"|clip:rect\([01](?:px)?[,01]|clip-path:inset\((?:50|100)%|(?:left|top|text-indent):-\d{4,})"
)
STRIKING = re.compile(r"(?<![\w-])text-decoration(?:-line)?:[^;]{0,60}line-through")
VISUALLY_HIDDEN = re.compile(
    r"(?:^|\s)(?:(?:u-|is-|a11y-)?(?:visually|visibly|accessibly)[-_]?hidden(?:-focusable)?|sr-only|sronly|screen-?reader(?:-?text|-only)?|"
    r"(?:element-)?invisible|hide-?visually|offscreen|off-screen)(?=\s|$)",
    re.I,
)
COMMENTS = re.compile(
    r"(?:^|\s)(?:comments?|comment[-_]{0,2}(?:list|section|area|thread|body|content|text|item|wrapper|container|box|entry|stream)s?"
    r"|comments[-_]{0,2}(?:list|section|area|thread|wrapper|container|box|block|stream|region)|commentlist"
    r"|(?:article|post|user|reader|story|nutzer|leser)[-_]{0,2}(?:comments?|kommentare?)|kommentar(?:e|liste|bereich)?"
    r"|disqus[-_]thread|fb-comments|livefyre|respond)(?=\s|$)",
    re.I,
)
COMMENT_TYPE = re.compile(r"schema\.org/(?:User)?Comments?\b", re.I)
DIALOG = re.compile(r"cookie|consent|dialog|modal|overlay|popup|login|newsletter|gdpr|dsgvo|cmp", re.I)
MAX_STYLES = 300_000  # characters of style sheets in the page that are read
Spans = tuple[tuple[int, int], ...]


def unsaid_elements(tree: Any) -> list[Any]:
    """What a parsed page does not say, no longer says, or does not say in its own voice."""
    elements = [element for element in tree.iter() if isinstance(element.tag, str) and element.tag not in WHOLE]
    sizes, headed = measure([element for element in tree.iter() if isinstance(element.tag, str)])
    hiding, striking = styled_classes(elements)
    hidden = [element for element in elements if element not in headed and is_hidden(element, hiding)]
    # Pictures with their texts are shown one by one: those of a kind count together.
    alike: Counter[tuple[str, str]] = Counter()
    for element in hidden:
        alike[kind_of(element)] += sizes[element]
    most = MOST * sizes.get(tree, 0)
    unseen = {element for element in hidden if alike[kind_of(element)] <= most or DIALOG.search(names_of(element))}
    return [
        element
        for element in elements
        if element in unseen
        or element.tag == "template"
        or (element.tag == "noscript" and sizes[element] < NOTICE)
        or is_struck(element, striking)
        or (element not in headed and is_comment(element))
    ]


def mark_text(tree: Any) -> None:
    """Put marks around what is not said and what is quoted."""
    for element in tree.iter():
        for name in ("text", "tail"):
            text = getattr(element, name)
            if text and isinstance(element.tag, str) and text.translate(FOREIGN) != text:
                setattr(element, name, text.translate(FOREIGN))
    for element in unsaid_elements(tree):
        mark_within(element, CUT_FROM, CUT_TO)
    keep_items(tree)
    for quotation in tree.iter(*QUOTING):
        if quotation.tag == "q":
            quotation.tag = "span"  # within its sentence; the library would make a paragraph of it
        mark_within(quotation, OPENING, CLOSING)


def keep_items(tree: Any) -> None:
    """Turn links in list items into words where they are few: the library takes such a list for a list of links."""
    elements = [element for element in tree.iter() if isinstance(element.tag, str)]
    sizes, _ = measure(elements)
    linked: dict[Any, list[Any]] = {}
    for link in elements:
        item = next((each for each in parents(link) if each.tag == "li"), None) if link.tag == "a" else None
        if item is not None:
            linked.setdefault(item, []).append(link)
    for item, links in linked.items():
        few = sum(sizes[link] for link in links) <= LINKED * sizes[item] and sizes[item] >= ITEM
        if few and begins_with_words(item):
            for link in links:
                link.tag = "span"


def parents(element: Any) -> Iterator[Any]:
    """The nearest elements around one."""
    for _ in range(NEAR):
        element = element.getparent()
        if element is None:
            return
        yield element


def begins_with_words(element: Any) -> bool:
    """Whether an element's first words are neither a link nor a heading."""
    for _ in range(NEAR):
        if element.tag in ("a", "h1", "h2", "h3", "h4", "h5", "h6"):
            return False
        if (element.text or "").strip() or not len(element):
            return True
        element = element[0]
    return False


def take_out_unsaid(tree: Any) -> None:
    """Remove what is not said."""
    for element in unsaid_elements(tree):
        take_out(element)


def measure(elements: Sequence[Any]) -> tuple[dict[Any, int], set[Any]]:
    """How much text each element holds, and which hold the page's heading."""
    sizes: dict[Any, int] = {}
    headed = set()
    for element in reversed(elements):
        sizes[element] = sizes.get(element, 0) + (0 if element.tag in ("script", "style") else len(element.text or ""))
        parent = element.getparent()
        if parent is not None:
            sizes[parent] = sizes.get(parent, 0) + sizes[element] + len(element.tail or "")
            if element.tag == "h1" or element in headed:
                headed.add(parent)
    return sizes, headed


def kind_of(element: Any) -> tuple[str, str]:
    """What elements of a row have in common."""
    return element.tag, element.get("class") or ""


def names_of(element: Any) -> str:
    """An element's classes and its id."""
    return f"{element.get('class') or ''} {element.get('id') or ''}"


def is_struck(element: Any, classes: frozenset[str]) -> bool:
    """Whether a line goes through the element's text: it was said once, and is not any more."""
    return (
        element.tag in STRUCK
        or STRIKING.search(squeezed(element.get("style"))) is not None
        or not classes.isdisjoint(names_of(element).split())
    )


def is_hidden(element: Any, classes: frozenset[str]) -> bool:
    """Whether the element is set to be seen by nobody."""
    return (
        element.get("hidden") is not None
        or HIDING.search(squeezed(element.get("style"))) is not None
        or VISUALLY_HIDDEN.search(names_of(element)) is not None
        or not classes.isdisjoint(names_of(element).split())
    )


def is_comment(element: Any) -> bool:
    """Whether the element holds what readers wrote below."""
    return (
        COMMENTS.search(names_of(element)) is not None
        or COMMENT_TYPE.search(element.get("itemtype") or "") is not None
        or element.get("itemprop") == "comment"
    )


def styled_classes(elements: Sequence[Any]) -> tuple[frozenset[str], frozenset[str]]:
    """The classes and ids that the page's own style sheets hide for the eye, and those that they strike through."""
    hidden, struck = set(), set()
    for name, rules in simple_rules("\n".join(element.text or "" for element in elements if element.tag == "style")):
        if "position:absolute" in rules and HIDING.search(rules):
            hidden.add(name)
        if STRIKING.search(rules):
            struck.add(name)
    return frozenset(hidden), frozenset(struck)


def simple_rules(sheet: str) -> list[tuple[str, str]]:
    """(name, rules) of every rule of a style sheet for one class or id alone, outside @media and the like."""
    sheet = re.sub(r"/\*[^*]{0,10000}\*/", "", sheet[:MAX_STYLES])
    found, depth = [], 0
    for part in sheet.split("}"):
        selector, brace, rules = part.rpartition("{")
        if brace and depth == 0 and "{" not in selector:
            for one in selector.split(","):
                name = re.fullmatch(r"\s*\w{0,12}[.#]([\w-]{1,60})\s*", one[:200])
                if name:
                    found.append((name[1], squeezed(rules)))
        depth = max(depth + part.count("{") - 1, 0)
    return found


def squeezed(style: str | None) -> str:
    """A style without blanks, in small letters."""
    return re.sub(r"\s", "", style[:5000]).lower() if style else ""


def take_out(element: Any) -> None:
    """Remove an element with all it holds, but not the text behind it."""
    parent = element.getparent()
    if parent is None:
        return
    tail, before = element.tail, element.getprevious()
    if tail and before is not None:
        before.tail = (before.tail or "") + tail
    elif tail:
        parent.text = (parent.text or "") + tail
    element.tail = None
    parent.remove(element)


# ---------------------------------------------------------------- marks


def mark_within(element: Any, opening: str, closing: str) -> None:
    """Put marks around every piece of text in an element, but not around what has some already."""
    for each in element.iter():
        if isinstance(each.tag, str) and each.tag not in ("script", "style"):
            each.text = marked(each.text, opening, closing)
        if each is not element:
            each.tail = marked(each.tail, opening, closing)


def marked(text: str | None, opening: str, closing: str) -> str | None:
    """A piece of text between marks."""
    bare = text.strip() if text else ""
    if not text or not bare or bare[0] in (OPENING, CUT_FROM):
        return text
    start = text.index(bare)
    return f"{text[:start]}{opening}{bare}{closing}{text[start + len(bare) :]}"


def cut(text: str) -> tuple[str, int]:
    """The text without what is not said, and how many characters that was."""
    said = CUT.sub(lambda found: found[1] + found[2] if len(found[1] + found[2]) < 2 else " ", text)
    said = said.replace(CUT_FROM, "").replace(CUT_TO, "")
    if said == text:
        return text, 0
    return "\n".join(line for line in said.split("\n") if line.strip()), len(text) - len(said)


def unmarked(text: str) -> tuple[str, Spans]:
    """The text without marks, and where it quotes; nowhere, where all but all of it is in quotation elements."""
    pieces: list[str] = []
    spans: list[tuple[int, int]] = []
    place, length, opened = 0, 0, -1
    for mark in MARKS.finditer(text):
        pieces.append(text[place : mark.start()])
        length += mark.start() - place
        place = mark.end()
        if 0 <= opened < length:
            spans.append((opened, length))
        opened = length if mark[0] == OPENING else -1
    clean = "".join([*pieces, text[place:]])
    quoted = sum(end - start for start, end in spans)
    return clean, () if quoted > ALL_BUT * len(clean.strip()) else joined(clean, spans)


def joined(text: str, spans: Sequence[tuple[int, int]]) -> Spans:
    """The spans, with those in one where only blanks of a line are between them."""
    found: list[tuple[int, int]] = []
    for start, end in spans:
        between = text[found[-1][1] : start] if found else "\n"
        if not between.strip() and "\n" not in between:
            found[-1] = (found[-1][0], end)
        else:
            found.append((start, end))
    return tuple(found)
