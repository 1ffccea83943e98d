"""The drawing of a picture: lines where they stand, however they are turned."""

from __future__ import annotations

from service.models import Article, CheckResult
from service.pictures import PictureLine, Recognition
from service.web.picture_drawing import draw_line, draw_picture


def test_an_upright_line_stands_a_little_above_its_lower_edge() -> None:
    drawn = draw_line(PictureLine(0, 3, ((10, 20), (110, 20), (110, 70), (10, 70))), "Ulm zahlt")
    assert (drawn.text, drawn.x, drawn.y, drawn.size, drawn.width, drawn.angle) == ("Ulm", 10.0, 63.0, 36.0, 100.0, 0.0)


def test_a_line_that_runs_downwards_is_turned() -> None:
    drawn = draw_line(PictureLine(0, 3, ((70, 10), (70, 110), (20, 110), (20, 10))), "Ulm")
    assert (drawn.x, drawn.y, drawn.angle, drawn.width) == (27.0, 10.0, 90.0, 100.0)


def test_a_page_has_no_drawing() -> None:
    assert draw_picture(CheckResult()) is None
    assert draw_picture(CheckResult(article=Article("Ein Text."))) is None


def test_a_picture_without_claims_has_lines_alone() -> None:
    line = PictureLine(0, 9, ((0, 0), (90, 0), (90, 10), (0, 10)))
    drawn = draw_picture(CheckResult(article=Article("Ein Text.", picture=Recognition(100, 50, (line,), moves=True))))
    assert drawn is not None
    assert (drawn.width, drawn.height, len(drawn.lines), drawn.boxes, drawn.moves) == (100, 50, 1, (), True)
