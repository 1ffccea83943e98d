"""The Data Commons feed: open to everybody, so only listed publishers count; nulls, truncation and lies included."""

from __future__ import annotations

import gzip
import json
from dataclasses import replace

import pytest
from sites import Says

from index.exchange import importing
from service.sources import RunState
from service.work.sources.visit import KEPT, TWO_RATINGS

pytestmark = [pytest.mark.loopback, pytest.mark.sqlite]  # the stores are tested on PostgreSQL too


def review(url: str, claim: str, **more: object) -> dict:
    return {
        "@type": "ClaimReview",
        "url": url,
        "claimReviewed": claim,
        "inLanguage": "en",
        "reviewRating": {"alternateName": "False"},
        **more,
    }


FEED = {
    "@context": "https://schema.org",
    "@type": "DataFeed",
    "dataFeedElement": [
        None,
        {"@type": "DataFeedItem", "item": None},
        {
            "@type": "DataFeedItem",
            "item": [None, review("https://good.example/1", "The moon is hollow.", sdLicense="https://cc.example/by")],
        },
        {"@type": "DataFeedItem", "item": review("https://www.good.example/2", "The sun is a cube.")},
        {
            "@type": "DataFeedItem",
            "item": [review("https://spam.example/<script>alert(1)</script>", "Buy <script>alert(1)</script>.")],
        },
        {
            "@type": "DataFeedItem",
            "item": [
                review(
                    "https://spam.example/2", "Buy more.", author={"name": "Good Checks", "url": "https://good.example"}
                )
            ],
        },
        {"@type": "DataFeedItem", "item": [{"@type": "ClaimReview", "url": "https://good.example/3"}]},
        "nonsense",
    ],
}


@pytest.fixture
def source(desk):
    desk.web["feeds.example/data.json"] = Says(json.dumps(FEED), headers={"ETag": '"1"'})
    return desk.add(
        "datacommons", "feeds.example/data.json", allowlist=("good.example",), licence="CC BY (compilation)"
    )


def test_only_publishers_on_the_list_count_and_the_others_are_shown(desk, source) -> None:
    run = desk.run(source).runs[0]
    assert desk.claims() == {"The moon is hollow.", "The sun is a cube."}
    assert (run.state, run.tally.added, run.tally.rejected, run.unvetted) == (
        RunState.FINISHED,
        2,
        1,
        {"spam.example": 2},
    )
    licences = {
        each.claim_reviewed: each.license
        for each in desk.application.statements.select(limit=9, publisher="good.example").statements
    }
    assert licences == {"The moon is hollow.": "https://cc.example/by", "The sun is a cube.": "CC BY (compilation)"}


def test_a_feed_that_has_not_changed_is_not_loaded_again(desk, source) -> None:
    desk.run(source)
    desk.web.asked.clear()
    run = desk.run(source).runs[0]
    assert [request.headers.get("If-None-Match") for request in desk.web.asked] == ['"1"']
    assert (run.state, run.tally.added, run.tally.unchanged) == (RunState.FINISHED, 0, 0)


def test_of_a_feed_that_is_cut_off_what_came_counts_and_it_is_loaded_again(desk, source) -> None:
    whole = desk.web.says["feeds.example/data.json"]
    desk.web["feeds.example/data.json"] = Says(
        whole.content[: whole.content.index(b"The sun") + 3], headers={"ETag": '"1"'}
    )
    found = desk.run(source)
    assert (found.problem_code, found.runs[0].tally.added) == ("page-unsupported", 1)
    assert "cut off" in found.problem_detail
    desk.web["feeds.example/data.json"] = whole
    assert desk.run(source).runs[0].tally.added == 1


def test_a_connection_that_breaks_off_deletes_nothing(desk, source) -> None:
    desk.run(source)
    desk.web["feeds.example/data.json"] = Says(json.dumps(FEED), cut=200)
    assert desk.run(source).problem_code == "page-broken-off"
    assert len(desk.claims()) == 2


@pytest.mark.parametrize("body", [b"<html>", b"", b"[]", b'{"dataFeedElement": 3}', b'{"claims": []}'])
def test_what_is_no_data_feed_fails(desk, source, body) -> None:
    desk.web["feeds.example/data.json"] = Says(body)
    assert desk.run(source).problem_code == "page-unsupported"


def test_a_packed_feed_is_unpacked(desk, source) -> None:
    desk.web["feeds.example/data.json"] = Says(
        gzip.compress(json.dumps(FEED).encode()), headers={"Content-Encoding": "gzip"}
    )
    assert desk.run(source).runs[0].tally.added == 2


def test_what_a_person_deleted_does_not_come_back_by_itself(desk, source) -> None:
    desk.run(source)
    statements = desk.application.statements
    statements.delete(statements.select(query="moon hollow").statements[0].id)
    desk.web.says["feeds.example/data.json"].headers["ETag"] = '"2"'
    run = desk.run(source).runs[0]
    assert (desk.claims(), run.tally.added, run.tally.unchanged) == ({"The sun is a cube."}, 0, 2)


def test_what_a_person_revised_stays_and_the_run_says_so(desk, source) -> None:
    desk.run(source)
    statements = desk.application.statements
    (moon,) = statements.select(query="moon hollow").statements
    revised = statements.revise(moon.id, replace(moon, explanation="Asked at the observatory."))
    desk.web.says["feeds.example/data.json"].headers["ETag"] = '"2"'
    run = desk.run(source).runs[0]
    assert statements.get(moon.id) == revised
    assert (run.tally.updated, run.tally.unchanged, KEPT in run.notes) == (0, 2, True)


def test_of_two_ratings_of_one_claim_the_first_counts_in_every_run_however_far_apart_they_are(
    desk, source, monkeypatch
) -> None:
    monkeypatch.setattr(importing, "BATCH", 1)
    address = "https://good.example/1"
    twice = [
        review(address, "The moon is hollow."),
        review(address, "The moon  is hollow.", reviewRating={"alternateName": "True"}),
    ]
    for version in "23":
        body = json.dumps({"dataFeedElement": [{"item": twice}]})
        desk.web["feeds.example/data.json"] = Says(body, headers={"ETag": f'"{version}"'})
        run = desk.run(source).runs[0]
        (moon,) = desk.application.statements.select(query="moon hollow").statements
        assert (moon.rating.alternate_name, run.tally.updated, TWO_RATINGS in run.notes) == ("False", 0, True)
    assert run.tally.unchanged == 2
