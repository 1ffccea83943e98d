"""A fortnight of sources that fail, drip, move, lie and ask to wait, by a clock of its own: what holds on each day."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from itertools import pairwise
from typing import Any

import pytest
from sites import AnyName, Request, Says, Sites

from service.pipeline.fetch import HttpFetcher
from service.pipeline.polite import PoliteFetcher
from service.presenters_sources import present_source
from service.sources import HOUR, RunState, Source
from service.store.hosts import HostStore
from service.work.sources.visit import TO_COME

from .conftest import Desk, article, review, rss

pytestmark = [pytest.mark.loopback, pytest.mark.sqlite]  # the stores are tested on PostgreSQL too

START = datetime(2026, 3, 2, 6, tzinfo=UTC)
DAYS, LOOKS = 14, 24  # hours in which it is looked what is due
LONG = timedelta(hours=9)
PATIENCE = 0.4  # seconds that what drips gets instead of minutes
BEGIN = "Mon, 02 Mar 2026 06:00:00 GMT"

# How each source is in the evening of each day: Good, Failing; and how often its trouble was told by then.
HEALTH = {
    "steady": "GGGGGGGGGGGGGG",
    "broken": "GGFFGGGGGGGGGG",
    "gone": "GGGGGFFFFFFFFF",
    "slow": "GGGFGGGGGGGGGG",
    "moving": "GGGGGGGGGFFFFF",
    "lying": "GGFGGGGGGGGGGG",
    "busy": "GGGGGGGGGGGGGG",
    "open": "GGGGGGGGGGGGGG",
}
TOLD = {
    "steady": "00000000000000",
    "broken": "00110000000000",
    "gone": "00000111222222",
    "slow": "00010000000000",
    "moving": "00000000011122",
    "lying": "00100000000000",
    "busy": "00000000000000",
    "open": "00000000000000",
}


class Impatient(HttpFetcher):
    """A real fetcher that gives what drips little time."""

    web: Sites

    def ask(self, url: str, *others: Any, **more: Any) -> Any:
        """See HttpFetcher."""
        drips = any(
            says.drip and url == self.web.url(at) for at, says in self.web.says.items() if isinstance(says, Says)
        )
        return super().ask(url, *(*others[:3], PATIENCE) if drips else others, **more)


class Fortnight:
    """The sources, what their sites do on which day, and a diary of all requests."""

    def __init__(self, desk: Desk) -> None:
        self.desk, self.clock, self.day = desk, desk.house.clock, 0
        self.clock.set_ahead(seconds=(START - self.clock.read().at).total_seconds())
        self.diary: list[tuple[int, datetime, str]] = []  # day, moment, address
        self.feeds: dict[str, list[tuple[str, str]]] = {}
        answer = desk.web.answer
        desk.web.answer = lambda request: self._answer(answer, request)  # type: ignore[method-assign]
        for name in HEALTH:
            if name != "open":
                self.publish(name, f"{name}: Aussage eins.")
        desk.web["open.example/data.json"] = Says(data_feed(1), headers={"ETag": '"1"'})
        self.ids = {name: self._add(name) for name in HEALTH}

    def _add(self, name: str) -> str:
        if name == "open":
            return self.desk.add(
                "datacommons", "open.example/data.json", name=name, allowlist=("good.example",), every_seconds=24 * HOUR
            )
        return self.desk.add("feed", f"{name}.example/feed", name=name, every_seconds=12 * HOUR)

    def _answer(self, answer: Callable[[Request], Says], request: Request) -> Says:
        self.diary.append((self.day, self.clock.read().at, request.address))
        return answer(request)

    def publish(self, name: str, claim: str, rating: str = "Falsch", mark: str = BEGIN) -> str:
        """A fact-check on a site and in its feed."""
        feed = self.feeds.setdefault(name, [])
        url = self.desk.article(f"{name}.example/{len(feed) + 1}", claim, rating)
        feed.append((url, mark))
        self.show(name)
        return url

    def show(self, name: str, at: str = "feed") -> None:
        """The feed of a site as it should be."""
        listed = rss(*self.feeds[name])
        self.desk.web[f"{name}.example/{at}"] = Says(listed, headers={"ETag": f'"{len(listed)}-{listed.count("03")}"'})

    def pass_day(self) -> None:
        """What the sites do on the next day, and what the service does: hour by hour whatever is due."""
        self.day += 1
        ON_DAY.get(self.day, lambda _: None)(self)
        self.publish("steady", f"steady: Aussage vom Tag {self.day}.")
        for _ in range(LOOKS):
            self.desk.application.schedules.queue_due()
            self.desk.work()
            self.clock.let_pass(HOUR)

    def sources(self) -> dict[str, Source]:
        """The sources with their runs by name."""
        return {name: self.desk.application.sources.get(id, runs=50) for name, id in self.ids.items()}

    def asked(self, name: str, day: int, what: str = "feed") -> int:
        """How often a site was asked for something on a day."""
        return sum(1 for on, _, address in self.diary if on == day and address == f"{name}.example/{what}")


def data_feed(version: int) -> str:
    """What anybody writes into; the first entry is rated anew in its second version."""
    good = review("https://good.example/1", "open: Aussage eins.", "Falsch" if version == 1 else "Teilweise falsch")
    planted = review("https://spam.example/1", "open: Kaufen Sie Öl.", "Wahr", author={"name": "Good Checks"})
    return json.dumps({"@type": "DataFeed", "dataFeedElement": [{"item": [good, None]}, {"item": [planted]}]})


# ---------------------------------------------------------------- what happens


def day_2(fortnight: Fortnight) -> None:
    """One is rated anew; one is overloaded for ten hours."""
    web, (url, _) = fortnight.desk.web, fortnight.feeds["lying"][0]
    web["lying.example/1"] = article(url, "lying: Aussage eins.", "Richtig")
    fortnight.feeds["lying"] = [(url, "Tue, 03 Mar 2026 06:00:00 GMT")]
    fortnight.show("lying")
    fortnight.publish("busy", "busy: Aussage zwei.")
    overload(fortnight, "36000")


def day_3(fortnight: Fortnight) -> None:
    """One breaks for two days, one sends a web page as its feed; the open feed has something new."""
    web = fortnight.desk.web
    web["broken.example/feed"] = Says(b"oh no", 500)
    web["lying.example/feed"] = Says("<!doctype html><h1>Wartung</h1>", headers={"Content-Type": "application/rss+xml"})
    web["open.example/data.json"] = Says(data_feed(2), headers={"ETag": '"2"'})


def day_4(fortnight: Fortnight) -> None:
    """One drips, one lists nothing any more."""
    web = fortnight.desk.web
    web["slow.example/feed"] = Says(rss(*fortnight.feeds["slow"]), drip=0.05)
    web["lying.example/feed"] = rss()


def day_5(fortnight: Fortnight) -> None:
    """What broke is back with something new; of what dripped it is one article; one moves on its site; one has two
    ratings for one claim, and a date that is to come."""
    web = fortnight.desk.web
    fortnight.publish("broken", "broken: Aussage zwei.")
    dripping = fortnight.publish("slow", "slow: Aussage zwei.")
    web["slow.example/2"] = Says(article(dripping, "slow: Aussage zwei."), drip=0.05)
    fortnight.show("moving", "neu/feed")
    web["moving.example/feed"] = Says(b"", 301, {"Location": "/neu/feed"})
    url = fortnight.publish("lying", "lying: Aussage zwei.")
    both = [review(url, "lying: Aussage zwei.", words) for words in ("Falsch", "Wahr")]
    web["lying.example/2"] = page_of(*both, review(url, "lying: Aussage drei.", datePublished="2031-01-01"))


def day_6(fortnight: Fortnight) -> None:
    """One cuts each answer off from now on; one says "unchanged" although there is something new."""
    web = fortnight.desk.web
    web["gone.example/feed"] = Says(rss(*fortnight.feeds["gone"]), cut=40)
    tag = web.says["lying.example/feed"].headers["ETag"]
    fortnight.publish("lying", "lying: Aussage vier.")
    web.says["lying.example/feed"].headers["ETag"] = tag


def day_8(fortnight: Fortnight) -> None:
    """The article drips no longer."""
    fortnight.desk.article("slow.example/2", "slow: Aussage zwei.")


def day_9(fortnight: Fortnight) -> None:
    """One is overloaded again, and says until when."""
    fortnight.publish("busy", "busy: Aussage drei.")
    overload(fortnight, format_datetime(START.replace(day=10, hour=16), usegmt=True))


def day_10(fortnight: Fortnight) -> None:
    """What moved is gone for good."""
    fortnight.desk.web["moving.example/neu/feed"] = Says(b"gone", 410)


ON_DAY = {2: day_2, 3: day_3, 4: day_4, 5: day_5, 6: day_6, 8: day_8, 9: day_9, 10: day_10}


def page_of(*reviews: dict[str, Any]) -> str:
    """A page with several reviews."""
    return f'<script type="application/ld+json">{json.dumps(reviews)}</script>'


def overload(fortnight: Fortnight, until: str) -> None:
    """Let a site answer once that it is to be left alone."""
    web = fortnight.desk.web
    whole = web.says["busy.example/feed"]

    def answer(_: Request) -> Says:
        web["busy.example/feed"] = whole
        return Says(b"", 429, {"Retry-After": until})

    web["busy.example/feed"] = answer


# ---------------------------------------------------------------- what holds


@pytest.fixture
def fortnight(desk: Desk) -> Fortnight:
    settings = replace(desk.application.settings, fetch_hosts=(AnyName("any"),), fetch_seconds=PATIENCE)
    asker = Impatient(settings, resolve=lambda host, port: ["127.0.0.1"])
    asker.web = desk.web
    clock, turns = desk.house.clock, HostStore(desk.application.statements.engine, desk.house.clock)
    polite = PoliteFetcher(asker, turns, desk.application.reader, sleep=clock.let_pass, clock=clock)
    desk.application = replace(desk.application, polite=polite)
    return Fortnight(desk)


def test_a_fortnight_day_by_day(fortnight: Fortnight, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "service.work.sources")
    held: set[str] = set()
    for day in range(1, DAYS + 1):
        fortnight.pass_day()
        claims = fortnight.desk.claims()
        assert held <= claims, f"day {day}: nothing was deleted"
        assert claims == expected_claims(day), f"day {day}"
        held = claims
        assert_as_expected(fortnight, day)
        assert_polite(fortnight, day)
    assert_told_once_and_once_more(caplog.text)
    assert_ratings(fortnight)
    assert_history(fortnight.sources())
    assert_shown(fortnight)


def expected_claims(day: int) -> set[str]:
    """What is there in the evening of a day."""
    claims = {f"{name}: Aussage eins." for name in HEALTH}
    claims |= {f"steady: Aussage vom Tag {n}." for n in range(1, day + 1)}
    since = {
        "busy: Aussage zwei.": 2,
        "broken: Aussage zwei.": 5,
        "lying: Aussage zwei.": 5,
        "lying: Aussage drei.": 5,
        "lying: Aussage vier.": 8,  # when everything is looked through, whatever the site says
        "slow: Aussage zwei.": 8,
        "busy: Aussage drei.": 9,
    }
    return claims | {claim for claim, first in since.items() if day >= first}


def assert_as_expected(fortnight: Fortnight, day: int) -> None:
    """Health and tellings in the evening of a day."""
    now, sources = fortnight.clock.read().at, fortnight.sources()
    assert {name: source.health(now).value[0].upper() for name, source in sources.items()} == {
        name: days[day - 1] for name, days in HEALTH.items()
    }, f"day {day}"
    assert {name: source.told for name, source in sources.items()} == {
        name: int(days[day - 1]) for name, days in TOLD.items()
    }, f"day {day}"


def assert_polite(fortnight: Fortnight, day: int) -> None:
    """No host was asked by two at once or without a pause, nor a list more often than its schedule says."""
    assert fortnight.desk.web.most_at_once == 1
    moments: dict[str, list[datetime]] = {}
    for on, moment, address in fortnight.diary:
        if on == day:
            moments.setdefault(address.partition("/")[0], []).append(moment)
    for host, asked in moments.items():
        assert all((later - earlier).total_seconds() >= 2 for earlier, later in pairwise(asked)), host
    for name in HEALTH:
        lists = fortnight.asked(name, day) + fortnight.asked(name, day, "neu/feed")
        once_more = (name, day) in (("moving", 5), ("busy", 2), ("busy", 9))  # where it was, what was refused
        assert lists <= 2 + once_more, (name, day)
    assert fortnight.asked("open", day, "data.json") == 1
    assert max(fortnight.asked(name, day, "robots.txt") for name in HEALTH) <= 2
    if day in (2, 9):  # ten hours lie between what was refused and the next request
        first, second, *_ = [m for on, m, address in fortnight.diary if on == day and address == "busy.example/feed"]
        assert 10 * HOUR - 60 <= (second - first).total_seconds() <= 11 * HOUR + 60


def assert_told_once_and_once_more(log: str) -> None:
    """In the log, without saying which site it is."""
    assert log.count("is in trouble:") == 5
    assert log.count("is in trouble and it lasts:") == 2
    assert log.count("works again") == 3
    assert ".example" not in log


def assert_ratings(fortnight: Fortnight) -> None:
    """What was rated anew, and the first of two ratings of one claim; no date that is to come."""
    found = fortnight.desk.application.statements.select(limit=500).statements
    words = {each.claim_reviewed: each.rating.alternate_name for each in found}
    assert words["lying: Aussage eins."] == "Richtig"
    assert words["lying: Aussage zwei."] == "Falsch"
    assert words["open: Aussage eins."] == "Teilweise falsch"
    assert [each.date_published for each in found if each.claim_reviewed == "lying: Aussage drei."] == [None]


def assert_history(sources: dict[str, Source]) -> None:
    """Each run is there, with how it ended and what it brought."""
    runs = {name: list(reversed(source.runs)) for name, source in sources.items()}
    assert {name: len(each) for name, each in runs.items()} == {**dict.fromkeys(HEALTH, 28), "open": 14}
    assert all(run.finished_at for each in runs.values() for run in each)
    ended = {name: [run.problem_code for run in each if run.state is RunState.FAILED] for name, each in runs.items()}
    assert ended == {
        "steady": [],
        "broken": ["page-unavailable"] * 4,
        "gone": ["page-broken-off"] * 18,
        "slow": ["page-too-slow"] * 2,
        "moving": ["page-not-found"] * 10,
        "lying": ["page-unsupported"] * 2,
        "busy": [],
        "open": [],
    }
    assert [run.tally.added for run in runs["steady"]] == [2, 0, *[1, 0] * 13]
    notes = {note for run in runs["lying"] for note in run.notes}
    assert {"the list is empty", TO_COME} <= notes
    assert [run.unvetted for run in runs["open"]][2:3] == [{"spam.example": 1}]
    assert len({run.number for run in runs["busy"] if run.finished_at and run.finished_at - run.started_at > LONG}) == 2


def assert_shown(fortnight: Fortnight) -> None:
    """As JSON and on the page: which ones fail, since when and why."""
    sources, now = fortnight.sources(), fortnight.clock.read().at
    shown = present_source(sources["gone"], now, "de")
    assert (shown["health"], shown["failures"], shown["failing_since"][:10]) == ("failing", 18, "2026-03-07")
    text = fortnight.desk.house.writer.get("/sources?lang=de").text
    assert text.count('class="wrong"') == 4, "the state and the reason of two"
    assert sources["moving"].plan.address == fortnight.desk.web.url("moving.example/neu/feed")
