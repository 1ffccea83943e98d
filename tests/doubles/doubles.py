"""What stands in for the network and the clock wherever a test runs an application."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, BinaryIO

import sqlalchemy as sa

from service.clock import Reading, SystemClock
from service.errors import PageUnavailable
from service.models import Page
from service.picture_errors import PictureWithoutText
from service.pictures import PictureLine, Recognition
from service.pipeline.article import article_from_text
from service.pipeline.fetch import Answer, Download


@dataclass
class DictFetcher:
    """Pages from a dict; `leads_to` are redirects, `broken_off` come in part. Counts what was fetched."""

    pages: dict[str, str] = field(default_factory=dict)
    pictures: dict[str, bytes] = field(default_factory=dict)
    leads_to: dict[str, str] = field(default_factory=dict)
    broken_off: set[str] = field(default_factory=set)
    feeds: dict[str, bytes] = field(default_factory=dict)
    fetched: list[str] = field(default_factory=list)
    answers: dict[str, int] = field(default_factory=dict)  # statuses by address of what takes webhooks
    posted: list[tuple[str, bytes, dict[str, str]]] = field(default_factory=list)
    before: Callable[[str], None] = lambda url: None

    def fetch(self, url: str) -> Page:
        self.fetched.append(url)
        self.before(url)
        final = self.leads_to.get(url, url)
        if final in self.pictures:
            return Page(url, final, self.pictures[final], "image/png", fetched=True)
        if final not in self.pages:
            raise PageUnavailable("The site does not answer. Try again later.")
        return Page(url, final, self.pages[final], "text/html", fetched=True, is_whole=final not in self.broken_off)

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


class WordsInPictures:
    """A reader that sees in a picture what its bytes say behind the first line, each line of it 20 pixels high.

    What is no such picture is read as it is, in this process.
    """

    def __init__(self) -> None:
        self.seen: list[bytes] = []

    def read(self, step: Callable[..., Any], *given: Any, **named: Any) -> Any:
        content = given[0] if given else None
        if not (isinstance(content, bytes) and content.startswith(PICTURE)):
            return step(*given, **named)
        self.seen.append(content)
        if content == PICTURE:
            raise PictureWithoutText("No text was recognised in this picture.")
        rows = content.removeprefix(PICTURE).decode().split("\n")
        starts = [sum(len(row) + 1 for row in rows[:n]) for n in range(len(rows))]
        lines = tuple(
            PictureLine(start, start + len(row), ((0, 20 * n), (300, 20 * n), (300, 20 * n + 20), (0, 20 * n + 20)))
            for n, (start, row) in enumerate(zip(starts, rows, strict=True))
        )
        article = article_from_text(" ".join(rows), given[1])
        return replace(article, url=given[2], picture=Recognition(300, 20 * len(rows), lines))

    def asking(self, go_on: Callable[[], None]) -> WordsInPictures:
        return self

    def warm(self) -> None:
        pass

    def close(self) -> None:
        pass


PICTURE = b"\x89PNG\r\n\x1a\n"  # how a file begins that is taken for a picture


def picture_saying(*rows: str) -> bytes:
    """A file that WordsInPictures sees these lines in."""
    return PICTURE + "\n".join(rows).encode()


def article_html(title: str, *paragraphs: str, head: str = "") -> str:
    """A plain article page."""
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f'<!doctype html><html lang="en"><head><title>{title}</title>{head}</head>'
        f"<body><article><h1>{title}</h1>{body}</article></body></html>"
    )
