"""A publisher's rating words to our normalized rating: exact phrases by language, in rating_words.json."""

from __future__ import annotations

import json
import re
import unicodedata
from functools import cache
from importlib.resources import files

from index.models import NormalizedRating

LABEL = re.compile(
    r"^\W*(?:our |unser[e]? )?(?:rating|verdict|ruling|conclusion|result|fact[- ]?check|"
    r"bewertung|urteil|fazit|einschätzung|ergebnis|faktencheck)\s*[:–—-]\s*"
)
SUBJECT = re.compile(
    r"^\W*(?:(?:this|that|it|these|the|das|dies|diese[rs]?|die|der|es)\s+)?"
    r"(?:(?:claims?|statements?|posts?|quote|behauptung(?:en)?|aussagen?|meldung|beitrag|zitat)\s+)?(?:is|are|ist|sind)\s+"
)
ENDS_THE_PHRASE = re.compile(r"\s[-–—]\s|[:.!(\[;]")
JOINS_PHRASES = re.compile(r"(?:[/|,&+]|\s(?:and|und)\s)\s*")
SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
SAYS_TRUE = (NormalizedRating.TRUE, NormalizedRating.MOSTLY_TRUE)


def normalize_rating(alternate_name: str, language: str | None = None) -> NormalizedRating:
    """The normalized rating of a publisher's words; UNMAPPED where nobody mapped them, never a guess.

    The statement's language is tried first, then English (understood in any language), then German. Read are, in this
    order: the whole phrase without a lead-in ("Verdict:", "Die Behauptung ist"); several phrases ("Fake / Falsch")
    where all say the same; and what stands before a full stop, dash, colon or bracket ("Falsch. Altes Video"). Such a
    beginning never makes a statement true: what follows may take it back ("Richtig. Aber …"). A question says nothing.
    """
    words = _without_lead_in(_folded(alternate_name))
    head = ENDS_THE_PHRASE.split(words, maxsplit=1)[0]
    if "?" in head:
        return NormalizedRating.UNMAPPED
    own = (language or "").lower().split("-")[0]
    if (whole := _look_up(words, own)) is not NormalizedRating.UNMAPPED:
        return whole
    parts = {_look_up(part, own) for part in JOINS_PHRASES.split(words)}
    if len(parts) == 1 and (said := parts.pop()) is not NormalizedRating.UNMAPPED:
        return said
    begun = _look_up(head, own)
    return NormalizedRating.UNMAPPED if begun in SAYS_TRUE else begun


def _without_lead_in(words: str) -> str:
    for lead_in in (LABEL, SUBJECT):
        if found := lead_in.match(words):
            words = words[found.end() :]
    return words


def _look_up(phrase: str, language: str) -> NormalizedRating:
    plain = _plain(phrase)
    for name in dict.fromkeys((language, "en", "de")):
        if found := _words().get(name, {}).get(plain):
            return found
    return NormalizedRating.UNMAPPED


def _folded(words: str) -> str:
    return unicodedata.normalize("NFKC", words).casefold().replace("’", "'").replace("n't", " not")


def _plain(folded: str) -> str:
    return re.sub(r"[\W_]+", " ", folded.translate(SPELLED_OUT)).strip()


@cache
def _words() -> dict[str, dict[str, NormalizedRating]]:
    table = json.loads(files("index.exchange").joinpath("rating_words.json").read_text(encoding="utf-8"))
    return {
        language: {_plain(_folded(word)): NormalizedRating(code) for code, words in codes.items() for word in words}
        for language, codes in table.items()
    }
