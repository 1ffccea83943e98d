"""What stands in for the network and the clock wherever a test runs an application."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import BinaryIO

import sqlalchemy as sa

from service.clock import Reading, SystemClock
from service.errors import PageUnavailable
from service.models import Page
from service.pipeline.fetch import Answer, Download


@dataclass
class DictFetcher:
    """Pages from a dict; `leads_to` are redirects. Counts what was fetched."""

    pages: dict[str, str] = field(default_factory=dict)
    leads_to: dict[str, str] = field(default_factory=dict)
    feeds: dict[str, bytes] = field(default_factory=dict)
    fetched: list[str] = field(default_factory=list)
    answers: dict[str, int] = field(default_factory=dict)  # statuses by address of what takes webhooks
    posted: list[tuple[str, bytes, dict[str, str]]] = field(default_factory=list)
    before: Callable[[str], None] = lambda url: None

    def fetch(self, url: str) -> Page:
        self.fetched.append(url)
        self.before(url)
        final = self.leads_to.get(url, url)
        if final not in self.pages:
            raise PageUnavailable("The site does not answer. Try again later.")
        return Page(url, final, self.pages[final], "text/html", fetched=True)

    def download(self, url: str, max_bytes: int = 0) -> Download:
        self.fetched.append(url)
        if url not in self.feeds:
            raise PageUnavailable("The site does not answer. Try again later.")
        return Download(url, self.feeds[url], "application/json")

    def ask(
        self, url: str, headers: dict[str, str], max_bytes: int, into: BinaryIO | None = None, seconds: float = 0
    ) -> Answer:
        self.fetched.append(url)
        content = self.feeds.get(url, self.pages.get(url, "").encode())
        return Answer(200, {}, content) if content else Answer(404, {})

    def post(self, url: str, content: bytes, headers: Mapping[str, str]) -> int:
        self.posted.append((url, content, dict(headers)))
        if url not in self.answers:
            raise PageUnavailable("The site cannot be reached.")
        return self.answers[url]


class ShiftedClock:
    """The machine's clock, set to another time of day or ahead in steady time as a test wants it."""

    def __init__(self) -> None:
        self._ahead, self._passed = timedelta(0), 0.0

    def read(self) -> Reading:
        now = SystemClock().read()
        return Reading(now.at + self._ahead, now.steady + self._passed, now.boot)

    def shared(self, connection: sa.Connection) -> datetime:
        """A test's machine and its database agree."""
        return self.read().at

    def set_ahead(self, **by: float) -> None:
        """Somebody sets the time of day; back where `by` is negative."""
        self._ahead += timedelta(**by)

    def let_pass(self, seconds: float) -> None:
        """Time really passes."""
        self._passed += seconds
        self._ahead += timedelta(seconds=seconds)


def article_html(title: str, *paragraphs: str, head: str = "") -> str:
    """A plain article page."""
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f'<!doctype html><html lang="en"><head><title>{title}</title>{head}</head>'
        f"<body><article><h1>{title}</h1>{body}</article></body></html>"
    )
