"""Mark-up that changes what a text means: hidden, struck, quoted, and readers' comments. Works on the parsed page.

Pieces of text get marks that survive the extraction: what is hidden, struck or a reader's comment is cut out
afterwards, and what is quoted leaves the places of the quotations. Taking it out before would mislead the extraction,
which weighs the parts of a page; that is done only where the extraction took what was to be cut.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from service.pipeline.raised import settle_raised
from service.pipeline.unsaid import QUOTING, is_quotation, measure, take_out, unsaid_elements

# Printable signs that no page is written in; where one uses them all the same, brackets stand for them.
OPENING, CLOSING = "⸨", "⸩"
CUT_FROM, CUT_TO = "⦃", "⦄"
MARKS = re.compile(f"[{OPENING}{CLOSING}]")
FOREIGN = str.maketrans({OPENING: "((", CLOSING: "))", CUT_FROM: "{", CUT_TO: "}"})
CUT = re.compile(f"( ?){CUT_FROM}[^{CUT_FROM}{CUT_TO}]*+{CUT_TO}( ?)")
ALL_BUT = 0.9  # of a text in quotation elements: then they are its layout
TOO_MUCH = 0.3  # of an extracted text to cut out: then it was not the article
LINKED, ITEM = 0.4, 40  # the share of links in an item of a list, and its characters, that make it one of words
PICTURED = frozenset({"img", "picture", "video", "audio", "iframe", "svg", "canvas", "table", "object", "embed"})
NEAR = 4  # elements around or within one
Spans = tuple[tuple[int, int], ...]


def mark_text(tree: Any) -> None:
    """Put marks around what is not said and what is quoted."""
    for element in tree.iter():
        for name in ("text", "tail"):
            text = getattr(element, name)
            if text and isinstance(element.tag, str) and text.translate(FOREIGN) != text:
                setattr(element, name, text.translate(FOREIGN))
    settle_raised(tree)
    for element in unsaid_elements(tree):
        mark_within(element, CUT_FROM, CUT_TO)
    keep_items(tree)
    keep_quotations(tree)
    for quotation in [element for element in tree.iter() if is_quotation(element)]:
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


def keep_quotations(tree: Any) -> None:
    """Turn figures that hold no picture but a quotation into boxes: the library leaves figures out."""
    for figure in list(tree.iter("figure")):
        inside = {each.tag for each in figure.iter() if isinstance(each.tag, str)}
        if inside & QUOTING and not inside & PICTURED:
            figure.tag = "div"
            for caption in figure.iter("figcaption"):
                caption.tag = "p"


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
