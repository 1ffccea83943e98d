"""Where a sentence stands in a picture."""

from __future__ import annotations

from service.pictures import PictureLine, Recognition

FIRST = PictureLine(0, 10, ((100, 50), (200, 50), (200, 70), (100, 70)))
SECOND = PictureLine(11, 21, ((100, 80), (200, 80), (200, 100), (100, 100)))
PICTURE = Recognition(400, 300, (FIRST, SECOND))


def test_a_whole_line_is_its_own_box() -> None:
    assert PICTURE.boxes_of(0, 10) == (FIRST.corners,)


def test_a_sentence_over_two_lines_has_a_box_of_each_and_of_a_shared_line_its_share() -> None:
    assert PICTURE.boxes_of(5, 16) == (
        ((150.0, 50.0), (200.0, 50.0), (200.0, 70.0), (150.0, 70.0)),
        ((100.0, 80.0), (150.0, 80.0), (150.0, 100.0), (100.0, 100.0)),
    )


def test_what_stands_between_two_lines_has_no_box() -> None:
    assert PICTURE.boxes_of(10, 11) == ()


def test_the_share_of_a_line_that_is_askew_is_askew_as_well() -> None:
    askew = Recognition(100, 100, (PictureLine(0, 4, ((0, 0), (40, 20), (30, 40), (-10, 20))),))
    assert askew.boxes_of(2, 4) == (((20.0, 10.0), (40.0, 20.0), (30.0, 40.0), (10.0, 30.0)),)
