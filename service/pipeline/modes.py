"""How the page puts a sentence: asserted, denied, reported or quoted, with the words that decided."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from service.models import Article, Mode, Sentence

DENIAL = re.compile(
    r"\b(?:stimmt(?: so)? nicht|(?:ist|sind|war) (?:schlicht |völlig |frei )?(?:falsch|erfunden|unwahr|gelogen)|nicht wahr|"
    r"frei erfunden|falschmeldung\w*|keine? (?:belege?|beweise?|hinweise?)|es gibt keine|nein,|entbehrt|widerlegt|"
    r"not true|(?:is|are|was|were) (?:simply |completely )?(?:false|untrue|fake|fabricated|a hoax)|no evidence|debunked|"
    r"fact[- ]check|faktencheck|hoax|never happened)",
    re.I,
)
ATTRIBUTION = re.compile(
    r"\b(?:behaupte\w*|angeblich\w*|soll(?:en)?\b(?=.*\b(?:haben|sein|werden)\b)|laut\b|zufolge|"
    r"claim(?:s|ed|ing)\b|alleged(?:ly)?|according to|reportedly|rumou?rs?|purported\w*)",
    re.I,
)
QUOTE = re.compile(r"„[^„“”]{3,}[“”]|“[^“”]{3,}”|»[^»«]{3,}«|«[^»«]{3,}»|\"[^\"]{3,}\"")


@dataclass(frozen=True, slots=True)
class Reading:
    """How a sentence is put, and the words that decided (None: nothing spoke against the page's own voice)."""

    mode: Mode
    cue: str | None = None


def read_modes(article: Article, sentences: Sequence[Sentence]) -> list[Reading]:
    """One reading a sentence, in order."""
    quoted = [match.span() for match in QUOTE.finditer(article.text)]
    return [read_mode(article, sentence, quoted) for sentence in sentences]


def read_mode(article: Article, sentence: Sentence, quoted: Sequence[tuple[int, int]]) -> Reading:
    """The reading of one sentence, given the stretches of the text that stand in quotation marks."""
    if denial := DENIAL.search(sentence.text):
        return Reading(Mode.DENIED, denial[0])
    inside = sum(max(0, min(end, sentence.end) - max(start, sentence.start)) for start, end in quoted)
    if inside > len(sentence.text) / 2:
        return Reading(Mode.QUOTED, "„…“")
    if reported := ATTRIBUTION.search(sentence.text):
        return Reading(Mode.REPORTED, reported[0])
    return Reading(Mode.REPORTED, "ClaimReview") if article.is_fact_check else Reading(Mode.ASSERTED)
