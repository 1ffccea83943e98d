"""What follows from the findings: the tables of the design, as pure functions of rating, stance and mode.

Which evidence decides is settled here and nowhere else: `rejudge` concludes a check while it is made, and again later.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from index.models import NormalizedRating, Stance
from index.pairs.rules import OTHER_CLAIM
from service.conclusions import OWN_MODES, WITH_OWN_WORDS, conclude
from service.findings import Finding, Mode, SentenceFindings
from service.models import Shortfall, Verdict, VerdictCode
from service.pipeline.few_words import is_sure
from service.thresholds import DEFAULTS, RatingThresholds, ShortThresholds, Thresholds

RATINGS = DEFAULTS.ratings
UNSEARCHED = Verdict(VerdictCode.NOT_ENOUGH_EVIDENCE, 0.0)


@dataclass(frozen=True, slots=True)
class ClaimDecision:
    """The verdict on a claim: the findings that are evidence, that which decides first, and those that fell short.

    `place` is that of the sentence among the findings; `compared` is how many statements there were.
    """

    place: int
    mode: Mode
    verdict: Verdict
    evidence: tuple[Finding, ...] = ()
    candidates: tuple[Finding, ...] = ()
    compared: int = 0


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict on a page, and on each of its claims, in the page's order."""

    verdict: Verdict
    claims: tuple[ClaimDecision, ...]
    min_confidence: float  # that a match needed


def rejudge(findings: Sequence[SentenceFindings], thresholds: Thresholds) -> Decision:
    """What follows from the findings of a check under some thresholds: under its own what it said itself.

    Others may change what a match needs, how that grows, what few words count for, how much evidence is kept and how
    certain ratings are. What was selected, searched and read stays as it was, and what was measured of few words alone
    is known only of sentences that were so few words under the check's own thresholds.
    """
    minimum = required_confidence(sum(sentence.searched for sentence in findings), thresholds)
    claims = []
    for place, sentence in enumerate(findings):
        if not sentence.searched:
            if sentence.is_claim:
                claims.append(ClaimDecision(place, sentence.mode, UNSEARCHED))
            continue
        decided = decide_claim(place, sentence, minimum, thresholds)
        # A doubtful sentence is a claim where there is evidence. Of a short text what comes near is worth showing too:
        # whoever handed it over looks for it.
        if sentence.is_claim or decided.evidence or (sentence.alone and decided.candidates):
            claims.append(decided)
    highest = max((sentence.checkworthiness for sentence in findings), default=0.0)
    return Decision(aggregate_verdict(claims, highest), tuple(claims), minimum)


def decide_claim(place: int, sentence: SentenceFindings, minimum: float, thresholds: Thresholds) -> ClaimDecision:
    """The verdict on one sentence, where a match needs the confidence `minimum`."""
    divided = divide_findings(sentence, minimum, thresholds)
    mode = divided.evidence[0].mode if divided.evidence else sentence.mode  # the surest evidence tells how it is put
    verdict = judge_claim(mode, divided.evidence, divided.candidates, thresholds.ratings)
    evidence = deciding_first(verdict, mode, divided.evidence, thresholds.ratings)
    return ClaimDecision(place, mode, verdict, evidence, divided.candidates, divided.compared)


def placed_findings(
    findings: Sequence[SentenceFindings], decision: Decision, thresholds: Thresholds
) -> tuple[SentenceFindings, ...]:
    """The findings as they are kept: with the claims' places, and without what is too far away to be a candidate."""
    places = {decided.place: claim for claim, decided in enumerate(decision.claims)}
    least = thresholds.match.min_candidate
    return tuple(
        replace(
            sentence,
            claim=places.get(place),
            findings=tuple(finding for finding in sentence.findings if finding.confidence >= least),
        )
        for place, sentence in enumerate(findings)
    )


# ---------------------------------------------------------------- which findings count


