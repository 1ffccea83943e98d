"""The tables of words that tell how something is put (cues.json, fact_checkers.json), as patterns."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files


@cache
def cues(kind: str, frame: str = r"\b(?:{})\b") -> re.Pattern[str]:
    """The cues of a kind as one pattern, within a frame."""
    return re.compile(frame.format("|".join(read_json("cues.json")[kind])), re.I)


def find_denial(text: str) -> re.Match[str] | None:
    """The words that deny what a text says; "nobody can deny" and "never refuted" are none."""
    return cues("denial").search(cues("undenied").sub(lambda found: " " * len(found[0]), text))


def find_attribution(text: str) -> re.Match[str] | None:
    """The words that give what a text says to somebody else; "claims her seat" and "behauptet sich" do not."""
    return cues("attribution").search(cues("unattributed", "(?:{})").sub(lambda found: " " * len(found[0]), text))


@cache
def fact_checkers() -> tuple[str, ...]:
    """Addresses of known fact-checkers, without scheme."""
    return tuple(read_json("fact_checkers.json"))


@cache
def read_json(name: str) -> dict[str, list[str]]:
    """A table of this folder."""
    content: dict[str, list[str]] = json.loads(files("service.pipeline").joinpath(name).read_text(encoding="utf-8"))
    return content
