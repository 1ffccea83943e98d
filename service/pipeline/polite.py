"""PoliteFetcher: what the service asks by itself, again and again, so that no site minds.

robots.txt is heeded, a host gets one request at a time with a pause of uneven length after it, what did not change is
not sent again, and a site that asks to wait is left alone for as long.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import BinaryIO, Protocol
from urllib.parse import urlsplit

from service.clock import Clock, SystemClock
from service.errors import PageBehindWall, PageLeadsInCircles, PageNotFound, PageUnavailable
from service.models import Page
from service.pipeline.asking import user_agent
from service.pipeline.fetch import FEED_SECONDS, Answer
from service.pipeline.reader import Reader
from service.pipeline.redirects import Way, location_of
from service.pipeline.robots import MAX_BYTES, judge_robots
from service.sources import origin_of

PAUSE_SECONDS = 2.0  # between two requests to a host, and up to as much again
MAX_DELAY_SECONDS = 30.0  # of what robots.txt asks for
PATIENCE_SECONDS = 40.0  # that are waited for a turn; what takes longer is put off
ROBOTS_SECONDS = 12 * 3600  # for which the rules of a site are known
ROBOTS_AGAIN_SECONDS = 1800  # after which a site is asked again for rules that could not be had
ROBOTS_BYTES = 2_000_000
MAX_SITES = 64  # whose rules are known at once; a list may lead to any number of hosts
BUSY_SECONDS = 600  # a site that is overloaded and does not say for how long is left alone
MAX_WAIT_SECONDS = 24 * 3600.0
MAX_PAGE_BYTES = 5_000_000
ASKED_BY_ITSELF = "reads fact-checks on a schedule, heeds robots.txt"
MOVED_FOR_GOOD = (301, 308)
SYSTEM = SystemClock()


class SiteAsksToWait(PageUnavailable):
    """The site wants to be left alone for `seconds`."""

    code = "site-asks-to-wait"

    def __init__(self, message: str, seconds: float = BUSY_SECONDS) -> None:
        super().__init__(message)
        self.seconds = seconds


class AnswerRefused(PageUnavailable):
    """The site answered with an error of this status."""

    def __init__(self, message: str, status: int = 500) -> None:
        super().__init__(message)
        self.status = status


class RobotsDisallow(PageUnavailable):
    """The site's robots.txt does not let this program ask."""

    code = "robots-disallow"


class RobotsUnread(PageUnavailable):
    """The site's robots.txt could not be read, so nothing else is asked; the code says what was in the way."""

    def __init__(self, why: PageUnavailable) -> None:
        super().__init__(f"The site's robots.txt cannot be read, so nothing else is asked: {why}")
        self.code = why.code


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of an address from the last time: the site sends it again only if that is no longer true."""

    etag: str | None = None
    last_modified: str | None = None


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address holds now. `moved_to` is where it says that it has moved for good; `changed` False: as known."""

    url: str
    content: bytes
    headers: dict[str, str]
    changed: bool = True
    moved_to: str | None = None

    @property
    def content_type(self) -> str:
        """What the site says that it is."""
        return self.headers.get("content-type", "")

    @property
    def known(self) -> Known:
        """What to remember of it."""
        return Known(self.headers.get("etag"), self.headers.get("last-modified"))

    def page(self) -> Page:
        """It as a page."""
        return Page(self.url, self.url, self.content, self.content_type, fetched=True)


class Asker(Protocol):
    """Makes one request."""

    def ask(
        self,
        url: str,
        headers: dict[str, str],
        max_bytes: int,
        into: BinaryIO | None = None,
        seconds: float = ...,
    ) -> Answer:
        """See HttpFetcher."""


class Turns(Protocol):
    """Says whose turn it is to ask a host."""

    def take_turn(self, host: str) -> float:
        """Seconds until the host may be asked; with 0 it is this caller's turn."""

    def end_turn(self, host: str, pause_seconds: float) -> None:
        """Let others ask after a pause."""


