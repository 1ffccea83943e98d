"""Recognising for real, on pictures that are drawn here: few and small, for each takes a second."""

from __future__ import annotations

import io
from collections.abc import Sequence

import pytest
from PIL import Image, ImageDraw, ImageFont

from service.picture_errors import PictureWithoutText
from service.pipeline.pictures.picture import article_from_picture

FONT = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf"
UMLAUTS = ("Äpfel, Öl und Übermut:", "größere Füße kosten 12,50 €.")


def drawn(
    rows: Sequence[str], size: tuple[int, int] = (640, 160), ink: str = "black", ground: str = "white"
) -> Image.Image:
    picture = Image.new("RGB", size, ground)
    draw, font = ImageDraw.Draw(picture), ImageFont.truetype(FONT, 36)
    for number, row in enumerate(rows):
        draw.text((30, 20 + 60 * number), row, font=font, fill=ink)
    return picture


def packed(picture: Image.Image) -> bytes:
    file = io.BytesIO()
    picture.save(file, "JPEG", quality=80)
    return file.getvalue()


@pytest.mark.parametrize(("ink", "ground"), [("black", "white"), ("#f4f4f4", "#203040")])
def test_german_is_read_dark_on_light_and_light_on_dark_and_each_line_is_where_it_stands(ink: str, ground: str) -> None:
    article = article_from_picture(packed(drawn(UMLAUTS, ink=ink, ground=ground)), "de")
    assert article.text == " ".join(UMLAUTS)
    assert article.picture is not None
    assert (article.picture.width, article.picture.height) == (640, 160)
    first, second = article.picture.lines
    assert article.text[second.start : second.end] == UMLAUTS[1]
    (left, top), _, (_, bottom), _ = first.corners
    assert 15 <= left <= 35
    assert 10 <= top <= 30
    assert 55 <= bottom <= 75
    assert 70 <= second.corners[0][1] <= 95


def test_a_picture_that_lies_on_its_side_is_read_and_its_lines_run_upwards() -> None:
    article = article_from_picture(packed(drawn(UMLAUTS).rotate(90, expand=True)), "de")
    assert article.text == " ".join(UMLAUTS)
    assert article.picture is not None
    assert (article.picture.width, article.picture.height) == (160, 640)
    begin, end, _, _ = article.picture.lines[0].corners
    assert begin[1] > 550
    assert end[1] < begin[1] - 300


def test_a_picture_that_stands_on_its_head_is_read_in_its_order() -> None:
    article = article_from_picture(packed(drawn(UMLAUTS).rotate(180)), "de")
    assert article.text == " ".join(UMLAUTS)
    assert article.picture is not None
    (x, y), *_ = article.picture.lines[0].corners
    assert x > 600
    assert y > 120


def test_a_picture_without_words_is_said_to_have_none() -> None:
    with pytest.raises(PictureWithoutText):
        article_from_picture(packed(drawn([])))
