"""Asking sites on a schedule: conditions, redirects, secrets, waiting, and rules for robots."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from service.errors import PageBehindWall, PageLeadsInCircles, PageNotFound, PageTooSlow, PageUnavailable
from service.pipeline.fetch import Answer
from service.pipeline.polite import MAX_SITES, Known, PoliteFetcher, RobotsDisallow, SiteAsksToWait, seconds_to_wait
from service.pipeline.reader import DirectReader

PAGE = "https://check.example/page"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


class Web:
    """Answers by address; remembers what was asked with which headers."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer | Exception] = {}
        self.asked: list[tuple[str, dict[str, str]]] = []

    def ask(self, url, headers, max_bytes, into=None, seconds=0) -> Answer:
        self.asked.append((url, headers))
        answer = self.answers.get(url, Answer(404, {}))
        if isinstance(answer, Exception):
            raise answer
        return answer

    def headers_to(self, url: str) -> dict[str, str]:
        return next(headers for asked, headers in self.asked if asked == url)


class FreeTurns:
    """Everybody's turn; remembers the pauses. `busy` are seconds to wait first."""

    def __init__(self) -> None:
        self.busy: list[float] = []
        self.pauses: list[float] = []

    def take_turn(self, host: str) -> float:
        return self.busy.pop(0) if self.busy else 0.0

    def end_turn(self, host: str, pause_seconds: float) -> None:
        self.pauses.append(pause_seconds)


@pytest.fixture
def web() -> Web:
    made = Web()
    made.answers[PAGE] = Answer(200, {"etag": '"1"', "last-modified": "Mon", "content-type": "text/html"}, b"text")
    return made


@pytest.fixture
def turns() -> FreeTurns:
    return FreeTurns()


@pytest.fixture
def slept() -> list[float]:
    return []


@pytest.fixture
def fetch(web: Web, turns: FreeTurns, slept: list[float]) -> Callable:
    return PoliteFetcher(web, turns, DirectReader(), sleep=slept.append).fetch


def test_what_comes_can_be_asked_for_again_only_if_it_changed(web, fetch) -> None:
    first = fetch(PAGE)
    assert (first.content, first.changed, first.known) == (b"text", True, Known('"1"', "Mon"))
    web.asked.clear()
    web.answers[PAGE] = Answer(304, {})
    assert not fetch(PAGE, first.known).changed
    sent = web.headers_to(PAGE)
    assert (sent["If-None-Match"], sent["If-Modified-Since"]) == ('"1"', "Mon")


def test_without_anything_known_there_are_no_conditions(web, fetch) -> None:
    fetch(PAGE, Known())
    assert not {"If-None-Match", "If-Modified-Since"} & web.headers_to(PAGE).keys()


@pytest.mark.parametrize(
    ("status", "fault"),
    [
        (404, PageNotFound),
        (410, PageNotFound),
        (401, PageBehindWall),
        (403, PageBehindWall),
        (500, PageUnavailable),
        (418, PageUnavailable),
        (302, PageLeadsInCircles),
    ],
)
def test_what_is_no_answer_is_a_fault(web, fetch, status, fault) -> None:
    web.answers[PAGE] = Answer(status, {})
    with pytest.raises(fault, match=str(status)):
        fetch(PAGE)


def test_only_moves_for_good_all_the_way_are_told(web, fetch) -> None:
    web.answers["https://check.example/a"] = Answer(301, {"location": "/b"})
    web.answers["https://check.example/b"] = Answer(308, {"location": "/page"})
    web.answers["https://check.example/c"] = Answer(302, {"location": "/a"})
    web.answers["https://check.example/d"] = Answer(301, {"location": "/c"})
    assert fetch("https://check.example/a").moved_to == PAGE
    assert fetch("https://check.example/c").moved_to is None
    assert fetch("https://check.example/d").moved_to == "https://check.example/c"
    web.answers["https://check.example/b"] = Answer(302, {"location": "/a"})
    with pytest.raises(PageLeadsInCircles):
        fetch("https://check.example/a")


def test_a_secret_reaches_its_own_host_alone(web, fetch) -> None:
    secret = {"X-Goog-Api-Key": "s3cret"}
    fetch(PAGE, secrets=secret)
    assert web.headers_to(PAGE)["X-Goog-Api-Key"] == "s3cret"
    for elsewhere in ("https://other.example/", "http://check.example/page", "https://check.example:8443/page"):
        web.answers[PAGE] = Answer(302, {"location": elsewhere})
        with pytest.raises(PageUnavailable, match="must not see the key"):
            fetch(PAGE, secrets=secret)
        assert not [url for url, _ in web.asked if url == elsewhere]
    assert not [url for url, _ in web.asked if url.endswith("robots.txt")], "a key is leave to ask"


def test_a_turn_is_waited_for_but_not_for_long(fetch, turns, slept) -> None:
    turns.busy = [3.0, 2.0]
    fetch(PAGE)
    assert slept == [3.0, 2.0]
    turns.busy = [700.0]
    with pytest.raises(SiteAsksToWait) as waiting:
        fetch(PAGE)
    assert (waiting.value.seconds, slept) == (700.0, [3.0, 2.0])


