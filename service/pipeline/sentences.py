"""Sentences with exact offsets into the article's text. The only home of sentencex."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator
from itertools import accumulate

from index.characters import places_of_visible, visible_text
from service.models import Article
from service.pipeline.boundaries import mend_boundaries
from service.pipeline.wrapping import lines_of
from service.sentences import Sentences

# What stands before an item of a list, a row of a table, or a line that a mail answers: no part of the sentence. "- 5"
# may be a number.
MARKS_BEFORE = re.compile(
    r"\s*+(?:>[> \t]*+)?(?:(?:[-–—+](?=[ \t]++(?:[^\d\s]|\d{1,3}[A-Z]))|[•*·▪►✓‣◦|])[ \t]++)?(?=\S)"
)
MAX_CHARACTERS = 1000
ENDING = re.compile(r"[.!?…。؟।]\s")
MAX_SEGMENTED = 5000  # characters that the library gets at once: on odd input it takes quadratic time
NOT_BLANK = re.compile(r"\S")
LANGUAGES = ("de", "en", "fr", "it", "es", "pt", "nl", "pl", "da", "ru", "ar", "hi", "tr")


def split_sentences(article: Article) -> Sentences:
    """The sentences of the text in order, without overlap; together they hold all that can be seen, but for the marks
    before items of lists and lines that a mail answers, and around rows of a table.

    A line break ends a sentence, for headings, captions and list items have no full stop, unless the line is wrapped.
    Emoji beside a sentence are one of their own. Longer ones than MAX_CHARACTERS are cut at a blank.
    """
    return Sentences(article.text, sentence_bounds(article.text, article.language))


def sentence_bounds(text: str, language: str | None) -> array[int]:
    """The start and the end of each sentence: what travels between processes."""
    bounds = visible_bounds(visible_text(text), language if language in LANGUAGES else "en")
    place_of = places_of_visible(text)
    for n in range(0, len(bounds), 2):
        bounds[n], bounds[n + 1] = place_of(bounds[n]), place_of(bounds[n + 1] - 1) + 1
    return bounds


def visible_bounds(text: str, spoken: str) -> array[int]:
    """The bounds of the sentences of a text without invisible characters."""
    bounds = array("Q")
    for start, line in lines_of(text):
        marks = MARKS_BEFORE.match(line)
        place = start + (marks.end() if marks else 0)
        line = line.rstrip("| \t") if line.lstrip().startswith("|") else line
        for piece in segment(line[place - start :], spoken):
            stripped = piece.strip()
            if stripped:
                begin = text.index(stripped, place)
                for span in cut(text, begin, begin + len(stripped)):
                    bounds.extend(span)
                place = begin + len(stripped)
    return bounds


def segment(line: str, language: str) -> list[str]:
    """The sentences of one line; a long one is handed to the library in parts, each from where a sentence begins."""
    pieces: list[str] = []
    start = 0
    while start < len(line):
        part = line[start : start + MAX_SEGMENTED]
        found = sentences_of(part, language)
        if start + len(part) < len(line):
            last = found.pop()  # it may go on behind the part
            if len(last) > MAX_SEGMENTED // 2:
                found.append(last[: last.rfind(" ") + 1] or last)
        pieces += found
        start += sum(map(len, found))
    return pieces


def sentences_of(line: str, language: str) -> list[str]:
    """The sentences as the library sees them, mended; what it is given stays whole where it fails."""
    return mend_boundaries(library_pieces(line, language))


def library_pieces(line: str, language: str) -> list[str]:
    """The sentences as the library sees them; the line itself where it loses characters or fails."""
    if not ENDING.search(line):
        return [line]
    from sentencex import segment as library

    plain = re.sub(r"\s", " ", line)  # the library counts bytes and stumbles over wider blanks
    try:
        pieces = [str(piece) for piece in library(language, plain)]
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException:  # its Rust core panics on odd input, which is no Exception and would end the thread
        return [line]
    # Whatever the library does with odd input, offsets must stay true.
    if "".join(pieces) != plain:
        return [line]
    ends = list(accumulate(map(len, pieces)))
    return [line[end - len(piece) : end] for end, piece in zip(ends, pieces, strict=True)]


def cut(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A span in pieces of at most MAX_CHARACTERS, cut at blanks where there are any, ends stripped."""
    while end - start > MAX_CHARACTERS:
        blank = text.rfind(" ", start + 1, start + MAX_CHARACTERS)
        stop = blank if blank > start else start + MAX_CHARACTERS
        yield start, start + len(text[start:stop].rstrip())
        found = NOT_BLANK.search(text, stop, end)
        start = found.start() if found else end
    if start < end:
        yield start, end
