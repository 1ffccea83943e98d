"""What callers send and get about policies and replays: one pydantic model a shape."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from index.models import NormalizedRating
from service.actions import Action
from service.flips import ReasonCode
from service.models import Mode, VerdictCode
from service.policies import OWN_WORDS, Policy, Rule
from service.web.fields import CheckCursor, LanguageCode, Moment, Name, PolicyName, PolicyVersion, Reference, Whole
from service.web.replies import Shape
from service.web.requests import Body

MAX_RULES = 100
MAX_NAMED = 200  # publishers, or languages, in one rule

Share = Annotated[float, Field(ge=0, le=1)]


class RuleBody(Body):
    """Conditions that a claim must meet, and the action that follows. An empty list is met by every claim."""

    action: Action = Field(strict=False)
    name: Name | None = None
    verdicts: list[Annotated[VerdictCode, Field(strict=False)]] = Field(
        [VerdictCode.REFUTED],
        description="Verdicts of the claim. If left out: only `refuted`, so that the rule does not apply to a page "
        "that denies a false statement.",
    )
    modes: list[Annotated[Mode, Field(strict=False)]] = Field(
        list(OWN_WORDS), description="How the page puts the claim. If left out: only what it says in its own words."
    )
    ratings: list[Annotated[NormalizedRating, Field(strict=False)]] = Field(
        [], description="Normalized ratings of the statement that decides."
    )
    publishers: list[Name] = Field(
        [], max_length=MAX_NAMED, description="Names or sites of publishers; a site includes its subdomains."
    )
    languages: list[LanguageCode] = Field(
        [], max_length=MAX_NAMED, description="Languages of the page, without regions."
    )
    min_confidence: Share = Field(0.0, description="Least confidence of the match.")

    def to_rule(self) -> Rule:
        """The same for those who apply it."""
        return Rule(
            self.action, self.name, tuple(self.verdicts), tuple(self.modes), tuple(self.ratings),
            tuple(self.publishers), tuple(each.partition("-")[0] for each in self.languages), self.min_confidence,
        )  # fmt: skip


class PolicyBody(Body):
    """A new version of a policy. The first rule that a claim meets decides."""

    name: PolicyName
    rules: list[RuleBody] = Field(min_length=1, max_length=MAX_RULES)
    otherwise: Action = Field(strict=False, description="The action if no rule applies.")
    failed: Action = Field(Action.REVIEW, strict=False, description="The action if the check fails.")

    def to_policy(self) -> Policy:
        """The same for those who apply it; the store gives it its version."""
        return Policy(self.name, 0, tuple(rule.to_rule() for rule in self.rules), self.otherwise, self.failed)


class RuleShape(Shape):
    """A rule of a policy. A condition with an empty list is met by every claim."""

    action: Action
    name: str | None
    verdicts: list[VerdictCode]
    modes: list[Mode]
    ratings: list[NormalizedRating]
    publishers: list[str]
    languages: list[str]
    min_confidence: float


class PolicyShape(Shape):
    """A version of a policy. It never changes; `id` names it, and `name` alone the newest one."""

    id: str
    name: str
    version: int
    created_at: datetime
    rules: list[RuleShape]
    otherwise: Action
    failed: Action


class PoliciesShape(Shape):
    """All versions of all policies, by name, the newest first."""

    policies: list[PolicyShape]


class IndexChoice(StrEnum):
    """What past checks are judged by: what was found then, or what the index of today finds."""

    RECORDED = "recorded"
    NEWEST = "newest"


class ReplayBody(Body):
    """Which of your checks to judge again, and under which policy, threshold or index. Nothing is changed."""

    policy: PolicyVersion | None = Field(None, description="The policy to use; if left out, that of each check.")
    min_confidence: Share | None = Field(
        None, description="The confidence that a match of one text needs; pages with many claims need more."
    )
    index: IndexChoice = Field(
        IndexChoice.RECORDED,
        strict=False,
        description="`newest` searches the sentences of each check again in the index of today, at most 10 checks a "
        "call.",
    )
    reference: Reference | None = None
    verdict: VerdictCode | None = Field(None, strict=False, description="Only checks with this verdict of the page.")
    from_: Moment = Field(None, alias="from", description="Only checks asked for at this time (RFC 3339) or later.")
    to: Moment = Field(None, description="Only checks asked for before this time (RFC 3339).")
    cursor: CheckCursor | None = None
    limit: Whole = Field(100, ge=1, le=100)


class OutcomeShape(Shape):
    """The verdict of a check, and what follows from it by the policy."""

    verdict: VerdictCode
    action: Action | None
    rule: int | None


class ReasonShape(Shape):
    """Why a result would be another. `statement` is the id of the one that it is about."""

    code: ReasonCode
    statement: str | None


class FlipShape(Shape):
    """A check that would have a different result, and why."""

    check: str
    reference: str | None
    url: str | None
    before: OutcomeShape
    after: OutcomeShape
    reasons: list[ReasonShape]


class EndShape(Shape):
    """The verdict of checks, and the action that follows."""

    verdict: VerdictCode
    action: Action | None


class ChangeShape(Shape):
    """How many checks would change in the same way."""

    before: EndShape
    after: EndShape
    checks: int


class ReplayShape(Shape):
    """What would change on a page of checks, newest first; `next_cursor`, sent as `cursor`, gets the next page."""

    replayed: int = Field(description="Finished checks that were judged again.")
    skipped: int = Field(
        description="Checks that have no result, or were made by a version of the program with other thresholds or, "
        "where they are searched again, other models."
    )
    changes: list[ChangeShape] = Field(description="The flips in sum, the most frequent change first.")
    flips: list[FlipShape]
    next_cursor: str | None
