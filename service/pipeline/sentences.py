"""Sentences with exact offsets into the article's text. The only home of sentencex."""

from __future__ import annotations

import re
from array import array
from collections.abc import Iterator
from itertools import accumulate

from service.models import Article, Sentences

MAX_CHARACTERS = 1000
ENDING = re.compile(r"[.!?…。؟।]\s")
# Where a line breaks off: at a comma, a hyphen or a word that no sentence ends with.
BREAKS_OFF = re.compile(
    r"(?:[,(]|\w-|\b(?:und|oder|der|die|das|den|dem|des|ein|eine|einen|einem|einer|im|am|vom|zum|zur|bei|mit|für|von|"
    r"the|a|an|and|or|of|to|for|with|from|by|at|as|its|their|his|her))$",
    re.I,
)
MAX_SEGMENTED = 5000  # characters that the library gets at once: on odd input it takes quadratic time
LINE_END = 200  # characters of a line that show what is left of it without the blanks behind
LAST_WORD = 8  # characters that hold any word of BREAKS_OFF and the sign before it: from each a search begins
NOT_BLANK = re.compile(r"\S")
WRAPPED_CHARACTERS = 20  # a shorter line above a small letter may be an item of a list
LANGUAGES = ("de", "en", "fr", "it", "es", "pt", "nl", "pl", "da", "ru", "ar", "hi", "tr")


def split_sentences(article: Article) -> Sentences:
    """The sentences of the text in order, without overlap; together they hold every character that is not white space.

    A line break ends a sentence, for headings, captions and list items have no full stop, unless the line is wrapped.
    Longer ones than MAX_CHARACTERS are cut at a blank.
    """
    return Sentences(article.text, sentence_bounds(article.text, article.language))


def sentence_bounds(text: str, language: str | None) -> array[int]:
    """The start and the end of each sentence: what travels between processes."""
    spoken = language if language in LANGUAGES else "en"
    bounds = array("Q")
    for start, line in lines_of(text):
        place = start
        for piece in segment(line, spoken):
            stripped = piece.strip()
            if stripped:
                begin = text.index(stripped, place)
                for span in cut(text, begin, begin + len(stripped)):
                    bounds.extend(span)
                place = begin + len(stripped)
    return bounds


def lines_of(text: str) -> Iterator[tuple[int, str]]:
    """The lines of a text that are not blank, with their offsets; wrapped ones as one."""
    place = start = 0
    parts = [*re.split(r"(\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029])", text), "", ""]
    for line, ending, following in zip(parts[::2], parts[1::2], parts[2::2], strict=False):
        end = place + len(line)
        place = end + len(ending)
        if ending in ("\n", "\r\n") and is_wrapped(text[max(start, end - LINE_END) : end], following):
            continue
        if text[start:end].strip():
            yield start, text[start:end]
        start = place


def is_wrapped(text: str, following: str) -> bool:
    """Whether the last sentence goes on in the following line: posts and PDFs are often broken at a width.

    `text` is what ends with the line; its last LINE_END characters are enough.
    """
    above, below = text.rstrip(), following[:LINE_END].lstrip()
    if not above or not below[:1].isalpha():
        return False
    goes_on = below[0].islower() and above[-1].isalpha() and len(above) >= WRAPPED_CHARACTERS
    return goes_on or BREAKS_OFF.search(above[-LAST_WORD:]) is not None


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
