"""Pairs as they are read: equal amounts in the same words, denials taken away, and what follows for the stance."""

from __future__ import annotations

import pytest

from index.pairs.plain import PlainPair, amounts_as_in, plain_pair, same_words, settle_stance


@pytest.mark.parametrize(
    ("claim", "statement", "read"),
    [
        ("Drei Viertel lehnen das ab.", "75 Prozent lehnen das ab.", "75 Prozent lehnen das ab."),
        ("75 % lehnen das ab.", "Drei Viertel lehnen das ab.", "Drei Viertel lehnen das ab."),
        ("Two thirds reject it.", "67 percent reject it.", "67 percent reject it."),
        ("Half of us reject it.", "50 percent of us reject it.", "50 percent of us reject it."),
        ("Das kostet anderthalb Millionen Euro.", "Das kostet 1,5 Mio. Euro.", "Das kostet 1,5 Mio. Euro."),
        ("It cost half a million dollars.", "It cost $500,000.", "It cost 500,000."),
        ("A dozen people died.", "12 people died.", "12 people died."),
    ],
)
def test_an_equal_amount_is_read_in_the_statements_words(claim: str, statement: str, read: str) -> None:
    assert plain_pair(claim, statement).claim == read


@pytest.mark.parametrize(
    ("claim", "statement"),
    [
        ("Drei Viertel lehnen das ab.", "50 Prozent lehnen das ab."),
        ("Im Jahr 75 kamen 3 Kinder.", "75 Prozent kamen."),
        ("Nobody came.", "75 percent came."),
        ("Dreizehn kamen.", "3 kamen."),
    ],
)
def test_other_amounts_stay_as_they_are(claim: str, statement: str) -> None:
    assert amounts_as_in(statement, claim) == claim


def test_a_pair_with_two_denials_is_read_without_those_that_frame_it() -> None:
    found = plain_pair("Es ist nicht wahr, dass er nicht kam.", "Er kam nicht.")
    assert found == PlainPair("Er nicht kam.", "Er kam nicht.", turned=True)
    both = plain_pair("It is false that he came.", "It is a lie that he came.")
    assert both == PlainPair("He came.", "He came.", turned=False)
    alone = plain_pair("It is false that he came.", "He came.")
    assert alone == PlainPair("It is false that he came.", "He came.")


def test_long_texts_are_read_as_they_are() -> None:
    text = "Es ist nicht wahr, dass er nicht kam. " * 60
    assert plain_pair(text, "Er kam nicht.") == PlainPair(text, "Er kam nicht.")


@pytest.mark.parametrize(
    ("claim", "statement", "read", "expected"),
    [
        ("Die Stadt verbietet Öfen.", "Die Stadt verbietet Öfen nicht.", (0.9, 0.0), (0.0, 0.9)),
        ("Die Stadt verbietet Öfen nicht.", "Die Stadt verbietet Öfen.", (0.1, 0.8), (0.1, 0.8)),
        ("75 percent reject the law.", "75 percent reject the law.", (0.3, 0.6), (0.3, 0.0)),
        ("Laut Rathaus verbietet die Stadt Öfen.", "Die Stadt verbietet Öfen.", (0.3, 0.6), (0.3, 0.6)),
        ("60 percent reject the law.", "75 percent reject the law.", (0.3, 0.6), (0.0, 0.6)),
        ("60 percent reject the law.", "75 percent reject the law.", (0.9, 0.05), (0.0, 0.05)),
        ("More than half reject the law.", "75 percent reject the law.", (0.9, 0.05), (0.9, 0.05)),
        ("Ada inherited the farm, Bo the debts.", "Bo inherited the farm, Ada the debts.", (0.2, 0.7), (0.2, 0.7)),
        ("Die Stadt verbietet Autos nicht.", "Die Stadt verbietet Öfen.", (0.8, 0.1), (0.8, 0.1)),
        ("Die Erde ist keine Scheibe.", "Die Erde ist flach.", (0.5, 0.2), (0.0, 0.2)),
        ("Busses cost more than trains.", "Trains cost more than busses.", (0.9, 0.05), (0.0, 0.05)),
    ],
)
def test_of_the_same_words_a_negation_decides(
    claim: str, statement: str, read: tuple[float, float], expected: tuple[float, float]
) -> None:
    assert settle_stance(PlainPair(claim, statement), *read) == expected


def test_what_was_read_without_a_denial_is_turned_round() -> None:
    pair = plain_pair("Es ist falsch, dass die Stadt Öfen verbietet.", "Die Stadt verbietet Öfen nicht.")
    assert settle_stance(pair, 0.1, 0.8) == (0.8, 0.1)
    assert settle_stance(pair, 0.8, 0.1) == (0.8, 0.1)  # the same words and one negation: the model must be wrong


def test_whoever_denies_another_amount_says_nothing_of_this_one() -> None:
    pair = plain_pair("Es ist nicht wahr, dass 60 Prozent nicht zahlen.", "50 Prozent zahlen nicht.")
    assert pair.turned
    assert settle_stance(pair, 0.1, 0.8) == settle_stance(pair, 0.8, 0.1) == (0.0, 0.0)


@pytest.mark.parametrize(
    ("claim", "statement", "expected"),
    [
        ("The city bans stoves.", "The city does not ban stoves.", True),
        ("Die Stadt verbietet Öfen.", "Öfen verbietet die Stadt.", True),
        ("Die Stadt verbietet Öfen.", "Die Stadt verbietet Autos.", False),
        ("Die Stadt verbietet Öfen ab Mai.", "Die Stadt verbietet Öfen.", False),
        ("Er kam.", "Er kam.", False),
    ],
)
def test_same_words(claim: str, statement: str, expected: bool) -> None:
    assert same_words(claim, statement) is expected
