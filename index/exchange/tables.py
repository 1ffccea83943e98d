"""Tables. CSV as people save it: from Excel too, with `;`, a `sep=` line, German column names and decimal commas.

Flat objects, as NDJSON may hold them, are rows as well.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any, TextIO

from index.exchange.claimreview import ParsedReview, read_review
from index.exchange.columns import AS_THEY_ARE, MAX_SHOWN, ColumnMapping, require_columns, words_about

RATING_NAMES = ("alternateName", "ratingValue", "bestRating", "worstRating")
DELIMITERS = ",;\t"
BLANK = " \r\n\ufeff"


def read_table(lines: TextIO, mapping: ColumnMapping = AS_THEY_ARE) -> Iterator[ParsedReview]:
    """Each row as a review, after a note about columns that are not read.

    Raises ImportRejected where the needed columns are missing.
    """
    head, before = lines.readline(), 0
    while head and not head.strip(f"{BLANK}{DELIMITERS}"):  # what was deleted above the table leaves empty rows
        head, before = lines.readline(), before + 1
    delimiter = max(DELIMITERS, key=head.count)
    if head.lower().startswith("sep=") and head[4:5] in DELIMITERS:
        delimiter, head, before = head[4], lines.readline(), before + 1
    marks = QuotationMarks(chain([head], lines))
    rows = csv.reader(marks, delimiter=delimiter)
    line = 1
    try:
        given = next(rows, [])
        line = before + rows.line_num
        marks.are_paired()
        require_columns(given, mapping)
        names = mapping.place(given)
        if unread := list(words_about(given, names)):
            yield ParsedReview(before + 1, None, warnings=tuple(unread))
        for row in rows:
            begun, line = line + 1, before + rows.line_num
            whole = marks.are_paired() or begun == line  # in one line, a mark may stand for inches
            if any(cell.strip() for cell in row):
                read = read_row(names, row, line, mapping.fixed)
                yield read if whole else _with_others_in_it(read, begun)
    except csv.Error as error:
        yield ParsedReview(line, None, f"not CSV: {error}")


def read_sheet(rows: Iterator[tuple[int, list[str]]], mapping: ColumnMapping = AS_THEY_ARE) -> Iterator[ParsedReview]:
    """The same for the numbered rows of a sheet, the first that is not empty naming the columns."""
    filled = ((line, row) for line, row in rows if any(cell.strip() for cell in row))
    line, given = next(filled, (1, []))
    require_columns(given, mapping)
    names = mapping.place(given)
    if unread := list(words_about(given, names)):
        yield ParsedReview(line, None, warnings=tuple(unread))
    yield from (read_row(names, row, line, mapping.fixed) for line, row in filled)


class QuotationMarks(Iterator[str]):
    """Lines on their way to be read, and whether the quotation marks of what was read are paired."""

    def __init__(self, lines: Iterator[str]) -> None:
        self._lines, self._count = lines, 0

    def __next__(self) -> str:
        line = next(self._lines)
        self._count += line.count('"')
        return line

    def are_paired(self) -> bool:
        """Of the lines since this was asked last."""
        paired, self._count = self._count % 2 == 0, 0
        return paired


def _with_others_in_it(read: ParsedReview, begun: int) -> ParsedReview:
    """A row that took in the rows behind it, since a quotation mark is missing."""
    words = f"a quotation mark is missing from line {begun} on: the rows up to line {read.line} were read as one"
    return replace(read, warnings=(*read.warnings, words))


def read_record(record: Mapping[str, Any], mapping: ColumnMapping, line: int) -> ParsedReview:
    """A flat object as a row; what is no text or number in it is left out with a warning."""
    given, cells = list(record), list(record.values())
    odd = [name for name, value in record.items() if isinstance(value, dict | list | bool)]
    row = ["" if name in odd or value is None else str(value) for name, value in zip(given, cells, strict=True)]
    read = read_row(mapping.place(given), row, line, mapping.fixed)
    words = (
        *(f"there is no column “{column[:MAX_SHOWN]}”" for column in mapping.missing(given)),
        *(f"“{name[:MAX_SHOWN]}” is neither a text nor a number and is left out" for name in odd),
        *read.warnings,
    )
    return ParsedReview(line, read.statement, read.rejection, words, read.url)


def read_row(names: Sequence[str | None], row: list[str], line: int, fixed: Mapping[str, str]) -> ParsedReview:
    """One row; of two columns of a name the first counts, and `fixed` where no column says it."""
    fields: dict[str, Any] = {}
    for name, cell in zip(names, row, strict=False):
        if name and cell.strip():
            fields.setdefault(name, cell)
    fields = {**fixed, **fields}
    rating = {name: fields.pop(name) for name in RATING_NAMES if name in fields}
    claimant = fields.pop("claimant", None)
    read = read_review(
        {**fields, "reviewRating": rating, "itemReviewed": {"author": claimant} if claimant else None}, line
    )
    if any(cell.strip() for cell in row[len(names) :]):
        words = (*read.warnings, "the row has more cells than there are columns; the last ones are left out")
        return ParsedReview(line, read.statement, read.rejection, words, read.url)
    return read
