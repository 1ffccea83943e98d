"""Batches: up to 1,000 pages or texts at once, each under a reference of your own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable

from gegencheck_client.asynchronous.transport import AsyncTransport, id_of
from gegencheck_client.calls import Call, Nothing, body, path
from gegencheck_client.models import Batch, BatchBody, BatchItem, BatchItemBody, BatchItems


class BatchCalls:
    """Under /v1/batches."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def create(
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
        return await self._transport.send(call)

    async def get(self, id: str) -> Batch:
        """A batch and how many of its items stand where. Raises NotFound."""
        return await self._transport.send(Call("GET", path("batches", id), Batch))

    async def wait(self, batch: Batch | str, *, timeout_seconds: float = 3600.0) -> Batch:
        """A batch as it is when all its items have ended. Raises Unfinished."""
        return await self._transport.until_ended(Call("GET", path("batches", id_of(batch)), Batch), timeout_seconds)

    async def items(self, batch: Batch | str, *, page_size: int = 100) -> AsyncIterator[BatchItem]:
        """The items in the order in which they were sent, each with its check as soon as there is one."""
        call = Call("GET", path("batches", id_of(batch), "items"), BatchItems, {"limit": page_size})
        async for page in self._transport.pages(call):
            for each in page.items:
                yield each

    async def cancel(self, batch: Batch | str) -> None:
        """Cancel what has not begun. Raises NotFound."""
        await self._transport.send(Call("DELETE", path("batches", id_of(batch)), Nothing))
