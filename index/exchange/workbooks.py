"""Excel workbooks (.xlsx) as rows: the cells of the first sheet as a person sees them, without formulas or looks.

An .xlsx is a zip of XML (ECMA-376, part 1, chapter 18). It is read row by row, and no part of it may be larger unpacked
than is said here. Entities are not expanded from outside, and expat itself stops those that multiply.
"""

from __future__ import annotations

import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import IO, BinaryIO
from xml.etree.ElementTree import Element, ParseError, iterparse

from index.errors import ImportRejected

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
OLD_OR_PROTECTED = "application/vnd.ms-excel"
MARKS = {b"PK\x03\x04": XLSX, b"\xd0\xcf\x11\xe0": OLD_OR_PROTECTED}  # how such files begin
MAX_SHEET_BYTES = 500_000_000  # unpacked; it is read as it comes
MAX_HELD_BYTES = 64_000_000  # unpacked, of what is held while the sheet is read: all texts that stand in cells
MAX_ELEMENT_BYTES = 4_000_000  # of one row, or of all looks; in memory it takes some thirty times as much
MAX_COLUMNS = 1000
BOOK, TEXTS, STYLES = "xl/workbook.xml", "xl/sharedStrings.xml", "xl/styles.xml"
LINKS = "xl/_rels/workbook.xml.rels"
BUILT_IN_DATES = frozenset((*range(14, 18), 22, *range(27, 32), *range(34, 37), *range(50, 59)))  # 18.8.30
NOT_IN_FORMAT = re.compile(r'"[^"]{0,200}"|\[[^\]]{0,40}\]|\\.')  # quoted words, colours and languages, escapes
PLACE = re.compile(r"([A-Z]{1,3})\d{1,7}")
FAULTS = (zipfile.BadZipFile, zlib.error, ParseError, KeyError, ValueError, IndexError, EOFError, NotImplementedError)
UNREADABLE = "This is not an Excel workbook (.xlsx), or it is damaged: save it again, or as CSV."
SAVE_ANEW = (
    "Excel files of before 2007, and files with a password, cannot be read: save it as .xlsx without one, or as CSV."
)

Row = tuple[int, list[str]]  # its number in the sheet, and its cells


class TooLarge(ValueError):
    """More than is read of a workbook."""


@dataclass(frozen=True, slots=True)
class Looks:
    """What a number in a cell means: the places of the formats that show a day, and from when days count."""

    dates: frozenset[int] = frozenset()
    is_of_1904: bool = False


@dataclass(slots=True)
class Workbook:
    """The first sheet of a workbook. `others` names the sheets that are not read."""

    archive: zipfile.ZipFile
    sheet: str = ""  # the name of its part in the archive
    name: str = ""
    others: Sequence[str] = ()
    texts: Sequence[str] = ()
    looks: Looks = field(default_factory=Looks)

    def rows(self) -> Iterator[Row]:
        """Its rows as they come. Raises TooLarge or another of FAULTS."""
        number = 0
        for row in elements(self.archive, self.sheet, "row", MAX_SHEET_BYTES):
            given = row.get("r", "")
            number = int(given) if given.isdecimal() else number + 1
            yield number, list(cells_of(row, self.texts, self.looks))


def open_workbook(source: BinaryIO) -> Workbook:
    """The first sheet of a file. Raises ImportRejected."""
    try:
        archive = zipfile.ZipFile(source)
        sheets = [(each.get("name", ""), link_of(each)) for each in elements(archive, BOOK, "sheet", MAX_HELD_BYTES)]
        links = {
            each.get("Id", ""): each.get("Target", "")
            for each in elements(archive, LINKS, "Relationship", MAX_HELD_BYTES)
        }
        name, link = sheets[0]
        held = set(archive.namelist())
        return Workbook(
            archive,
            part_of(links[link]),
            name,
            tuple(other for other, _ in sheets[1:]),
            list(texts_of(archive)) if TEXTS in held else (),
            Looks(dates_of(archive) if STYLES in held else frozenset(), is_of_1904(archive)),
        )
    except FAULTS as fault:
        raise ImportRejected(str(fault) if isinstance(fault, TooLarge) else UNREADABLE) from None


# ---------------------------------------------------------------- parts


def elements(archive: zipfile.ZipFile, part: str, name: str, most: int) -> Iterator[Element]:
    """The elements of a name in a part, one after the other; each is forgotten with the next."""
    with archive.open(part) as file:
        bounded, parents = Bounded(file, most), list[Element]()
        for event, element in iterparse(bounded, ("start", "end")):  # noqa: S314 - see above
            if event == "start":
                parents.append(element)
                continue
            parents.pop()
            if bare(element) == name:
                yield element
                bounded.begin_next()
                if parents:
                    parents[-1].clear()


