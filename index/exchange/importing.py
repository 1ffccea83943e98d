"""ClaimReview files, feeds and pages into the store, with a report: what was added, changed, rejected, and why."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from itertools import chain, islice
from typing import TYPE_CHECKING, Any, BinaryIO, TextIO

from index.errors import ImportRejected
from index.exchange.claimreview import ParsedReview, find_reviews, read_review
from index.exchange.unfolding import decode, find_charset, load_json, unfold_json
from index.models import Statement

if TYPE_CHECKING:
    from index.store.statements import StatementStore

BATCH = 500
JSON_TYPES = ("application/ld+json", "application/json")
CSV_NAMES = {
    "claim_reviewed": "claimReviewed", "claimreviewed": "claimReviewed", "claim": "claimReviewed", "url": "url",
    "rating": "alternateName", "alternate_name": "alternateName", "alternatename": "alternateName",
    "rating_value": "ratingValue", "ratingvalue": "ratingValue", "best_rating": "bestRating",
    "bestrating": "bestRating", "worst_rating": "worstRating", "worstrating": "worstRating",
    "publisher": "author", "author": "author", "language": "inLanguage", "inlanguage": "inLanguage",
    "date_published": "datePublished", "datepublished": "datePublished", "date": "datePublished",
    "headline": "headline", "claimant": "claimant", "explanation": "reviewBody", "reviewbody": "reviewBody",
    "license": "sdLicense",
}  # fmt: skip
JSON_LD_SCRIPT = re.compile(r"<script\b[^<>]{0,500}?application/ld\+json[^<>]{0,500}>", re.I)
SCRIPT_END = re.compile(r"</script", re.I)
RATING_NAMES = ("alternateName", "ratingValue", "bestRating", "worstRating")


@dataclass(frozen=True, slots=True)
class Note:
    """What is wrong with one review; `line` is its line, or its place (from 1) in a list."""

    line: int | None
    reason: str


@dataclass(frozen=True, slots=True)
class ImportReport:
    """What an import did."""

    added: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: tuple[Note, ...] = ()
    warnings: tuple[Note, ...] = ()

    @property
    def total(self) -> int:
        """How many reviews were read."""
        return self.added + self.updated + self.unchanged + len(self.rejected)


def import_reviews(
    store: StatementStore,
    content: bytes | BinaryIO,
    content_type: str,
    source_url: str | None = None,
    progress: Callable[[int, int | None], None] | None = None,
) -> ImportReport:
    """Put every ClaimReview of `content` into the store, 500 a transaction; `progress` hears (read, total or None).

    A file of NDJSON or CSV is read as it is taken in; JSON and HTML lie in memory as a whole.

    Raises ImportRejected where nothing can be read at all, StoreUnavailable where the store fails (what was committed
    before stays, and importing again completes it).
    """
    from index.store.statements import Outcome  # whoever only reads reviews needs no database

    counts = dict.fromkeys(Outcome, 0)
    rejected: list[Note] = []
    warnings: list[Note] = []
    read = 0
    reviews = read_reviews(content, content_type, source_url)
    total = None
    if isinstance(content, bytes) and content_type == "application/x-ndjson":
        total = content.count(b"\n")
    while batch := list(islice(reviews, BATCH)):
        statements = [_with_language(review.statement) for review in batch if review.statement]
        for outcome in store.put_many(statements):
            counts[outcome] += 1
        rejected += [Note(review.line, review.rejection) for review in batch if review.rejection]
        warnings += [Note(review.line, warning) for review in batch for warning in review.warnings]
        read += len(batch)
        if progress:
            progress(read, total)
    return ImportReport(
        counts[Outcome.ADDED], counts[Outcome.UPDATED], counts[Outcome.UNCHANGED], tuple(rejected), tuple(warnings)
    )


def sniff_content_type(name: str, head: bytes) -> str:
    """The content type of a file, by its name and first bytes; NDJSON is told from JSON by its second line."""
    ending = name.lower().rsplit(".", 1)[-1] if "." in name else ""
    start = decode(head).lstrip()
    if ending in ("csv", "tsv"):
        return "text/csv"
    if ending in ("html", "htm", "xhtml") or start.startswith("<"):
        return "text/html"
    lines = [line.strip() for line in start.splitlines() if line.strip()]
    if ending in ("ndjson", "jsonl") or (
        len(lines) > 1 and all(line.startswith("{") for line in lines[:2]) and _is_object(lines[0])
    ):
        return "application/x-ndjson"
    return "application/ld+json" if start[:1] in ("{", "[") else "text/csv"


def read_reviews(content: bytes | BinaryIO, content_type: str, source_url: str | None = None) -> Iterator[ParsedReview]:
    """Every review in the input, in order. Raises ImportRejected where the input as a whole cannot be read."""
    source = io.BytesIO(content) if isinstance(content, bytes) else content
    kind = content_type.split(";")[0].strip().lower()
    if kind == "application/x-ndjson":
        return _read_lines(source)
    if kind in JSON_TYPES:
        return _read_json(source)
    if kind == "text/csv":
        return _read_csv(source)
    if kind in ("text/html", "application/xhtml+xml"):
        return _read_page(source, source_url)
    raise ImportRejected(f"Cannot read {kind or 'this'}: send JSON-LD, NDJSON, CSV or HTML.")


# ---------------------------------------------------------------- formats


def _read_lines(source: BinaryIO) -> Iterator[ParsedReview]:
    for number, line in enumerate(source, 1):
        if line.strip():
            try:
                data = load_json(line)
            except ValueError as error:
                yield ParsedReview(number, None, f"not JSON: {error}")
                continue
            found = list(find_reviews(data)) or [data]
            yield from (_reviewed(review, number) for review in found)


def _read_json(source: BinaryIO) -> Iterator[ParsedReview]:
    yield from (_reviewed(review, place) for place, review in enumerate(unfold_json(source), 1))


def _read_csv(source: BinaryIO) -> Iterator[ParsedReview]:
    charset = find_charset(source.read(3))
    source.seek(0)
    lines = io.TextIOWrapper(source, charset, "replace", newline="")
    try:
        yield from _read_table(lines)
    finally:
        lines.detach()  # whoever opened the file closes it


def _read_table(lines: TextIO) -> Iterator[ParsedReview]:
    head = lines.readline()
    delimiter = max(",;\t", key=head.count)
    rows = csv.reader(chain([head], lines), delimiter=delimiter)
    try:
        names = [CSV_NAMES.get(name.strip().lower().replace(" ", "_")) for name in next(rows, [])]
        if "claimReviewed" not in names or "url" not in names:
            raise ImportRejected("The first line of a CSV names its columns: claim_reviewed, url, rating, and others.")
        for row in rows:
            if any(cell.strip() for cell in row):
                fields = {name: cell for name, cell in zip(names, row, strict=False) if name and cell.strip()}
                yield read_review(_from_row(fields), rows.line_num)
    except csv.Error as error:
        yield ParsedReview(rows.line_num, None, f"not CSV: {error}")


def _from_row(fields: dict[str, str]) -> dict[str, Any]:
    rating = {name: fields.pop(name) for name in RATING_NAMES if name in fields}
    claimant = fields.pop("claimant", None)
    return {**fields, "reviewRating": rating, "itemReviewed": {"author": claimant} if claimant else None}


def _read_page(source: BinaryIO, source_url: str | None) -> Iterator[ParsedReview]:
    blocks = script_blocks(decode(source.read()))
    place = 0
    for block in blocks:
        inner = re.sub(r"^\s*(<!--|//\s*<!\[CDATA\[|<!\[CDATA\[)|(-->|//\s*\]\]>|\]\]>)\s*$", "", block)
        try:
            data = load_json(inner.encode())
        except ValueError:
            if "claimreview" in block.lower():
                place += 1
                yield ParsedReview(place, None, "the page's ClaimReview markup is not JSON")
            continue
        for review in find_reviews(data):
            place += 1
            own = {**review, "url": review.get("url") or source_url}
            yield _reviewed(own, place)


def script_blocks(page: str) -> Iterator[str]:
    """The contents of a page's JSON-LD scripts, found in one pass however the page is built."""
    place = 0
    for start in JSON_LD_SCRIPT.finditer(page):
        if start.start() >= place:
            closing = SCRIPT_END.search(page, start.end())
            if closing is None:
                return
            place = closing.start()
            yield page[start.end() : place]


# ---------------------------------------------------------------- pieces


def _reviewed(review: Any, line: int) -> ParsedReview:
    try:
        return read_review(review, line)
    except RecursionError:
        return ParsedReview(line, None, "nested too deeply")


def _with_language(statement: Statement) -> Statement:
    """The language, where the review does not say it, as py3langid reads the claim."""
    if statement.language:
        return statement
    return replace(statement, language=detect_language(statement.claim_reviewed))


def detect_language(text: str) -> str:
    """The most likely ISO 639-1 code of a text."""
    from py3langid import langid

    return str(langid.classify(text)[0])


def _is_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False
