"""Reading order, with lines that are given: no picture is read here."""

from __future__ import annotations

import math

import pytest

from service.pipeline.pictures.order import in_paragraphs, turned_by
from service.pipeline.pictures.recognising import Seen

HEIGHT = 20


def line(text: str, x: float, y: float, width: float = 200, height: float = HEIGHT) -> Seen:
    return Seen(text, 0.9, ((x, y), (x + width, y), (x + width, y + height), (x, y + height)))


def read(*lines: Seen) -> list[list[list[str]]]:
    """Paragraphs of rows of texts."""
    return [[[each.text for each in row] for row in rows] for rows in in_paragraphs(lines)]


def test_nothing_has_no_paragraphs() -> None:
    assert read() == []


def test_lines_are_read_from_the_top_whatever_their_order() -> None:
    assert read(line("c", 0, 50), line("a", 0, 0), line("b", 0, 25)) == [[["a"], ["b"], ["c"]]]


def test_a_wide_gap_begins_a_paragraph() -> None:
    assert read(line("a", 0, 0), line("b", 0, 25), line("c", 0, 80)) == [[["a"], ["b"]], [["c"]]]


def test_a_headline_is_a_paragraph_of_its_own() -> None:
    assert read(line("HEAD", 0, 0, height=44), line("a", 0, 48), line("b", 0, 73)) == [[["HEAD"]], [["a"], ["b"]]]


def test_words_far_apart_on_one_height_are_one_row() -> None:
    assert read(line("right", 150, 1, 60), line("left", 0, 0, 100)) == [[["left", "right"]]]


def test_a_line_that_is_a_little_askew_keeps_its_row() -> None:
    assert read(line("left", 0, 0, 100), line("right", 115, 7, 100), line("below", 0, 27, 100)) == [
        [["left", "right"], ["below"]]
    ]


def columns(left: float = 0, right: float = 260, top: float = 100) -> list[Seen]:
    return [line(f"{name}{n}", x, top + 25 * n) for name, x in (("l", left), ("r", right)) for n in range(4)]


def test_columns_are_read_one_after_the_other() -> None:
    assert read(*columns()) == [[["l0"], ["l1"], ["l2"], ["l3"]], [["r0"], ["r1"], ["r2"], ["r3"]]]


def test_a_headline_over_columns_and_a_line_below_them_keep_their_places() -> None:
    whole = read(line("HEAD", 0, 40, 460, 40), *columns(), line("below", 0, 240, 460))
    assert whole == [[["HEAD"]], [["l0"], ["l1"], ["l2"], ["l3"]], [["r0"], ["r1"], ["r2"], ["r3"]], [["below"]]]


@pytest.mark.parametrize("degrees", [-7, 7])
def test_columns_of_a_picture_that_is_askew_are_columns_and_stay_where_they_are(degrees: float) -> None:
    whole = [line("HEAD", 0, 40, 460, 40), *(each for n in range(6) for each in columns(top=100 + 100 * n))]
    askew = [turned_by(each, math.radians(degrees)) for each in whole]
    found = in_paragraphs(askew)
    texts = [each.text for rows in found for row in rows for each in row]
    assert texts == ["HEAD", *(f"l{n % 4}" for n in range(24)), *(f"r{n % 4}" for n in range(24))]
    assert {each for rows in found for row in rows for each in row} == set(askew)


def test_three_columns_are_read_from_the_left() -> None:
    third = [line(f"t{n}", 520, 100 + 25 * n) for n in range(4)]
    assert [rows[0][0] for rows in read(*third, *columns())] == ["l0", "r0", "t0"]


def test_bubbles_of_a_chat_that_alternate_are_no_columns() -> None:
    bubbles = [line(str(n), 0 if n % 2 else 300, 60 * n) for n in range(6)]
    assert [rows[0][0] for rows in read(*bubbles)] == ["0", "1", "2", "3", "4", "5"]


@pytest.mark.parametrize("count", [401, 1000])
def test_very_many_lines_are_read_row_by_row(count: int) -> None:
    found = read(*(line(str(n), 0, 25 * n) for n in range(count)))
    assert [row[0] for rows in found for row in rows] == [str(n) for n in range(count)]
