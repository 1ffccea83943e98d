"""How the calibration is fitted: sentences and posts each on their own, judged posts weigh beside ours what they are to,
and right pairs of posts more."""

from __future__ import annotations

import numpy as np
import pytest

from training.pairs.calibrate import JUDGED_WEIGHT, RIGHT, Table, estimate, fit, report_judged
from training.pairs.judged import JUDGED
from training.rules.fit import fit_logistic


def table(rows: list[tuple[str, bool, float, float]]) -> Table:
    """Rows of family, whether it is a post, one feature, and whether it is the same claim."""
    families, posts, features, same = (np.array(column) for column in zip(*rows, strict=True))
    return Table(
        np.arange(len(rows)), families, np.full(len(rows), "en"), np.ones(len(rows), bool), posts, same,
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
    ours = even("a", False, 10, 10) + even("a", True, 40, 0)
    with_judged = table(ours + even(f"{JUDGED}b 1", True, 0, 4))
    sentences, posts = fit(with_judged)
    assert sentences == fit(table(ours))[0]
    confidence = estimate(with_judged, sentences, posts)[with_judged.posts]
    assert confidence == pytest.approx(RIGHT / (RIGHT + JUDGED_WEIGHT), abs=0.01)


def test_each_set_of_judged_posts_weighs_alike_however_large() -> None:
    ours = even("a", False, 10, 10) + even("a", True, 40, 0)
    both = table(ours + even(f"{JUDGED}few 1", True, 4, 0) + even(f"{JUDGED}many 2", True, 0, 100))
    confidence = estimate(both, *fit(both))[both.posts]
    right = RIGHT * (1 + JUDGED_WEIGHT / 2)
    assert confidence == pytest.approx(right / (right + JUDGED_WEIGHT / 2), abs=0.01)


def test_a_row_counts_by_its_weight() -> None:
    x, y = np.array([[0.0], [1.0], [1.0]]), np.array([1.0, 0.0, 1.0])
    twice = fit_logistic(np.vstack([x, x[1:2]]), np.append(y, 0.0))
    assert fit_logistic(x, y, np.array([1.0, 2.0, 1.0])) == pytest.approx(twice, abs=1e-6)


def test_what_judged_posts_show_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    posts = table(even(f"{JUDGED}x a", True, 1, 1) + even(f"{JUDGED}x b", True, 1, 0))
    report_judged(posts, np.array([0.9, 0.8, 0.1]), 0.5)
    assert "2 judged posts, 2 with a right statement: found 1, precision 0.500" in capsys.readouterr().out
