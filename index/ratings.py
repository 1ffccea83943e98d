"""A publisher's rating words to our normalized rating: exact phrases by language, in rating_words.json."""

from __future__ import annotations

import json
import re
import unicodedata
from functools import cache
from importlib.resources import files

from index.models import NormalizedRating


def normalize_rating(alternate_name: str, language: str | None = None) -> NormalizedRating:
    """The normalized rating of a publisher's words; UNMAPPED where nobody mapped them, never a guess.

    The statement's language is tried first, English words are understood in any language, then German ones. Where
    the whole phrase is unknown, its part before a dash, colon, full stop or bracket decides ("Falsch. Altes Video").
    """
    own = (language or "").lower().split("-")[0]
    order = [name for name in (own, "en", "de") if name in _words()]
    for phrase in _readings(alternate_name):
        for name in order:
            if phrase in _words()[name]:
                return _words()[name][phrase]
    return NormalizedRating.UNMAPPED


def _readings(words: str) -> tuple[str, ...]:
    head = re.split(r"\s[-–—]\s|[:.!(\[;]|\s/\s", words, maxsplit=1)[0]
    return (_plain(words), _plain(head))


def _plain(words: str) -> str:
    folded = unicodedata.normalize("NFKC", words).casefold().replace("’", "'")
    return re.sub(r"[\W_]+", " ", folded).strip()


@cache
def _words() -> dict[str, dict[str, NormalizedRating]]:
    table = json.loads(files("index").joinpath("rating_words.json").read_text(encoding="utf-8"))
    return {
        language: {_plain(word): NormalizedRating(code) for code, words in codes.items() for word in words}
        for language, codes in table.items()
    }
