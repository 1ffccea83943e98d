"""A long post is a denial only where it denies in words of its own; of pages and short texts the pair model decides."""

from __future__ import annotations

import pytest

from index.models import NormalizedRating, Stance
from service.findings import Finding, Mode
from service.models import Sentence
from service.pipeline.denying import settle_denial, turns_round

CHATTER = " Hört euch das an und schickt es allen weiter, die es noch nicht gesehen haben. Schönen Sonntag noch! 🙏" * 3
SAID = "Putin lacht sich über die Aussagen der Ministerin kaputt!"
STATEMENT = "Russlands Präsident lacht in diesem Video über die deutsche Außenministerin."


def stance_of(post: str, sentence: str, statement: str, stance: Stance = Stance.REFUTES) -> Stance:
    found = Finding(1, "s1", NormalizedRating.FALSE, "False", 0.9, 0.95, stance, 0.99, Mode.ASSERTED)
    start = post.index(sentence)
    return settle_denial(found, Sentence(sentence, start, start + len(sentence)), statement, post).stance


def test_a_long_post_that_negates_nothing_denies_nothing() -> None:
    assert stance_of(SAID + CHATTER, SAID, STATEMENT) is Stance.NEUTRAL


@pytest.mark.parametrize(
    "sentence",
    ["Putin lacht in dem Video nicht über die Ministerin.", "Putin hat in dem Video nie über die Ministerin gelacht!"],
)
def test_one_that_negates_what_the_statement_says_denies_it(sentence: str) -> None:
    assert stance_of(sentence + CHATTER, sentence, STATEMENT) is Stance.REFUTES


@pytest.mark.parametrize("beside", ["Das ist ein Fake.", "Das stimmt nicht.", "Die Behauptung ist falsch."])
def test_one_that_denies_in_the_next_sentence_denies_it(beside: str) -> None:
    assert stance_of(f"{SAID} {beside}{CHATTER}", SAID, STATEMENT) is Stance.REFUTES
    assert stance_of(f"{SAID}{CHATTER} {beside}", SAID, STATEMENT) is Stance.NEUTRAL  # too far away


def test_what_both_negate_is_no_denial() -> None:
    text = "In Südafrika weiß man von der Variante nichts."
    assert stance_of(text + CHATTER, text, "In Südafrika kennt niemand die Variante.") is Stance.NEUTRAL
    assert not turns_round("Masken schützen.", "Masken schützen nicht.")


def test_few_words_are_left_to_the_pair_model() -> None:
    assert stance_of(f"{SAID} Hört euch das an!", SAID, STATEMENT) is Stance.REFUTES


@pytest.mark.parametrize("stance", [Stance.SUPPORTS, Stance.NEUTRAL])
def test_other_stances_stay(stance: Stance) -> None:
    assert stance_of(SAID + CHATTER, SAID, STATEMENT, stance) is stance


def test_a_page_is_left_to_the_pair_model() -> None:
    found = Finding(1, "s1", NormalizedRating.FALSE, "False", 0.9, 0.95, Stance.REFUTES, 0.99, Mode.ASSERTED)
    assert settle_denial(found, Sentence(SAID, 0, len(SAID)), STATEMENT, None) is found