class PoliteFetcher:
    """Asks sites on a schedule. `sleep` waits for a turn, by `clock`; rules of robots.txt are kept for half a day."""

    def __init__(
        self,
        asker: Asker,
        turns: Turns,
        reader: Reader,
        pause_seconds: float = PAUSE_SECONDS,
        sleep: Callable[[float], None] = time.sleep,
        clock: Clock = SYSTEM,
    ) -> None:
        self._asker, self._turns, self._reader = asker, turns, reader
        self._sleep, self._clock = sleep, clock
        self._pause_seconds = pause_seconds
        self._robots: dict[str, tuple[float, bytes | PageUnavailable]] = {}

    def fetch(
        self,
        url: str,
        known: Known | None = None,
        *,
        max_bytes: int = MAX_PAGE_BYTES,
        into: BinaryIO | None = None,
        secrets: dict[str, str] | None = None,
        accept: str = "*/*",
        seconds: float = FEED_SECONDS,
    ) -> Fetched:
        """What is at an address, where that has changed. `secrets` are headers that no other host gets to see.

        Raises SiteAsksToWait, RobotsDisallow, PageUnavailable or one of its children.
        """
        way, address, moved_to, for_good = Way(), url, None, True
        while way.goes_on(address):
            delay = 0.0 if secrets else self._heed_robots(address)  # a key is leave to ask
            own = origin_of(address) == origin_of(url)
            headers = {"User-Agent": user_agent(ASKED_BY_ITSELF), "Accept": accept}
            headers |= conditions(known) | ((secrets or {}) if own else {})
            answer = self._ask(address, headers, delay, max_bytes, into, seconds)
            target = location_of(address, answer.status, answer.headers)
            if target is None:
                refuse_answer(answer)
                return Fetched(address, answer.content, answer.headers, answer.status != 304, moved_to)
            if secrets and origin_of(target) != origin_of(url):  # nor may it travel unencrypted
                raise PageUnavailable("The site redirects to another one, which must not see the key.")
            for_good = for_good and answer.status in MOVED_FOR_GOOD
            address, moved_to = target, target if for_good else moved_to
        raise way.fault()

    def _ask(
        self,
        address: str,
        headers: dict[str, str],
        delay: float = 0.0,
        max_bytes: int = ROBOTS_BYTES,
        into: BinaryIO | None = None,
        seconds: float = FEED_SECONDS,
    ) -> Answer:
        host = host_of(address)
        waited = 0.0
        while (left := self._turns.take_turn(host)) > 0:
            waited += left
            if waited > PATIENCE_SECONDS:
                raise SiteAsksToWait("This site is to be left alone for a while.", left)
            self._sleep(left)
        pause = max(self._pause_seconds, min(delay, MAX_DELAY_SECONDS)) * (1 + random.random())  # noqa: S311 - no secret
        try:
            answer = self._asker.ask(address, headers, max_bytes, into, seconds)
            if (asked := seconds_to_wait(answer, self._clock.read().at)) is not None:
                pause = max(pause, asked)
                raise SiteAsksToWait(f"The site asks to be left alone for a while ({answer.status}).", asked)
        finally:
            self._turns.end_turn(host, pause)
        return answer

    # ------------------------------------------------------------ robots.txt

    def _heed_robots(self, address: str) -> float:
        """The pause that the site's rules ask for. Raises RobotsDisallow, RobotsUnread, PageUnavailable."""
        rules = self._rules_of(address)
        if isinstance(rules, PageUnavailable):
            raise RobotsUnread(rules)
        if not rules.strip():
            return 0.0
        allowed, delay = self._reader.read(judge_robots, rules, address)
        if not allowed:
            raise RobotsDisallow("The site's robots.txt does not let programs read this address.")
        return delay

    def _rules_of(self, address: str) -> bytes | PageUnavailable:
        parts = urlsplit(address)
        root = f"{parts.scheme}://{parts.netloc}"
        kept = self._robots.get(root)
        if kept is not None and self._clock.read().steady < kept[0]:
            return kept[1]
        rules = self._ask_rules(f"{root}/robots.txt")
        seconds = ROBOTS_AGAIN_SECONDS if isinstance(rules, PageUnavailable) else ROBOTS_SECONDS
        self._robots.pop(root, None)
        while len(self._robots) >= MAX_SITES:
            del self._robots[next(iter(self._robots))]
        kept_rules = rules[:MAX_BYTES] if isinstance(rules, bytes) else rules
        self._robots[root] = (self._clock.read().steady + seconds, kept_rules)
        return kept_rules

    def _ask_rules(self, address: str) -> bytes | PageUnavailable:
        """The rules; none where the site has none. Raises SiteAsksToWait."""
        way = Way()
        headers = {"User-Agent": user_agent(ASKED_BY_ITSELF), "Accept": "text/plain"}
        try:
            while way.goes_on(address):
                answer = self._ask(address, headers)
                target = location_of(address, answer.status, answer.headers)
                if target is None:
                    break
                address = target
            else:
                return b""  # RFC 9309: redirects without an end stand for no rules
        except SiteAsksToWait:
            raise
        except PageUnavailable as fault:
            return fault
        if answer.status >= 500:
            return PageUnavailable(f"The site answered with an error ({answer.status}).")
        # A site without the file often sends a page instead.
        is_page = answer.content[:512].lstrip().lower().startswith((b"<!doctype", b"<html"))
        return answer.content if 200 <= answer.status < 300 and not is_page else b""


def host_of(address: str) -> str:
    """Host and port, as turns are taken by."""
    return urlsplit(address).netloc.lower()[:300]


def conditions(known: Known | None) -> dict[str, str]:
    """The headers that ask only for what has changed."""
    asked = {"If-None-Match": known.etag, "If-Modified-Since": known.last_modified} if known else {}
    return {name: value for name, value in asked.items() if value}


def refuse_answer(answer: Answer) -> None:
    """Raise for every answer that is neither the content nor "unchanged"."""
    status = answer.status
    if 200 <= status < 300 or status == 304:
        return
    if status in (404, 410):
        raise PageNotFound(f"The site says that there is nothing at this address any more ({status}).")
    if status in (401, 402, 403, 407, 451):
        raise PageBehindWall(f"The site does not show this to programs ({status}).")
    if 300 <= status < 400:
        raise PageLeadsInCircles(f"The site redirects to no address ({status}).")
    raise AnswerRefused(f"The site answered with an error ({status}).", status)


def seconds_to_wait(answer: Answer, now: datetime) -> float | None:
    """For how long a site wants to be left alone (RFC 9110: seconds or a date); None where it does not say so."""
    if answer.status not in (429, 503):
        return None
    said = answer.headers.get("retry-after", "").strip()
    if said.isascii() and said.isdigit():
        return min(float(said[:9]), MAX_WAIT_SECONDS)
    try:
        until = parsedate_to_datetime(said)
    except (ValueError, TypeError):
        return float(BUSY_SECONDS) if answer.status == 429 else None
    seconds = (until if until.tzinfo else until.replace(tzinfo=UTC)) - now
    return min(max(seconds.total_seconds(), 1.0), MAX_WAIT_SECONDS)
