"""Paragraphs of recognised rows to one text, and where each line of the picture stands in it."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from service.pictures import PictureLine
from service.pipeline.pictures.order import Row
from service.pipeline.pictures.recognising import Seen

ITEM = re.compile(r"(?:[-–—•*·▪►✓]|\(?\d{1,2}[.)]|\(?[a-z]\))\s")
HYPHENATED = re.compile(r"[^\W\d_]-$")
FOREIGN = re.compile(r"[\u1100-\u11ff\u3000-\u30ff\u3130-\u318f\u3400-\u9fff\uac00-\ud7ff\uf900-\ufaff\uff00-\uffef]")
LETTER = re.compile(r"[^\W\d_]")
# The recogniser has no „ and ‚: it leaves the mark out, or writes commas. A closing mark is one that ends a word.
COMMAS = re.compile(r"(?<![^\s(])(?:,,|,)(?=[^\W\d_])")
CLOSING = re.compile(r"(?<=\S)[“”](?![^\W_])")
PLAIN_CLOSING = re.compile(r"(?<=[^\s\d])\"(?![^\W_])")  # behind a digit it may be inches
OPENING = re.compile(r"[„»]|(?<!\S)[“\"](?=\S)")
BEGINNING = re.compile(r"(?::|[.!?…]|–|-)\s+(?=\S)")


@dataclass(slots=True)
class Written:
    """A text as it grows, and of which line each character comes; -1: of none."""

    signs: list[str] = field(default_factory=list)
    owners: list[int] = field(default_factory=list)

    def add(self, text: str, owner: int) -> None:
        """Write something behind the rest."""
        self.signs.extend(text)
        self.owners.extend([owner] * len(text))

    def insert(self, place: int, text: str) -> None:
        """Write something before a character, for the line that this one belongs to."""
        self.signs[place:place] = text
        self.owners[place:place] = [self.owners[place]] * len(text)

    @property
    def text(self) -> str:
        """What was written."""
        return "".join(self.signs)


def joined(paragraphs: Sequence[Sequence[Row]]) -> tuple[str, tuple[PictureLine, ...]]:
    """The text, a paragraph after a blank line, and its lines in the text's order."""
    lines: list[Seen] = []
    whole = Written()
    drops = drops_foreign([line for rows in paragraphs for row in rows for line in row])
    for rows in paragraphs:
        paragraph = Written()
        for row in rows:
            for line in row:
                if drops and FOREIGN.search(line.text):
                    continue
                append(paragraph, line.text.strip(), len(lines), begins_row=line is row[0])
                lines.append(line)
        if not paragraph.signs:
            continue
        repair_quotation(paragraph)
        if whole.signs:
            whole.add("\n\n", -1)
        whole.signs += paragraph.signs
        whole.owners += paragraph.owners
    return whole.text, placed(whole, lines)


def drops_foreign(lines: Sequence[Seen]) -> bool:
    """Whether signs of East Asian scripts are misread symbols: so they are in a picture of another script."""
    text = "".join(line.text for line in lines)
    return 2 * len(FOREIGN.findall(text)) < len(LETTER.findall(text))


def append(paragraph: Written, text: str, owner: int, begins_row: bool) -> None:
    """Write a line behind the others: a word that was divided is made whole, an item of a list begins a line."""
    if paragraph.signs and begins_row and ITEM.match(text):
        paragraph.add("\n", -1)
    elif paragraph.signs and begins_row and HYPHENATED.search("".join(paragraph.signs[-2:])) and text[:1].isalpha():
        if text[0].islower():
            del paragraph.signs[-1], paragraph.owners[-1]
    elif paragraph.signs:
        paragraph.add(" ", -1)
    paragraph.add(text, owner)


def repair_quotation(paragraph: Written) -> None:
    """Put back what the recogniser cannot write: „ where it wrote commas, and where a closing mark has no opening one.

    Where the mark stood is not known then. It is set where the sentence begins that ends in the closing one, or behind
    the colon that leads to it.
    """
    for found in reversed(list(COMMAS.finditer(paragraph.text))):
        rest = paragraph.text[found.end() :]
        mark = "„" if found[0] == ",," or re.search(r"[“”]", rest) else "‚" if "‘" in rest else ","
        owner = paragraph.owners[found.start()]
        paragraph.signs[found.start() : found.end()] = mark
        paragraph.owners[found.start() : found.end()] = [owner]
    if paragraph.signs.count('"') == 1 and (plain := PLAIN_CLOSING.search(paragraph.text)):
        paragraph.signs[plain.start()] = "“"
    text, after, missing = paragraph.text, 0, []
    for closing in CLOSING.finditer(text):
        if not OPENING.search(text, after, closing.start()):
            inside = text[after : closing.start()].rstrip(" .!?…")
            starts = [found.end() for found in BEGINNING.finditer(inside)]
            skipped = len(text[after:]) - len(text[after:].lstrip(" ,.;:!?"))
            missing.append(after + (starts[-1] if starts else skipped))
        after = closing.end()
    for place in reversed(missing):
        paragraph.insert(place, "„")


def placed(whole: Written, lines: Sequence[Seen]) -> tuple[PictureLine, ...]:
    """Where each line stands in the text."""
    first: dict[int, int] = {}
    last: dict[int, int] = {}
    for place, owner in enumerate(whole.owners):
        first.setdefault(owner, place)
        last[owner] = place + 1
    return tuple(PictureLine(first[n], last[n], lines[n].corners) for n in range(len(lines)) if n in first)
