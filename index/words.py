"""Words of a text as they are compared: lower case, without function words, cut to their stems."""

from __future__ import annotations

import json
import re
import unicodedata
from functools import lru_cache
from importlib.resources import files

WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*|\d+(?:[.,:]\d+)*")
STEM = 6  # letters that decide: German and English endings, and most of German compounds' second halves, lie beyond
FUNCTION_WORDS = frozenset(
    word
    for words in json.loads(files("index").joinpath("function_words.json").read_text(encoding="utf-8")).values()
    for word in words
)


def content_words(text: str) -> frozenset[str]:
    """The stems of a text's content words."""
    return _content_words(text)


@lru_cache(maxsize=8192)
def _content_words(text: str) -> frozenset[str]:
    plain = unicodedata.normalize("NFKC", text).lower()
    return frozenset(word[:STEM] for word in WORD.findall(plain) if word not in FUNCTION_WORDS and len(word) > 1)


def shared_words(text: str, other: str) -> float:
    """Share of the shorter side's content words that the other side has too, by stems; 0.5 where a side has none."""
    first, second = content_words(text), content_words(other)
    if not first or not second:
        return 0.5
    return len(first & second) / min(len(first), len(second))
