"""The words that give notices away (notices.json), as patterns."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files

MAX_PHRASE = 200  # characters of a heading or of the words on a button


def speaks_to_reader(sentence: str) -> bool:
    """Whether a sentence addresses who reads it, outside what it quotes."""
    return matches("address", re.sub(r"[„“\"»«][^„“”\"»«]{0,400}[“”\"»«]", " ", sentence))


def is_whole(kind: str, text: str) -> bool:
    """Whether a text is one of a kind's phrases and no more."""
    return whole(kind).fullmatch(text[:MAX_PHRASE]) is not None


def matches(kind: str, text: str) -> bool:
    """Whether one of a kind's words (notices.json) is in a text."""
    return pattern(kind).search(text) is not None


@cache
def pattern(kind: str) -> re.Pattern[str]:
    """A kind's words as one pattern."""
    flags = 0 if kind == "address" else re.I
    written = "|".join(words()[kind])
    if kind == "address":  # "sie" and "ihr" in small letters speak of others
        written = "|".join(each if each[:1].isupper() or "Sie" in each else f"(?i:{each})" for each in words()[kind])
    return re.compile(rf"(?<![\w-])(?:{written})(?!\w)", flags)


@cache
def whole(kind: str) -> re.Pattern[str]:
    """A kind's phrases as one pattern for a whole text."""
    return re.compile(rf"\W*+(?:{'|'.join(words()[kind])})\W*+", re.I)


@cache
def words() -> dict[str, list[str]]:
    """The words of notices by their kind."""
    found: dict[str, list[str]] = json.loads(
        files("service.pipeline").joinpath("notices.json").read_text(encoding="utf-8")
    )
    return found
