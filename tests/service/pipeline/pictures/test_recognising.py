"""What is done around the recogniser, without asking it: test_picture.py does."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from service.picture_errors import PictureUnreadable
from service.pipeline.pictures.recognising import Reading, Seen, pieces_of, read_piece, turned_back


def seen(text: str, score: float, width: float, height: float) -> Seen:
    return Seen(text, score, ((0, 0), (width, 0), (width, height), (0, height)))


def test_a_reading_is_as_sure_as_its_characters() -> None:
    reading = Reading((seen("abc", 1.0, 30, 10), seen("d", 0.6, 10, 10)))
    assert reading.certainty == pytest.approx(0.9)
    assert reading.weight == pytest.approx(3.6)
    assert Reading(()).certainty == 0


def test_a_picture_lies_on_its_side_where_most_characters_stand_above_each_other() -> None:
    lying, upright = seen("four", 0.9, 10, 40), seen("six !!", 0.9, 60, 10)
    assert not Reading((lying, upright)).is_lying
    assert Reading((lying, lying, upright)).is_lying


def test_a_tall_picture_is_cut_between_lines() -> None:
    picture = Image.new("RGB", (200, 4300), "white")
    for number in range(70):
        ImageDraw.Draw(picture).text((30, 20 + 60 * number), "Zeile", fill="black")
    pixels = np.asarray(picture)
    pieces = list(pieces_of(pixels))
    assert [top for top, _ in pieces] == sorted(top for top, _ in pieces)
    assert sum(len(piece) for _, piece in pieces) == 4300
    assert all(len(piece) <= 2000 for _, piece in pieces)
    for top, _ in pieces[1:]:
        assert pixels[top].std() == 0, "no line is cut through"


@pytest.mark.parametrize("turn", [0, 1, 2, 3])
def test_a_place_in_a_picture_that_was_turned_is_found_in_the_picture_as_it_was(turn: int) -> None:
    height, width = 60, 100
    marked = np.zeros((height, width))
    marked[50, 20] = 1
    ((row, column),) = np.argwhere(np.rot90(marked, turn))
    place = (float(column), float(row))
    (x, y), *_ = turned_back((place, place, place, place), turn, width, height)
    assert abs(x - 20) <= 1
    assert abs(y - 50) <= 1


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("Failed to allocate memory for requested buffer", MemoryError),
        ("OpenCV(5.0.0) Insufficient memory", MemoryError),
        ("Non-zero status code", PictureUnreadable),
    ],
)
def test_what_the_library_says_is_said_in_our_own_errors(said: str, kind: type[Exception]) -> None:
    def fail(pixels: np.ndarray) -> None:
        raise RuntimeError(said)

    with pytest.raises(kind):
        read_piece(np.zeros((10, 10, 3), dtype=np.uint8), fail)
