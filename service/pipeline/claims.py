"""Which sentences are claims: scored by check-worthiness, repeated ones once, questions by what they ask about."""

from __future__ import annotations

import re
from array import array
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from index.characters import INVISIBLE, places_in_visible, visible_text
from index.pairs.words import content_words
from service.models import Article, Hint, ScoredSentence
from service.pipeline.checkworthiness import Encode, weigh_sentences
from service.pipeline.insisting import insisted
from service.pipeline.modes import is_opinion, read_modes
from service.pipeline.sentences import Sentences
from service.thresholds import CLAIMS, DEFAULTS, ClaimThresholds, Thresholds

PRONOUN = re.compile(r"^(?:Er|Sie|He|She)\b(?= (?:\w+(?:t|te|ed|s)|hat|ist|war|wird|will|has|is|was)\b)")
PERSON = re.compile(
    r"\b(?!(?:Der|Die|Das|Ein|Eine|In|Im|Am|The|A|An|On|At|For)\b)[A-ZÄÖÜ][\w-]{1,50} (?:von |van |de )?[A-ZÄÖÜ][\w-]+"
)


def select_claims(
    article: Article,
    sentences: Sentences,
    thresholds: Thresholds = DEFAULTS,
    encode: Encode | None = None,
    today: date | None = None,
    places: Sequence[int] | None = None,
    encoded: Collection[int] | None = None,
) -> tuple[ScoredSentence, ...]:
    """Each sentence with its score, in order; `is_claim` from a threshold on, for the first of repeated ones.

    `encode` gives unit vectors of texts to be looked up, and better scores. Where that is not every sentence, `places`
    are those that are looked at at all, `encoded` those of them (counted from 0) that may be encoded.
    """
    bar = thresholds.claims.min_checkworthiness
    places = range(len(sentences)) if places is None else places
    seen_article, seen = as_seen(article, sentences)
    readings = read_modes(seen_article, seen, places, thresholds.modes)
    texts = [reading.asks or seen[place].text for place, reading in zip(places, readings, strict=True)]
    weighed = weigh_sentences(texts, encode, encoded, thresholds.claims)
    hints = page_hints(article, today or datetime.now(UTC).date(), thresholds.claims)
    known: set[str] = set()
    claims: list[ScoredSentence] = []
    for place, text, worth, reading in zip(places, texts, weighed, readings, strict=True):
        sign = re.sub(r"\W+", " ", text).strip().lower()
        query = reading.asks or resolve_pronoun(text, seen[place - 1].text if place else "")
        # Whoever asks whether something is so wants it looked up, however little there is to it.
        asked = reading.asks is not None and not insisted(seen[place].text)
        is_claim = worth.score >= bar or (asked and says_something(text, thresholds.claims))
        claims.append(
            ScoredSentence(
                sentences[place], worth.score, is_claim and sign not in known, reading.mode, reading.cue, hints, query,
                worth.features,
            )
        )  # fmt: skip
        known.add(sign)
    return tuple(widen_post(article, claim_of_post(article, claims, thresholds.claims), thresholds.claims))


def as_seen(article: Article, sentences: Sentences) -> tuple[Article, Sentences]:
    """An article and its sentences without the characters that nobody sees, so that they hide no word."""
    if not INVISIBLE.search(article.text):
        return article, sentences
    text = visible_text(article.text)
    return replace(article, text=text), Sentences(
        text, array("Q", map(places_in_visible(article.text), sentences.bounds))
    )


def says_something(text: str, thresholds: ClaimThresholds = CLAIMS) -> bool:
    """Whether a text has words enough to be told from others."""
    return len(content_words(text)) >= thresholds.min_content_words


def claim_of_post(
    article: Article, claims: Sequence[ScoredSentence], thresholds: ClaimThresholds
) -> list[ScoredSentence]:
    """The sentences of a page as they are; of a post without any the best is one, unless it says nothing."""
    if not claims or not is_post(article, thresholds) or any(claim.is_claim for claim in claims):
        return list(claims)
    best = max(range(len(claims)), key=lambda n: claims[n].checkworthiness)
    worth = claims[best].checkworthiness >= thresholds.min_post_worth
    says = worth and says_something(claims[best].sentence.text, thresholds)
    return [replace(claim, is_claim=says and n == best) for n, claim in enumerate(claims)]


def within_budget(
    article: Article, claims: Sequence[ScoredSentence], thresholds: ClaimThresholds = CLAIMS
) -> tuple[list[ScoredSentence], list[ScoredSentence]]:
    """The sentences that are searched and the claims left out, both in the page's order.

    Doubtful sentences are searched too: one that somebody has fact-checked was worth it.
    """
    worth = [claim for claim in claims if claim.is_claim or claim.checkworthiness >= thresholds.min_searched]
    if not worth and is_post(article, thresholds):
        worth = sorted(claims, key=lambda claim: -claim.checkworthiness)[:1]
    unique = {claim.sentence.text: claim for claim in reversed(worth)}
    ranked = sorted(unique.values(), key=lambda claim: (not claim.is_claim, -claim.checkworthiness))
    kept = {claim.sentence.start for claim in ranked[: thresholds.max_searched]}
    searched = [claim for claim in worth if claim.sentence.start in kept]
    return searched, [claim for claim in worth if claim.is_claim and claim.sentence.start not in kept]


def resolve_pronoun(text: str, before: str) -> str | None:
    """The sentence with a name for the pronoun that it begins with, where the sentence before names one person."""
    names = set(PERSON.findall(before)) if PRONOUN.search(text) else set()
    return PRONOUN.sub(names.pop(), text) if len(names) == 1 else None


def widen_post(article: Article, claims: Sequence[ScoredSentence], thresholds: ClaimThresholds) -> list[ScoredSentence]:
    """The claims of a post, searched with what stands around: all with the whole post, in a long one with two others.

    What a question asks about, or a sentence insists on, says more than all that stands around it.
    """
    if len(claims) < 2 or not is_post(article, thresholds, thresholds.max_long_post_words):
        return list(claims)
    whole = article.text if is_post(article, thresholds) else None
    return [
        claim
        if claim.query and claim.query in claim.sentence.text
        else replace(claim, query=whole or around(article, claims, n))
        for n, claim in enumerate(claims)
    ]


def around(article: Article, claims: Sequence[ScoredSentence], place: int) -> str:
    """A sentence with those before and after it, as they stand in the text."""
    first, last = claims[max(place - 1, 0)], claims[min(place + 1, len(claims) - 1)]
    return article.text[first.sentence.start : last.sentence.end]


def is_post(article: Article, thresholds: ClaimThresholds = CLAIMS, longest: int | None = None) -> bool:
    """Whether this is a text that somebody handed over, rather than a page: a post, or of `longest` words at most."""
    words = thresholds.max_post_words if longest is None else longest
    short = article.title is None and len(article.text) <= thresholds.max_post_word * words
    return short and len(article.text.split()) <= words


def page_hints(article: Article, today: date, thresholds: ClaimThresholds) -> tuple[Hint, ...]:
    """What holds for every claim of a page: its age, and that it calls itself an opinion."""
    found = {Hint.OLD_ARTICLE: is_old(article, today, thresholds), Hint.OPINION: is_opinion(article)}
    return tuple(hint for hint, holds in found.items() if holds)


def is_old(article: Article, today: date, thresholds: ClaimThresholds) -> bool:
    """Whether an article may be going round again long after it was published."""
    after = timedelta(days=thresholds.old_after_days)
    return article.date_published is not None and today - article.date_published > after
