"""Claims to matches: one search for all claims of a page."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from index.models import Match, Stance
from index.pairs.words import content_words
from index.retrieval.search import StatementIndex
from service.models import Mode, Offer, ScoredSentence
from service.pipeline.few_words import is_surely
from service.pipeline.insisting import insisted
from service.thresholds import DEFAULTS, Thresholds


def find_matches(
    index: StatementIndex,
    claims: Sequence[ScoredSentence],
    post: str | None = None,
    thresholds: Thresholds = DEFAULTS,
    among: Collection[int] | None = None,
) -> list[list[Offer]]:
    """The nearest statements of each claim. Raises StoreUnavailable.

    `post` is the page as a whole where it is a post: only that is judged as posts are, and no sentence of a page.
    What only the surroundings of sentences match belongs to one claim alone, the one that has most of its words.
    With `among` only statements of these keys are read and given.
    """
    texts = [searched_texts(claim) for claim in claims]
    unique = list(dict.fromkeys(text for some in texts for text in some))
    limit, reads = thresholds.match.candidates, thresholds.match.reads
    found = index.search(unique, limit=limit, max_reads=reads, whole={post} if post else (), among=among)
    matches_of = dict(zip(unique, found, strict=True))
    rows = [[matches_of[text] for text in some] for some in texts]
    homes = homes_of(claims, rows)
    return [
        [
            *(Offer(match) for match in own(row, claim, post, thresholds)),
            *(Offer(match, around=True) for match in wider(row) if homes[id(match)] == place),
        ]
        for place, (claim, row) in enumerate(zip(claims, rows, strict=True))
    ]


def homes_of(claims: Sequence[ScoredSentence], rows: Sequence[Sequence[Sequence[Match]]]) -> dict[int, int | None]:
    """The place of the claim to which each match of a wider text belongs, by the match's identity.

    Of the claims searched with it that is the one that shares most words with the statement; None where another text
    makes the statement surer, unless that is a question which leaves it open.
    """
    surest_of: dict[int, Match] = {}
    told = (
        match
        for claim, row in zip(claims, rows, strict=True)
        for place, each in enumerate(row)
        for match in each
        if place or not leaves_open(claim, match)
    )
    for match in sorted(told, key=lambda match: -match.confidence):
        surest_of.setdefault(match.statement.key, match)
    homes: dict[int, int | None] = {}
    most: dict[int, tuple[int, float]] = {}
    for place, (claim, row) in enumerate(zip(claims, rows, strict=True)):
        for match in wider(row):
            homes.setdefault(id(match), None)
            if surest_of[match.statement.key] is match:
                words = content_words(claim.sentence.text) & content_words(match.statement.claim_reviewed)
                shared = (len(words), claim.checkworthiness)
                if id(match) not in most or shared > most[id(match)]:
                    most[id(match)], homes[id(match)] = shared, place
    return homes


def leaves_open(claim: ScoredSentence, match: Match) -> bool:
    """Whether a question by itself says nothing about a statement, so that what it asks about is read instead."""
    asks = claim.mode is Mode.ASKED and claim.query is not None and claim.query in claim.sentence.text
    return asks and match.judgement.stance is Stance.NEUTRAL


def searched_texts(claim: ScoredSentence) -> list[str]:
    """What is searched for a claim: its sentence, what the query makes of it, or both where one holds the other.

    What somebody insists on is searched without the words that insist.
    """
    sentence = claim.sentence.text
    if claim.query is None:
        return [sentence]
    both = sentence in claim.query or (claim.query in sentence and not insisted(sentence))
    return [sentence, claim.query] if both else [claim.query]


def own(
    found: Sequence[Sequence[Match]], claim: ScoredSentence, post: str | None, thresholds: Thresholds
) -> Sequence[Match]:
    """The matches of the text searched first.

    A few words say something only with those around them, unless they are, in a post, surely the statement itself.
    """
    sentence = claim.sentence.text
    if claim.query is None or sentence not in claim.query or len(sentence.split()) >= thresholds.short.words:
        return found[0]
    return [match for match in found[0] if post is not None and is_surely(sentence, match, thresholds.short)]


def wider(found: Sequence[Sequence[Match]]) -> list[Match]:
    """The matches of all texts searched for a claim but the first."""
    return [match for row in found[1:] for match in row]
