"""Lines: where a break ends what is said, and where a line was only broken at a width (mails, PDFs, posts)."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from importlib.resources import files

BREAK = re.compile(r"(\r\n|[\n\r\v\f\x1c-\x1e\x85\u2028\u2029])")
LINE_END = 200  # characters of a line that show what is left of it without the blanks behind
LAST_WORDS = 24  # characters that hold the last two words where it matters which they are
WRAPPED_CHARACTERS = 20  # a shorter line above a small letter may be an item of a list
NARROW_CHARACTERS = 12  # the same, where a text was surely broken at a width: on a narrow screen, in a column
COLUMN_CHARACTERS = 38  # from so many on a line may fill a column; headings and items of lists are mostly shorter
MAX_COLUMN = 160  # no program breaks lines behind so many
SURE_BREAKS = 3  # lines of a text that surely go on make it one that was broken at a width
BEFORE_LINE = "> \t"  # what a mail puts before each line that it answers
OPENING = "„“\"‚‘'«»([ "
SENTENCE_STOPS = (".", "!", "?", "…")
STOPS = (".", "!", "?", "…", ":", ";")
CLOSING = "\"“”»«’'‘)]"
ITEM = re.compile(r"(?:[-–—•*·▪►✓+]|\(?\d{1,2}[.)]|\(?[a-z]\))\s")  # how an item of a list begins

_WORDS: dict[str, list[str]] = json.loads(files("service.pipeline").joinpath("boundary_words.json").read_bytes())
WORDS = {kind: frozenset(words) for kind, words in _WORDS.items()}  # small letters
DETERMINERS = WORDS["german_determiners"] | WORDS["determiners"]
UNFINISHED = DETERMINERS | WORDS["unfinished"]  # no sentence ends with one of these
PARTICLES = WORDS["particles"]  # a German sentence may, as parts of its verb: "Die Regierung schafft das Bargeld ab"
# A sentence whose second half of the verb is yet to come: "Im Juni sind in der Stadt".
AWAITS_VERB = re.compile(
    r"\b(?:sind|ist|waren?|wird|werden|wurden?|hat|haben|hatten?|kann|können|konnten?|soll(?:en|ten?)?|will|wollen|"
    r"wollten?|muss|müssen|mussten?|darf|dürfen|liegen|liegt)\b"
)
# What may follow it in the next line: "Schulen geschlossen."
ENDS_IN_VERB = re.compile(r"[^.!?:;]{0,80}\s(?P<verb>[a-zäöüß]{3,30})[.!?]")
DEPENDENT = re.compile(r"\W*(?:was|wie|wer|wo|warum|wann|weshalb|welche[rsn]?)\b", re.I)  # its verb stands last
VERB = ("en", "ern", "eln", "t", "tan", "sein", "zurück", "weg", "fort", "fest", "teil", "statt", "los")
ADJECTIVE = ("en", "er", "em", "es", "e")
ORDINAL_CHARACTERS = 3
COUNT = re.compile(r"(?<![\w.,])\d{1,9}(?:[.,]\d{1,9})*$")
COUNTED = re.compile(
    r"(?:mill?i(?:on|ard)|billi(?:on|ard)|mio|mrd|tausend|prozent|euro|dollar|menschen|thousand|per ?cent|people)",
    re.I,
)


def lines_of(text: str) -> Iterator[tuple[int, str]]:
    """The lines of a text that are not blank, with their offsets; those that were only broken at a width as one."""
    parts = [*BREAK.split(text), ""]
    lines, endings = parts[0::2], parts[1::2]
    wrapped = wrapped_lines(lines)
    place = start = 0
    for line, ending, goes_on in zip(lines, endings, wrapped, strict=True):
        end = place + len(line)
        place = end + len(ending)
        if goes_on and ending in ("\n", "\r\n"):
            continue
        if text[start:end].strip():
            yield start, text[start:end]
        start = place


def wrapped_lines(lines: Sequence[str]) -> list[bool]:
    """Whether the last sentence of each line goes on in the next one."""
    tails = [line[-LINE_END:].rstrip() for line in lines]
    heads = [*(line[:LINE_END].lstrip(BEFORE_LINE) for line in lines[1:]), ""]
    surely: list[bool] = []
    for above, below, ends in zip(tails, heads, sentence_ends_below(tails, heads), strict=True):
        begun = surely[-1:] == [True] or (ends and above.lstrip(BEFORE_LINE + OPENING)[:1].isupper())
        surely.append(surely_goes_on(above, below, begun=begun))
    widest = max((len(line) for line, goes_on in zip(lines, surely, strict=True) if goes_on), default=0)
    broken_up = sum(surely) >= SURE_BREAKS
    least = NARROW_CHARACTERS if broken_up else WRAPPED_CHARACTERS
    wrapped = list(surely)
    for block in blocks_of(tails):
        column = max(len(lines[n]) for n in block)
        if column > MAX_COLUMN:
            continue
        in_column = broken_up or (len(block) > 2 and any(surely[n] for n in block))
        for n in block:
            fills = len(lines[n]) + 1 + len(heads[n].partition(" ")[0]) > max(column, widest if broken_up else 0)
            wrapped[n] = surely[n] or (fills and may_go_on(tails[n], heads[n], in_column, least))
    return wrapped


def sentence_ends_below(tails: Sequence[str], heads: Sequence[str]) -> list[bool]:
    """Of each line, whether those behind it begin with small letters up to one that ends as a sentence does."""
    found: list[bool] = []
    for below, head in zip(reversed([*tails[1:], ""]), reversed(heads), strict=True):
        ends = below.endswith(SENTENCE_STOPS) or found[-1:] == [True]
        found.append(ends and head[:1].islower())
    return found[::-1]


def blocks_of(lines: Sequence[str]) -> Iterator[range]:
    """The places of neighbouring lines that are not blank."""
    start = 0
    for n, line in enumerate([*lines, ""]):
        if not line:
            if n > start:
                yield range(start, n)
            start = n + 1


def surely_goes_on(above: str, below: str, begun: bool) -> bool:
    """Whether a line ends where no sentence does, or the next begins where none does.

    `begun`: the line itself goes on what stood above it, or begins what ends further down.
    """
    if not above or not below or ITEM.match(below):
        return False
    first = below.lstrip(OPENING)[:1]
    if not first.isalnum():
        return False
    if above[-1] in ",(„‚" or (above[-1] in "-\u00ad" and above[-2:-1].isalnum()):
        return first.isalpha()
    if ends_unfinished(above):
        return True
    if above.endswith(STOPS):
        return False
    if COUNT.search(above[-LAST_WORDS:]) and COUNTED.match(below):
        return True
    if first.isdigit():
        return last_words(above)[-1:] != [] and last_words(above)[-1] in PARTICLES
    goes_on = above[-1].isalnum() or above[-1] in CLOSING
    return first.islower() and goes_on and (begun or len(above) >= WRAPPED_CHARACTERS)


def ends_unfinished(above: str) -> bool:
    """Whether a line ends with words that no sentence ends with: an article, a preposition, "der neuen", "im 19."."""
    words = last_words(above)
    if not words:
        return False
    last, before = words[-1], words[-2] if len(words) > 1 else ""
    if last in UNFINISHED:
        return True
    if last[-1] == "." and last[:-1].isdigit() and len(last) <= ORDINAL_CHARACTERS:
        return before in DETERMINERS
    adjective = above[-len(last)].islower() and last.endswith(ADJECTIVE) and len(last) > ORDINAL_CHARACTERS
    by_itself = last in WORDS["after_prepositions"]  # "von oben", "seit heute"
    described = before in WORDS["german_prepositions"] and not by_itself
    return adjective and (before in WORDS["german_determiners"] or described)


def last_words(above: str) -> list[str]:
    """At most the last two words of a line, in small letters; one that is cut off is none."""
    words = above[-LAST_WORDS:].lower().split()
    return words[-2:] if len(above) <= LAST_WORDS or len(words) > 2 else words[1:]


def may_go_on(above: str, below: str, in_column: bool, least: int) -> bool:
    """Whether a line that fills its column goes on in the next one, which begins with a capital letter.

    `least` are the characters of a line that may fill one. In German any noun may stand there; where no other line
    shows that there is a column, the line must leave something open: a preposition or the second half of its verb.
    """
    if not below or ITEM.match(below) or above.endswith(STOPS) or above[-1] in CLOSING:
        return False
    first = below.lstrip(OPENING)[:1]
    if not first.isalnum() or len(above) < least:
        return False
    if in_column:
        return True
    words = last_words(above)
    awaits_verb = AWAITS_VERB.search(above) is not None and not ends_with_verb(above)
    if awaits_verb and brings_verb(below) and not DEPENDENT.match(above.lstrip(BEFORE_LINE + OPENING)):
        return True
    if len(above) < COLUMN_CHARACTERS or not words:
        return False
    return words[-1] in PARTICLES or awaits_verb


def ends_with_verb(above: str) -> bool:
    """Whether the last word of a German line may be the second half of its verb: "geschlossen", "zurück"."""
    last = above[-LAST_WORDS:].split()[-1]
    return last.islower() and last.endswith(VERB) and last not in WORDS["no_verbs"]


def brings_verb(below: str) -> bool:
    """Whether the first sentence of a German line ends with the second half of a verb and lacks the first."""
    found = ENDS_IN_VERB.match(below)
    return found is not None and found["verb"].endswith(VERB) and AWAITS_VERB.search(found[0]) is None
