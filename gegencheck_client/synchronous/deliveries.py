# Written by `make client` from the module of this name in asynchronous/.
"""Webhooks that the service sent or gave up."""

from __future__ import annotations

from collections.abc import Iterator

from gegencheck_client.calls import Call, path
from gegencheck_client.models import Deliveries, Delivery, DeliveryState
from gegencheck_client.synchronous.transport import SyncTransport


class DeliveryCalls:
    """Under /v1/webhooks/deliveries."""

    def __init__(self, transport: SyncTransport) -> None:
        self._transport = transport

    def find(self, *, state: DeliveryState | str | None = None, page_size: int = 100) -> Iterator[Delivery]:
        """Deliveries, newest first; `state="dead"` lists those that nobody received."""
        asked = {"state": state, "limit": page_size}
        for page in self._transport.pages(Call("GET", path("webhooks", "deliveries"), Deliveries, asked)):
            for each in page.deliveries:
                yield each

    def get(self, id: str) -> Delivery:
        """The delivery with this id. Raises NotFound."""
        return self._transport.send(Call("GET", path("webhooks", "deliveries", id), Delivery))

    def resend(self, id: str) -> Delivery:
        """Send a webhook again under its id. Raises NotFound."""
        call = Call("POST", path("webhooks", "deliveries", id, "resend"), Delivery, repeatable=False)
        return self._transport.send(call)
