"""ClaimReview files, feeds and pages into the store, with a report: what was added, changed, rejected, and why."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING, Any, AnyStr, BinaryIO

from index.errors import ImportRejected
from index.exchange.claimreview import ParsedReview, read_review, unmapped_note
from index.exchange.columns import AS_THEY_ARE, MAX_SHOWN, ColumnMapping
from index.exchange.decoding import decode, find_charset, judge_charset
from index.exchange.dirty_json import read_json
from index.exchange.finding import find_reviews
from index.exchange.language import detect_language
from index.exchange.local_ratings import RatingMappings
from index.exchange.page_markup import read_markup
from index.exchange.reports import ImportReport, Note, Notes
from index.exchange.tables import read_record, read_sheet, read_table
from index.exchange.unfolding import load_json, reviews_in
from index.exchange.workbooks import FAULTS, MARKS, OLD_OR_PROTECTED, SAVE_ANEW, XLSX, open_workbook
from index.models import NormalizedRating, Statement

if TYPE_CHECKING:
    from index.store.statements import StatementStore

BATCH = 500
MAX_LINE = 1_000_000  # characters of a review in NDJSON; what is larger must come as JSON, read in another process
JSON_TYPES = ("application/ld+json", "application/json")
HTML_TYPES = ("text/html", "application/xhtml+xml")
NDJSON = "application/x-ndjson"
CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]{2,40})", re.I)
NOTHING_IN_IT = "there is nothing in it: no review was read"
NO_MARKUP = "there is no ClaimReview markup on this page"
REPAIRED = "this is not valid JSON and was repaired: check that everything was read as intended"


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
    total = content.count(b"\n") if isinstance(content, bytes) and content_type == NDJSON else None
    return store_reviews(store, read_reviews(content, content_type, source_url), progress, total)


def store_reviews(
    store: StatementStore,
    reviews: Iterable[ParsedReview],
    progress: Callable[[int, int | None], None] | None = None,
    total: int | None = None,
    *,
    unasked: bool = False,
) -> ImportReport:
    """Put reviews that were read into the store; `unasked` as there. Raises as `import_reviews`."""
    from index.store.ratings import RatingStore
    from index.store.statements import Outcome  # whoever only reads reviews needs no database

    mappings = RatingStore(store.engine).mappings()
    counts = dict.fromkeys(Outcome, 0)
    rejected, warnings = Notes(), Notes()
    read = held = 0  # parts of the file that were read, notes about it among them; and reviews
    reviews = iter(reviews)
    while batch := [settled(review, mappings) for review in islice(reviews, BATCH)]:
        statements = [review.statement for review in batch if review.statement]
        for outcome in store.put_many(statements, unasked=unasked):
            counts[outcome] += 1
        rejected.add(Note(review.line, review.rejection) for review in batch if review.rejection)
        warnings.add(Note(review.line, warning) for review in batch for warning in review.warnings)
        read += len(batch)
        held += sum(review.is_review for review in batch)
        if progress:
            progress(read, total)
    if not held and NO_MARKUP not in {note.reason for note in warnings.kept}:
        warnings.add([Note(None, NOTHING_IN_IT)])
    done = counts[Outcome.ADDED], counts[Outcome.UPDATED], counts[Outcome.UNCHANGED]
    further = rejected.further, warnings.further
    return ImportReport(*done, tuple(rejected.kept), tuple(warnings.kept), *further, counts[Outcome.KEPT])


def sniff_content_type(name: str, head: bytes) -> str:
    """The content type of a file, by its name and first bytes; NDJSON is told from JSON by its second line."""
    if marked := MARKS.get(head[:4]):
        return marked
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
        return NDJSON
    return "application/ld+json" if start[:1] in ("{", "[") else "text/csv"


def read_reviews(
    content: bytes | BinaryIO,
    content_type: str,
    source_url: str | None = None,
    mapping: ColumnMapping = AS_THEY_ARE,
) -> Iterator[ParsedReview]:
    """Every review in the input, in order; `mapping` says what its columns mean, where they have names of their own.

    Raises ImportRejected where the input as a whole cannot be read.
    """
    source = io.BytesIO(content) if isinstance(content, bytes) else content
    kind = content_type.split(";")[0].strip().lower()
    found = CHARSET.search(content_type)
    named = found[1] if found else None
    if kind == NDJSON:
        return _read_lines(source, named, mapping)
    if kind == "text/csv":
        return _read_csv(source, named, mapping)
    if kind == XLSX:
        return _read_workbook(source, mapping)
    if kind == OLD_OR_PROTECTED:
        raise ImportRejected(SAVE_ANEW)
    if mapping:
        raise ImportRejected("Columns can be named for CSV, Excel and NDJSON only: this is none of them.")
    if kind in JSON_TYPES:
        return _read_json(source, named)
    if kind in HTML_TYPES:
        return _read_page(source, named, source_url)
    raise ImportRejected(f"Cannot read {kind or 'this'}: send JSON-LD, NDJSON, CSV, Excel or HTML.")


def read_page(source: str, url: str | None = None) -> Iterator[ParsedReview]:
    """Every review in a page's markup, in order, or a note that there is none; `url` is where it came from."""
    markup = read_markup(source, url)
    for place, reason in enumerate(markup.unread, 1):
        yield ParsedReview(place, None, reason)
    if markup.repaired:
        yield from _noted(REPAIRED)
    seen: set[tuple[str, str]] = set()
    place = len(markup.unread)
    for review in find_reviews(list(markup.values)):
        place += 1
        read = _reviewed(review, place, markup.address)
        if read.statement:  # many say the same as JSON-LD and again as microdata
            mark = (read.statement.claim_reviewed, read.statement.url)
            if mark in seen:
                continue
            seen.add(mark)
        yield read
    if not place:
        yield from _noted(NO_MARKUP)


