"""Names of places and institutions that sentences can confuse, in German and English, by group (names.json)."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files

from index.pairs.words import FUNCTION_WORDS

_WORD = re.compile(r"\b\w+")


def find_names(text: str) -> dict[str, dict[str, str]]:
    """The known names in a text: group -> {canonical name: words as they stand}."""
    found: dict[str, dict[str, str]] = {}
    pattern, meaning, openings = _table()
    end = 0
    for word in _WORD.finditer(text):
        # Hardly any word opens a name: trying the whole pattern at each would take most of a check's time.
        if word.start() < end or word[0].lower() not in openings:
            continue
        match = pattern.match(text, word.start())
        # "who" and "us" are words of every other sentence; the WHO and the US are written in capitals.
        if match and (match[0].isupper() or match[0].lower() not in FUNCTION_WORDS):
            group, name = meaning[match[0].lower()]
            found.setdefault(group, {}).setdefault(name, match[0])
            end = match.end()
    return found


@cache
def _table() -> tuple[re.Pattern[str], dict[str, tuple[str, str]], frozenset[str]]:
    groups = json.loads(files("index.pairs").joinpath("names.json").read_text(encoding="utf-8"))
    meaning = {
        alias.lower(): (group, aliases.split("|")[0])
        for group, names in groups.items()
        for aliases in names
        for alias in aliases.split("|")
    }
    longest_first = sorted(meaning, key=len, reverse=True)
    pattern = re.compile(rf"(?:{'|'.join(map(re.escape, longest_first))})(?!\w)", re.I)
    return pattern, meaning, frozenset(re.findall(r"\w+", alias)[0] for alias in meaning)
