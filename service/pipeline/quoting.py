"""Where a text quotes: between marks, set apart by the page, or in lines that a mail answers."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence

from service.models import Article
from service.pipeline.markup import ALL_BUT

# German, English, French, Swiss and typewriter marks; a quotation may run over sentences, not over paragraphs.
QUOTATION = re.compile(
    r"„[^„“”\n]{3,900}[“”]|“[^“”\n]{3,900}”|»[^»«\n]{3,900}«|«[^»«\n]{3,900}»|\"[^\"\n]{3,900}\""
    r"|(?<!\w)‚[^‚‘\n]{3,900}‘(?!\w)|(?P<single>(?<!\w)[‘'](?![\s'’]))"
)
# An apostrophe may stand within, so the end of what a single mark opens is looked up: see `closing_of`.
CLOSING_SINGLE = re.compile(r"[’'](?!\w)")
SINGLE_LENGTHS = (12, 900)
ANSWERED = re.compile(r"^[ \t]*+>[^\n]*+(?:\n[ \t]*+>[^\n]*+)*+", re.M)


def quoted_places(article: Article) -> list[tuple[int, int]]:
    """Where an article quotes, in order and without overlap."""
    return merged([*quotations(article.text), *article.quoted, *answered_lines(article.text)])


def quotations(text: str) -> Iterator[tuple[int, int]]:
    """Where the text quotes, marks included, in order and without overlap."""
    closings = [found.start() for found in CLOSING_SINGLE.finditer(text)]
    place = 0
    while found := QUOTATION.search(text, place):
        start, place = found.span()
        if found["single"] is not None:
            end = closing_of(text, start, closings)
            if end is None:
                continue
            place = end
        yield start, place


def answered_lines(text: str) -> list[tuple[int, int]]:
    """Where a mail repeats, line by line behind a mark, what it answers; nowhere, where it is nothing else."""
    found = [each.span() for each in ANSWERED.finditer(text)] if ">" in text else []
    return found if sum(end - start for start, end in found) < ALL_BUT * len(text.strip()) else []


def merged(spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans in order and without overlap: those that touch each other as one."""
    found: list[tuple[int, int]] = []
    for start, end in sorted(spans):
        if found and start < found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def quotation_cue(quoted: str) -> str:
    """How a quotation shows: its marks, or German ones where the page sets it apart in another way."""
    return f"{quoted[0]}…{quoted[-1]}" if not quoted[0].isalnum() and not quoted[-1].isalnum() else "„…“"


def closing_of(text: str, start: int, closings: Sequence[int]) -> int | None:
    """Where a quotation ends that a single mark opens; None where nothing closes it in time."""
    least, most = SINGLE_LENGTHS
    nearest = bisect_left(closings, start + 1 + least)
    if nearest == len(closings) or closings[nearest] > start + 1 + most:
        return None
    end = closings[nearest]
    broken = text.find("\n", start + 1, end) >= 0 or text.find("‘", start + 1, end) >= 0
    return None if broken else end + 1
