"""Checks: ask for one, wait for it, find those made before, say what is wrong with one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime

from gegencheck_client.asynchronous.transport import ENDED, AsyncTransport, id_of
from gegencheck_client.calls import Call, Nothing, body, form_with, path
from gegencheck_client.models import Check, CheckBody, Checks, Feedback, FeedbackBody, FeedbackKind, VerdictCode

DEFAULT_WAIT_SECONDS = 10.0  # the service's own, where `wait` is not given


class CheckCalls:
    """Under /v1/checks."""

    def __init__(self, transport: AsyncTransport) -> None:
        self._transport = transport

    async def create(
        self,
        *,
        url: str | None = None,
        text: str | None = None,
        html: str | None = None,
        image_url: str | None = None,
        language: str | None = None,
        wait: float | None = None,
        fresh: bool | None = None,
        reference: str | None = None,
        policy: str | None = None,
        callback_url: str | None = None,
        idempotency_key: str | None = None,
    ) -> Check:
        """Check a page, a text, or the picture at `image_url`. It may still be running after `wait` seconds:
        then `wait` for it, or look later.

        A failed check is returned, not raised: its `problem` says why. Your own `idempotency_key` makes one check of
        what is sent again after a crash.
        """
        given = body(
            CheckBody, url=url, text=text, html=html, image=None if image_url is None else {"url": image_url},
            language=language, wait=wait, fresh=fresh, reference=reference, policy=policy, callback_url=callback_url,
        )  # fmt: skip
        call = Call("POST", path("checks"), Check, body=given)
        return await self._transport.send(creation(wait, idempotency_key, call))

    async def create_from_picture(
        self,
        picture: bytes,
        *,
        language: str | None = None,
        wait: float | None = None,
        fresh: bool | None = None,
        reference: str | None = None,
        policy: str | None = None,
        callback_url: str | None = None,
        idempotency_key: str | None = None,
    ) -> Check:
        """Check the text in a picture: PNG, JPEG, WebP or GIF, at most 10 MB. Otherwise like `create`."""
        content, kind = form_with(
            picture, language=language, wait=wait, fresh=fresh, reference=reference, policy=policy,
            callback_url=callback_url,
        )  # fmt: skip
        call = Call("POST", path("checks"), Check, content=content, content_type=kind)
        return await self._transport.send(creation(wait, idempotency_key, call))

    async def get(self, id: str, *, include_text: bool = False) -> Check:
        """The check with this id, whatever its state. Raises NotFound."""
        include = "text" if include_text else None
        return await self._transport.send(Call("GET", path("checks", id), Check, {"include": include}))

    async def newest(self, url: str) -> Check:
        """The newest finished check of a page. Never starts one. Raises NotFound."""
        return await self._transport.send(Call("GET", path("checks"), Check, {"url": url}))

    async def wait(self, check: Check | str, *, timeout_seconds: float = 120.0) -> Check:
        """A check as it is when it has ended. Raises Unfinished."""
        if isinstance(check, Check) and check.state in ENDED:
            return check
        return await self._transport.until_ended(Call("GET", path("checks", id_of(check)), Check), timeout_seconds)

    async def find(
        self,
        *,
        reference: str | None = None,
        verdict: VerdictCode | str | None = None,
        since: datetime | None = None,
        before: datetime | None = None,
        page_size: int = 100,
    ) -> AsyncIterator[Check]:
        """This key's checks, newest first, page by page. Times need a time zone."""
        query = {"reference": reference, "verdict": verdict, "from": since, "to": before, "limit": page_size}
        async for page in self._transport.pages(Call("GET", path("checks"), Checks, query)):
            for each in page.checks:
                yield each

    async def delete(self, id: str) -> None:
        """Forget a check. Raises NotFound."""
        await self._transport.send(Call("DELETE", path("checks", id), Nothing))

    async def report(
        self,
        check: Check | str,
        kind: FeedbackKind | str,
        *,
        claim: int | None = None,
        comment: str | None = None,
        idempotency_key: str | None = None,
    ) -> Feedback:
        """Say what is wrong with a check; `claim` counts from 0."""
        given = body(FeedbackBody, kind=kind, claim=claim, comment=comment)
        call = Call(
            "POST", path("checks", id_of(check), "feedback"), Feedback, body=given, creates=True,
            idempotency_key=idempotency_key,
        )  # fmt: skip
        return await self._transport.send(call)


def creation(wait: float | None, idempotency_key: str | None, call: Call[Check]) -> Call[Check]:
    """A call that makes a check and waits for it on the other side."""
    takes = DEFAULT_WAIT_SECONDS if wait is None else wait
    return replace(call, creates=True, idempotency_key=idempotency_key, takes_seconds=takes)