# ---------------------------------------------------------------- formats


def _read_lines(source: BinaryIO, named: str | None, mapping: ColumnMapping) -> Iterator[ParsedReview]:
    charset = find_charset(source, named)
    yield from _noted(charset.note)
    for number, line in enumerate(_lines_of(source, charset.codec), 1):
        if len(line) > MAX_LINE:
            yield ParsedReview(number, None, "the line is longer than 1 MB: send it as JSON")
            continue
        if not line.strip():
            continue
        own = judge_charset([line], named or charset.codec)
        if own.note and own.codec != charset.codec:  # files from several places were put together
            yield from _noted(own.note, number)
        try:
            data, repaired = read_json(line.decode(own.codec, "replace"))
        except ValueError as error:
            yield ParsedReview(number, None, f"not JSON: {error}")
            continue
        if repaired:
            yield from _noted(REPAIRED, number)
        found = list(find_reviews(data))
        if mapping and not found and isinstance(data, dict):
            yield read_record(data, mapping, number)
            continue
        yield from (_reviewed(review, number) for review in found or [data])


def _lines_of(source: BinaryIO, codec: str) -> Iterator[bytes]:
    """The lines of a file; those of UTF-16 in UTF-8, since there a line break is more than one byte."""
    if not codec.startswith("utf-16"):
        yield from _cut_lines(source.readline, b"\n")
        return
    lines = io.TextIOWrapper(source, codec, "replace")
    try:
        yield from (line.encode("utf-8", "replace") for line in _cut_lines(lines.readline, "\n"))
    finally:
        lines.detach()


def _cut_lines(read_line: Callable[[int], AnyStr], end: AnyStr) -> Iterator[AnyStr]:
    """Lines, of one that is longer than MAX_LINE a little more than that: it must not fill the memory."""
    while line := read_line(MAX_LINE + 1):
        yield line
        while len(line) > MAX_LINE and not line.endswith(end):
            line = read_line(MAX_LINE + 1)


def _read_json(source: BinaryIO, named: str | None) -> Iterator[ParsedReview]:
    yield from _noted(find_charset(source, named).note)
    try:
        data, repaired = load_json(source, named)
    except ValueError as error:
        raise ImportRejected(f"This is not JSON: {error}") from None
    if repaired:
        yield from _noted(REPAIRED)
    if isinstance(data, dict) and data.get("nextPageToken"):
        yield from _noted("this is one page of a longer reply: fetch the others too")
    yield from (_reviewed(review, place) for place, review in enumerate(reviews_in(data), 1))


def _read_csv(source: BinaryIO, named: str | None, mapping: ColumnMapping) -> Iterator[ParsedReview]:
    charset = find_charset(source, named)
    yield from _noted(charset.note)
    lines = io.TextIOWrapper(source, charset.codec, "replace", newline="")
    try:
        yield from read_table(lines, mapping)
    finally:
        lines.detach()  # whoever opened the file closes it


def _read_workbook(source: BinaryIO, mapping: ColumnMapping) -> Iterator[ParsedReview]:
    book = open_workbook(source)
    if book.others:
        yield from _noted(f"only the first sheet, “{book.name[:MAX_SHOWN]}”, is read")
    rows = read_sheet(book.rows(), mapping)
    try:
        yield from rows
    except FAULTS as fault:
        yield ParsedReview(None, None, f"the workbook cannot be read further: {fault}")


def _read_page(source: BinaryIO, named: str | None, source_url: str | None) -> Iterator[ParsedReview]:
    raw = source.read()
    meta = CHARSET.search(raw[:4096].decode("latin-1"))
    named = named or (meta[1] if meta else None)
    yield from _noted(find_charset(io.BytesIO(raw), named).note)
    yield from read_page(decode(raw, named), source_url)


def _noted(note: str | None, line: int | None = None) -> Iterator[ParsedReview]:
    if note:
        yield ParsedReview(line, None, warnings=(note,))


# ---------------------------------------------------------------- pieces


def _reviewed(review: Any, line: int, base: str | None = None) -> ParsedReview:
    try:
        return read_review(review, line, base)
    except RecursionError:
        return ParsedReview(line, None, "nested too deeply")


def settled(review: ParsedReview, mappings: RatingMappings) -> ParsedReview:
    """A review as it is stored: with its language, where it does not say it, and what its rating words mean in that."""
    if review.statement is None:
        return review
    statement = mappings.apply(with_language(review.statement))
    if statement.rating.normalized is NormalizedRating.UNMAPPED:
        return replace(review, statement=statement)
    settled_note = unmapped_note(statement.rating.alternate_name)
    return replace(
        review, statement=statement, warnings=tuple(each for each in review.warnings if each != settled_note)
    )


def with_language(statement: Statement) -> Statement:
    """The language, where the review does not say it, as it reads by the claim's letters."""
    if statement.language:
        return statement
    return replace(statement, language=detect_language(statement.claim_reviewed))


def _is_object(line: str) -> bool:
    try:
        return isinstance(json.loads(line), dict)
    except ValueError:
        return False
