"""Reading order: lines found anywhere in a picture to paragraphs, column after column.

A picture is divided into bands where nothing stands from side to side; bands through which a gutter runs are columns,
which are read one after the other. Everything else is read row by row.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import replace
from statistics import median

from service.pictures import Point, moved
from service.pipeline.pictures.recognising import Seen

Row = list[Seen]

MIN_GUTTER = 0.9  # widths of a gutter are in heights of a line
MIN_COLUMN_LINES = 2
MIN_BESIDE = 0.5  # of the lines of the shorter column, beside which the other has one
NEW_PARAGRAPH = 0.75  # of the height of a line, between two lines
OTHER_SIZE = 1.5  # one line as many times as high as the next: a headline, or a caption
MAX_CUT = 400  # lines; a picture of more is read row by row, or cutting it takes long
SAME_ROW = 0.5  # of the lower line's height that both have in common


def in_paragraphs(lines: Sequence[Seen]) -> list[list[Row]]:
    """The lines as paragraphs of rows, in reading order. A picture that is askew is put straight to be looked at."""
    if not lines:
        return []
    slope = median(slope_of(line) for line in lines)
    straight = {turned_by(line, -slope): line for line in lines}
    usual = median(line.height for line in lines)
    blocks = cut_up(list(straight), usual) if len(lines) <= MAX_CUT else [list(straight)]
    paragraphs = [paragraph for block in blocks for paragraph in paragraphs_of(rows_of(block))]
    return [[[straight[line] for line in row] for row in rows] for rows in paragraphs]


def slope_of(line: Seen) -> float:
    """By which angle a line falls from its beginning to its end, in radians."""
    (x, y), (u, v), *_ = line.corners
    return math.atan2(v - y, u - x)


def turned_by(line: Seen, angle: float) -> Seen:
    """A line turned around the upper left corner of its picture."""
    cosine, sine = math.cos(angle), math.sin(angle)

    def turned(point: Point) -> Point:
        x, y = point
        return (x * cosine - y * sine, x * sine + y * cosine)

    return replace(line, corners=moved(line.corners, turned))


# ---------------------------------------------------------------- columns


def cut_up(lines: list[Seen], usual: float) -> list[list[Seen]]:
    """Blocks in reading order; `usual` is the height of a line."""
    bands = bands_of(lines)
    for first in range(len(bands)):
        last = last_beside(bands, first, MIN_GUTTER * usual)
        columns = cut_at_gutter([line for band in bands[first:last] for line in band], usual)
        if columns is None:
            continue
        above = [line for band in bands[:first] for line in band]
        below = [line for band in bands[last:] for line in band]
        inside = [block for part in columns for block in cut_up(part, usual)]
        return [*([above] if above else []), *inside, *(cut_up(below, usual) if below else [])]
    return [lines]


def bands_of(lines: Sequence[Seen]) -> list[list[Seen]]:
    """The lines from the top, divided at each height at which nothing stands."""
    bands: list[list[Seen]] = []
    reached = float("-inf")
    for line in sorted(lines, key=lambda line: line.top):
        if line.top >= reached:
            bands.append([])
        bands[-1].append(line)
        reached = max(reached, line.bottom)
    return bands


def last_beside(bands: Sequence[Sequence[Seen]], first: int, least: float) -> int:
    """How many bands there are before one closes the gap that runs down from the first; all, where there is none."""
    covered: list[tuple[float, float]] = []
    for place in range(first, len(bands)):
        had_gap = len(covered) > 1
        covered = merged([*covered, *((line.left, line.right) for line in bands[place])], least)
        if had_gap and len(covered) == 1:
            return place
    return len(bands)


def merged(spans: Sequence[tuple[float, float]], least: float) -> list[tuple[float, float]]:
    """Spans as one where less than that lies between them."""
    found: list[tuple[float, float]] = []
    for left, right in sorted(spans):
        if found and left - found[-1][1] < least:
            found[-1] = (found[-1][0], max(found[-1][1], right))
        else:
            found.append((left, right))
    return found


def cut_at_gutter(lines: list[Seen], usual: float) -> tuple[list[Seen], list[Seen]] | None:
    """What stands left and right of the widest gutter that makes columns; None where there is none."""
    found = None
    reached, widest = float("-inf"), MIN_GUTTER * usual
    ordered = sorted(lines, key=lambda line: line.left)
    for place, line in enumerate(ordered):
        if place and line.left - reached >= widest and are_columns(ordered[:place], ordered[place:]):
            widest, found = line.left - reached, (ordered[:place], ordered[place:])
        reached = max(reached, line.right)
    return found


def are_columns(left: Sequence[Seen], right: Sequence[Seen]) -> bool:
    """Whether most lines of the shorter side have one beside them, as columns do and bubbles of a chat do not."""
    few, many = sorted((left, right), key=len)
    if len(few) < MIN_COLUMN_LINES:
        return False
    beside = sum(any(line.top < other.bottom and other.top < line.bottom for other in many) for line in few)
    return beside >= MIN_BESIDE * len(few)


# ---------------------------------------------------------------- rows and paragraphs


def rows_of(lines: Sequence[Seen]) -> list[Row]:
    """Lines from the top; pieces of one line, such as words far apart, in one row from the left."""
    rows: list[Row] = []
    for line in sorted(lines, key=lambda line: line.top + line.bottom):
        if rows and shares_row(rows[-1], line):
            rows[-1].append(line)
        else:
            rows.append([line])
    return [sorted(row, key=lambda line: line.left) for row in rows]


def shares_row(row: Row, line: Seen) -> bool:
    """Whether a line stands in a row: beside all of it, and mostly at the same height."""
    if any(line.left < other.right - other.height / 2 and other.left < line.right - line.height / 2 for other in row):
        return False
    nearest = min(row, key=lambda other: min(abs(line.left - other.right), abs(other.left - line.right)))
    common = min(line.bottom, nearest.bottom) - max(line.top, nearest.top)
    return common > SAME_ROW * min(line.bottom - line.top, nearest.bottom - nearest.top)


def paragraphs_of(rows: Sequence[Row]) -> Iterator[list[Row]]:
    """Rows that belong together: one follows the other closely, and neither is much higher."""
    paragraph: list[Row] = []
    for row in rows:
        if paragraph and not goes_on(paragraph[-1], row):
            yield paragraph
            paragraph = []
        paragraph.append(row)
    if paragraph:
        yield paragraph


def goes_on(above: Row, below: Row) -> bool:
    """Whether a row continues the paragraph of the one above."""
    high, low = sorted((height_of(above), height_of(below)), reverse=True)
    gap = middle_of(below) - middle_of(above) - (height_of(above) + height_of(below)) / 2
    return gap <= NEW_PARAGRAPH * low and high <= OTHER_SIZE * low


def height_of(row: Row) -> float:
    """How high a row's lines are."""
    return float(median(line.height for line in row))


def middle_of(row: Row) -> float:
    """The height at which a row stands."""
    return float(median((line.top + line.bottom) / 2 for line in row))
