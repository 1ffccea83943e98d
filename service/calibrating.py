"""Calibration on site: from matches that people decided on, what confidences should be here, and what that changes.

Only checks that are still kept count, with their decisions and their other matches alike: people mostly object to what
is wrong, and decisions alone would make every match look doubtful. What nobody decided on counts as the shipped
calibration says, so that a few complaints among many matches move little.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from index.pairs.fitting import Told, fit, log_loss
from index.pairs.protocol import PairModel
from index.pairs.site import SiteCalibration
from service.bootstrap import Application
from service.errors import NotFound
from service.findings import Finding, SentenceFindings
from service.models import Check, CheckState, VerdictCode
from service.negatives import NegativeList
from service.pipeline.revising import site_of
from service.pipeline.verdict import Decision, rejudge
from service.ruling_out import matched_pairs
from service.store.check_lists import Wanted
from service.store.feedback import Feedback, FeedbackKind, FeedbackStatus
from service.thresholds import SiteThresholds, Thresholds, thresholds_of

# Choices: with 50 decisions, 10 of them of the rarer kind, an offset is known to about a third of what it may be.
MIN_DECISIONS, MIN_EACH = 50, 10
FOLDS = 5
EDGES = (0.0, 0.7, 0.8, 0.9, 0.95, 1.0)  # of the bins of the reliability table, by confidence
AT_ONCE = 100


@dataclass(frozen=True, slots=True)
class ShownMatch:
    """A match that a kept check rests on. `right` is what somebody decided, None where nobody did.

    `confidence` is the shipped one, `minimum` what a match needed there. The same text beside the same statement counts
    once.
    """

    confidence: float
    minimum: float
    statement: str
    right: bool | None = None


@dataclass(frozen=True, slots=True)
class PastCheck:
    """A kept check with what it was concluded from."""

    id: str
    verdict: VerdictCode
    findings: tuple[SentenceFindings, ...]
    thresholds: Thresholds


@dataclass(frozen=True, slots=True)
class Bin:
    """Decided matches of about the same confidence: what it is as shipped, what it would be, and how many are right."""

    matches: int
    before: float
    after: float
    right: float


@dataclass(frozen=True, slots=True)
class Quality:
    """How confidences do on the decided matches: share of matches that are right, share of right ones that match, and
    the log loss."""

    precision: float | None
    found: float | None
    loss: float


@dataclass(frozen=True, slots=True)
class Report:
    """What was decided, what follows, and what it would change. Figures `after` are of matches held out in turn."""

    checks: int
    skipped: int  # made by another model or calibration, or without a result
    right: int
    wrong: int
    undecided: int
    fair_sample: bool
    site: SiteCalibration | None = None  # None where there are too few decisions
    before: Quality | None = None
    after: Quality | None = None
    bins: tuple[Bin, ...] = ()
    flips: tuple[tuple[VerdictCode, VerdictCode, int], ...] = ()

    @property
    def enough(self) -> bool:
        """Whether there are enough decisions to fit anything."""
        return self.right + self.wrong >= MIN_DECISIONS and min(self.right, self.wrong) >= MIN_EACH

    @property
    def helps(self) -> bool:
        """Whether what was held out became less surprising."""
        return self.before is not None and self.after is not None and self.after.loss < self.before.loss


def report_on(application: Application, most_checks: int, *, fair_sample: bool = False) -> Report:
    """What the decisions on kept checks say, newest first. `fair_sample`: they are one of all matches, not complaints.

    Changes nothing. Raises IndexFault where the model cannot be opened.
    """
    application.index.status(wait=True)
    model = application.index.current().pair_model
    remarks, negatives = decided_remarks(application), application.negatives.current()
    shown: dict[tuple[str, str], ShownMatch] = {}
    past, skipped = [], 0
    for check in kept_checks(application, most_checks):
        found = past_check(application, check, model)
        if found is None:
            skipped += 1
            continue
        past.append(found)
        for key, match in shown_matches(check, found, remarks.get(check.id, ()), negatives):
            if key not in shown or shown[key].right is None:
                shown[key] = match
    matches = list(shown.values())
    counted = Counter(match.right for match in matches)
    report = Report(len(past), skipped, counted[True], counted[False], counted[None], fair_sample)
    return fitted(report, matches, past) if report.enough else report


def fitted(report: Report, matches: Sequence[ShownMatch], past: Sequence[PastCheck]) -> Report:
    """The report with the numbers, how they do on what was held out, and what they would change."""
    decided = [match for match in matches if match.right is not None]
    others = [] if report.fair_sample else [match for match in matches if match.right is None]
    site = fit(told_of([*decided, *others]))
    after = held_out(decided, others)
    as_shipped = [match.confidence for match in decided]
    return replace(
        report,
        site=site,
        before=quality(decided, as_shipped),
        after=quality(decided, after),
        bins=reliability(decided, after),
        flips=flips_under(site, past),
    )


# ---------------------------------------------------------------- what was decided


def decided_remarks(application: Application) -> dict[str, list[Feedback]]:
    """The remarks about wrong matches that were decided on, by check."""
    found: dict[str, list[Feedback]] = {}
    for status in (FeedbackStatus.ACCEPTED, FeedbackStatus.REJECTED):
        cursor = None
        while True:
            page = application.feedback.select(None, status, cursor, AT_ONCE)
            for remark in page.feedback:
                if remark.kind is FeedbackKind.WRONG_MATCH:
                    found.setdefault(remark.check_id, []).append(remark)
            cursor = page.next_cursor
            if cursor is None:
                break
    return found


def kept_checks(application: Application, most: int) -> Iterator[Check]:
    """Everybody's checks, newest first."""
    cursor, seen = None, 0
    while seen < most:
        page = application.checks.select(None, Wanted(), cursor, min(AT_ONCE, most - seen))
        yield from page.checks
        seen, cursor = seen + len(page.checks), page.next_cursor
        if cursor is None:
            return