@dataclass(frozen=True, slots=True)
class Divided:
    """The findings for a sentence that are evidence and the candidates that fell short, each surest first.

    `compared` is how many statements there were.
    """

    evidence: tuple[Finding, ...]
    candidates: tuple[Finding, ...]
    compared: int


def required_confidence(claims: int, thresholds: Thresholds) -> float:
    """The confidence that a match needs on a page of so many claims, from what it needs for one text."""
    least = thresholds.match.min_confidence
    growth = float(max(1.0, claims / thresholds.growth.few_claims) ** thresholds.growth.power)
    return least * growth / (least * growth + 1 - least)


def divide_findings(sentence: SentenceFindings, minimum: float, thresholds: Thresholds) -> Divided:
    """Which findings for a sentence are evidence where a match needs the confidence `minimum`."""
    counted, near = [], []
    each = surest(sentence.findings, minimum)
    for finding in each:
        if finding.confidence >= minimum and may_count(sentence, finding, thresholds.short):
            counted.append(finding)
        elif finding.confidence >= thresholds.match.min_candidate:
            near.append(finding)
    most, shown = thresholds.match.max_evidence, thresholds.match.max_candidates
    kept = sorted(counted, key=lambda finding: not finding.own)[:most]  # the house's own are never cut off by others
    return Divided(tuple(finding for finding in counted if finding in kept), tuple(near[:shown]), len(each))


def surest(findings: Sequence[Finding], minimum: float) -> list[Finding]:
    """Each statement once, with the judgement that is surest of it, surest first.

    What a sentence says by itself is not read again with what stands around it, which may say the opposite: neither
    beside the same statement nor beside its twin in another language. A question that leaves it open by itself is read
    as what it asks about.
    """
    told = {
        each.statement_key for each in findings if each.around and asks_whether(each) and each.confidence >= minimum
    }
    findings = [
        each for each in findings if each.around or each.stance is not Stance.NEUTRAL or each.statement_key not in told
    ]
    own = [finding for finding in findings if not finding.around and finding.confidence >= minimum]
    sure = {finding.statement_key for finding in own}
    read = [
        finding
        for finding in findings
        if not finding.around or (finding.statement_key not in sure and not denied_around(finding, own))
    ]
    best: dict[int, Finding] = {}
    for finding in sorted(read, key=lambda finding: -finding.confidence):
        best.setdefault(finding.statement_key, finding)
    return list(best.values())


def asks_whether(finding: Finding) -> bool:
    """Whether it is asked about the statement or its opposite, rather than about something near."""
    return finding.mode is Mode.ASKED and finding.stance is not Stance.NEUTRAL


def denied_around(finding: Finding, own: Sequence[Finding]) -> bool:
    """Whether only what stands around a sentence denies what it says itself, beside a surer statement rated alike."""
    return finding.stance is Stance.REFUTES and any(
        each.stance is Stance.SUPPORTS and each.rating is finding.rating and each.confidence > finding.confidence
        for each in own
    )


def may_count(sentence: SentenceFindings, finding: Finding, short: ShortThresholds) -> bool:
    """Whether a match may be evidence; a match of few words mostly only leads to a suggestion."""
    if sentence.words >= short.words:
        return True
    return sentence.alone and is_sure(finding.confidence, finding.shared, short) and not finding.omits


def shortfalls(
    sentence: SentenceFindings, finding: Finding, minimum: float, short: ShortThresholds
) -> tuple[Shortfall, ...]:
    """Why a finding that is no evidence is none."""
    kinds = {difference.kind for difference in finding.differences}
    reasons = {
        Shortfall.CONFIDENCE: finding.confidence < minimum,
        Shortfall.SHORT: not may_count(sentence, finding, short),
        Shortfall.DIFFERENCE: bool(kinds & OTHER_CLAIM),
    }
    return tuple(reason for reason, holds in reasons.items() if holds)


# ---------------------------------------------------------------- what follows from those that count


