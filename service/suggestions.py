"""Sentences for people: what may be meant if nothing is surely the same, and how a match differs."""

from __future__ import annotations

from textwrap import shorten

from index.pairs.rules import OTHER_CLAIM
from service.catalogue import say
from service.models import CheckedClaim, Hint, JudgedMatch, Shortfall

MAX_STATEMENT_LETTERS = 300


def suggested(checked: CheckedClaim) -> JudgedMatch | None:
    """The nearest statement that may be meant, for a claim with the hint that there is one."""
    return may_be_meant(checked)[0] if Hint.SUGGESTION in checked.claim.hints else None


def may_be_meant(checked: CheckedClaim) -> list[JudgedMatch]:
    """The near statements that say nothing else of another number, date or name, the nearest first."""
    return [item for item in checked.candidates if Shortfall.DIFFERENCE not in item.shortfalls]


def did_you_mean(checked: CheckedClaim, language: str) -> str:
    """Whether the nearest statement is meant, for a claim with the hint that it may be."""
    meant = may_be_meant(checked)[0]
    statement = shorten(meant.match.statement.claim_reviewed, MAX_STATEMENT_LETTERS, placeholder=" …")
    return say(language, "claim.did_you_mean", statement=statement)


def differing_words(evidence: JudgedMatch, language: str) -> list[str]:
    """The first number, date or name in which a match differs: the pair model may have thought little of it."""
    differences = [difference for difference in evidence.differences if difference.kind in OTHER_CLAIM]
    return [
        say(
            language, "rated.differs", kind=say(language, f"difference.{difference.kind.value}"),
            claim=difference.claim, statement=difference.statement,
        )
        for difference in differences[:1]
    ]  # fmt: skip
