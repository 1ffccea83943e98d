"""Where else a claim without a match can be looked for: addresses of prepared searches on the sites of fact-checkers.

They are only made here. Nothing is sent anywhere until a person opens one of them.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import quote

from index.pairs.words import FUNCTION_WORDS, main_language
from index.retrieval.queries import clean_query
from service.catalogue import primary_of, say
from service.models import CheckedClaim

WORD = re.compile(r"[^\W_]+(?:[-'’.,:][^\W_]+)*")
MAX_WORDS = 6  # sites that want every word on the page find nothing for a whole sentence
MAX_READ = 2000  # letters of a claim in which the words are looked for
BY_ENGINE = "https://duckduckgo.com/?q=site%3A{site}%20{words}"  # where a site's own search has no known address
ENGINE = "DuckDuckGo"


@dataclass(frozen=True, slots=True)
class Search:
    """A prepared search: whose site it searches, through which engine where not its own, and its address."""

    name: str
    engine: str | None
    url: str


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What else can be asked about a claim: the words that are searched, and where."""

    words: str
    searches: tuple[Search, ...]


def elsewhere_of(checked: CheckedClaim, spoken: str | None, reader: str) -> Elsewhere | None:
    """The searches for a claim without a match, by its language: `spoken`, else what its words show, else the reader's.

    None for a claim that has a match, and for one without a word to search.
    """
    text = clean_query(checked.claim.sentence.text[:MAX_READ])
    words = telling_words(text)
    if checked.evidence or not words:
        return None
    language = primary_of(spoken) or main_language(text) or primary_of(reader)
    sites = [site for site in _sites() if language in site.get("languages", (language,))]
    return Elsewhere(words, tuple(_search(site, words, language) for site in sites))


def telling_words(text: str) -> str:
    """The words of a sentence that tell most, in its order: numbers, names and nouns, then the longest others."""
    found = [word for word in WORD.findall(text) if word.lower() not in FUNCTION_WORDS and len(word) > 1]
    words = list({word.lower(): word for word in reversed(found)}.values())[::-1]
    best = sorted(words, key=lambda word: (not word[0].isdigit(), not word[0].isupper(), -len(word)))[:MAX_WORDS]
    return " ".join(word for word in words if word in best)


def name_search(search: Search, language: str) -> str:
    """What the link to a search is called; it names the engine that is asked."""
    return say(language, "elsewhere.through", name=search.name, engine=search.engine) if search.engine else search.name


def _search(site: dict[str, Any], words: str, language: str) -> Search:
    engine = ENGINE if "site" in site else None
    template = site.get("address", BY_ENGINE)
    filled = {"words": quote(words, safe=""), "language": quote(language, safe=""), "site": site.get("site", "")}
    return Search(site["name"], engine, template.format(**filled))


@cache
def _sites() -> tuple[dict[str, Any], ...]:
    return tuple(json.loads(files("service").joinpath("elsewhere.json").read_bytes()))