@pytest.mark.parametrize(
    ("status", "said", "seconds"),
    [
        (429, "120", 120), (503, "7", 7), (429, "", 600), (503, "", None), (429, "soon", 600), (503, "-5", None),
        (429, "99999999999", 86_400), (200, "120", None), (429, "²", 600), (404, "5", None),
    ],
)  # fmt: skip
def test_how_long_a_site_asks_to_wait(status: int, said: str, seconds: float | None) -> None:
    assert seconds_to_wait(Answer(status, {"retry-after": said}), datetime.now(UTC)) == seconds


def test_a_site_may_name_the_moment() -> None:
    def asked(**later: int) -> float | None:
        moment = NOON + timedelta(**later)
        return seconds_to_wait(Answer(503, {"retry-after": format_datetime(moment, usegmt=True)}), NOON)

    assert asked(seconds=90) == 90
    assert asked(days=-3) == 1
    assert asked(days=30) == 86_400


def test_the_pause_after_it_is_as_long_as_the_site_asked(web, fetch, turns) -> None:
    web.answers[PAGE] = Answer(429, {"retry-after": "300"})
    with pytest.raises(SiteAsksToWait):
        fetch(PAGE)
    assert turns.pauses[-1] == 300
    assert 2 <= turns.pauses[0] <= 4


def test_a_turn_is_given_back_when_the_request_fails(web, fetch, turns) -> None:
    web.answers[PAGE] = PageTooSlow("slow")
    with pytest.raises(PageTooSlow):
        fetch(PAGE)
    assert len(turns.pauses) == 2


@pytest.mark.parametrize(
    ("rules", "allowed"),
    [
        (Answer(404, {}), True),
        (Answer(403, {}), True),
        (Answer(200, {}, b""), True),
        (Answer(200, {}, b"<!DOCTYPE html><p>Disallow: /"), True),
        (Answer(200, {}, b"User-agent: *\nDisallow: /page"), False),
        (Answer(200, {}, b"\xef\xbb\xbfUser-agent: *\r\nDisallow: /\r\n"), False),
        (Answer(200, {}, b"User-agent: GEGENCHECK\nAllow: /page\nDisallow: /"), True),
        (Answer(200, {}, b"User-agent: other\nDisallow: /"), True),
        (Answer(200, {}, bytes(range(256)) * 10), True),
        (Answer(301, {"location": "https://rules.example/robots.txt"}), False),
    ],
)
def test_the_rules_for_robots_are_heeded(web, fetch, rules, allowed) -> None:
    web.answers["https://check.example/robots.txt"] = rules
    web.answers["https://rules.example/robots.txt"] = Answer(200, {}, b"User-agent: *\nDisallow: /")
    if allowed:
        assert fetch(PAGE).content == b"text"
    else:
        with pytest.raises(RobotsDisallow):
            fetch(PAGE)
        assert PAGE not in [url for url, _ in web.asked]


@pytest.mark.parametrize(
    ("rules", "code"),
    [
        (Answer(500, {}), "page-unavailable"),
        (PageTooSlow("The host sleeps."), "page-too-slow"),
        (PageUnavailable("No such host."), "page-unavailable"),
    ],
)
def test_where_the_rules_cannot_be_read_nothing_is_asked_and_the_reason_is_no_ban(web, fetch, rules, code) -> None:
    web.answers["https://check.example/robots.txt"] = rules
    with pytest.raises(PageUnavailable, match="cannot be read, so nothing else is asked") as raised:
        fetch(PAGE)
    assert raised.value.code == code
    assert str(rules) in str(raised.value) or isinstance(rules, Answer)
    assert PAGE not in [url for url, _ in web.asked]


def test_where_a_page_leads_the_rules_of_that_site_count(web, fetch) -> None:
    web.answers[PAGE] = Answer(302, {"location": "https://other.example/page"})
    web.answers["https://other.example/robots.txt"] = Answer(200, {}, b"User-agent: *\nDisallow: /")
    with pytest.raises(RobotsDisallow):
        fetch(PAGE)


def test_a_site_asks_for_longer_pauses(web, fetch, turns) -> None:
    web.answers["https://check.example/robots.txt"] = Answer(200, {}, b"User-agent: *\nCrawl-delay: 10")
    fetch(PAGE)
    assert 10 <= turns.pauses[-1] <= 20
    web.answers["https://slow.example/robots.txt"] = Answer(200, {}, b"User-agent: *\nCrawl-delay: 100000")
    web.answers["https://slow.example/"] = Answer(200, {}, b"text")
    fetch("https://slow.example/")
    assert 30 <= turns.pauses[-1] <= 60


def test_however_many_hosts_a_list_leads_to_the_rules_of_few_are_kept(web, turns) -> None:
    web.answers["https://check.example/robots.txt"] = Answer(
        200, {}, b"User-agent: *\nDisallow: /no\n" + b"#" * 1_500_000
    )
    polite = PoliteFetcher(web, turns, DirectReader(), sleep=lambda _: None)
    for number in range(MAX_SITES + 20):
        address = f"https://n{number}.example/page"
        web.answers[address] = Answer(200, {})
        polite.fetch(address)
    polite.fetch(PAGE)
    assert len(polite._robots) == MAX_SITES
    assert max(len(rules) for _, rules in polite._robots.values()) <= 512_000
    web.asked.clear()
    polite.fetch(PAGE)
    assert [url for url, _ in web.asked] == [PAGE], "the newest are known"
    with pytest.raises(RobotsDisallow):
        polite.fetch("https://check.example/no")
