"""CSV as people save it: from Excel too, with `;`, a `sep=` line, German column names and decimal commas."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from itertools import chain
from typing import Any, TextIO

from index.errors import ImportRejected
from index.exchange.claimreview import ParsedReview, read_review

COLUMNS = {
    "claimReviewed": ("claim_reviewed", "claimreviewed", "claim", "statement", "behauptung", "aussage"),
    "url": ("url", "link", "address", "adresse"),
    "alternateName": ("rating", "alternate_name", "alternatename", "verdict", "bewertung", "urteil", "einstufung"),
    "ratingValue": ("rating_value", "ratingvalue"),
    "bestRating": ("best_rating", "bestrating"),
    "worstRating": ("worst_rating", "worstrating"),
    "author": ("publisher", "author", "herausgeber", "medium", "redaktion"),
    "inLanguage": ("language", "inlanguage", "sprache"),
    "datePublished": ("date_published", "datepublished", "date", "datum"),
    "headline": ("headline", "title", "titel", "überschrift"),
    "claimant": ("claimant", "urheber"),
    "reviewBody": ("explanation", "reviewbody", "begründung", "erklärung"),
    "sdLicense": ("license", "licence", "lizenz"),
}
NAMES = {spelling: name for name, spellings in COLUMNS.items() for spelling in spellings}
RATING_NAMES = ("alternateName", "ratingValue", "bestRating", "worstRating")
DELIMITERS = ",;\t"
BLANK = " \r\n\ufeff"
MAX_SHOWN = 60  # characters of a foreign column name


def read_table(lines: TextIO) -> Iterator[ParsedReview]:
    """Each row as a review, after a note about columns that are not read.

    Raises ImportRejected where the needed columns are missing.
    """
    head, before = lines.readline(), 0
    while head and not head.strip(f"{BLANK}{DELIMITERS}"):  # what was deleted above the table leaves empty rows
        head, before = lines.readline(), before + 1
    delimiter = max(DELIMITERS, key=head.count)
    if head.lower().startswith("sep=") and head[4:5] in DELIMITERS:
        delimiter, head, before = head[4], lines.readline(), before + 1
    rows = csv.reader(chain([head], lines), delimiter=delimiter)
    line = 1
    try:
        given = next(rows, [])
        names = [NAMES.get(name.strip().lower().replace(" ", "_")) for name in given]
        if "claimReviewed" not in names or "url" not in names:
            raise ImportRejected("The first line of a CSV names its columns: claim_reviewed, url, rating, and others.")
        if unread := list(words_about(given, names)):
            yield ParsedReview(before + 1, None, warnings=tuple(unread))
        for row in rows:
            line = before + rows.line_num
            if any(cell.strip() for cell in row):
                yield read_row(names, row, line)
    except csv.Error as error:
        yield ParsedReview(line, None, f"not CSV: {error}")


def words_about(given: list[str], names: list[str | None]) -> Iterator[str]:
    """What is to be said about the columns that are not read."""
    taken = set()
    for spelling, name in zip(given, names, strict=True):
        if name is None and spelling.strip():
            yield f"the column “{spelling.strip()[:MAX_SHOWN]}” is unknown and is left out"
        if name in taken:
            yield f"there is another column for {name}: “{spelling.strip()[:MAX_SHOWN]}” is left out"
        taken.add(name or spelling)


def read_row(names: list[str | None], row: list[str], line: int) -> ParsedReview:
    """One row; of two columns of a name the first counts."""
    fields: dict[str, Any] = {}
    for name, cell in zip(names, row, strict=False):
        if name and cell.strip():
            fields.setdefault(name, cell)
    rating = {name: fields.pop(name) for name in RATING_NAMES if name in fields}
    claimant = fields.pop("claimant", None)
    read = read_review(
        {**fields, "reviewRating": rating, "itemReviewed": {"author": claimant} if claimant else None}, line
    )
    if any(cell.strip() for cell in row[len(names) :]):
        words = (*read.warnings, "the row has more cells than there are columns; the last ones are left out")
        return ParsedReview(line, read.statement, read.rejection, words, read.url)
    return read
