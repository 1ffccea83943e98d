"""What persons of one installation say that rating words mean. It comes before what the program knows of them."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from index.exchange.ratings import fold_words, normalize_rating, plain_words, sites_above
from index.models import NormalizedRating, Statement

SIGNS_MATTER = re.compile(r"[\d?]")  # "-1" is not "1", and "False?" is not "False"
SITE = r"^[A-Za-z0-9\u00a1-\ud7ff._-]{1,253}$"  # how a publisher is named: its host, and no address
_SITE = re.compile(SITE)
EVERYWHERE = ""  # the site of a mapping that holds for all publishers
DIGEST_LETTERS = 32


def names_a_site(text: str) -> bool:
    """Whether a text can name a publisher."""
    return _SITE.match(text) is not None


@dataclass(frozen=True, slots=True)
class RatingMapping:
    """What rating words mean, of one publisher by its site or of all (None); who said so, and when."""

    words: str
    site: str | None
    normalized: NormalizedRating
    mapped_by: str
    mapped_at: datetime
    id: str = ""


class RatingMappings:
    """The mappings of an installation, to be looked up."""

    def __init__(self, mappings: Iterable[RatingMapping] = ()) -> None:
        self._found = {(key_of(each.words), each.site or EVERYWHERE): each for each in mappings}

    def read(self, words: str, language: str | None, site: str | None) -> NormalizedRating:
        """What words mean: as a person mapped them for the publisher or for all, else as the program reads them."""
        mapped = self.find(words, site)
        return mapped.normalized if mapped else normalize_rating(words, language, site)

    def find(self, words: str, site: str | None) -> RatingMapping | None:
        """The mapping that holds for words; one for the site, or a site above it, comes before one for all."""
        if not self._found:
            return None
        key = key_of(words)
        hosts = (*sites_above(site), EVERYWHERE)
        return next((found for host in hosts if (found := self._found.get((key, host)))), None)

    def apply(self, statement: Statement) -> Statement:
        """A statement with its words read anew."""
        rating = statement.rating
        normalized = self.read(rating.alternate_name, statement.language, statement.publisher.site)
        return replace(statement, rating=replace(rating, normalized=normalized))


NO_MAPPINGS = RatingMappings()


def key_of(words: str) -> str:
    """The words as they are compared: case, accents and signs make no difference, unless they are all there is."""
    folded = " ".join(fold_words(words).split())
    plain = plain_words(folded)
    return folded if SIGNS_MATTER.search(folded) or not any(map(str.isalpha, plain)) else plain


def digest_of(words: str) -> str:
    """Names `key_of` the words by letters of one length: some publishers' words are whole paragraphs."""
    return hashlib.sha256(key_of(words).encode("utf-8", "replace")).hexdigest()[:DIGEST_LETTERS]
