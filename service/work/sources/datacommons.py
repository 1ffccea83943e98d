"""The Data Commons feed: one large file that anybody can write into; only publishers on the allowlist count."""

from __future__ import annotations

from tempfile import TemporaryFile

from index.errors import StoreUnavailable
from index.exchange.streaming import StreamedReviews
from service.errors import PageUnsupported
from service.pipeline.polite import Known
from service.work.sources.visit import Visit

MAX_BYTES = 1_000_000_000
SECONDS = 3600.0


def read_datacommons(visit: Visit) -> None:
    """Load the feed where it has changed, and take what counts of it. Raises PageUnsupported where it is damaged."""
    documents, run = visit.application.sources.documents, visit.run.number
    documents.enter_root(visit.source.id, visit.plan.address, run)
    document = documents.next(visit.source.id, run)
    if document is None:
        return
    visit.go_on()
    with TemporaryFile(dir=visit.application.settings.data_dir) as file:  # what lies in /tmp may lie in memory
        known = Known(document.etag, document.last_modified)
        try:
            fetched = visit.application.polite.fetch(
                document.address, known, max_bytes=MAX_BYTES, into=file, accept="application/json", seconds=SECONDS
            )
        except OSError as error:
            raise StoreUnavailable("There is no room for the feed: make room on the disk.") from error
        if not fetched.changed:
            documents.note_read(visit.source.id, document, run, None)
            return
        file.seek(0)
        with StreamedReviews(file) as reviews:
            visit.take(reviews)
    visit.keep()
    if reviews.fault:
        raise PageUnsupported(reviews.fault)
    documents.note_read(visit.source.id, document, run, (fetched.known.etag, fetched.known.last_modified))
