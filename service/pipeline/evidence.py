"""Claims to matches: one search for all claims of a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.models import Match
from index.pairs.words import content_words
from index.retrieval.search import StatementIndex
from service.models import ScoredSentence
from service.pipeline.stance import SHORT_WORDS, is_surely

CANDIDATES = 8  # statements asked for a text: more never matched, and each pair costs reading
READS = 32  # pairs of a page that the pair model may read

# Every claim is another chance to match something foreign. What training/pairs/calibrate.py prints of texts held out:
# as the odds that a match needs grow, false matches become fewer by their power of 1.25, and ordinary sentences match a
# fourth as often as the texts that the threshold was chosen on. So a page of FEW_CLAIMS sentences has the false matches
# of one such text, and one of more has no more of them where the odds grow by the power of GROWTH = 1 / 1.25.
FEW_CLAIMS = 4
GROWTH = 0.8


def find_matches(index: StatementIndex, claims: Sequence[ScoredSentence], post: str | None = None) -> list[list[Match]]:
    """The nearest statements of each claim, surest first. Raises StoreUnavailable.

    `post` is the page as a whole where it is a post: only that is judged as posts are, and no sentence of a page.
    What only the surroundings of sentences match belongs to one claim alone, the one that has most of its words. The
    more claims, the surer a match must be.
    """
    texts = [searched_texts(claim) for claim in claims]
    unique = list(dict.fromkeys(text for some in texts for text in some))
    found = index.search(unique, limit=CANDIDATES, max_reads=READS, whole={post} if post else ())
    matches_of = dict(zip(unique, found, strict=True))
    rows = [[matches_of[text] for text in some] for some in texts]
    minimum = required_confidence(index.min_confidence, len(claims))
    homes = homes_of(claims, rows)
    nearest = []
    for place, (claim, row) in enumerate(zip(claims, rows, strict=True)):
        alone = own(row, claim, post)
        # What a sentence says by itself is not read again with what stands around it, which may say the opposite.
        sure = {match.statement.key for match in alone if match.confidence >= minimum}
        around = [match for match in wider(row) if homes[id(match)] == place and match.statement.key not in sure]
        nearest.append(surest([*alone, *around]))
    return demand(nearest, minimum)


def homes_of(claims: Sequence[ScoredSentence], rows: Sequence[Sequence[Sequence[Match]]]) -> dict[int, int | None]:
    """The place of the claim to which each match of a wider text belongs, by the match's identity.

    Of the claims searched with it that is the one that shares most words with the statement; None where another text
    makes the statement surer.
    """
    surest_of = {
        match.statement.key: match for match in surest([match for row in rows for each in row for match in each])
    }
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


def required_confidence(min_confidence: float, claims: int) -> float:
    """The confidence that a match needs on a page of so many claims, from what it needs for one text."""
    growth = float(max(1.0, claims / FEW_CLAIMS) ** GROWTH)
    return min_confidence * growth / (min_confidence * growth + 1 - min_confidence)


def demand(rows: Sequence[Sequence[Match]], min_confidence: float) -> list[list[Match]]:
    """The matches, of which those are one that are sure enough."""
    return [[replace(match, is_match=match.confidence >= min_confidence) for match in row] for row in rows]


def searched_texts(claim: ScoredSentence) -> list[str]:
    """What is searched for a claim: its sentence, what the query makes of it, or both where one holds the other."""
    sentence = claim.sentence.text
    if claim.query is None:
        return [sentence]
    return [sentence, claim.query] if sentence in claim.query or claim.query in sentence else [claim.query]


def own(found: Sequence[Sequence[Match]], claim: ScoredSentence, post: str | None) -> Sequence[Match]:
    """The matches of the text searched first.

    A few words say something only with those around them, unless they are, in a post, surely the statement itself.
    """
    sentence = claim.sentence.text
    if claim.query is None or sentence not in claim.query or len(sentence.split()) >= SHORT_WORDS:
        return found[0]
    return [match for match in found[0] if post is not None and is_surely(sentence, match)]


def wider(found: Sequence[Sequence[Match]]) -> list[Match]:
    """The matches of all texts searched for a claim but the first."""
    return [match for row in found[1:] for match in row]


def surest(matches: Sequence[Match]) -> list[Match]:
    """Each statement once, with the judgement that is surest of it, surest first."""
    best: dict[int, Match] = {}
    for match in sorted(matches, key=lambda match: -match.confidence):
        best.setdefault(match.statement.key, match)
    return list(best.values())
