"""CORRECTIV by its interface: its verdicts in its own words, the claim from the article, the feed where it fails."""

from __future__ import annotations

import json

import pytest
from sites import Says

from service.sources import RunState

pytestmark = [pytest.mark.loopback, pytest.mark.sqlite]  # the stores are tested on PostgreSQL too

API = "correctiv.example/wp-json/wp/v2/posts"
FIELDS = "per_page=100&orderby=modified&order=desc&_fields=id%2Clink%2Cmodified_gmt%2Cacf.post%3A%3Ainterpretation"
FIRST = f"{API}?categories=5&{FIELDS}"


def post(link: str, verdict: object, modified: str = "2026-09-01T10:00:00") -> dict:
    return {"id": 1, "link": link, "modified_gmt": modified, "acf": {"post::interpretation": verdict}}


def slug(value: str) -> dict:
    return {"value": value, "label": value}


@pytest.fixture
def source(desk):
    return desk.add("correctiv", f"{API}?categories=5", fallback=desk.web.url("correctiv.example/feed/"))


def ratings(desk) -> dict[str, tuple[str, str]]:
    found = desk.application.statements.select(limit=100, publisher="correctiv.example").statements
    return {each.claim_reviewed: (each.rating.alternate_name, each.rating.normalized.value) for each in found}


def test_verdicts_are_the_publishers_words_and_never_part_of_another(desk, source) -> None:
    said = {
        "Eins.": (slug("partly_false"), "Falsch", ("Teilweise falsch", "mixed")),
        "Zwei.": (slug("faktenforum_false"), "", ("Falsch", "false")),
        "Drei.": (slug("faktenforum_misleading"), "Falsch", ("Irreführend", "missing_context")),
        "Vier.": (slug("missing-context"), "Fehlender Kontext", ("Fehlender Kontext", "missing_context")),
        "Fünf.": (slug("something_new"), "Frei erfunden", ("Frei erfunden", "false")),
        "Sechs.": (False, "Falsch", ("Falsch", "false")),
    }
    posts = []
    for number, (claim, (verdict, rating, _)) in enumerate(said.items()):
        posts.append(post(desk.article(f"correctiv.example/faktencheck/{number}/", claim, rating or "?"), verdict))
    desk.web[FIRST] = json.dumps(
        [*posts, None, {"link": False}, post("javascript:1", False), {**posts[0], "link": "", "acf": []}]
    )
    run = desk.run(source).runs[0]
    assert run.state is RunState.FINISHED, run
    assert ratings(desk) == {claim: expected for claim, (_, _, expected) in said.items()}
    assert run.notes == ("the verdict 'something_new' is not known: the article's own rating is kept",)


def test_a_verdict_that_is_revised_is_taken_over_though_the_article_is_as_it_was(desk, source) -> None:
    link = desk.article("correctiv.example/1/", "Eins.", "Falsch")
    desk.web[FIRST] = json.dumps([post(link, slug("false"))])
    desk.run(source)
    desk.web[FIRST] = json.dumps([post(link, slug("mostly_false"), "2026-09-02T10:00:00")])
    run = desk.run(source).runs[0]
    assert (run.tally.updated, ratings(desk)) == (1, {"Eins.": ("Größtenteils falsch", "mostly_false")})


def test_an_article_without_a_claim_makes_no_statement_whatever_its_headline(desk, source) -> None:
    desk.web["correctiv.example/1/"] = "<html><title>Nein, der Mond ist nicht hohl</title></html>"
    desk.web[FIRST] = json.dumps([post(desk.web.url("correctiv.example/1/"), slug("false"))])
    run = desk.run(source).runs[0]
    assert (run.tally.unmarked_pages, run.tally.added, ratings(desk)) == (1, 0, {})


def test_older_pages_are_asked_for_only_as_long_as_there_is_something_new(desk, source) -> None:
    def page(start: int) -> list[dict]:
        return [
            post(desk.web.url(f"correctiv.example/{n}/"), False, f"2026-01-01T{n:06}")
            for n in range(start, start + 100)
        ]

    second = f"{FIRST}&page=2"
    desk.web[FIRST], desk.web[second] = json.dumps(page(0)), json.dumps(page(100)[:3])
    desk.run(source)
    assert desk.web.addresses()[:2] == [FIRST, second]
    desk.web.asked.clear()
    desk.run(source)
    assert [each for each in desk.web.addresses() if "wp-json" in each] == [FIRST]


@pytest.mark.parametrize(
    "broken", [Says(b"no", 403), Says(b'{"code": "rest_disabled"}'), Says(b'[{"link": "https://corr'), Says(b"oh", 500)]
)
def test_where_the_interface_cannot_be_read_the_feed_is(desk, source, broken) -> None:
    desk.web[FIRST] = broken
    link = desk.article("correctiv.example/1/", "Eins.", "Teilweise falsch")
    desk.web["correctiv.example/feed/"] = (
        f"<rss version='2.0'><channel><item><link>{link}</link></item></channel></rss>"
    )
    found = desk.run(source)
    assert (found.runs[0].state, ratings(desk)) == (RunState.FINISHED, {"Eins.": ("Teilweise falsch", "mixed")})
    assert "the interface cannot be read, so the feed is read instead" in found.runs[0].notes[0]


def test_where_both_fail_the_source_fails(desk, source) -> None:
    desk.web[FIRST] = Says(b"no", 403)
    assert desk.run(source).problem_code == "page-not-found"
