"""Words of a text as they are compared: lower case, without function words, cut to their stems."""

from __future__ import annotations

import json
import re
import unicodedata
from importlib.resources import files

from index.characters import visible_text
from index.pairs.memory import remembered

WORD = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*|\d+(?:[.,:]\d+)*")
STEM = 6  # letters that decide: German and English endings, and most of German compounds' second halves, lie beyond
FUNCTION_WORDS_BY_LANGUAGE: dict[str, frozenset[str]] = {
    language: frozenset(words)
    for language, words in json.loads(
        files("index.pairs").joinpath("function_words.json").read_text(encoding="utf-8")
    ).items()
}
FUNCTION_WORDS = frozenset().union(*FUNCTION_WORDS_BY_LANGUAGE.values())
MAX_READ = 2000  # characters of a text that are compared: several times what the pair model reads
UNKNOWN = 0.5  # the share of words that says nothing


def content_words(text: str) -> frozenset[str]:
    """The stems of the content words of a text's first MAX_READ characters."""
    return _content_words(text[:MAX_READ])


@remembered
def _content_words(text: str) -> frozenset[str]:
    plain = unicodedata.normalize("NFKC", visible_text(text)).lower()
    return frozenset(word[:STEM] for word in WORD.findall(plain) if word not in FUNCTION_WORDS and len(word) > 1)


def shared_words(text: str, other: str) -> float:
    """Share of the shorter side's content words that the other side has too, by stems.

    UNKNOWN where a side has none, or where one is German and the other English.
    """
    first, second = content_words(text), content_words(other)
    if not first or not second or {main_language(text), main_language(other)} == {"de", "en"}:
        return UNKNOWN
    return len(first & second) / min(len(first), len(second))


def main_language(text: str) -> str | None:
    """The language most of whose function words a text has; None where no language leads."""
    words = set(WORD.findall(text[:MAX_READ].lower()))
    counts = sorted(((len(words & own), name) for name, own in FUNCTION_WORDS_BY_LANGUAGE.items()), reverse=True)
    return counts[0][1] if counts[0][0] > counts[1][0] else None
