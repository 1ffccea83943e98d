"""What whoever runs the service does: keys, sources, the audit log."""

from __future__ import annotations

from collections.abc import AsyncIterator

from gegencheck_client.asynchronous.transport import AsyncTransport
from gegencheck_client.calls import Call, Nothing, body, path
from gegencheck_client.models import (
    Audit,
    Entry,
    Key,
    KeyBody,
    Keys,
    NewKey,
    Preset,
    Presets,
    Rotated,
    RotationBody,
    Source,
    SourceBody,
    Sources,
)


class KeyCalls:
    """Under /v1/keys. It takes a key with the scope `admin`."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def all(self) -> list[Key]:
        """All keys without their secrets, oldest first, revoked and expired ones too."""
        reply = await self._transport.send(Call("GET", path("keys"), Keys))
        return reply.keys

    async def get(self, id: str) -> Key:
        """The key with this id. Raises NotFound."""
        return await self._transport.send(Call("GET", path("keys", id), Key))

    async def create(self, key: KeyBody, *, idempotency_key: str | None = None) -> NewKey:
        """Make a key. Its secrets are shown this once."""
        call = Call("POST", path("keys"), NewKey, body=key, creates=True, idempotency_key=idempotency_key)
        return await self._transport.send(call)

    async def rotate(
        self,
        id: str,
        *,
        replaces: str | None = None,
        overlap_seconds: int | None = None,
        idempotency_key: str | None = None,
    ) -> Rotated:
        """Replace a secret, `key` or `webhook_secret`; the former one stays good for a while. Raises NotFound.

        With an `idempotency_key` that was sent before, nothing more is replaced, and `key` is None.
        """
        given = body(RotationBody, replaces=replaces, overlap_seconds=overlap_seconds)
        call = Call(
            "POST",
            path("keys", id, "rotate"),
            Rotated,
            body=given,
            creates=True,
            idempotency_key=idempotency_key,
            repeatable=False,
        )
        return await self._transport.send(call)

    async def revoke(self, id: str) -> None:
        """Let a key count no longer. Raises NotFound."""
        await self._transport.send(Call("DELETE", path("keys", id), Nothing))


class SourceCalls:
    """Under /v1/sources and /v1/source-presets. It takes a key with the scope `write`."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def all(self) -> list[Source]:
        """Where statements come from, each source with its newest run."""
        reply = await self._transport.send(Call("GET", path("sources"), Sources))
        return reply.sources

    async def get(self, id: str) -> Source:
        """The source with this id. Raises NotFound."""
        return await self._transport.send(Call("GET", path("sources", id), Source))

    async def create(self, source: SourceBody, *, idempotency_key: str | None = None) -> Source:
        """Add a source."""
        call = Call("POST", path("sources"), Source, body=source, creates=True, idempotency_key=idempotency_key)
        return await self._transport.send(call)

    async def replace(self, id: str, source: SourceBody) -> Source:
        """Change a source. Raises NotFound."""
        return await self._transport.send(Call("PUT", path("sources", id), Source, body=source))

    async def refresh(self, id: str) -> Source:
        """Let a source be read soon. Raises NotFound."""
        return await self._transport.send(Call("POST", path("sources", id, "refresh"), Source))

    async def delete(self, id: str) -> None:
        """Read a source no longer; its statements stay. Raises NotFound."""
        await self._transport.send(Call("DELETE", path("sources", id), Nothing))

    async def presets(self) -> dict[str, list[Preset]]:
        """Sources that can be added together, by the name of the preset."""
        reply = await self._transport.send(Call("GET", path("source-presets"), Presets))
        return reply.presets

    async def add_preset(self, name: str) -> list[Source]:
        """Add the sources of a preset that are not there yet; they and the others of it. Raises NotFound."""
        reply = await self._transport.send(Call("POST", path("source-presets", name), Sources))
        return reply.sources


class AuditCalls:
    """Under /v1/audit. It takes a key with the scope `admin`."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def find(self, *, page_size: int = 100) -> AsyncIterator[Entry]:
        """Who changed what, newest first."""
        async for page in self._transport.pages(Call("GET", path("audit"), Audit, {"limit": page_size})):
            for each in page.entries:
                yield each
