"""What sentences deny, without the words that deny it; and the pairs in which the model would lose count."""

from __future__ import annotations

import pytest

from index.pairs.denials import Denied, loses_count, what_is_denied


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("Es ist nicht wahr, dass er nicht kam.", "Er nicht kam."),
        ("Und es stimmt einfach nicht, dass Impfungen wirken!", "Impfungen wirken."),
        ("Nicht wahr ist, dass Impfungen wirken.", "Impfungen wirken."),
        ("Dass Impfungen wirken, ist ein Märchen.", "Impfungen wirken."),
        ("Die Behauptung, dass Impfungen wirken, trifft nicht zu.", "Impfungen wirken."),
        ("Niemand behauptet ernsthaft, dass Impfungen nicht wirken.", "Impfungen nicht wirken."),
        ("Ich glaube nicht, dass er kam.", "Er kam."),
        ("Fälschlich wird behauptet, dass er kam.", "Er kam."),
        ("Der Minister bestreitet, dass er kam.", "Er kam."),
        ("Impfungen wirken nicht – das ist falsch.", "Impfungen wirken nicht."),
        ("It is false that vaccines do not work.", "Vaccines do not work."),
        ("It's a lie that he didn't come!", "He didn't come."),
        ("No, it isn’t true that he came.", "He came."),
        ("The claim that vaccines work is simply false.", "Vaccines work."),
        ("That vaccines work is a myth.", "Vaccines work."),
        ("There is no truth to the rumour that he came.", "He came."),
        ("No one is seriously claiming that vaccines do not work.", "Vaccines do not work."),
        ("I don't believe that he came.", "He came."),
        ("Some people falsely claim that he came.", "He came."),
        ("Vaccines don't work: that's not true.", "Vaccines don't work."),
    ],
)
def test_what_a_sentence_denies_is_told_from_the_words_that_deny_it(text: str, denied: str) -> None:
    assert what_is_denied(text) == Denied(denied, 1)


def test_a_denial_of_a_denial_counts_twice() -> None:
    assert what_is_denied("Es stimmt nicht, dass es falsch ist, dass er kam.") == Denied(
        "Es falsch ist, dass er kam.", 1
    )
    assert what_is_denied("It is not true that it is false that he came.") == Denied("He came.", 2)


@pytest.mark.parametrize(
    "text",
    [
        "Er sagte, dass er nicht kam.", "Es ist wahr, dass er nicht kam.", "Es ist nicht sicher, dass er kommt.",
        "Das ist nicht so wichtig, dass man es wissen muss.", "Niemand weiß, dass er kam.", "Dass er kam, ist gut.",
        "Es war nicht so, dass man es sah. Dann kam er.", "It is true that he did not come.", "That man is a liar.",
        "The report that the minister wrote is wrong.", "He did not know that she came.", "", "Nein.",
        "The senator denied that she would run, but she did not deny the trip.",
        "Es ist falsch, dass er kam, aber er schrieb nicht ab.",
    ],
)  # fmt: skip
def test_other_sentences_stay_whole(text: str) -> None:
    assert what_is_denied(text) == Denied(text)


@pytest.mark.parametrize(
    ("claim", "statement", "expected"),
    [
        ("Es ist falsch, dass er nicht kam.", "Er kam.", True),
        ("Es ist falsch, dass er kam.", "Er kam nicht.", True),
        ("Es ist falsch, dass er kam.", "Es ist gelogen, dass er kam.", True),
        ("It is false that he came.", "It is a lie that he did not come.", True),
        ("Es ist falsch, dass er kam.", "Er kam.", False),
        ("Er kam nicht.", "Er kam.", False),
        ("Er kam nicht.", "Sie kam nicht.", False),
    ],
)
def test_two_denials_are_one_too_many(claim: str, statement: str, expected: bool) -> None:
    assert loses_count(claim, statement) is expected
