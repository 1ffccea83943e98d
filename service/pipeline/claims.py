"""Which sentences are claims worth checking: weighted features that can be explained, German and English."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Sequence

from index.embedder import Vectors
from service.models import Article, Claim, Sentence
from service.pipeline.modes import read_modes

Encode = Callable[[Sequence[str]], Vectors]

MIN_CHECKWORTHINESS = 0.5
MAX_SEARCHED = 48  # claims of a page that are searched, the most check-worthy first

FEATURES = {
    "number": (1.0, re.compile(r"\d|\b(?:zwei|drei|zehn|hundert|tausend|million\w*|milliard\w*|two|three|ten|hundred|thousand|billion\w*)\b", re.I)),
    "name": (0.8, re.compile(r"(?<=[a-zäöüß,] )[A-ZÄÖÜ][\wäöüß]+")),
    "past or present fact": (0.6, re.compile(r"\b(?:ist|sind|war|waren|hat|haben|wurde\w*|wird|werden|is|are|was|were|has|have|had|will)\b", re.I)),
    "question": (-3.0, re.compile(r"\?[\"“”»«)]*\s*$")),
    "first person": (-0.8, re.compile(r"\b(?:ich|mir|mich|mein\w*|i|my|me|i'm)\b", re.I)),
    "opinion": (-1.0, re.compile(r"\b(?:finde|glaube|denke|hoffe|meiner meinung|think|believe|hope|feel|opinion|in my view)\b", re.I)),
    "boilerplate": (-4.0, re.compile(r"\b(?:cookie\w*|newsletter|abonnier\w*|subscribe|datenschutz\w*|privacy policy|klicken sie|click here|all rights reserved)\b", re.I)),
}  # fmt: skip
BIAS = -0.9
MIN_WORDS = 4


def select_claims(
    article: Article, sentences: Sequence[Sentence], minimum: float | None = None, encode: Encode | None = None
) -> tuple[Claim, ...]:
    """Every sentence with its score, in order; repeated ones are claims only once."""
    bar = MIN_CHECKWORTHINESS if minimum is None else minimum
    seen: set[str] = set()
    claims = []
    for sentence, reading in zip(sentences, read_modes(article, sentences), strict=True):
        score = checkworthiness(sentence.text)
        sign = re.sub(r"\W+", " ", sentence.text).strip().lower()
        claims.append(Claim(sentence, score, score >= bar and sign not in seen, reading.mode, reading.cue))
        seen.add(sign)
    return tuple(claims)


def within_budget(claims: Sequence[Claim]) -> tuple[list[Claim], list[Claim]]:
    """The claims that are searched and those left out, both in the page's order."""
    found = [claim for claim in claims if claim.is_claim]
    ranked = sorted(found, key=lambda claim: -claim.checkworthiness)
    kept = set(ranked[:MAX_SEARCHED])
    return [claim for claim in found if claim in kept], [claim for claim in found if claim not in kept]


def checkworthiness(text: str) -> float:
    """Probability that checking a sentence is worth while."""
    words = len(text.split())
    if words < MIN_WORDS:
        return 0.0
    score = BIAS + min(words, 20) / 20
    score += sum(weight for weight, pattern in FEATURES.values() if pattern.search(text))
    return 1 / (1 + math.exp(-score))
