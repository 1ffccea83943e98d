"""One job: an import of statements, then the index brought up to date."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from io import SEEK_END, BytesIO
from tempfile import TemporaryFile
from typing import BinaryIO

from index.errors import ImportRejected, IndexFault, StoreUnavailable
from index.exchange.importing import JSON_TYPES, import_reviews, sniff_content_type
from index.exchange.unfolding import unfold
from service.bootstrap import Application
from service.errors import PageUnavailable
from service.logs import describe
from service.store.imports import NO_REPORT, Import
from service.store.jobs import Job
from service.work.held import Unwanted

log = logging.getLogger(__name__)

NOTE_SECONDS = 0.5
NDJSON = "application/x-ndjson"
LARGE_BYTES = 1_000_000


def work_on_import(application: Application, job: Job, go_on: Callable[[], None]) -> None:
    """Import what the job is about; `go_on` is called now and then and may raise Unwanted, which ends it.

    Raises StoreUnavailable where the report cannot be stored.
    """
    imports = application.imports
    found = imports.begin(job)
    if found is None:
        return
    try:
        source, content_type, url = open_source(application, found)
        with source:
            progress = NotedProgress(application, found.id, go_on)
            report = import_reviews(application.statements, source, content_type, url, progress)
    except Unwanted:
        raise
    except (ImportRejected, StoreUnavailable) as fault:
        code = "import-rejected" if isinstance(fault, ImportRejected) else "store-unavailable"
        imports.finish(job, NO_REPORT, searchable=False, problem=(code, str(fault)))
        return
    except PageUnavailable as fault:
        imports.finish(job, NO_REPORT, searchable=False, problem=(fault.code, str(fault)))
        return
    except Exception as error:
        log.error("an import failed: %s", describe(error))
        detail = "A fault in the service ended this import. Sending it again takes up where it ended."
        imports.finish(job, NO_REPORT, searchable=False, problem=("internal-error", detail))
        return
    searchable = catch_up(application)
    imports.finish(job, report, searchable)
    log.info("import done: %d added, %d updated, %d rejected", report.added, report.updated, len(report.rejected))


def open_source(application: Application, found: Import) -> tuple[BinaryIO, str, str | None]:
    """The content of an import, its type and where it came from."""
    if found.url is None:
        return unfolded(application.imports.open_body(found), found.content_type or "", None)
    download = application.fetcher.download(found.url)
    kind = download.content_type.split(";")[0].strip().lower()
    known = kind in ("application/ld+json", "application/x-ndjson", "text/csv", "text/html")
    # Feeds often come as application/json or text/plain, whatever is in them.
    content_type = kind if known else sniff_content_type(download.url, download.content[:4096])
    return unfolded(BytesIO(download.content), content_type, download.url)


def unfolded(source: BinaryIO, kind: str, url: str | None) -> tuple[BinaryIO, str, str | None]:
    """A source that can be read line by line, where it is JSON and large."""
    size = source.seek(0, SEEK_END)
    source.seek(0)
    if kind not in JSON_TYPES or size < LARGE_BYTES:
        return source, kind, url
    with source:
        if isinstance(source, BytesIO):
            with TemporaryFile() as file:  # a process reads from a file
                file.write(source.getbuffer())
                file.seek(0)
                return unfold(file), NDJSON, url
        return unfold(source), NDJSON, url


def catch_up(application: Application) -> bool:
    """Bring the index up to date; False where it cannot be now (then it catches up by itself later)."""
    try:
        application.index.update()
    except IndexFault as fault:
        log.error("the index could not be brought up to date: %s", describe(fault))
        return False
    return True


class NotedProgress:
    """Writes down how many reviews were read, now and then, and asks whether to go on."""

    def __init__(self, application: Application, id: str, go_on: Callable[[], None]) -> None:
        self._application, self._id, self._go_on = application, id, go_on
        self._noted_at = 0.0

    def __call__(self, read: int, _total: int | None) -> None:
        """Hear that `read` reviews were read. Raises Unwanted."""
        self._go_on()
        if time.monotonic() - self._noted_at > NOTE_SECONDS:
            self._noted_at = time.monotonic()
            self._application.imports.note_read(self._id, read)
