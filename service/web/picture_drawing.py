"""What is drawn of a picture beside its check: where each line was recognised, and where the claims stand.

The service has the picture no more. The browser that sent it may still hold it, and then shows it beneath.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from service.models import CheckResult
from service.pictures import Corners, PictureLine

LETTERS = 0.72  # of a line's height is the size of its letters


@dataclass(frozen=True, slots=True)
class DrawnLine:
    """A line of text as SVG places it: where it begins, how large and wide it is, by how many degrees askew."""

    text: str
    x: float
    y: float
    size: float
    width: float
    angle: float


@dataclass(frozen=True, slots=True)
class DrawnBox:
    """The outline of a claim: its points as SVG writes them, its verdict, and its number among the claims."""

    points: str
    state: str
    claim: int


@dataclass(frozen=True, slots=True)
class DrawnPicture:
    """A picture without its pixels."""

    width: int
    height: int
    lines: tuple[DrawnLine, ...]
    boxes: tuple[DrawnBox, ...]
    moves: bool


def draw_picture(result: CheckResult) -> DrawnPicture | None:
    """The drawing of a result; None where it is not one of a picture."""
    article = result.article
    if article is None or article.picture is None:
        return None
    picture = article.picture
    lines = tuple(draw_line(line, article.text) for line in picture.lines)
    boxes = tuple(
        DrawnBox(points_of(corners), claim.verdict.code.value, number)
        for number, claim in enumerate(result.claims)
        if claim.evidence
        for corners in picture.boxes_of(claim.claim.sentence.start, claim.claim.sentence.end)
    )
    return DrawnPicture(picture.width, picture.height, lines, boxes, picture.moves)


def draw_line(line: PictureLine, text: str) -> DrawnLine:
    """A line on its lower edge."""
    (left, top), _, (right, low), (begin, bottom) = line.corners
    height = math.dist((left, top), (begin, bottom))
    angle = math.degrees(math.atan2(low - bottom, right - begin))
    lift = (height * (1 - LETTERS)) / 2
    x, y = begin + lift * math.sin(math.radians(angle)), bottom - lift * math.cos(math.radians(angle))
    width = math.dist((begin, bottom), (right, low))
    return DrawnLine(
        text[line.start : line.end],
        round(x, 1),
        round(y, 1),
        round(max(height * LETTERS, 1.0), 1),
        round(max(width, 1.0), 1),
        round(angle, 1),
    )


def points_of(corners: Corners | Sequence[tuple[float, float]]) -> str:
    """Points as SVG writes them."""
    return " ".join(f"{x:g},{y:g}" for x, y in corners)
