"""What counts as a rating word, whose classes are compared, and the shares: known answers of three made-up sites."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest

from benchmarks.ratings import mapped_articles, read_classes, read_rows, shares
from index.models import NormalizedRating as N

CLASSES = read_classes(
    "true\ttrue\npartly true/misleading\thalf true|misleading\nfalse\tfalse|lie\nother\tother|satire\n"
)
TABLE = "https://desk.example/method\nFalse\tfalse\nHalf true\tlie\nWhatever\tTrue \nJoke\tother/satire\n"
PROSE = "False. It was another year, another town and another man.\tfalse\nThe man on the picture is another.\tfalse\n"


def test_a_label_has_the_class_of_its_whole_or_of_what_stands_before_the_slash() -> None:
    rows = read_rows("desk.example", TABLE, CLASSES)
    assert [(row.words, row.coarse, row.ours, row.agrees) for row in rows] == [
        ("False", "false", N.FALSE, True),
        ("Half true", "false", N.MIXED, False),
        ("Whatever", "true", N.UNMAPPED, False),
        ("Joke", "other", N.SATIRE, True),
    ]


def test_what_rates_no_truth_and_prose_without_a_rating_are_no_rating_words() -> None:
    rows = read_rows("desk.example", TABLE + PROSE, CLASSES)
    assert [row.is_word for row in rows] == [True, True, True, False, True, False]
    assert [row.is_word for row in read_rows("cekfakta.com", "2 [Satire]\tfalse\n2 [-]\tfalse\n", CLASSES)] == [
        True,
        True,
    ]


def test_the_shares_are_of_all_rows_and_of_those_mapped() -> None:
    rows = [row for row in read_rows("desk.example", TABLE, CLASSES) if row.is_word]
    assert shares(rows) == (3, pytest.approx(2 / 3), pytest.approx(1 / 2))


def test_articles_without_a_rating_are_not_counted(tmp_path: Path) -> None:
    rows = [{"rating": word} for word in ("falsch", None, "größtenteils richtig", "blau")]
    with gzip.open(tmp_path / "correctiv_de.jsonl.gz", "wt", encoding="utf-8") as file:
        file.write("\n".join(json.dumps(row) for row in rows))
    assert mapped_articles(tmp_path) == (3, pytest.approx(2 / 3))
