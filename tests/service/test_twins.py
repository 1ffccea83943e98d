"""Of statements that say the same in two languages the reader's comes first, and no verdict changes by it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from index.models import Match, NormalizedRating, PairJudgement, Publisher, Rating, Stance, Statement
from service import wording
from service.models import (
    Article,
    Check,
    CheckedClaim,
    CheckRequest,
    CheckResult,
    CheckState,
    JudgedMatch,
    ScoredSentence,
    Sentence,
    Verdict,
    VerdictCode,
)
from service.twins import also_checked, are_rated_otherwise, are_twins, for_reader, standing_alone, twins_of

GERMAN = Statement(
    "Zitronen heilen Diabetes.", "https://blatt.example/de", Rating("Falsch", normalized=NormalizedRating.FALSE),
    Publisher("Faktenblatt", "blatt.example"), language="de",
)  # fmt: skip
ENGLISH = replace(
    GERMAN, claim_reviewed="Lemons cure diabetes.", url="https://blatt.example/en", language="en-GB",
    publisher=Publisher("Fact Sheet", "blatt.example"), rating=Rating("False", normalized=NormalizedRating.FALSE),
)  # fmt: skip
FRENCH = replace(GERMAN, url="https://blatt.example/fr", language="fr")
ELSEWHERE = replace(ENGLISH, url="https://desk.example/1", publisher=Publisher("Desk", "desk.example"))


def found(statement: Statement, confidence: float = 0.95, stance: Stance = Stance.SUPPORTS) -> JudgedMatch:
    return JudgedMatch(Match(statement, 0.9, confidence, True, PairJudgement(confidence, 0.9, 0.05, 0.05)), stance, 0.9)


def check(*evidence: JudgedMatch, language: str | None) -> Check:
    claim = ScoredSentence(Sentence("Zitronen heilen Diabetes.", 0, 25), 0.9, True)
    claims = (CheckedClaim(claim, Verdict(VerdictCode.REFUTED, 0.9), evidence),)
    result = CheckResult(Article("…", language=language), claims, verdict=Verdict(VerdictCode.REFUTED, 0.9, 0))
    return Check("id", "", CheckRequest(text="x"), CheckState.FINISHED, datetime.now(UTC), result=result)


def shown(made: Check, reader: str) -> list[str]:
    return [item.match.statement.url for item in for_reader(made, reader).result.claims[0].evidence]


@pytest.mark.parametrize(
    ("page", "reader", "first"),
    [
        ("de", "en", GERMAN),
        ("en", "de", ENGLISH),
        ("en-US", "de", ENGLISH),
        (None, "de", GERMAN),
        (None, "de-CH", GERMAN),
        ("fr", "en", ENGLISH),
        ("pl", "de", GERMAN),
        ("pl", "tr", ENGLISH),
    ],
)
def test_the_language_of_the_page_comes_before_that_of_the_reader(
    page: str | None, reader: str, first: Statement
) -> None:
    made = check(found(ENGLISH), found(GERMAN), language=page)
    assert shown(made, reader)[0] == first.url
    assert set(shown(made, reader)) == {GERMAN.url, ENGLISH.url}, "none is lost"


def test_the_headline_names_the_one_that_is_shown() -> None:
    made = for_reader(check(found(ENGLISH), found(GERMAN), language="de"), "de")
    assert wording.summarize_check(made, "de").detail == "Faktenblatt hat eine solche Aussage mit «Falsch» bewertet."


@pytest.mark.parametrize(
    ("one", "other", "twins"),
    [
        (found(GERMAN), found(ENGLISH), True),
        (found(GERMAN, 0.95), found(ENGLISH, 0.75), True),
        (found(GERMAN), found(ELSEWHERE), True),
        (found(GERMAN, 0.95), found(ELSEWHERE, 0.75), False),
        (found(GERMAN), found(replace(GERMAN, url="https://blatt.example/2")), False),
        (found(GERMAN), found(replace(ENGLISH, language=None)), False),
        (found(GERMAN), found(ENGLISH, stance=Stance.REFUTES), False),
        (found(GERMAN), found(replace(ENGLISH, rating=Rating("Mixed", normalized=NormalizedRating.MIXED))), False),
    ],
)
def test_twins_conclude_the_same_in_two_languages(one: JudgedMatch, other: JudgedMatch, twins: bool) -> None:
    assert are_twins(one, other) is twins
    assert are_twins(other, one) is twins


def test_what_is_no_twin_keeps_its_place() -> None:
    mixed = replace(GERMAN, url="https://blatt.example/m", rating=Rating("Teils", normalized=NormalizedRating.MIXED))
    made = check(found(mixed), found(ENGLISH), found(FRENCH), found(GERMAN), language="de")
    assert shown(made, "en") == [mixed.url, GERMAN.url, ENGLISH.url, FRENCH.url]


def test_only_a_publisher_s_own_other_language_is_named_beside_it() -> None:
    evidence = [found(GERMAN), found(ENGLISH), found(ELSEWHERE)]
    assert twins_of(evidence[0], evidence) == [evidence[1]]


def suggested(language: str | None, reader: str, *candidates: JudgedMatch) -> list[Statement]:
    made = check(language=language)
    assert made.result is not None
    (claim,) = made.result.claims
    made = replace(made, result=replace(made.result, claims=(replace(claim, candidates=candidates),)))
    ordered = for_reader(made, reader).result
    assert ordered is not None
    return [item.match.statement for item in ordered.claims[0].candidates]


@pytest.mark.parametrize("cluster", ["lemons", None])
def test_what_is_suggested_is_in_the_language_of_the_page_too(cluster: str | None) -> None:
    address = GERMAN.url if cluster is None else ENGLISH.url
    german, english = replace(GERMAN, cluster=cluster), replace(ENGLISH, cluster=cluster, url=address)
    near = found(english, 0.47), found(german, 0.45, Stance.REFUTES)
    assert suggested("de", "en", *near) == [german, english]
    assert suggested("en", "de", *near) == [english, german]


def test_other_statements_of_a_publisher_do_not_come_first_for_their_language() -> None:
    assert suggested("de", "de", found(ENGLISH, 0.47), found(GERMAN, 0.45)) == [ENGLISH, GERMAN]


@pytest.mark.parametrize(
    ("rating", "differ"),
    [(NormalizedRating.FALSE, False), (NormalizedRating.TRUE, True), (NormalizedRating.UNMAPPED, False)],
)
def test_those_of_one_cluster_stand_under_its_first(rating: NormalizedRating, differ: bool) -> None:
    first, alone = replace(found(GERMAN), cluster="a"), found(replace(GERMAN, url="https://third.example/1"))
    elsewhere = replace(GERMAN, url="https://desk.example/1", rating=Rating("…", normalized=rating))
    other = replace(found(elsewhere), cluster="a")
    evidence = (first, alone, other)
    assert standing_alone(evidence) == [first, alone]
    assert [also_checked(each, evidence) for each in evidence] == [[other], [], [first]]
    assert [are_rated_otherwise(each, evidence) for each in evidence] == [differ, False, differ]
    assert shown(check(*evidence, language="de"), "de") == [
        "https://blatt.example/de", "https://desk.example/1", "https://third.example/1",
    ]  # fmt: skip


def test_a_twin_of_the_cluster_is_told_once() -> None:
    first, twin = (replace(found(each), cluster="a") for each in (GERMAN, ENGLISH))
    assert (twins_of(first, (first, twin)), also_checked(first, (first, twin))) == ([twin], [])


def test_what_else_was_checked_says_by_whom_when_and_how() -> None:
    dated = replace(ELSEWHERE, date_published=date(2021, 5, 3))
    assert wording.also_checked_words(dated, "de") == "Auch geprüft von Desk (2021): «False» (auf Englisch)"
    assert wording.also_checked_words(dated, "en") == "Also checked by Desk (2021): “False”"
    assert wording.also_checked_words(ELSEWHERE, "en") == "Also checked by Desk: “False”"


@pytest.mark.parametrize("reader", ["de", "en"])
def test_what_this_house_says_comes_before_what_others_say_in_the_readers_language(reader: str) -> None:
    ours = replace(FRENCH, owner="Desk")
    assert shown(check(found(GERMAN), found(ENGLISH), found(ours), language=None), reader)[0] == ours.url
