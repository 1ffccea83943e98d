"""Google's claims:search as its documentation has it: pages by token, a key that nobody sees, errors and quotas."""

from __future__ import annotations

import json
from urllib.parse import parse_qs, urlsplit

import pytest
from sites import Says

from service.presenters_sources import present_source
from service.sources import RunState

pytestmark = [pytest.mark.loopback, pytest.mark.sqlite]  # the stores are tested on PostgreSQL too

KEY = "AIza-not-to-be-seen"
PLACE = "google.example/v1alpha1/claims:search"


def claim(number: int, site: str = "dpa.example") -> dict:
    review = {
        "publisher": {"name": "dpa", "site": site},
        "url": f"https://{site}/{number}",
        "title": "Nein",
        "reviewDate": "2026-01-05T00:00:00Z",
        "textualRating": "Falsch",
        "languageCode": "de",
    }
    return {
        "text": f"Aussage Nummer {number}.",
        "claimant": "Kettenbrief",
        "claimDate": "2026-01-01T00:00:00Z",
        "claimReview": [review],
    }


def error(code: int, status: str, reason: str) -> Says:
    return Says(
        json.dumps({"error": {"code": code, "status": status, "message": reason, "details": [{"reason": reason}]}}),
        code,
    )


class Google:
    """Answers with these pages, each named by a token."""

    def __init__(self, web, *pages: list[dict]) -> None:
        self.pages, self.asked, self.instead = pages, [], {}
        web.answer_elsewhere, web.answer = web.answer, lambda request: self.answer(web, request)

    def answer(self, web, request) -> Says:
        if not request.address.startswith(PLACE):
            return web.answer_elsewhere(request)
        web.asked.append(request)
        query = {name: values[0] for name, values in parse_qs(urlsplit(request.address).query).items()}
        self.asked.append((query, request.headers.get("X-Goog-Api-Key")))
        number = int(query.get("pageToken", "0"))
        if number in self.instead:
            return self.instead.pop(number)
        reply: dict = {"claims": self.pages[number]} if self.pages[number] else {}
        if number + 1 < len(self.pages):
            reply["nextPageToken"] = str(number + 1)
        return Says(json.dumps(reply))


@pytest.fixture
def google(desk) -> Google:
    return Google(desk.web, [claim(1), claim(2)], [claim(3), {"text": "Ohne Bewertung"}, claim(4, "other.example")], [])


@pytest.fixture
def source(desk, google):
    return desk.add("google", PLACE, KEY, site="dpa.example")


def test_all_replies_are_read_of_the_publisher_that_was_asked_for(desk, google, source) -> None:
    run = desk.run(source).runs[0]
    assert desk.claims() == {"Aussage Nummer 1.", "Aussage Nummer 2.", "Aussage Nummer 3."}
    assert (run.state, run.tally.added, run.unvetted) == (RunState.FINISHED, 3, {"other.example": 1})
    assert [query.get("pageToken") for query, _ in google.asked] == [None, "1", "2"]
    assert {query["reviewPublisherSiteFilter"] for query, _ in google.asked} == {"dpa.example"}
    statement = desk.application.statements.select(query="Nummer 1").statements[0]
    assert (statement.rating.alternate_name, statement.rating.rating_value, statement.claimant) == (
        "Falsch",
        None,
        "Kettenbrief",
    )


def test_later_runs_ask_for_what_is_new_since_the_last_that_went_well(desk, google, source) -> None:
    desk.run(source)
    desk.house.clock.let_pass(5 * 86_400)
    google.asked.clear()
    desk.run(source)
    assert google.asked[0][0]["maxAgeDays"] == "9"
    assert "pageToken" not in google.asked[0][0]


def test_the_key_is_in_a_header_alone(desk, google, source, caplog) -> None:
    google.instead[1] = error(500, "INTERNAL", "oops")
    found = desk.run(source)
    assert {key for _, key in google.asked} == {KEY}
    assert not [request for request in desk.web.asked if KEY in request.address]
    shown = json.dumps(present_source(found, found.created_at, "en")) + repr(found) + caplog.text
    assert KEY not in shown
    assert desk.application.sources.key_of(source) == KEY


@pytest.mark.parametrize(
    ("answer", "code"),
    [
        (error(403, "PERMISSION_DENIED", "API_KEY_INVALID"), "source-key-refused"),
        (error(400, "INVALID_ARGUMENT", "API_KEY_INVALID"), "source-key-refused"),
        (error(500, "INTERNAL", "oops"), "page-unavailable"),
        (Says("<html>login"), "import-rejected"),
        (Says('{"claims": [{"text": "Aus'), "import-rejected"),
    ],
)
def test_faults_end_the_run_and_keep_what_came_before(desk, google, source, answer, code) -> None:
    google.instead[1] = answer
    found = desk.run(source)
    assert (found.problem_code, found.runs[0].tally.added) == (code, 2)
    assert len(desk.claims()) == 2
    google.asked.clear()
    assert desk.run(source).runs[0].tally.added == 1
    assert "pageToken" not in google.asked[0][0], "a token of a run that failed is not used again"


def test_a_quota_that_is_used_up_is_waited_for_and_the_run_goes_on_where_it_was(desk, google, source) -> None:
    google.instead[1] = error(429, "RESOURCE_EXHAUSTED", "rateLimitExceeded")
    desk.run(source)
    assert (desk.get(source).runs[0].state, len(google.asked)) == (RunState.RUNNING, 2)
    desk.house.clock.let_pass(700)
    desk.work()
    assert desk.get(source).runs[0].state is RunState.FINISHED
    assert [query.get("pageToken") for query, _ in google.asked] == [None, "1", "1", "2"]


def test_a_redirect_to_another_host_never_sees_the_key(desk, google, source) -> None:
    google.instead[0] = Says(b"", 302, {"Location": desk.web.url("evil.example/")})
    assert desk.run(source).problem_code == "page-unavailable"
    assert not [request for request in desk.web.asked if "evil" in request.address]


def test_replies_without_an_end_are_ended(desk, google, source) -> None:
    google.pages = tuple([claim(1)] for _ in range(500))
    run = desk.run(source).runs[0]
    assert (run.state, run.tally.pages) == (RunState.FINISHED, 400)
