"""Matches to findings: where each sentence stands towards each statement, and all that tells whether that counts."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from index.model.embedder import Embedder
from index.models import Match
from index.retrieval.queries import clean_query
from index.retrieval.search import searched_claim
from service.findings import VECTOR, Finding, Mode, SentenceFindings
from service.models import Considered, Offer, ScoredSentence
from service.pipeline.denying import settle_denial
from service.pipeline.evidence import searched_texts
from service.pipeline.few_words import leaves_out, share_of_words
from service.pipeline.modes import settle_mode
from service.thresholds import DEFAULTS, SHORT, ShortThresholds

# Why a page does not speak in its own voice of what a statement says; None where it does.
CueOf = Callable[[str], str | None]


def consider(
    searched: Sequence[ScoredSentence],
    offers: Sequence[Sequence[Offer]],
    left: Sequence[ScoredSentence],
    selected: Sequence[ScoredSentence],
) -> list[Considered]:
    """What is judged, in the page's order: sentences searched, claims beyond the budget, or else the best sentence."""
    some = [Considered(claim, found) for claim, found in zip(searched, offers, strict=True)]
    some += [Considered(claim, None) for claim in left]
    if not some and selected:
        some = [Considered(max(selected, key=lambda claim: claim.checkworthiness), None)]
    return sorted(some, key=lambda each: each.claim.sentence.start)


def find_all(
    considered: Sequence[Considered],
    cue_of: CueOf,
    post: str | None,
    embedder: Embedder,
    short: ShortThresholds = SHORT,
) -> tuple[SentenceFindings, ...]:
    """Each sentence with the findings for it, and its vector where it was searched.

    `cue_of` says why the page does not speak in its own voice, where it does not. `post` is the text itself
    where it is a short one that somebody handed over.
    """
    texts = [clean_query(searched_texts(each.claim)[0]) for each in considered if each.offers is not None]
    vectors = iter(embedder.encode_queries(texts)) if texts else iter(())
    return tuple(
        replace(
            find_for(each, cue_of, post, short),
            farthest=farthest(each),
            vector=b"" if each.offers is None else next(vectors).astype(VECTOR).tobytes(),
        )
        for each in considered
    )


def find_for(each: Considered, cue_of: CueOf, post: str | None, short: ShortThresholds) -> SentenceFindings:
    """A sentence with the findings for it."""
    claim, alone = each.claim, post is not None
    findings = []
    for offer in each.offers or ():
        statement = offer.match.statement.claim_reviewed
        mode = settle_mode(claim, statement, cue_of(statement))
        found = find(claim, offer.match, mode, around=offer.around, alone=alone, short=short)
        findings.append(settle_denial(found, claim.sentence, statement, post))
    return SentenceFindings(
        start=claim.sentence.start,
        end=claim.sentence.end,
        checkworthiness=claim.checkworthiness,
        is_claim=claim.is_claim,
        mode=claim.mode,
        words=searched_words(claim),
        alone=alone,
        searched=each.offers is not None,
        findings=tuple(findings),
    )


def farthest(each: Considered) -> float:
    """The similarity of the farthest statement that was proposed for the text searched first; 0 where all were.

    A statement that is farther than that would not have been proposed.
    """
    own = [offer.match.similarity for offer in each.offers or () if not offer.around]
    return min(own) if len(own) >= DEFAULTS.match.candidates else 0.0


def searched_words(claim: ScoredSentence) -> int:
    """How many words the longest text has that a claim was searched with."""
    return len(max(claim.sentence.text, claim.query or "", key=len).split())


def find(
    claim: ScoredSentence,
    match: Match,
    mode: Mode,
    *,
    around: bool = False,
    alone: bool = False,
    short: ShortThresholds = SHORT,
) -> Finding:
    """A match as a finding, with all that tells whether it counts.

    `mode` is how the claim is put, read beside the statement. `around`: the match is that of the text around the claim.
    `alone`: the claim is, or is the best of, a short text that somebody handed over, rather than part of a page.
    """
    statement, judged = match.statement, match.judgement
    measured = alone and searched_words(claim) < short.words
    text = claim.query or claim.sentence.text
    return Finding(
        statement_key=statement.key,
        statement_id=statement.id,
        rating=statement.rating.normalized,
        rating_words=statement.rating.alternate_name,
        own=statement.is_own,
        similarity=match.similarity,
        confidence=match.confidence,
        stance=judged.stance,
        stance_confidence=judged.stance_confidence,
        mode=mode,
        differences=judged.differences,
        around=around,
        shared=share_of_words(text, searched_claim(statement), short) if measured else 0.0,
        omits=leaves_out(text, searched_claim(statement)) if measured else False,
    )