def weight_of(finding: Finding, ratings: RatingThresholds = RATINGS) -> float:
    """How much a statement contributes to a verdict: match x stance x rating certainty."""
    return finding.confidence * finding.stance_confidence * ratings.certainty(finding.rating)


def judge_claim(
    mode: Mode, evidence: Sequence[Finding], candidates: Sequence[Finding] = (), ratings: RatingThresholds = RATINGS
) -> Verdict:
    """The verdict on one claim. Statements that disagree give `conflicting_evidence`; undecided ones do not count.

    Confidence: each deciding statement gives match x stance x rating certainty; statements that agree are taken as
    independent. Where none decides it is that of the surest match; without a match it says how sure that is.
    """
    strength: dict[VerdictCode, float] = {}
    for finding in evidence:
        code = conclude(finding.rating, finding.stance, mode)
        if code is not VerdictCode.FACT_CHECK_FOUND:
            strength[code] = 1 - (1 - strength.get(code, 0.0)) * (1 - weight_of(finding, ratings))
    if not strength and evidence:
        return Verdict(VerdictCode.FACT_CHECK_FOUND, max(finding.confidence for finding in evidence))
    if not strength:
        nearest = max((finding.confidence for finding in candidates), default=0.0)
        return Verdict(VerdictCode.NOT_ENOUGH_EVIDENCE, 1 - nearest)
    if len(strength) == 1:
        ((code, confidence),) = strength.items()
        return Verdict(code, confidence)
    sides = [value for code, value in strength.items() if code is not VerdictCode.CONFLICTING_EVIDENCE]
    disputed = min(sides) if len(sides) > 1 else 0.0
    return Verdict(VerdictCode.CONFLICTING_EVIDENCE, max(disputed, strength.get(VerdictCode.CONFLICTING_EVIDENCE, 0.0)))


def deciding_first(
    verdict: Verdict, mode: Mode, evidence: Sequence[Finding], ratings: RatingThresholds = RATINGS
) -> tuple[Finding, ...]:
    """The evidence of a claim, that which decides on its verdict first: the house's own, then the strongest.

    Where statements disagree, all that conclude anything decide.
    """

    def rank(finding: Finding) -> tuple[bool, bool, float, float]:
        code = conclude(finding.rating, finding.stance, mode)
        disagrees = verdict.code is VerdictCode.CONFLICTING_EVIDENCE and code is not VerdictCode.FACT_CHECK_FOUND
        decides = code is verdict.code or disagrees
        return not decides, not finding.own, -weight_of(finding, ratings), -finding.confidence

    return tuple(sorted(evidence, key=rank))


def aggregate_verdict(claims: Sequence[ClaimDecision], highest_checkworthiness: float = 0.0) -> Verdict:
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
        places = [n for n, item in enumerate(claims) if item.verdict.code is code and item.mode in modes]
        if places:
            deciding = max(places, key=lambda n: claims[n].verdict.confidence)
            alike = _rated_alike(claims) if page_code is VerdictCode.REFUTED else None
            return Verdict(page_code, claims[deciding].verdict.confidence, deciding, alike)
    if claims:
        return Verdict(VerdictCode.NOT_ENOUGH_EVIDENCE, min(item.verdict.confidence for item in claims))
    return Verdict(VerdictCode.NOTHING_TO_CHECK, 1 - highest_checkworthiness)


def _rated_alike(claims: Sequence[ClaimDecision]) -> NormalizedRating | None:
    """How everything was rated that refutes a page, where that has words of its own."""
    ratings = {
        finding.rating
        for item in claims
        if item.verdict.code is VerdictCode.REFUTED and item.mode in OWN_MODES
        for finding in item.evidence
        if conclude(finding.rating, finding.stance, item.mode) is VerdictCode.REFUTED
    }
    return next((rating for rating in WITH_OWN_WORDS if ratings == {rating}), None)