class Bounded:
    """What comes out of an archive, as long as it is not more than is allowed, in all and of one element."""

    def __init__(self, file: IO[bytes], most: int) -> None:
        self._file, self._left, self._left_of_one = file, most, MAX_ELEMENT_BYTES

    def read(self, size: int = -1) -> bytes:
        """The next bytes. Raises TooLarge."""
        piece = self._file.read(size)
        self._left -= len(piece)
        self._left_of_one -= len(piece)
        if min(self._left, self._left_of_one) < 0:
            raise TooLarge("This workbook is too large: save it as CSV.")
        return piece

    def begin_next(self) -> None:
        """Another element begins."""
        self._left_of_one = MAX_ELEMENT_BYTES


def bare(element: Element) -> str:
    """An element's name without its namespace, of which there are two."""
    return element.tag.rpartition("}")[2]


def link_of(sheet: Element) -> str:
    """By which link a sheet is found."""
    return next((value for name, value in sheet.attrib.items() if name.endswith("}id")), "")


def part_of(target: str) -> str:
    """The part that a link of the workbook leads to."""
    return target.lstrip("/") if target.startswith("/") else f"xl/{target}"


def texts_of(archive: zipfile.ZipFile) -> Iterator[str]:
    """The texts that cells name by their place."""
    return (text_of(each) for each in elements(archive, TEXTS, "si", MAX_HELD_BYTES))


def text_of(element: Element) -> str:
    """The runs of a text, without how they are pronounced."""
    return "".join(
        part.text or "" for run in (element, *element) if bare(run) != "rPh" for part in run if bare(part) == "t"
    )


def dates_of(archive: zipfile.ZipFile) -> frozenset[int]:
    """The places of the formats that show a day."""
    (styles,) = elements(archive, STYLES, "styleSheet", MAX_HELD_BYTES)
    own = {each.get("numFmtId"): each.get("formatCode", "") for each in styles.iter() if bare(each) == "numFmt"}
    used = [each.get("numFmtId", "0") for block in styles if bare(block) == "cellXfs" for each in block]
    return frozenset(n for n, id in enumerate(used) if int(id) in BUILT_IN_DATES or shows_day(own.get(id, "")))


def shows_day(code: str) -> bool:
    """Whether a number format shows a day or a year."""
    return any(letter in NOT_IN_FORMAT.sub("", code[:300]).lower() for letter in "dyj")  # j: Jahr


def is_of_1904(archive: zipfile.ZipFile) -> bool:
    """Whether days count from 1904 on, as on old Macs."""
    found = (each.get("date1904", "") for each in elements(archive, BOOK, "workbookPr", MAX_HELD_BYTES))
    return next(found, "") in ("1", "true")


# ---------------------------------------------------------------- cells


def cells_of(row: Iterable[Element], texts: Sequence[str], looks: Looks) -> Iterator[str]:
    """The cells of a row in their columns; what is left out is empty."""
    place = 0
    for cell in row:
        column = column_of(cell.get("r", ""), place)
        if bare(cell) != "c" or not place <= column < MAX_COLUMNS:
            continue
        yield from [""] * (column - place)
        yield value_of(cell, texts, looks)
        place = column + 1


def column_of(name: str, otherwise: int) -> int:
    """The column of a cell like `AB7`, from 0 on."""
    found = PLACE.fullmatch(name)
    if not found:
        return otherwise
    number = 0
    for letter in found[1]:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def value_of(cell: Element, texts: Sequence[str], looks: Looks) -> str:
    """What a cell shows; nothing for an error."""
    parts: Mapping[str, Element] = {bare(each): each for each in cell}
    kind, said = cell.get("t", "n"), parts["v"].text or "" if "v" in parts else ""
    if kind == "inlineStr":
        return text_of(parts["is"]) if "is" in parts else ""
    if kind == "s":
        return texts[int(said)] if said else ""
    if kind == "b":
        return "True" if said == "1" else "False"  # Excel takes rating words like TRUE and FALSCH for these
    if kind == "n" and said:
        return number_words(float(said), is_day=int(cell.get("s", "0")) in looks.dates, is_of_1904=looks.is_of_1904)
    return "" if kind == "e" else said


def number_words(number: float, *, is_day: bool, is_of_1904: bool) -> str:
    """A number, or the day that it stands for."""
    if is_day and 1 <= number < 2_958_466:  # the last day of the year 9999
        first = (
            date(1904, 1, 1) if is_of_1904 else date(1899, 12, 30 if number >= 60 else 31)
        )  # 1900 had no 29 February
        return (first + timedelta(days=int(number))).isoformat()
    return str(int(number)) if number.is_integer() and abs(number) < 1e15 else repr(number)
