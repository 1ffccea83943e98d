"""How the calibration is fitted: sentences and posts each on their own, judged posts weigh beside ours what they are to,
and right pairs of posts more; and by what it is judged."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import numpy as np
import pytest

from index.models import Pair
from training.pairs.calibrate import (
    JUDGED_WEIGHT,
    RIGHT,
    calibrate,
    choose_bar,
    cross_validated,
    estimate,
    fit,
    on_posts,
)
from training.pairs.corpus import Text
from training.pairs.judged import JUDGED
from training.pairs.proposals import ORDINARY, Proposal
from training.pairs.table import Table, judges
from training.posts.proposals import POSTED


def table(rows: list[tuple[str, bool, float, float]], judging: Collection[str] = ()) -> Table:
    """Rows of family, whether it is a post, one feature, and whether it is the same claim; which families judge."""
    families, posts, features, same = (np.array(column) for column in zip(*rows, strict=True))
    return Table(
        np.arange(len(rows)), families, np.full(len(rows), "en"), np.ones(len(rows), bool), posts,
        np.isin(families, list(judging)), same,
        features[:, None], features[:, None],
    )  # fmt: skip


def even(family: str, post: bool, same: int, different: int) -> list[tuple[str, bool, float, float]]:
    """So many pairs of both kinds that no feature tells apart."""
    return [(family, post, 0.0, 1.0)] * same + [(family, post, 0.0, 0.0)] * different


def test_sentences_and_posts_have_a_fit_each() -> None:
    own = table(even("a", False, 10, 10) + even("a", True, 30, 10))
    confidence = estimate(own, *fit(own))
    assert confidence[~own.posts] == pytest.approx(40 / 60, abs=0.01)  # all of our texts count for sentences
    assert confidence[own.posts] == pytest.approx(RIGHT * 30 / (RIGHT * 30 + 10), abs=0.01)


def test_judged_posts_have_their_weight_and_touch_no_sentence() -> None:
    ours = even("a", False, 10, 10) + even("a", True, 20, 20)
    with_judged = table(ours + even(f"{JUDGED}b 1", True, 0, 4))
    sentences, posts = fit(with_judged)
    assert sentences == fit(table(ours))[0]
    confidence = estimate(with_judged, sentences, posts)[with_judged.posts]
    right, wrong = RIGHT * 20, 20 + JUDGED_WEIGHT * 40
    assert confidence == pytest.approx(right / (right + wrong), abs=0.01)


def test_posts_of_ours_are_measured_and_are_of_no_fit() -> None:
    ours = even("a", False, 10, 10) + even("a", True, 20, 20)
    assert fit(table(ours + even(f"{POSTED}1", True, 0, 40))) == fit(table(ours))


def test_each_set_of_judged_posts_weighs_alike_however_large() -> None:
    ours = even("a", False, 10, 10) + even("a", True, 40, 0)
    both = table(ours + even(f"{JUDGED}few 1", True, 4, 0) + even(f"{JUDGED}many 2", True, 0, 100))
    confidence = estimate(both, *fit(both))[both.posts]
    right = RIGHT * (1 + JUDGED_WEIGHT / 2)
    assert confidence == pytest.approx(right / (right + JUDGED_WEIGHT / 2), abs=0.01)


def test_of_posts_it_says_what_is_found_what_of_it_is_right_and_what_matches_falsely(
    capsys: pytest.CaptureFixture[str],
) -> None:
    rows = table(even(f"{JUDGED}x a", True, 1, 1) + even(f"{JUDGED}x b", True, 1, 0) + even(f"{JUDGED}x c", True, 0, 2))
    posts = replace(rows, own=np.array([True, True, True, False, False]))
    measured = on_posts("a collection", posts, np.array([0.9, 0.8, 0.1, 0.7, 0.2]), 0.5)
    assert (measured.posts, measured.found, measured.precision, measured.false_matches) == (3, 0.5, 0.5, 0.5)
    assert sum(each.pairs for each in measured.bins) == 5
    assert "3 posts of a collection, 2 with a right statement: found 1, precision 0.500" in capsys.readouterr().out


def test_judged_posts_are_shown_by_cross_validation_and_ours_by_those_that_judge() -> None:
    rows = FITTED + even(f"{JUDGED}x 1", True, 2, 1) + even(f"{JUDGED}y 1", True, 1, 1) + even(f"{POSTED}1", True, 1, 3)
    found = calibrate(table([*rows, *even(f"{POSTED}2", True, 1, 2)], judging={f"{POSTED}2"}), 0.8).measured["en"].posts
    assert [(each.source, sum(bin.pairs for bin in each.bins)) for each in found] == [("x", 3), ("y", 2), ("", 3)]


# Two families, so that each is estimated by a fit to the other. Of all pairs 40 of 80 are of the same claim.
FITTED = even("a", False, 24, 6) + even("a", True, 6, 4) + even("b", False, 4, 26) + even("b", True, 6, 4)


def test_what_judges_is_of_no_fit() -> None:
    with_judges = table(FITTED + even("c", False, 40, 0) + even("c", True, 40, 0), judging={"c"})
    found, alone = calibrate(with_judges, 0.8), calibrate(table(FITTED), 0.8)
    assert (found.sentences, found.posts, found.min_confidence) == (alone.sentences, alone.posts, alone.min_confidence)
    assert found.sentences.confidence([0.0]) == pytest.approx(40 / 80, abs=0.01)
    assert found.posts.confidence([0.0]) == pytest.approx(RIGHT * 12 / (RIGHT * 12 + 8), abs=0.01)


def test_figures_are_those_of_what_judges() -> None:
    rows = FITTED + even("c", False, 4, 1) + even(f"{ORDINARY}1", False, 0, 9)
    measured = calibrate(table(rows, judging={"c"}), 0.8).measured["en"]
    assert (measured.texts, [each.pairs for each in measured.bins]) == (5, [5])
    assert measured.bins[0].same == pytest.approx(0.8)
    assert measured.calibration_error == pytest.approx(0.8 - 40 / 89, abs=0.01)


def test_no_family_is_estimated_by_a_fit_that_saw_it() -> None:
    rows = table(FITTED)
    as_sentences, confidence = cross_validated(rows)
    assert confidence[(rows.families == "a") & ~rows.posts] == pytest.approx(10 / 40, abs=0.01)
    assert confidence[(rows.families == "b") & ~rows.posts] == pytest.approx(30 / 40, abs=0.01)
    assert as_sentences[rows.families == "a"] == pytest.approx(10 / 40, abs=0.01)


def test_the_bar_is_the_lowest_with_few_enough_false_matches() -> None:
    foreign = replace(table([(str(n), False, 0.0, 0.0) for n in range(100)]), own=np.zeros(100, bool))
    confidence = np.array([0.92, 0.72, 0.68, 0.62, *[0.1] * 96])
    assert choose_bar(foreign, confidence, foreign, confidence) == 0.7
    assert choose_bar(foreign, np.full(100, 0.99), foreign, confidence) == 0.95


@pytest.mark.parametrize(
    ("family", "text", "judging"),
    [
        ("bees", "violin", True), ("train", "bees", False), ("violin", "bees", False),
        (f"{ORDINARY}7", "bees", True), (f"{ORDINARY}7", "train", False), (f"{JUDGED}x bees", "bees", False),
        (f"{POSTED}river", "bees", True), (f"{POSTED}house", "bees", False),
    ],
)  # fmt: skip
def test_families_posts_and_ordinary_sentences_judge_by_their_part_alone(family: str, text: str, judging: bool) -> None:
    proposal = Proposal(Pair(text, text), 1, Text("news", "en", "asserted", text), family, True, True)
    assert judges(proposal) is judging
