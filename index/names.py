"""Names of places and institutions that sentences can confuse, in German and English, by group (names.json)."""

from __future__ import annotations

import json
import re
from functools import cache
from importlib.resources import files


def find_names(text: str) -> dict[str, dict[str, str]]:
    """The known names in a text: group -> {canonical name: words as they stand}."""
    found: dict[str, dict[str, str]] = {}
    pattern, meaning = _table()
    for match in pattern.finditer(text):
        group, name = meaning[match[0].lower()]
        found.setdefault(group, {}).setdefault(name, match[0])
    return found


@cache
def _table() -> tuple[re.Pattern[str], dict[str, tuple[str, str]]]:
    groups = json.loads(files("index").joinpath("names.json").read_text(encoding="utf-8"))
    meaning = {
        alias.lower(): (group, aliases.split("|")[0])
        for group, names in groups.items()
        for aliases in names
        for alias in aliases.split("|")
    }
    longest_first = sorted(meaning, key=len, reverse=True)
    return re.compile(rf"\b(?:{'|'.join(map(re.escape, longest_first))})\b", re.I), meaning
