"""One job: an import of statements, then the index brought up to date."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from io import SEEK_END, BytesIO
from tempfile import TemporaryFile
from typing import BinaryIO

from index.errors import ImportRejected, IndexFault, StoreUnavailable
from index.exchange.claimreview import ParsedReview
from index.exchange.columns import AS_THEY_ARE, ColumnMapping
from index.exchange.decoding import find_charset
from index.exchange.importing import (
    HTML_TYPES,
    JSON_TYPES,
    NDJSON,
    read_reviews,
    sniff_content_type,
    store_reviews,
)  # fmt: skip
from index.exchange.keeping import of_others
from index.exchange.unfolding import unfold
from index.exchange.workbooks import XLSX
from service.bootstrap import Application
from service.errors import CheckFault, PageUnsupported
from service.logs import describe
from service.models import Page
from service.pipeline.fact_checks import read_reviews_of
from service.pipeline.fetch import Download
from service.pipeline.reader import GoOn, always
from service.store.corrections import CORRECTION
from service.store.imports import NO_REPORT, Import
from service.store.jobs import Job
from service.work.held import Unwanted, Work

log = logging.getLogger(__name__)

NOTE_SECONDS = 0.5
LARGE_BYTES = 1_000_000


def work_on_import(application: Application, work: Work) -> None:
    """Import what the job is about; ended by Unwanted. Raises StoreUnavailable where the report cannot be stored."""
    imports, job, go_on = application.imports, work.job, work.go_on
    found = imports.begin(job)
    if found is None:
        return
    try:
        source, content_type, url = open_source(application, found)
        with source:
            progress = NotedProgress(application, found.id, go_on, Length.of(source, content_type))
            reviews = take_reviews(application, source, content_type, url, go_on, found.columns)
            reviews = of_others(reviews) if url else reviews
            report = store_reviews(application.statements, reviews, progress)
    except Unwanted:
        raise
    except (ImportRejected, StoreUnavailable) as fault:
        code = "import-rejected" if isinstance(fault, ImportRejected) else "store-unavailable"
        imports.finish(job, NO_REPORT, searchable=False, problem=(code, str(fault)))
        return
    except CheckFault as fault:
        imports.finish(job, NO_REPORT, searchable=False, problem=(fault.code, str(fault)))
        return
    except Exception as error:
        log.error("an import failed: %s", describe(error))
        detail = "A fault in the service ended this import. Send it again to continue where it ended."
        imports.finish(job, NO_REPORT, searchable=False, problem=("internal-error", detail))
        return
    imports.note_stored(found.id, report)
    searchable = catch_up(application)
    imports.finish(job, report, searchable)
    log.info("import done: %d added, %d updated, %d rejected", report.added, report.updated, report.rejected_count)


def give_up_import(application: Application, job: Job, code: str, detail: str) -> None:
    """End an import as failed. Raises StoreUnavailable."""
    application.imports.finish(job, NO_REPORT, searchable=False, problem=(code, detail))


def open_source(application: Application, found: Import) -> tuple[BinaryIO, str, str | None]:
    """The content of an import, its type and where it came from."""
    if found.url is None:
        return application.imports.open_body(found), found.content_type or "", None
    download = application.fetcher.download(found.url)
    return BytesIO(download.content), content_type_of(download), download.url


def content_type_of(download: Download) -> str:
    """What came, by its header where that names a type that is read; by its beginning else.

    Feeds often come as application/json or text/plain, whatever is in them.
    """
    if bare_type(download.content_type) in ("application/ld+json", NDJSON, "text/csv", XLSX, *HTML_TYPES):
        return download.content_type
    parameters = download.content_type.partition(";")[2]
    return f"{sniff_content_type(download.url, download.content[:4096])};{parameters}"


def bare_type(content_type: str) -> str:
    """A content type without its parameters."""
    return content_type.split(";")[0].strip().lower()


def take_reviews(
    application: Application,
    source: BinaryIO,
    content_type: str,
    url: str | None,
    go_on: GoOn = always,
    columns: ColumnMapping = AS_THEY_ARE,
) -> Iterable[ParsedReview]:
    """The reviews in a source; what is large or a page is taken apart in a process of its own, where it does no harm.

    Raises ImportRejected, PageUnreadable.
    """
    if columns:  # which only plain rows have; anything else is refused there
        return read_reviews(source, content_type, url, columns)
    if bare_type(content_type) in HTML_TYPES:
        page = Page(url, url, source.read(), content_type, fetched=False)
        try:
            return application.reader.asking(go_on).read(read_reviews_of, page)
        except PageUnsupported as fault:
            raise ImportRejected(str(fault)) from None
    size = source.seek(0, SEEK_END)
    source.seek(0)
    if bare_type(content_type) in JSON_TYPES and size >= LARGE_BYTES:
        return unfolded_reviews(source)
    return read_reviews(source, content_type, url)


def unfolded_reviews(source: BinaryIO) -> Iterator[ParsedReview]:
    """The reviews of a large JSON file, read line by line after another process has unfolded it."""
    if note := find_charset(source).note:
        yield ParsedReview(None, None, warnings=(note,))
    with TemporaryFile() as file:
        if isinstance(source, BytesIO):  # a process reads from a file
            file.write(source.getbuffer())
            file.seek(0)
        with unfold(file if isinstance(source, BytesIO) else source) as lines:
            yield from read_reviews(lines, NDJSON)


def catch_up(application: Application) -> bool:
    """Bring the index up to date, and let past checks be corrected by it; False where it cannot be now.

    Then both catch up by themselves later.
    """
    try:
        application.index.update()
        application.schedules.hurry(CORRECTION)
    except IndexFault as fault:
        log.error("the index could not be brought up to date: %s", describe(fault))
        return False
    return True


@dataclass(frozen=True, slots=True)
class Length:
    """How long a file is that is read as its reviews are taken; of others (`size` 0) nobody can say how far it is."""

    source: BinaryIO
    size: int

    @classmethod
    def of(cls, source: BinaryIO, content_type: str) -> Length:
        """The length of what is sent line by line."""
        if bare_type(content_type) not in (NDJSON, "text/csv"):
            return cls(source, 0)
        size = source.seek(0, SEEK_END)
        source.seek(0)
        return cls(source, size)

    def about(self, read: int) -> int | None:
        """How many reviews there are in all, if those to come are as long as the `read` ones."""
        return round(read * self.size / max(self.source.tell(), 1)) if self.size else None


class NotedProgress:
    """Writes down how many reviews were read, now and then, and asks whether to go on."""

    def __init__(self, application: Application, id: str, go_on: Callable[[], None], length: Length) -> None:
        self._application, self._id, self._go_on, self._length = application, id, go_on, length
        self._noted_at = 0.0

    def __call__(self, read: int, _total: int | None) -> None:
        """Hear that `read` reviews were read. Raises Unwanted."""
        self._go_on()
        if time.monotonic() - self._noted_at > NOTE_SECONDS:
            self._noted_at = time.monotonic()
            self._application.imports.note_read(self._id, read, self._length.about(read))
