"""The client: one service, one key, and everything that can be asked."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from types import TracebackType
from typing import Self

import httpx2

from gegencheck_client.asynchronous.batches import BatchCalls
from gegencheck_client.asynchronous.checks import CheckCalls
from gegencheck_client.asynchronous.decisions import FeedbackCalls, NegativeCalls, PolicyCalls, ReasonCalls
from gegencheck_client.asynchronous.deliveries import DeliveryCalls
from gegencheck_client.asynchronous.running import AuditCalls, KeyCalls, SourceCalls
from gegencheck_client.asynchronous.statements import ImportCalls, StatementCalls
from gegencheck_client.asynchronous.transport import AsyncTransport, Sleep
from gegencheck_client.calls import Call, body, path
from gegencheck_client.models import (
    Article,
    ArticleBody,
    Claims,
    ClaimsBody,
    Coverage,
    Judgement,
    MatchBody,
    Matches,
    MatchResults,
    PairBody,
    Ready,
    StanceBody,
    StanceResults,
)
from gegencheck_client.retrying import Retries

HERE = "http://127.0.0.1:8000"


class AsyncGegencheck:
    """Calls a service. Close it at the end, or use it in a `with` statement.

    `language` (de, en) is that of texts for people. `timeout_seconds` is for each try, and for each of its steps.
    `transport` and `sleep` are for tests.
    """

    def __init__(
        self,
        address: str = HERE,
        key: str | None = None,
        *,
        language: str | None = None,
        timeout_seconds: float = 30.0,
        retries: Retries | None = None,
        transport: httpx2.AsyncBaseTransport | None = None,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        headers |= {"Accept-Language": language} if language else {}
        self._http = httpx2.AsyncClient(base_url=address, headers=headers, transport=transport)
        calls = self._calls = AsyncTransport(self._http, timeout_seconds, retries or Retries(), sleep)
        self.checks, self.batches = CheckCalls(calls), BatchCalls(calls)
        self.statements, self.imports = StatementCalls(calls), ImportCalls(calls)
        self.policies, self.feedback, self.negatives = PolicyCalls(calls), FeedbackCalls(calls), NegativeCalls(calls)
        self.reasons, self.deliveries = ReasonCalls(calls), DeliveryCalls(calls)
        self.keys, self.sources, self.audit = KeyCalls(calls), SourceCalls(calls), AuditCalls(calls)

    async def match(
        self,
        texts: Iterable[str],
        *,
        limit: int | None = None,
        rerank: bool | None = None,
        stance: bool | None = None,
    ) -> list[Matches]:
        """The nearest statements of up to 64 texts, one result for each; with `stance` also what the text says."""
        given = body(MatchBody, texts=list(texts), limit=limit, rerank=rerank, stance=stance)
        reply = await self._calls.send(Call("POST", path("match"), MatchResults, body=given))
        return reply.results

    async def stance(self, pairs: Iterable[PairBody]) -> list[Judgement]:
        """What each claim says of its statement, for up to 64 pairs."""
        given = body(StanceBody, pairs=list(pairs))
        reply = await self._calls.send(Call("POST", path("stance"), StanceResults, body=given))
        return reply.results

    async def claims(
        self,
        *,
        url: str | None = None,
        text: str | None = None,
        html: str | None = None,
        language: str | None = None,
    ) -> Claims:
        """Every sentence of a page or text, and whether it is worth checking."""
        given = body(ClaimsBody, url=url, text=text, html=html, language=language)
        return await self._calls.send(Call("POST", path("claims"), Claims, body=given))

    async def extract(self, *, url: str | None = None, html: str | None = None, language: str | None = None) -> Article:
        """The article of a page."""
        given = body(ArticleBody, url=url, html=html, language=language)
        return await self._calls.send(Call("POST", path("extract"), Article, body=given))

    async def coverage(self) -> Coverage:
        """What statements there are, what was asked in vain, and how the sources are."""
        return await self._calls.send(Call("GET", path("coverage"), Coverage))

    async def ready(self) -> Ready:
        """What is in the index, and how much waits. Raises Unavailable while there is no index."""
        return await self._calls.send(Call("GET", "/readyz", Ready))

    async def aclose(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.aclose()
