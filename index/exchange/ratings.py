"""A publisher's rating words to our normalized rating: phrases by language and publisher, in JSON files.

`rating_words.json` has German and English, `rating_words_further.json` other languages, `rating_scales.json` what holds
for one publisher alone.
"""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from index.models import NormalizedRating

WORD_FILES = ("rating_words.json", "rating_words_further.json")
SCALES_FILE = "rating_scales.json"

LABEL = re.compile(
    r"^\W*(?:our |unser[e]? )?(?:rating|verdict|ruling|conclusion|result|fact[- ]?check|"
    r"bewertung|urteil|fazit|einschätzung|ergebnis|faktencheck|verdetto|veredicto|conclusión|conclusion|conclusão|"
    r"werdykt|вердикт|үкім)\s*[:–—-]\s*"
)
SUBJECT = re.compile(
    r"^\W*(?:(?:this|that|it|these|the|das|dies|diese[rs]?|die|der|es)\s+)?"
    r"(?:(?:claims?|statements?|posts?|quote|behauptung(?:en)?|aussagen?|meldung|beitrag|zitat)\s+)?(?:is|are|ist|sind)\s+"
)
NUMBERED = re.compile(r"^\W*\d{1,2}\s*(?=\[)")  # "2 [misleading content]"
ENDS_THE_PHRASE = re.compile(r"\s[-–—]\s|[:.!(\[;]")
JOINS_PHRASES = re.compile(r"(?:[/|,&+]|\s(?:and|und|et|ed|e|y|i|и|en|og|ve|dan)\s)\s*")
WHAT_IS_RATED = re.compile(
    r"\s(?:claims?|content|posts?|images?|pictures?|photos?|videos?|audio|text|news|messages?|reports?|headlines?|titles?|"
    r"articles?|information|advertisements?)$"
)
SPELLED_OUT = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue"})
ACCENT = re.compile("[\u0300-\u036f]")
SAYS_TRUE = (NormalizedRating.TRUE, NormalizedRating.MOSTLY_TRUE)
SAYS_FALSE = (NormalizedRating.FALSE, NormalizedRating.MOSTLY_FALSE, NormalizedRating.ALTERED_MEDIA)
BETWEEN = (NormalizedRating.MIXED, NormalizedRating.MISSING_CONTEXT)
EVERYWHERE = ("en", "de")  # understood in any language


@dataclass(frozen=True, slots=True)
class Scale:
    """What one publisher's words mean; `leads`: its verdict always stands first, and no explanation takes it back."""

    words: dict[str, NormalizedRating]
    leads: bool = False


NO_SCALE = Scale({})


def normalize_rating(alternate_name: str, language: str | None = None, site: str | None = None) -> NormalizedRating:
    """The normalized rating of a publisher's words; UNMAPPED where nobody mapped them, never a guess.

    What is known of the publisher (by the host of its site) is tried first, then the statement's language, English,
    German, and for statements in other or unknown languages whatever all languages that know the phrase agree on. Read
    are, in this order: the whole phrase without a lead-in ("Verdict:", "Die Behauptung ist") and without what is rated
    ("misleading video"); several phrases ("Fake / Falsch"), see `_joined`; and what stands before a full stop, dash,
    colon or bracket ("Falsch. Altes Video"). Such a beginning makes a statement true only where the publisher's verdict
    always leads: what follows may take it back ("Richtig. Aber …"). A question says nothing.
    """
    words = _without_lead_in(fold_words(alternate_name))
    head = ENDS_THE_PHRASE.split(words, maxsplit=1)[0]
    if "?" in head:
        return NormalizedRating.UNMAPPED
    own, scale = (language or "").lower().split("-")[0], _scale_of(site)
    if (whole := _look_up(words, own, scale)) is not NormalizedRating.UNMAPPED:
        return whole
    if (joined := _joined({_look_up(part, own, scale) for part in JOINS_PHRASES.split(words)})) is not None:
        return joined
    begun = _look_up(head, own, scale)
    return NormalizedRating.UNMAPPED if begun in SAYS_TRUE and not scale.leads else begun