def past_check(application: Application, check: Check, model: PairModel) -> PastCheck | None:
    """A check with its findings; None where it has no result, or its confidences are not this model's."""
    versions, verdict = check.result.versions, check.result.verdict
    if check.state is not CheckState.FINISHED or versions is None or verdict is None or versions.pair != model.model_id:
        return None
    try:
        thresholds = thresholds_of(versions.values)
        findings = application.checks.findings(check.id, None)
    except (ValueError, NotFound):
        return None
    if thresholds.match.calibration != model.calibration_id:
        return None
    return PastCheck(check.id, verdict.code, findings, thresholds)


def shown_matches(
    check: Check, past: PastCheck, remarks: Sequence[Feedback], negatives: NegativeList
) -> Iterator[tuple[tuple[str, str], ShownMatch]]:
    """The matches that a check rests on, by text and statement, each with what was decided about it.

    What was accepted as wrong is soon on the negative list, and then the check rests on it no more: so of what it said
    before, the matches that were decided on count too.
    """
    site, minimum = site_of(past.thresholds), rejudge(past.findings, past.thresholds).min_confidence
    said = dict(decided_pairs(check, remarks))
    for result in (check.result, *(earlier.result for earlier in check.earlier)):
        for claim in result.claims:
            words = claim.claim.sentence.text
            for item in claim.evidence:
                key, confidence = (plain(words), item.match.statement.id), site.shipped(item.match.confidence)
                right = False if negatives.rules_out(words, key[1]) else said.get(key)
                if result is check.result or right is not None:
                    yield key, ShownMatch(confidence, minimum, key[1], right)


def decided_pairs(check: Check, remarks: Sequence[Feedback]) -> Iterator[tuple[tuple[str, str], bool]]:
    """The text and statement of each match that remarks are about, and whether it was decided to be right."""
    for remark in remarks:
        for text, statement in matched_pairs(check, remark):
            yield (plain(text), statement), remark.status is FeedbackStatus.REJECTED


def plain(text: str) -> str:
    """A text by which it is recognised where only case and blanks differ."""
    return " ".join(text.casefold().split())


# ---------------------------------------------------------------- how it would do


def told_of(matches: Sequence[ShownMatch]) -> list[Told]:
    """What is known of matches: of those that nobody decided on, what the shipped calibration says."""
    return [Told(each.confidence, each.confidence if each.right is None else float(each.right)) for each in matches]


def held_out(decided: Sequence[ShownMatch], others: Sequence[ShownMatch]) -> list[float]:
    """The confidence of each decided match by numbers that were fitted without it and all others of its statement."""
    folds = [int(hashlib.sha256(match.statement.encode()).hexdigest(), 16) % FOLDS for match in decided]
    sites = [
        fit(told_of([*(each for each, of in zip(decided, folds, strict=True) if of != fold), *others]))
        for fold in range(FOLDS)
    ]
    return [sites[fold].confidence(match.confidence) for match, fold in zip(decided, folds, strict=True)]


def quality(decided: Sequence[ShownMatch], confidences: Sequence[float]) -> Quality:
    """How these confidences do on decided matches."""
    matched = [match for match, sure in zip(decided, confidences, strict=True) if sure >= match.minimum]
    right = sum(bool(match.right) for match in decided)
    kept = sum(bool(match.right) for match in matched)
    told = [Told(sure, float(bool(match.right))) for match, sure in zip(decided, confidences, strict=True)]
    return Quality(kept / len(matched) if matched else None, kept / right if right else None, log_loss(told))


def reliability(decided: Sequence[ShownMatch], after: Sequence[float]) -> tuple[Bin, ...]:
    """What was said and what would be, against how often it is so."""
    bins = []
    for low, high in pairwise(EDGES):
        some = [
            (match, sure)
            for match, sure in zip(decided, after, strict=True)
            if low <= match.confidence < high or match.confidence == high == EDGES[-1]
        ]
        if some:
            n = len(some)
            said = sum(match.confidence for match, _ in some) / n
            right = sum(bool(match.right) for match, _ in some) / n
            bins.append(Bin(n, said, sum(sure for _, sure in some) / n, right))
    return tuple(bins)


def flips_under(site: SiteCalibration, past: Sequence[PastCheck]) -> tuple[tuple[VerdictCode, VerdictCode, int], ...]:
    """The verdicts of kept checks that would be others, the most frequent change first; stances stay as they were."""
    counted: Counter[tuple[VerdictCode, VerdictCode]] = Counter()
    for each in past:
        code = judged_under(site, each).verdict.code
        if code is not each.verdict:
            counted[each.verdict, code] += 1
    return tuple((before, after, n) for (before, after), n in counted.most_common())


def judged_under(site: SiteCalibration, past: PastCheck) -> Decision:
    """What a check would conclude with other confidences."""
    before = site_of(past.thresholds)

    def adjusted(found: Finding) -> Finding:
        return replace(found, confidence=site.confidence(before.shipped(found.confidence)))

    findings = [replace(each, findings=tuple(map(adjusted, each.findings))) for each in past.findings]
    return rejudge(findings, replace(past.thresholds, site=SiteThresholds(site.slope, site.offset)))
