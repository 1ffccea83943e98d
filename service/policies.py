"""Policies: rules by which somebody acts on checks, as pure functions of what was found.

A policy has a name and versions; a version never changes, so a decision can be explained for as long as it is kept.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from index.models import Match, NormalizedRating, Publisher, Stance
from service.actions import Action, PolicyDecision
from service.conclusions import OWN_MODES, conclude
from service.models import CheckedClaim, CheckResult, Mode, VerdictCode

OWN_WORDS = tuple(mode for mode in Mode if mode in OWN_MODES)


@dataclass(frozen=True, slots=True)
class Rule:
    """Fires on a claim that meets every condition. An empty condition is met by all.

    What is left out means a claim that the page itself makes and that is refuted: a page that quotes a false statement,
    or denies it, is not meant unless somebody says so.
    """

    action: Action
    name: str | None = None
    verdicts: tuple[VerdictCode, ...] = (VerdictCode.REFUTED,)  # of the claim
    modes: tuple[Mode, ...] = OWN_WORDS
    ratings: tuple[NormalizedRating, ...] = ()
    publishers: tuple[str, ...] = ()  # names, or sites with all below them
    languages: tuple[str, ...] = ()  # of the page
    min_confidence: float = 0.0  # of the match


@dataclass(frozen=True, slots=True)
class Policy:
    """A version of a policy. The first rule that fires decides, `otherwise` where none does.

    `failed` is the action where there is no result.
    """

    name: str
    version: int
    rules: tuple[Rule, ...]
    otherwise: Action
    failed: Action = Action.REVIEW

    @property
    def id(self) -> str:
        """Names the version."""
        return f"{self.name}.{self.version}"


@dataclass(frozen=True, slots=True)
class Ground:
    """A claim with one statement that decides on its verdict, or with none, as a rule looks at it."""

    claim: int
    mode: Mode
    verdict: VerdictCode
    language: str  # of the page; "" where it is not known
    confidence: float = 0.0
    rating: NormalizedRating | None = None
    publisher: Publisher = field(default_factory=Publisher)
    statement: str | None = None


def apply_policy(policy: Policy, grounds: Sequence[Ground]) -> PolicyDecision:
    """What a policy decides about a check that has a verdict."""
    for place, rule in enumerate(policy.rules):
        for ground in grounds:
            if fires(rule, ground):
                return PolicyDecision(policy.id, rule.action, place, rule.name, ground.claim, ground.statement)
    return PolicyDecision(policy.id, policy.otherwise)


def decide(policy: Policy, result: CheckResult) -> PolicyDecision:
    """What a policy decides about a check that has ended."""
    if result.verdict is None:
        return PolicyDecision(policy.id, policy.failed, failed=True)
    return apply_policy(policy, list(grounds_of(result.claims, language_of(result))))


def fires(rule: Rule, ground: Ground) -> bool:
    """Whether a claim and its statement meet a rule."""
    return (
        (not rule.verdicts or ground.verdict in rule.verdicts)
        and (not rule.modes or ground.mode in rule.modes)
        and (not rule.ratings or ground.rating in rule.ratings)
        and (not rule.publishers or any(is_of(ground.publisher, name) for name in rule.publishers))
        and (not rule.languages or ground.language in rule.languages)
        and ground.confidence >= rule.min_confidence
    )


def grounds_of(claims: Iterable[CheckedClaim], language: str) -> Iterable[Ground]:
    """What rules look at, in the page's order.

    Evidence that does not decide on its claim is left out: it is no ground for anything.
    """
    for place, checked in enumerate(claims):
        claim = Ground(place, checked.claim.mode, checked.verdict.code, language)
        yield from deciding(claim, [(item.stance, ground_by(claim, item.match)) for item in checked.evidence])


def deciding(claim: Ground, found: Sequence[tuple[Stance, Ground]]) -> Iterable[Ground]:
    """Of what was found for a claim, with its stance, the grounds that decide on it; the claim alone for nothing."""
    if not found:
        yield claim
    for stance, ground in found:
        if ground.rating is not None and counts_for(claim.verdict, conclude(ground.rating, stance, claim.mode)):
            yield ground


def ground_by(claim: Ground, match: Match) -> Ground:
    """A claim with a statement that was found for it."""
    statement, rating = match.statement, match.statement.rating.normalized
    return replace(
        claim, confidence=match.confidence, rating=rating, publisher=statement.publisher, statement=statement.id
    )


def counts_for(verdict: VerdictCode, concluded: VerdictCode) -> bool:
    """Whether a statement from which this is concluded decides on a claim's verdict: where they disagree, all do."""
    disagrees = verdict is VerdictCode.CONFLICTING_EVIDENCE and concluded is not VerdictCode.FACT_CHECK_FOUND
    return concluded is verdict or disagrees


def is_of(publisher: Publisher, name: str) -> bool:
    """Whether a publisher goes by a name or site; a site stands for all below it."""
    wanted, site = name.casefold(), (publisher.site or "").casefold()
    return wanted == (publisher.name or "").casefold() or site == wanted or site.endswith(f".{wanted}")


def language_of(result: CheckResult) -> str:
    """The language of a page without its region; "" where it is not known."""
    return ((result.article.language if result.article else None) or "").partition("-")[0].lower()
