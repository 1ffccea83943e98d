"""Which matches become evidence, which only suggest, and what is searched for a claim."""

from __future__ import annotations

import pytest

from index.models import Difference, DifferenceKind, Match, PairJudgement, Rating, Stance, Statement
from service.models import Mode, ScoredSentence, Sentence, Shortfall
from service.pipeline.evidence import searched_texts, surest
from service.pipeline.stance import MAX_CANDIDATES, MAX_EVIDENCE, divide_matches

LONG = "Die Masernimpfung löst bei vielen Kindern in Europa Autismus aus."
SHORT = "Die Masernimpfung löst Autismus aus."


def claim(text: str, query: str | None = None) -> ScoredSentence:
    return ScoredSentence(Sentence(text, 0, len(text)), 0.9, True, query=query)


def match(confidence: float, is_match: bool = True, key: int = 1) -> Match:
    judged = PairJudgement(confidence, 0.7, 0.1, 0.2, (Difference(DifferenceKind.NUMBER, "1", "2"),))
    statement = Statement(f"Satz {key}", f"https://a.example/{key}", Rating("Falsch"), key=key)
    return Match(statement, 0.9, confidence, is_match, judged)


def rated(statement: str, confidence: float) -> Match:
    found = Statement(statement, "https://a.example/1", Rating("Falsch"), key=1)
    return Match(found, 0.9, confidence, True, PairJudgement(confidence, 0.7, 0.1, 0.2))


def test_a_match_becomes_evidence_with_stance_and_differences() -> None:
    (found,), candidates = divide_matches(claim(LONG), [match(0.9)])
    assert (found.stance, found.stance_confidence) == (Stance.SUPPORTS, 0.7)
    assert found.differences == (Difference(DifferenceKind.NUMBER, "1", "2"),)
    assert candidates == ()


def test_what_fell_short_is_a_candidate_and_what_is_far_is_nothing() -> None:
    evidence, candidates = divide_matches(claim(LONG), [match(0.01, False), match(0.4, False), match(0.9)])
    assert [item.match.confidence for item in evidence] == [0.9]
    assert [item.match.confidence for item in candidates] == [0.4]


@pytest.mark.parametrize("confidence", [0.85, 0.99])
def test_a_short_sentence_of_a_page_only_suggests(confidence: float) -> None:
    evidence, candidates = divide_matches(claim(SHORT), [rated(SHORT, confidence)])
    assert (len(evidence), [item.match.confidence for item in candidates]) == (0, [confidence])
    assert len(divide_matches(claim(LONG), [rated(SHORT, confidence)])[0]) == 1


@pytest.mark.parametrize(
    ("text", "statement", "confidence", "counts"),
    [
        ("Die Erde ist flach.", "Die Erde ist flach.", 0.99, True),
        ("Die Erde ist flach.", "Die Erde ist flach.", 0.94, False),
        ("Masernimpfung löst Autismus aus", "Die Masernimpfung löst bei Kindern Autismus aus.", 0.99, True),
        ("5G causes covid", "5G causes COVID-19.", 0.99, True),
        ("Schulen wegen Schimmel geschlossen.", "Im Mai 2021 wurden in Ulm zwölf Schulen wegen Schimmel geschlossen.", 0.99, False),
        ("Grillen im Garten verbieten.", "Die Grünen wollen das Grillen im Garten ab 2025 verbieten.", 0.99, False),
        ("Lehnen die Steuerreform ab.", "Drei Viertel der Deutschen lehnen die Steuerreform ab.", 0.99, False),
        ("Bargeld wird verboten", "In Schweden wird Bargeld verboten", 0.99, False),
        ("Die Welt ist eine Scheibe", "Die Erde ist eine Scheibe, und die NASA verheimlicht das.", 0.99, False),
        ("Impfung tötet.", "Die Grippeimpfung tötet jedes Jahr viele alte Menschen.", 0.99, False),
    ],
)  # fmt: skip
def test_a_short_text_counts_where_it_is_surely_the_statement_itself(
    text: str, statement: str, confidence: float, counts: bool
) -> None:
    evidence, candidates = divide_matches(claim(text), [rated(statement, confidence)], alone=True)
    assert (len(evidence), len(candidates)) == ((1, 0) if counts else (0, 1))


def test_a_question_counts_by_its_own_length() -> None:
    about = "die Masernimpfung bei Kindern Autismus auslöst"
    asked = ScoredSentence(
        Sentence(f"Stimmt es denn, dass {about}?", 0, 60), 0.9, True, Mode.ASKED, "Stimmt es denn", query=about
    )
    assert len(divide_matches(asked, [rated(LONG, 0.8)])[0]) == 1


def test_two_words_never_count() -> None:
    assert divide_matches(claim("Impfung tötet."), [match(1.0)])[0] == ()


@pytest.mark.parametrize(
    ("text", "confidence", "is_match", "reasons"),
    [
        (LONG, 0.4, False, (Shortfall.CONFIDENCE, Shortfall.DIFFERENCE)),
        (SHORT, 0.85, True, (Shortfall.SHORT, Shortfall.DIFFERENCE)),
        (SHORT, 0.4, False, (Shortfall.CONFIDENCE, Shortfall.SHORT, Shortfall.DIFFERENCE)),
    ],
)
def test_a_candidate_says_why_it_is_no_evidence(
    text: str, confidence: float, is_match: bool, reasons: tuple[Shortfall, ...]
) -> None:
    (candidate,) = divide_matches(claim(text), [match(confidence, is_match)])[1]
    assert candidate.shortfalls == reasons
    assert divide_matches(claim(LONG), [match(0.9)])[0][0].shortfalls == ()


def test_there_is_an_end_to_evidence_and_candidates() -> None:
    many = [match(0.9, key=n) for n in range(20)] + [match(0.5, False, key=n) for n in range(20)]
    evidence, candidates = divide_matches(claim(LONG), many)
    assert (len(evidence), len(candidates)) == (MAX_EVIDENCE, MAX_CANDIDATES)


def test_a_resolved_sentence_is_searched_instead_a_wider_text_beside() -> None:
    assert searched_texts(claim("Sie lügt.")) == ["Sie lügt."]
    assert searched_texts(claim("Sie lügt.", "Anna Beispiel lügt.")) == ["Anna Beispiel lügt."]
    assert searched_texts(claim("Sie lügt.", "Unfassbar! Sie lügt.")) == ["Sie lügt.", "Unfassbar! Sie lügt."]


def test_a_statement_found_twice_is_kept_where_it_is_surest() -> None:
    assert [m.confidence for m in surest([match(0.4), match(0.6, key=2), match(0.8)])] == [0.8, 0.6]
