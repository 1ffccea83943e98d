"""The way to a verdict in plain words: why searched, with what, and why candidates were dropped."""

from __future__ import annotations

from dataclasses import replace

import pytest

from index.models import Difference, DifferenceKind, Match, PairJudgement, Rating, Stance, Statement
from service.explaining import (
    NEIGHBOUR_LETTERS,
    Neighbours,
    differing_sides,
    explain_drop,
    explain_search,
    neighbours_of,
    worth_words,
)
from service.models import (
    ArticleKind,
    CheckedClaim,
    Feature,
    JudgedMatch,
    Mode,
    ScoredSentence,
    Sentence,
    Shortfall,
    Verdict,
    VerdictCode,
)
from service.pipeline.checkworthiness import WORDING, feature_names
from service.wording import catalogue

TEXT = "Er zahlt jedem Einwohner 500 Euro."
FEATURES = (Feature("number", 1.4), Feature("wording", -0.6), Feature("amount", 0.3))
CLAIM = ScoredSentence(Sentence(TEXT, 0, len(TEXT)), 0.88, True, features=FEATURES)
STATEMENT = Statement("Ulm zahlt jedem 700 Euro.", "https://a.example/1", Rating("Falsch"))
NUMBER = Difference(DifferenceKind.NUMBER, "500 Euro", "700 Euro")
DENIAL = Difference(DifferenceKind.NEGATION, "nicht", "")


@pytest.mark.parametrize(
    ("difference", "here", "words"),
    [
        (NUMBER, ArticleKind.PAGE, "auf der Seite «500 Euro», geprüft «700 Euro»"),
        (NUMBER, ArticleKind.TEXT, "im Text «500 Euro», geprüft «700 Euro»"),
        (DENIAL, ArticleKind.PAGE, "«nicht» steht nur auf der Seite"),
        (DENIAL, ArticleKind.TEXT, "«nicht» steht nur im Text"),
        (NUMBER, ArticleKind.PICTURE, "im Bild «500 Euro», geprüft «700 Euro»"),
        (DENIAL, ArticleKind.PICTURE, "«nicht» steht nur im Bild"),
        (
            Difference(DifferenceKind.NEGATION, "", "nicht"),
            ArticleKind.TEXT,
            "«nicht» steht nur in der geprüften Aussage",
        ),
    ],
)
def test_a_difference_says_what_stands_where(difference: Difference, here: ArticleKind, words: str) -> None:
    assert differing_sides(difference, "de", here=here) == words


def checked(claim: ScoredSentence = CLAIM, compared: int = 8, *candidates: JudgedMatch) -> CheckedClaim:
    return CheckedClaim(claim, Verdict(VerdictCode.NOT_ENOUGH_EVIDENCE, 0.4), (), candidates, compared)


def candidate(*shortfalls: Shortfall) -> JudgedMatch:
    judged = PairJudgement(0.62, 0.3, 0.1, 0.6, (NUMBER, DENIAL))
    return JudgedMatch(Match(STATEMENT, 0.9, 0.62, False, judged), Stance.NEUTRAL, 0.6, (NUMBER, DENIAL), shortfalls)


def lines(claim: ScoredSentence, language: str = "en") -> str:
    return "\n".join(explain_search(checked(claim), language)).replace("\xa0", " ")


def test_what_a_question_asks_about_is_named() -> None:
    asked = replace(
        CLAIM, sentence=Sentence("Is it true that milk is blue?", 0, 29), mode=Mode.ASKED, query="milk is blue"
    )
    assert "Also searched for the claim that is asked about: “milk is blue”" in lines(asked)


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_feature_has_words(language: str) -> None:
    assert {f"feature.{name}" for name in (*feature_names(), WORDING)} <= set(catalogue(language))


def test_what_speaks_for_and_against_a_sentence_is_named() -> None:
    assert worth_words(CLAIM, "en") == (
        "Check-worthiness 88%. For it: a number, an amount. Against it: the wording as a whole."
    )
    german = worth_words(CLAIM, "de").replace("\xa0", " ")
    assert (
        german == "Prüfwürdigkeit 88 %. Dafür: eine Zahl, eine Menge oder ein Betrag. Dagegen: der Wortlaut im Ganzen."
    )
    assert worth_words(replace(CLAIM, features=()), "en") == "Check-worthiness 88%."


