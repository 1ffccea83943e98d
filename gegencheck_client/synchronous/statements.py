# Written by `make client` from the module of this name in asynchronous/.
"""Verified statements, and imports of many."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from gegencheck_client.calls import Call, Nothing, body, path
from gegencheck_client.models import (
    Cluster,
    History,
    Import,
    ImportUrlBody,
    NormalizedRating,
    Preview,
    ReasonBody,
    Statement,
    StatementBody,
    Statements,
)
from gegencheck_client.synchronous.transport import SyncTransport, id_of
from gegencheck_client.versions import ReadStatement, version_read

NDJSON = "application/x-ndjson"


class StatementCalls:
    """Under /v1/statements."""

    def __init__(self, transport: SyncTransport) -> None:
        self._transport = transport

    def find(
        self,
        query: str | None = None,
        *,
        language: str | None = None,
        publisher: str | None = None,
        rating: NormalizedRating | str | None = None,
        own: bool = False,
        retired: bool = False,
        page_size: int = 100,
    ) -> Iterator[Statement]:
        """Statements, newest first, page by page; `query` are words that must all occur.

        With `own` only those that have an owner, with `retired` those that were taken out of use instead.
        """
        asked = {
            "query": query, "language": language, "publisher": publisher, "rating": rating, "own": own or None,
            "retired": retired or None, "limit": page_size,
        }  # fmt: skip
        for page in self._transport.pages(Call("GET", path("statements"), Statements, asked)):
            for each in page.statements:
                yield each

    def get(self, id: str) -> ReadStatement:
        """The statement with this id, and which version of it that is. Raises NotFound."""
        return self._transport.send(Call("GET", path("statements", id), ReadStatement))

    def cluster(self, id: str) -> Cluster:
        """Other statements that say the same as the one with this id. Raises NotFound."""
        return self._transport.send(Call("GET", path("statements", id, "cluster"), Cluster))

    def create(self, statement: StatementBody, *, idempotency_key: str | None = None) -> ReadStatement:
        """Add a statement."""
        call = Call(
            "POST", path("statements"), ReadStatement, body=statement, creates=True, idempotency_key=idempotency_key
        )
        return self._transport.send(call)

    def replace(self, old: ReadStatement | str, statement: StatementBody) -> ReadStatement:
        """Write a statement anew: the one that you read, if it is still that, or by its id whatever it is by now.

        Raises NotFound; ChangedMeanwhile, and nothing is written, where it is no longer what you read.
        """
        version = version_read(old)
        call = Call(
            "PUT", path("statements", id_of(old)), ReadStatement, body=statement, if_match=version,
            repeatable=version is None,  # after a try that did it, whose answer got lost, it is another version
        )  # fmt: skip
        return self._transport.send(call)

    def delete(self, old: ReadStatement | str, *, reason: str | None = None) -> None:
        """Take a statement out of use: the one that you read, or by its id whatever it is now. Raises as `replace`."""
        call = Call("DELETE", path("statements", id_of(old)), Nothing, {"reason": reason}, if_match=version_read(old))
        self._transport.send(call)

    def restore(self, id: str, *, reason: str | None = None) -> ReadStatement:
        """Bring a statement back that was taken out of use. Raises NotFound."""
        asked = body(ReasonBody, reason=reason)
        return self._transport.send(Call("POST", path("statements", id, "restore"), ReadStatement, body=asked))

    def history(self, id: str) -> History:
        """The versions of a statement, newest first: who wrote each, why, and what it changed. Raises NotFound."""
        return self._transport.send(Call("GET", path("statements", id, "history"), History))

    def load(
        self,
        document: bytes | str,
        content_type: str = NDJSON,
        *,
        columns: Mapping[str, str] | None = None,
        same: Mapping[str, str] | None = None,
        callback_url: str | None = None,
        idempotency_key: str | None = None,
    ) -> Import:
        """Import ClaimReview, in the format that `content_type` names. It goes on: `imports.wait` for its report.

        Of a file of your own, `columns` says which column holds which field, and `same` what is the same in all rows.
        """
        call = Call(
            "POST", path("statements", "import"), Import, {**mapping(columns, same), "callback_url": callback_url},
            content=in_bytes(document), content_type=content_type, creates=True, idempotency_key=idempotency_key,
        )  # fmt: skip
        return self._transport.send(call)

    def load_from(self, url: str, *, callback_url: str | None = None, idempotency_key: str | None = None) -> Import:
        """Import ClaimReview from an address that the service fetches."""
        call = Call(
            "POST", path("statements", "import"), Import, {"callback_url": callback_url},
            body=body(ImportUrlBody, url=url), creates=True, idempotency_key=idempotency_key,
        )  # fmt: skip
        return self._transport.send(call)

    def preview(
        self,
        document: bytes | str,
        content_type: str = NDJSON,
        *,
        columns: Mapping[str, str] | None = None,
        same: Mapping[str, str] | None = None,
    ) -> Preview:
        """What an import of a file of your own would say. Stores nothing."""
        call = Call(
            "POST", path("statements", "preview"), Preview, mapping(columns, same), content=in_bytes(document),
            content_type=content_type,
        )  # fmt: skip
        return self._transport.send(call)


class ImportCalls:
    """Under /v1/imports."""

    def __init__(self, transport: SyncTransport) -> None:
        self._transport = transport

    def get(self, id: str) -> Import:
        """An import and its report. Raises NotFound."""
        return self._transport.send(Call("GET", path("imports", id), Import))

    def wait(self, started: Import | str, *, timeout_seconds: float = 3600.0) -> Import:
        """An import as it is when it has ended. Raises Unfinished."""
        return self._transport.until_ended(Call("GET", path("imports", id_of(started)), Import), timeout_seconds)


def mapping(columns: Mapping[str, str] | None, same: Mapping[str, str] | None) -> dict[str, object]:
    """Names of columns and what is the same in all rows, as parameters."""
    named = {f"column_{field}": name for field, name in (columns or {}).items()}
    return {**named, **{f"set_{field}": value for field, value in (same or {}).items()}}


def in_bytes(document: bytes | str) -> bytes:
    """A document as it is sent."""
    return document.encode() if isinstance(document, str) else document
