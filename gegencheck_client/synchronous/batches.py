# Written by `make client` from the module of this name in asynchronous/.
"""Batches: up to 1,000 pages or texts at once, each under a reference of your own."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from gegencheck_client.calls import Call, Nothing, body, path
from gegencheck_client.models import Batch, BatchBody, BatchItem, BatchItemBody, BatchItems
from gegencheck_client.synchronous.transport import SyncTransport, id_of


class BatchCalls:
    """Under /v1/batches."""

    def __init__(self, transport: SyncTransport) -> None:
        self._transport = transport

    def create(
        self,
        items: Iterable[BatchItemBody],
        *,
        policy: str | None = None,
        callback_url: str | None = None,
        idempotency_key: str | None = None,
    ) -> Batch:
        """Ask for many checks. What cannot be checked fails by itself, the others go on."""
        given = body(BatchBody, items=list(items), policy=policy, callback_url=callback_url)
        call = Call("POST", path("batches"), Batch, body=given, creates=True, idempotency_key=idempotency_key)
        return self._transport.send(call)

    def get(self, id: str) -> Batch:
        """A batch and how many of its items stand where. Raises NotFound."""
        return self._transport.send(Call("GET", path("batches", id), Batch))

    def wait(self, batch: Batch | str, *, timeout_seconds: float = 3600.0) -> Batch:
        """A batch as it is when all its items have ended. Raises Unfinished."""
        return self._transport.until_ended(Call("GET", path("batches", id_of(batch)), Batch), timeout_seconds)

    def items(self, batch: Batch | str, *, page_size: int = 100) -> Iterator[BatchItem]:
        """The items in the order in which they were sent, each with its check as soon as there is one."""
        call = Call("GET", path("batches", id_of(batch), "items"), BatchItems, {"limit": page_size})
        for page in self._transport.pages(call):
            for each in page.items:
                yield each

    def cancel(self, batch: Batch | str) -> None:
        """Cancel what has not begun. Raises NotFound."""
        self._transport.send(Call("DELETE", path("batches", id_of(batch)), Nothing))
