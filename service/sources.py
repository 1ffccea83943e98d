"""What a source is: where statements come from, on which schedule, and how its last runs went."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

FAILS_FOR_LONG = timedelta(days=3)
STALE_AFTER = timedelta(days=60)  # without anything new, although each run went well
HOUR = 3600
MIN_EVERY_SECONDS, MAX_EVERY_SECONDS = HOUR, 30 * 24 * HOUR
MAX_HOST = 253  # characters of a name in DNS
MOST_PAGES, MAX_PAGES = 100, 5000  # articles that one run reads: what is said, and what may be said


class SourceKind(StrEnum):
    """How a source is read."""

    FEED = "feed"  # RSS or Atom, whose articles carry ClaimReview
    SITEMAP = "sitemap"  # the same by a sitemap
    CORRECTIV = "correctiv"  # the REST interface of WordPress, then the article
    DATACOMMONS = "datacommons"  # one large DataFeed of many publishers
    GOOGLE = "google"  # Google's claims:search with a key of one's own


class Health(StrEnum):
    """Whether a source works."""

    NEW = "new"  # never read
    GOOD = "good"
    FAILING = "failing"
    STALE = "stale"
    PAUSED = "paused"


class RunState(StrEnum):
    """How far a run is, and how it ended."""

    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class SourcePlan:
    """What somebody wants of a source.

    `allowlist` names hosts (`example.org`, with their subdomains) or parts of them (`example.org/facts`) whose reviews
    count; empty: those of the address itself. `path` must occur in the addresses of articles. With `facts_only` only
    claim, rating, date and link are kept. `site` is the publisher to ask Google for, over so many `days`.
    """

    kind: SourceKind
    address: str
    name: str
    every_seconds: int = 6 * HOUR
    licence: str | None = None
    allowlist: tuple[str, ...] = ()
    path: str | None = None
    most_pages: int = MOST_PAGES
    facts_only: bool = False
    site: str | None = None
    days: int | None = None
    fallback: str | None = None  # another address, for when the first one cannot be read
    preset: str | None = None
    confirmed_on: str | None = None  # the day (2026-09-01) or month when somebody last saw that the address is right


@dataclass(frozen=True, slots=True)
class Tally:
    """What a run has done so far. `unvetted` reviews are of publishers that are not on the allowlist."""

    pages: int = 0
    unchanged_pages: int = 0
    unmarked_pages: int = 0  # without any ClaimReview
    failed_pages: int = 0
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    unvetted: int = 0

    def plus(self, **more: int) -> Tally:
        """A tally with so many more of each."""
        return Tally(**{name: getattr(self, name) + more.get(name, 0) for name in Tally.__slots__})


@dataclass(frozen=True, slots=True)
class SourceRun:
    """One run. `notes` are for whoever looks after the source; `unvetted` counts by host what did not count."""

    number: int
    source_id: str
    state: RunState
    started_at: datetime
    finished_at: datetime | None = None
    tally: Tally = Tally()
    notes: tuple[str, ...] = ()
    unvetted: dict[str, int] = field(default_factory=dict)
    problem_code: str | None = None
    problem_detail: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A source as it is kept. `told` counts how often its trouble was told: once, and once more when it lasts."""

    id: str
    plan: SourcePlan
    created_at: datetime
    has_key: bool = False
    paused_at: datetime | None = None
    succeeded_at: datetime | None = None
    changed_at: datetime | None = None  # when a run last brought something new
    failing_since: datetime | None = None
    failures: int = 0
    problem_code: str | None = None
    problem_detail: str | None = None
    told: int = 0
    runs: tuple[SourceRun, ...] = ()  # the newest first

    def health(self, now: datetime) -> Health:
        """How it is."""
        if self.paused_at is not None:
            return Health.PAUSED
        if self.failing_since is not None:
            return Health.FAILING
        if self.succeeded_at is None:
            return Health.NEW
        return Health.STALE if now - (self.changed_at or self.created_at) > STALE_AFTER else Health.GOOD

    def due_tellings(self, now: datetime) -> int:
        """How often its trouble should have been told by now: once, twice where it lasts, never where there is none."""
        health = self.health(now)
        if health is Health.FAILING and self.failing_since is not None:
            return 2 if now - self.failing_since > FAILS_FOR_LONG else 1
        if health is Health.STALE:
            return 2 if now - (self.changed_at or self.created_at) > 2 * STALE_AFTER else 1
        return 0


def host_and_path(address: str) -> tuple[str, str]:
    """Host without `www.` and path of an address, in small letters; empty where it has none."""
    try:
        parts = urlsplit(address if "//" in address else f"//{address}")
        host = (parts.hostname or "").lower().rstrip(".")
    except ValueError:
        return "", ""
    return host.removeprefix("www."), parts.path.lower().rstrip("/")


def origin_of(address: str) -> tuple[str, str]:
    """Scheme, host and port of an address: what may see the same key."""
    parts = urlsplit(address)
    return parts.scheme.lower(), parts.netloc.lower()


class Allowlist:
    """Hosts (with their subdomains) or parts of them, read once: a list of any length is asked for each address."""

    def __init__(self, entries: Iterable[str]) -> None:
        self._below: dict[str, list[str]] = {}
        for entry in entries:
            host, path = host_and_path(entry)
            if host:
                self._below.setdefault(host, []).append(path)

    def holds(self, address: str | None) -> bool:
        """Whether an address lies on one of the hosts; where an entry has a path, below it."""
        host, path = host_and_path(address or "")
        if len(host) > MAX_HOST:
            return False
        labels = host.split(".")
        above = (".".join(labels[place:]) for place in range(len(labels)))
        return any(
            path == below or path.startswith(f"{below}/") for name in above for below in self._below.get(name, ())
        )


def vetted_hosts(plan: SourcePlan) -> tuple[str, ...]:
    """Whose reviews count: those of the allowlist; without one, those of the site that the address is on."""
    if plan.allowlist:
        return plan.allowlist
    return (plan.site or host_and_path(plan.address)[0],)
