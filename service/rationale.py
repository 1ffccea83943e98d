"""Why a policy decided as it did, in a sentence or two for a person."""

from __future__ import annotations

from service.actions import PolicyDecision
from service.catalogue import say
from service.models import Check, CheckedClaim
from service.wording import headline_of_claim, rating_words


def rationale_of(check: Check, decided: PolicyDecision, language: str) -> str:
    """Which rule applied, and to what; or that none did."""
    if decided.failed:
        return say(language, "policy.failed")
    if decided.rule is None:
        return say(language, "policy.none")
    key = "policy.rule_named" if decided.rule_name else "policy.rule"
    rule = say(language, key, rule=decided.rule + 1, name=decided.rule_name)
    claims = check.result.claims
    if decided.claim is None or decided.claim >= len(claims):
        return rule
    return f"{rule} {ground_words(claims[decided.claim], decided.statement, language)}"


def ground_words(checked: CheckedClaim, statement: str | None, language: str) -> str:
    """What was found for a claim: who rated the statement how; of twins that which is shown."""
    if statement is None or not checked.evidence:
        return headline_of_claim(checked, language)
    named = (item for item in checked.evidence if item.match.statement.id == statement)
    return rating_words(next(named, checked.evidence[0]), checked.claim.mode, language)
