"""Where sentences end within a line, beyond what the library sees: ordinals, abbreviations, closing marks, emoji."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from index.pairs.words import FUNCTION_WORDS
from index.retrieval.queries import EMOJI
from service.pipeline.wrapping import DETERMINERS, WORDS

BEHIND = 60  # characters on either side of a boundary that decide on it
FEW_WORDS = 3

OPENERS = FUNCTION_WORDS | WORDS["openers"]  # begin sentences, but hardly ever follow a stop within one

# ---------------------------------------------------------------- where the library cuts and no sentence ends

NOUNS_OF_ORDINALS = WORDS["nouns_of_ordinals"]
BEFORE_ORDINALS = DETERMINERS | WORDS["before_ordinals"]
ORDINAL = re.compile(r"(?:(?<=\s)|^)(?:(?P<before>[^\W\d_]{1,20}),?\s{1,3})?\d{1,3}\.\s*$")
NUMBER_ALONE = re.compile(r"\s*\(?(?:\d{1,3}|[a-zA-Z])[.)]\s*$")
FIRST_WORD = re.compile(r"[\"„“‚‘'»«(\[]{0,2}(?P<word>[^\W_]{1,30})")
NEVER_LAST = WORDS["never_last"]  # after these a sentence goes on: titles, and what is short for a word before another
MAY_BE_LAST = WORDS["may_be_last"]  # these may end one: the next word tells
SHORT_WORD = re.compile(r"(?:(?<=[\s(„“\"‚‘'»«/])|^)(?P<word>[^\W\d_]{1,6}(?:\.\s?[^\W\d_]{1,4}){0,3})\.\s*$")

# ---------------------------------------------------------------- where the library cuts nothing and one ends

CLOSED = re.compile(
    r"(?P<stop>[.!?…]{1,4})(?P<marks>[\"“”»«’‘')\]]{1,3}|(?:\[[^\[\]\s]{1,8}\]|\(\d{1,3}\)|[¹²³⁰-⁹*†‡]{1,4}){1,6})\s+"
    r"(?=[\"„“‚‘'»«(\[]{0,2}[A-ZÄÖÜ0-9])"
)
FOOTNOTES_FIRST = re.compile(r"(?:(?:\[\d{1,3}\]|[¹²³⁰-⁹]{1,4})\s*){1,6}")
ASKED = re.compile(r"[!?][\"”’']\s*$")
HALVES_OF_THE_DAY = ("a.m", "p.m")
COUNTING_ON = re.compile(r"(?:(?<![^\W_])[^\W\d_]{5,30}|(?<!\w)(?:Uhr|Euro))(?<!str)\.\s+(?=\d)")
YEARS = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d\.\s+(?=(?:1[5-9]|20)\d\d\b)")  # "Das war 2020. 2021 kam es anders."
NUMBERED = re.compile(
    r"(?<=[^\W\d_][^\W\d_])[.!?]\s+(?=\(\d{1,2}\)\s+[A-ZÄÖÜ])"
    r"|(?<=[^\W\d_]{4})(?<!bzgl)(?<!entspr)[.!?]\s+(?=§{1,2}\s?\d)"  # "… gilt weiter. § 3 …"
)
NOTE_NUMBER = re.compile(r"(?<=[^\W\d_][^\W\d_])(?P<stop>[.!?])\d{1,2}\s+(?=[A-ZÄÖÜ])")  # "… wirken.1 Das …"
STOP = re.compile(r"(?<=[^\W\d_])(?:\.|…|\.{3})\s+(?=[A-ZÄÖÜ])")
QUOTING = re.compile(r"[„“\"»«‘']")
SPEAKING = re.compile(
    r"(?:[^\W\d_][\w.’'-]{0,30}\s+){1,4}(?:said|says|asked|asks|shouted|cried|yelled|replied|wrote|writes|tweeted|added|"
    r"answered|exclaimed|told)\b"
)
EMOJI_RUN = re.compile(rf"(?:{EMOJI.pattern})(?:\s*(?:{EMOJI.pattern}))*")


def mend_boundaries(pieces: Sequence[str]) -> list[str]:
    """The sentences of a line from what the library made of it; joined they are the same text."""
    return [part for piece in joined(pieces) for sentence in divided(piece) for part in without_emoji(sentence)]


def joined(pieces: Sequence[str]) -> Iterator[str]:
    """The pieces, those as one between which no sentence ends."""
    held = noted = ""
    for piece, following in pairwise([*pieces, ""]):
        held += piece[len(noted) :]
        noted = ""
        if following and (footnote := FOOTNOTES_FIRST.match(following)):
            noted = footnote[0]
            held += noted
        if not following or not goes_on(held, following[len(noted) :]):
            yield held
            held = ""


def goes_on(left: str, right: str) -> bool:
    """Whether no sentence ends between two pieces: "Nach der 4. | Impfung", "Die Fa. | Müller", "1. | Die Erde"."""
    if NUMBER_ALONE.match(left):
        return True
    found = FIRST_WORD.match(right)
    word = found["word"].lower() if found else ""
    if is_opener(right) and word not in NOUNS_OF_ORDINALS:
        return False
    tail = left[-BEHIND:]
    if ordinal := ORDINAL.search(tail):
        return word in NOUNS_OF_ORDINALS or (word != "" and (ordinal["before"] or "").lower() in BEFORE_ORDINALS)
    if right[:1] == "-" or (ASKED.search(tail) and SPEAKING.match(right)):
        return True
    short = short_word(tail)
    return short in NEVER_LAST or (short in HALVES_OF_THE_DAY and word in WORDS["after_times"])


def short_word(tail: str) -> str:
    """The abbreviation at the end of a text, without blanks and its last stop; empty where there is none."""
    found = SHORT_WORD.search(tail)
    return re.sub(r"\s", "", found["word"]).lower() if found else ""


def divided(piece: str) -> Iterator[str]:
    """A piece in parts where sentences end in it: after closing marks and footnotes, and after "usw." and the like."""
    start = 0
    for end in sorted({*closed_ends(piece), *stopped_ends(piece)}):
        yield piece[start:end]
        start = end
    yield piece[start:]


def closed_ends(piece: str) -> Iterator[int]:
    """Where a stop with a closing mark or a footnote behind it ends a sentence."""
    for found in CLOSED.finditer(piece):
        before, rest = piece[max(found.start() - BEHIND, 0) : found.start()], piece[found.end() : found.end() + BEHIND]
        sure = is_opener(rest)
        if found["marks"][0] in "\"“”»«’‘'" and found["stop"][-1] in "!?":
            ends = sure or not (SPEAKING.match(rest) or names_something(piece[: found.start()]))
        elif found["stop"] == ".":
            ends = sure or (short_word(before + ".") not in NEVER_LAST | MAY_BE_LAST and before[-2:-1].isalnum())
        else:
            ends = sure or found["marks"][0] not in ")]"
        if ends:
            yield found.end()


def names_something(text: str) -> bool:
    """Whether a quotation that ends here is a name within its sentence, as in `Die Zeitschrift "Wer?" erscheint`."""
    opened = [found.start() for found in QUOTING.finditer(text, max(len(text) - BEHIND, 0))]
    if not opened:
        return False
    before = text[: opened[-1]].rstrip()
    return bool(before) and before[-1].isalnum() and len(text[opened[-1] :].split()) <= FEW_WORDS


def stopped_ends(piece: str) -> Iterator[int]:
    """Where an abbreviation or three points end a sentence, as the next word shows."""
    for found in STOP.finditer(piece):
        tail = piece[max(found.start() + 1 - BEHIND, 0) : found.start() + 1]
        if tail.endswith(" no."):  # the library takes it for a number's
            yield found.end()
            continue
        ended = found[0][0] == "…" or found[0].startswith("...") or short_word(tail) in MAY_BE_LAST
        if ended and is_opener(piece[found.end() : found.end() + BEHIND]):
            yield found.end()
    yield from (found.end() for pattern in (YEARS, NUMBERED) for found in pattern.finditer(piece))
    for found in NOTE_NUMBER.finditer(piece):
        short = short_word(piece[max(found.start() + 1 - BEHIND, 0) : found.end("stop")])
        if short not in NEVER_LAST | MAY_BE_LAST | WORDS["before_numbers"]:
            yield found.end()
    for found in COUNTING_ON.finditer(piece):
        if found[0].split(".")[0].lower() not in NEVER_LAST:
            yield found.end()


def is_opener(text: str) -> bool:
    """Whether a text begins with a word that begins sentences."""
    found = FIRST_WORD.match(text)
    if found is None or not (found["word"][1:] or "a").islower():  # "US" is no "us"
        return False
    return found["word"].lower() in OPENERS


def without_emoji(sentence: str) -> Iterator[str]:
    """A sentence with the emoji before, behind and between its parts set apart; those within one stay."""
    start = 0
    for found in EMOJI_RUN.finditer(sentence):
        left, right = sentence[start : found.start()], sentence[found.end() :]
        first = right.lstrip()[:1]
        apart = (
            not left.strip()
            or not first
            or left.rstrip()[-1:] in ".!?…"
            or (first.isupper() and (left.isupper() or len(left.split()) > FEW_WORDS))
        )
        if apart and (left.strip() or right.strip()):
            if left.strip():
                yield left
                start = found.start()
            if right.strip():
                yield sentence[start : found.end()]
                start = found.end()
    yield sentence[start:]