def _joined(said: Collection[NormalizedRating]) -> NormalizedRating | None:
    """What several ratings at once come to: the mildest of those that say false, or that say true; else mixed.

    None where one of them is unmapped, or is satire or unproven beside another: those are on no line with the rest.
    """
    if len(said) == 1:
        (only,) = said
        return None if only is NormalizedRating.UNMAPPED else only
    for alike, mildest in ((SAYS_FALSE, NormalizedRating.MOSTLY_FALSE), (SAYS_TRUE, NormalizedRating.MOSTLY_TRUE)):
        if set(said) <= set(alike):
            return mildest if mildest in said else NormalizedRating.FALSE
    return NormalizedRating.MIXED if set(said) <= {*SAYS_FALSE, *SAYS_TRUE, *BETWEEN} else None


def _without_lead_in(words: str) -> str:
    for lead_in in (NUMBERED, LABEL, SUBJECT):
        if found := lead_in.match(words):
            words = words[found.end() :]
    return words


def _look_up(phrase: str, language: str, scale: Scale) -> NormalizedRating:
    plain = plain_words(phrase)
    if own := scale.words.get(plain):
        return own
    if (found := _known(plain, language)) is not NormalizedRating.UNMAPPED:
        return found
    rated = _known(WHAT_IS_RATED.sub("", plain), language)
    return (
        NormalizedRating.UNMAPPED if rated in SAYS_TRUE else rated
    )  # a genuine picture may stand beside a false claim


def _known(plain: str, language: str) -> NormalizedRating:
    for name in dict.fromkeys((language, *EVERYWHERE)):
        if found := _words().get(name, {}).get(plain):
            return found
    agreed = {} if language in EVERYWHERE else _agreed()
    return agreed.get(plain, NormalizedRating.UNMAPPED)


def fold_words(words: str) -> str:
    """Words without their case and ways of writing."""
    return unicodedata.normalize("NFKC", words).casefold().replace("’", "'").replace("n't", " not")


def plain_words(folded: str) -> str:
    """Words without signs and accents, which many leave out: `enganoso, contraditório` as `enganoso contraditorio`."""
    bare = ACCENT.sub("", unicodedata.normalize("NFD", folded.translate(SPELLED_OUT)))
    return re.sub(r"[\W_]+", " ", bare).strip()


def _scale_of(site: str | None) -> Scale:
    """The scale of a publisher's site, or of the site above it (`checks.example.org` is part of `example.org`)."""
    return next((_scales()[host] for host in sites_above(site) if host in _scales()), NO_SCALE)


def sites_above(site: str | None) -> list[str]:
    """A site and those above it, the nearest first; none where there is none."""
    parts = site.lower().split(".") if site else []
    return [".".join(parts[place:]) for place in range(len(parts))]


@cache
def reading_digest() -> str:
    """Names how rating words are read: what was read by another one is read again."""
    folder, digest = files("index.exchange"), hashlib.sha256()
    for name in ("ratings.py", "local_ratings.py", *WORD_FILES, SCALES_FILE):
        digest.update((folder / name).read_bytes())
    return digest.hexdigest()


@cache
def _words() -> dict[str, dict[str, NormalizedRating]]:
    folder = files("index.exchange")
    tables = [json.loads((folder / name).read_bytes()) for name in WORD_FILES]
    return {
        language: {
            plain_words(fold_words(word)): NormalizedRating(code) for code, words in codes.items() for word in words
        }
        for table in tables
        for language, codes in table.items()
    }


@cache
def _agreed() -> dict[str, NormalizedRating]:
    """The phrases that mean the same in every language that knows them."""
    meanings: dict[str, set[NormalizedRating]] = {}
    for words in _words().values():
        for phrase, rating in words.items():
            meanings.setdefault(phrase, set()).add(rating)
    return {phrase: next(iter(found)) for phrase, found in meanings.items() if len(found) == 1}


@cache
def _scales() -> dict[str, Scale]:
    table = json.loads((files("index.exchange") / SCALES_FILE).read_bytes())
    return {
        host: Scale(
            {plain_words(fold_words(word)): NormalizedRating(code) for word, code in row.get("words", {}).items()},
            row.get("leads", False),
        )
        for host, row in table.items()
    }
