"""What follows from the evidence: the tables of the design, as pure functions of rating, stance and mode."""

from __future__ import annotations

from collections.abc import Sequence

from index.models import NormalizedRating, Stance
from service.models import CheckedClaim, JudgedMatch, Mode, Verdict, VerdictCode

RATED_FALSE = frozenset(
    {
        NormalizedRating.FALSE,
        NormalizedRating.MOSTLY_FALSE,
        NormalizedRating.ALTERED_MEDIA,
        NormalizedRating.SATIRE,
    }
)
RATED_TRUE = frozenset({NormalizedRating.TRUE, NormalizedRating.MOSTLY_TRUE})
RATED_BETWEEN = frozenset({NormalizedRating.MIXED, NormalizedRating.MISSING_CONTEXT})

# A page's own words: what it asserts or denies it answers for, what it reports or quotes it does not.
OWN_MODES = frozenset({Mode.ASSERTED, Mode.DENIED})

# "Mostly", "mixed" and the like leave room for the part that this claim repeats.
RATING_CERTAINTY = {
    NormalizedRating.FALSE: 1.0,
    NormalizedRating.TRUE: 1.0,
    NormalizedRating.MOSTLY_FALSE: 0.9,
    NormalizedRating.MOSTLY_TRUE: 0.9,
    NormalizedRating.ALTERED_MEDIA: 0.9,
    NormalizedRating.SATIRE: 0.9,
    NormalizedRating.MIXED: 0.9,
    NormalizedRating.MISSING_CONTEXT: 0.9,
    NormalizedRating.UNPROVEN: 0.0,
    NormalizedRating.UNMAPPED: 0.0,
}


def stance_of_page(stance: Stance, mode: Mode) -> Stance:
    """Where the page stands: a sentence in line with a statement counts as refuting it where the page denies it."""
    return Stance.REFUTES if mode is Mode.DENIED and stance is Stance.SUPPORTS else stance


def conclude(rating: NormalizedRating, stance: Stance, mode: Mode) -> VerdictCode:
    """What one statement says about a claim; `fact_check_found` decides nothing."""
    page = stance_of_page(stance, mode)
    if page is Stance.NEUTRAL:
        return VerdictCode.FACT_CHECK_FOUND
    if rating in RATED_BETWEEN:
        return VerdictCode.CONFLICTING_EVIDENCE
    if rating in RATED_FALSE:
        return VerdictCode.REFUTED if page is Stance.SUPPORTS else VerdictCode.SUPPORTED
    if rating in RATED_TRUE:
        return VerdictCode.SUPPORTED if page is Stance.SUPPORTS else VerdictCode.REFUTED
    return VerdictCode.FACT_CHECK_FOUND


def weight_of(item: JudgedMatch) -> float:
    """How much a statement contributes to a verdict: match x stance x rating certainty."""
    return item.match.confidence * item.stance_confidence * RATING_CERTAINTY[item.match.statement.rating.normalized]


def judge_claim(mode: Mode, evidence: Sequence[JudgedMatch], candidates: Sequence[JudgedMatch] = ()) -> Verdict:
    """The verdict on one claim. Statements that disagree give `conflicting_evidence`; undecided ones do not count.

    Confidence: each deciding statement gives match x stance x rating certainty; statements that agree are taken as
    independent. Where none decides it is that of the surest match; without a match it says how sure that is.
    """
    strength: dict[VerdictCode, float] = {}
    for item in evidence:
        code = conclude(item.match.statement.rating.normalized, item.stance, mode)
        if code is not VerdictCode.FACT_CHECK_FOUND:
            strength[code] = 1 - (1 - strength.get(code, 0.0)) * (1 - weight_of(item))
    if not strength and evidence:
        return Verdict(VerdictCode.FACT_CHECK_FOUND, max(item.match.confidence for item in evidence))
    if not strength:
        nearest = max((item.match.confidence for item in candidates), default=0.0)
        return Verdict(VerdictCode.NOT_ENOUGH_EVIDENCE, 1 - nearest)
    if len(strength) == 1:
        ((code, confidence),) = strength.items()
        return Verdict(code, confidence)
    sides = [value for code, value in strength.items() if code is not VerdictCode.CONFLICTING_EVIDENCE]
    disputed = min(sides) if len(sides) > 1 else 0.0
    return Verdict(VerdictCode.CONFLICTING_EVIDENCE, max(disputed, strength.get(VerdictCode.CONFLICTING_EVIDENCE, 0.0)))


def deciding_first(verdict: Verdict, mode: Mode, evidence: Sequence[JudgedMatch]) -> tuple[JudgedMatch, ...]:
    """The evidence of a claim, that which decides on its verdict first, the strongest of it before the others.

    Where statements disagree, all that conclude anything decide.
    """

    def rank(item: JudgedMatch) -> tuple[bool, float, float]:
        code = conclude(item.match.statement.rating.normalized, item.stance, mode)
        disagrees = verdict.code is VerdictCode.CONFLICTING_EVIDENCE and code is not VerdictCode.FACT_CHECK_FOUND
        return not (code is verdict.code or disagrees), -weight_of(item), -item.match.confidence

    return tuple(sorted(evidence, key=rank))


def aggregate_verdict(checked: Sequence[CheckedClaim], highest_checkworthiness: float = 0.0) -> Verdict:
    """The verdict on a page, from its claims; `claim` names the one that decides, the earliest of equally sure ones.

    `highest_checkworthiness` of its sentences tells how sure `nothing_to_check` is where there are no claims.
    """
    everything = frozenset(Mode)
    for code, modes, page_code in (
        (VerdictCode.REFUTED, OWN_MODES, VerdictCode.REFUTED),
        (VerdictCode.CONFLICTING_EVIDENCE, everything, VerdictCode.CONFLICTING_EVIDENCE),
        (VerdictCode.SUPPORTED, everything, VerdictCode.SUPPORTED),
        (VerdictCode.REFUTED, everything - OWN_MODES, VerdictCode.MENTIONS_REFUTED),
        (VerdictCode.FACT_CHECK_FOUND, everything, VerdictCode.FACT_CHECK_FOUND),
    ):
        places = [n for n, item in enumerate(checked) if item.verdict.code is code and item.claim.mode in modes]
        if places:
            deciding = max(places, key=lambda n: checked[n].verdict.confidence)
            return Verdict(page_code, checked[deciding].verdict.confidence, deciding)
    if checked:
        return Verdict(VerdictCode.NOT_ENOUGH_EVIDENCE, min(item.verdict.confidence for item in checked))
    return Verdict(VerdictCode.NOTHING_TO_CHECK, 1 - highest_checkworthiness)
