"""Import jobs: from a spooled body or a feed's address into the store and the index."""

from __future__ import annotations

import json

import pytest

from service.models import CheckState

MOON = {"claimReviewed": "The moon is hollow.", "url": "https://checks.example/moon"}


@pytest.fixture
def run(house):
    """Imports a body, or a URL, and gives the import as it ended."""

    def submit(body: bytes = b"", content_type: str = "application/json", url: str | None = None):
        made = house.application.imports.submit("ann", body, content_type, url)
        assert house.work() == 1
        return house.application.imports.get(made.id, "ann")

    return submit


def test_reviews_are_stored_and_found(house, run, lemons) -> None:
    lines = [json.dumps(lemons), json.dumps({**lemons, **MOON}), json.dumps({"@type": "ClaimReview"}), "nonsense"]
    done = run("\n".join(lines).encode(), "application/x-ndjson")
    assert done.state is CheckState.FINISHED
    assert (done.report.added, done.report.unchanged, done.rejected_count) == (1, 1, 2)
    assert [note.line for note in done.report.rejected] == [3, 4]
    assert done.searchable
    (match, *_) = house.application.index.current().search(["The moon is hollow."], 1)[0]
    assert match.statement.url == MOON["url"]


def test_a_feed_is_fetched_from_its_address(house, run, lemons) -> None:
    house.fetcher.feeds["https://feeds.example/all"] = json.dumps([{**lemons, **MOON}]).encode()
    assert run(url="https://feeds.example/all").report.added == 1


def test_a_feed_that_does_not_answer_is_a_problem(run) -> None:
    done = run(url="https://feeds.example/none")
    assert (done.state, done.problem_code) == (CheckState.FAILED, "page-unavailable")
    assert "does not answer" in done.problem_detail


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"{", "application/ld+json"),
        (b'{"name": "no review"}', "application/json"),
        (b"a,b\n1,2", "text/csv"),
        (b"\xff\xfe\x00", "application/ld+json"),
        (b"[" * 100_000, "application/ld+json"),
    ],
)
def test_what_cannot_be_read_is_a_problem(run, body: bytes, content_type: str) -> None:
    done = run(body, content_type)
    assert (done.state, done.problem_code) == (CheckState.FAILED, "import-rejected")
    assert done.problem_detail


def test_lone_surrogates_and_nuls_in_reviews_harm_nothing(house, run, lemons) -> None:
    odd = json.dumps({**lemons, "claimReviewed": "The moon \ud800is\u0000 hollow.", "url": MOON["url"]})
    done = run(odd.encode(), "application/ld+json")
    assert done.state is CheckState.FINISHED
    assert house.client.get("/v1/statements").status_code == 200


def test_a_lost_body_is_a_problem(house, run, settings) -> None:
    made = house.application.imports.submit("ann", b"{}", "application/json")
    for path in (settings.data_dir / "imports").glob("*"):
        path.unlink()
    house.work()
    assert house.application.imports.get(made.id, "ann").problem_code == "store-unavailable"
