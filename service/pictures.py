"""Pictures among what is checked: the lines that were recognised in one, with their places in it and in the text."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

Point = tuple[float, float]
Corners = tuple[Point, Point, Point, Point]  # from the beginning of a line's upper edge, clockwise as it is read


class ArticleKind(StrEnum):
    """What an article was."""

    PAGE = "page"
    TEXT = "text"
    PICTURE = "picture"


@dataclass(frozen=True, slots=True)
class PictureLine:
    """A line: offsets into the article's text, and the corners of its box in pixels of the upright picture."""

    start: int
    end: int
    corners: Corners


@dataclass(frozen=True, slots=True)
class Recognition:
    """How large a picture is once it stands upright, and its lines in the order of the text.

    `moves` says that it is an animation, of which only the first picture was read.
    """

    width: int
    height: int
    lines: tuple[PictureLine, ...] = ()
    moves: bool = False

    def boxes_of(self, start: int, end: int) -> tuple[Corners, ...]:
        """Where a span of the text stands in the picture, a box a line; of a line that it shares, its share."""
        return tuple(
            part_of(line, max(start, line.start), min(end, line.end))
            for line in self.lines
            if line.start < end and start < line.end
        )


@dataclass(frozen=True, slots=True)
class PagePicture:
    """A picture of a page: its address, and where its text stands in that of the article (nowhere: start is end).

    `recognition` is None where that is the alternative text `alt`, or nothing. `problem` is the code of what kept the
    picture from being read.
    """

    url: str
    start: int = 0
    end: int = 0
    recognition: Recognition | None = None
    alt: str | None = None
    problem: str | None = None

    def holds(self, start: int) -> bool:
        """Whether a sentence that begins at this place of the text stands in the picture."""
        return self.start <= start < self.end


def moved(corners: Corners, to: Callable[[Point], Point]) -> Corners:
    """Corners, each where `to` puts it."""
    one, two, three, four = map(to, corners)
    return (one, two, three, four)


def part_of(line: PictureLine, start: int, end: int) -> Corners:
    """The box of some characters of a line, as if all were equally wide."""
    length = line.end - line.start
    first, last = (start - line.start) / length, (end - line.start) / length
    begin, ahead, below, under = line.corners
    return (
        between(begin, ahead, first),
        between(begin, ahead, last),
        between(under, below, last),
        between(under, below, first),
    )


def between(one: Point, other: Point, share: float) -> Point:
    """The point at a share of the way from one to another, to a tenth of a pixel."""
    return (
        round(one[0] + (other[0] - one[0]) * share, 1),
        round(one[1] + (other[1] - one[1]) * share, 1),
    )
