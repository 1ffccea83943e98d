"""What the rules are fitted to: a family's statement and the nearest foreign ones, without what no rule can tell."""

from __future__ import annotations

import numpy as np
import pytest

from training.pairs.corpus import Family, Part, Text
from training.rules.fit import NEIGHBOURS, columns, report, rows_of

from ..index.conftest import WordEmbedder

SAID = "The mayor of Oakville sold 3 town bridges to a circus."
TEXTS = (
    Text("paraphrase", "en", "asserted", "The mayor of Oakville sold 3 town bridges to a circus, they say."),
    Text("denial", "en", "denied", "No, the mayor of Oakville never sold 3 town bridges to a circus."),
    Text("number", "en", "different", "The mayor of Oakville sold 7 town bridges to a circus."),
    Text("near_miss", "en", "different", "The mayor of Oakville rented 3 town bridges to a circus."),
    Text("unrelated", "en", "different", "Oakville has a new fountain."),
    Text("rescoped", "en", "asserted", "The mayor sold the bridge."),
)
BEES = Family("bees", "towns", {"en": SAID}, TEXTS)  # of the part that judges
TWIN = Family("lemons", "towns", {"en": SAID + " Really."}, ())
OTHERS = [
    Family(f"moon {n}", "towns", {"en": f"Elmville{n} built {n} museums and a mayor came."}, ()) for n in range(6)
]


@pytest.fixture(scope="module")
def rows():
    return list(rows_of([BEES, TWIN, *OTHERS], WordEmbedder(dimensions=256)))


def test_each_text_that_rules_can_tell_meets_its_statement_and_the_nearest_others(rows) -> None:
    assert len(rows) == 3 * (1 + NEIGHBOURS)
    assert {row.part for row in rows} == {Part.JUDGE}


def test_a_denial_makes_the_claim_and_another_number_does_not(rows) -> None:
    own = rows[:: 1 + NEIGHBOURS]
    assert [row.same for row in own] == [True, True, False]
    assert [row.features[2] for row in own] == [0.0, 0.0, 1.0]
    assert all(row.features[1] > 0.5 for row in own)


def test_no_foreign_statement_makes_the_claim_and_a_twin_is_none(rows) -> None:
    foreign = [row for place, row in enumerate(rows) if place % (1 + NEIGHBOURS)]
    assert not any(row.same for row in foreign)
    assert all(row.features[1] < 0.5 for row in foreign)  # the twin would share all words


def test_rows_become_columns(rows) -> None:
    x, y = columns(rows)
    assert x.shape == (len(rows), 4)
    assert y.sum() == 2


def test_the_report_says_how_sure_is_how_right(capsys: pytest.CaptureFixture[str]) -> None:
    report("judging", np.array([0.95, 0.65, 0.55, 0.05]), np.array([1.0, 0.0, 1.0, 0.0]))
    said = capsys.readouterr().out
    assert "judging: 4 pairs, 2 of the same claim, calibration error 0.300" in said
    assert "from 0.5: precision 0.667, recall 1.000" in said
    assert "from 0.9: precision 1.000, recall 0.500" in said