def test_what_was_searched_beside_the_sentence_is_shown() -> None:
    assert "Searched" not in lines(CLAIM)
    resolved = replace(CLAIM, query="Bürgermeister Muster zahlt jedem Einwohner 500 Euro.")
    assert "Searched with the name instead of the pronoun: “Bürgermeister Muster" in lines(resolved)
    wider = replace(CLAIM, query=f"Unfassbar! {TEXT} Teilen!")
    assert f"Auch zusammen mit dem Text ringsum gesucht: «Unfassbar! {TEXT} Teilen!»" in lines(wider, "de")
    assert len(lines(replace(CLAIM, query=f"{'Unfassbar! ' * 50}{TEXT}"))) < 400


def test_the_words_that_decided_how_a_claim_is_put_are_shown() -> None:
    assert "reported, recognised by “according to”." in lines(replace(CLAIM, mode=Mode.REPORTED, cue="according to"))


def test_it_says_how_much_was_compared_and_that_nothing_was_similar_enough() -> None:
    assert explain_search(checked(), "en")[-2:] == [
        "The 8 most similar verified statements were compared.", "None was similar enough.",
    ]  # fmt: skip
    assert explain_search(checked(CLAIM, 8, candidate()), "en")[-1].startswith("The 8 most similar")
    assert len(explain_search(checked(CLAIM, 0), "en")) == 1


@pytest.mark.parametrize(
    ("reason", "german", "english"),
    [
        (Shortfall.CONFIDENCE, "Sicherheit 62 %; ein Treffer braucht 80 %.", "Confidence 62%; a match needs 80%."),
        (
            Shortfall.DIFFERENCE,
            "Eine andere Aussage; Unterschied: die Zahl, «500 Euro» statt «700 Euro».",
            "A different claim; difference: the number, “500 Euro” instead of “700 Euro”.",
        ),
        (
            Shortfall.SHORT,
            "Der Satz ist kurz. Kurze Sätze zählen nur, wenn der Treffer fast sicher ist.",
            "The sentence is short. Short sentences count only if the match is almost certain.",
        ),
    ],
)
def test_a_dropped_candidate_says_why(reason: Shortfall, german: str, english: str) -> None:
    assert [line.replace("\xa0", " ") for line in explain_drop(candidate(reason), 0.8, "de")] == [german]
    assert explain_drop(candidate(reason), 0.8, "en") == [english]


def test_a_threshold_that_was_not_recorded_is_not_made_up() -> None:
    assert explain_drop(candidate(Shortfall.CONFIDENCE), None, "en") == []


@pytest.mark.parametrize(
    ("query", "before", "after"),
    [
        (f"Der Ort ist  reich.\n{TEXT} Das freut alle.", "Der Ort ist reich.", "Das freut alle."),
        (f"{TEXT} Das freut alle.", "", "Das freut alle."),
        (f"Der Ort ist reich. {TEXT}", "Der Ort ist reich.", ""),
    ],
)
def test_what_was_searched_around_a_sentence_is_told_apart_from_it(query: str, before: str, after: str) -> None:
    assert neighbours_of(replace(CLAIM, query=query)) == Neighbours(before, after)


@pytest.mark.parametrize("query", [None, TEXT, f" {TEXT}\n", TEXT.replace("Er", "Ulm")])
def test_a_sentence_searched_alone_has_no_neighbours(query: str | None) -> None:
    assert neighbours_of(replace(CLAIM, query=query)) is None


def test_long_neighbours_keep_what_is_next_to_the_sentence() -> None:
    words = " ".join(f"wort{n}" for n in range(100))
    found = neighbours_of(replace(CLAIM, query=f"{words} {TEXT} {words}"))
    assert found is not None
    assert found.before.startswith("… wort")
    assert found.before.endswith("wort99")
    assert found.after.startswith("wort0 ")
    assert found.after.endswith(" …")
    assert max(len(found.before), len(found.after)) <= NEIGHBOUR_LETTERS
