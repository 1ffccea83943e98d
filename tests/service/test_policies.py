"""Policies: which rule decides about which claim."""

from __future__ import annotations

from dataclasses import replace

import pytest

from index.models import Match, NormalizedRating, PairJudgement, Publisher, Rating, Stance, Statement
from service.actions import Action, PolicyDecision
from service.models import (
    Article,
    CheckedClaim,
    CheckResult,
    JudgedMatch,
    Mode,
    Problem,
    ScoredSentence,
    Sentence,
    Stage,
    Verdict,
    VerdictCode,
)
from service.policies import Policy, Rule, decide, is_of

R = NormalizedRating
CORRECTIV = Publisher("CORRECTIV", "correctiv.org")
NOTHING = PolicyDecision("desk.1", Action.ALLOW)


def item(
    rating: R = R.FALSE, stance: Stance = Stance.SUPPORTS, confidence: float = 0.9, publisher: Publisher = CORRECTIV
) -> JudgedMatch:
    id = f"{rating.value}-{publisher.site}"
    statement = Statement("x", "https://a.example/", Rating("x", normalized=rating), publisher, id=id)
    return JudgedMatch(Match(statement, 0.9, confidence, True, PairJudgement(0.9, 0.1, 0.0, 0.0)), stance, 0.9)


def claim(code: VerdictCode, *evidence: JudgedMatch, mode: Mode = Mode.ASSERTED) -> CheckedClaim:
    return CheckedClaim(ScoredSentence(Sentence("x", 0, 1), 0.9, True, mode), Verdict(code, 0.9), evidence)


def result(*claims: CheckedClaim, language: str | None = "de-CH") -> CheckResult:
    return CheckResult(Article("x", language=language), claims, 1, Verdict(VerdictCode.REFUTED, 0.9))


def of(*rules: Rule) -> Policy:
    return Policy("desk", 1, rules, Action.ALLOW)


FALSE = claim(VerdictCode.REFUTED, item())
FLAGGED = PolicyDecision("desk.1", Action.FLAG, 0, None, 0, "false-correctiv.org")


def test_a_rule_without_conditions_means_what_the_page_says_itself_and_is_refuted() -> None:
    policy = of(Rule(Action.FLAG))
    assert decide(policy, result(FALSE)) == FLAGGED
    for mode in Mode:
        told = decide(policy, result(claim(VerdictCode.REFUTED, item(), mode=mode)))
        assert (told.action is Action.FLAG) is (mode is Mode.ASSERTED), mode
    denies = claim(VerdictCode.SUPPORTED, item(stance=Stance.REFUTES))
    assert decide(policy, result(denies)) == NOTHING


def test_a_page_that_denies_what_is_true_is_meant_too() -> None:
    denied = claim(VerdictCode.REFUTED, item(R.TRUE), mode=Mode.DENIED)
    assert decide(of(Rule(Action.FLAG)), result(denied)).action is Action.FLAG


@pytest.mark.parametrize(
    ("condition", "applies"),
    [
        ({"ratings": (R.FALSE, R.SATIRE)}, True),
        ({"ratings": (R.SATIRE,)}, False),
        ({"publishers": ("correctiv.org",)}, True),
        ({"publishers": ("Correctiv",)}, True),
        ({"publishers": ("org", "dpa")}, True),
        ({"publishers": ("rectiv.org",)}, False),
        ({"languages": ("de",)}, True),
        ({"languages": ("en",)}, False),
        ({"min_confidence": 0.9}, True),
        ({"min_confidence": 0.91}, False),
        ({"verdicts": ()}, True),
        ({"verdicts": (VerdictCode.SUPPORTED,)}, False),
        ({"modes": (Mode.QUOTED,)}, False),
        ({"ratings": (R.FALSE,), "languages": ("en",)}, False),
    ],
)
def test_every_condition_must_be_met(condition: dict, applies: bool) -> None:
    told = decide(of(replace(Rule(Action.FLAG), **condition)), result(FALSE))
    assert told == (FLAGGED if applies else NOTHING)


def test_all_conditions_are_met_by_one_statement_or_by_none() -> None:
    both = claim(
        VerdictCode.REFUTED, item(confidence=0.95), item(R.MOSTLY_FALSE, publisher=Publisher("B", "b.example"))
    )
    rule = Rule(Action.FLAG, ratings=(R.FALSE,), publishers=("b.example",))
    assert decide(of(rule), result(both)) == NOTHING
    assert decide(of(replace(rule, publishers=())), result(both)).statement == "false-correctiv.org"


def test_a_statement_that_decides_nothing_is_no_ground() -> None:
    """Else a rule that trusts one publisher would fire on what another one found."""
    mixed = claim(VerdictCode.REFUTED, item(), item(R.UNPROVEN, publisher=Publisher("B", "b.example")))
    assert decide(of(Rule(Action.FLAG, publishers=("b.example",))), result(mixed)) == NOTHING


def test_where_statements_disagree_each_of_them_counts() -> None:
    torn = claim(VerdictCode.CONFLICTING_EVIDENCE, item(), item(R.TRUE, publisher=Publisher("B", "b.example")))
    assert decide(of(Rule(Action.FLAG)), result(torn)) == NOTHING
    disputed = Rule(Action.REVIEW, verdicts=(VerdictCode.CONFLICTING_EVIDENCE,), publishers=("b.example",))
    assert decide(of(disputed), result(torn)).statement == "true-b.example"


def test_the_first_rule_that_applies_to_any_claim_decides() -> None:
    unclear = claim(VerdictCode.NOT_ENOUGH_EVIDENCE)
    rules = (Rule(Action.FLAG, "false"), Rule(Action.REVIEW, "open", verdicts=(VerdictCode.NOT_ENOUGH_EVIDENCE,)))
    told = decide(of(*rules), result(unclear, FALSE))
    assert (told.action, told.rule, told.rule_name, told.claim) == (Action.FLAG, 0, "false", 1)
    told = decide(of(*reversed(rules)), result(unclear, FALSE))
    assert told == PolicyDecision("desk.1", Action.REVIEW, 0, "open", 0, None)


def test_a_failed_check_is_looked_at_by_a_person_unless_the_policy_says_otherwise() -> None:
    failed = CheckResult(problem=Problem("page-not-found", "x", Stage.FETCH))
    assert decide(of(Rule(Action.FLAG)), failed) == PolicyDecision("desk.1", Action.REVIEW, failed=True)
    policy = replace(of(Rule(Action.FLAG)), failed=Action.FLAG)
    assert decide(policy, failed).action is Action.FLAG


def test_a_page_of_unknown_language_is_in_none_that_a_rule_names() -> None:
    assert decide(of(Rule(Action.FLAG, languages=("de",))), result(FALSE, language=None)) == NOTHING


def test_a_site_stands_for_what_is_below_it_only() -> None:
    assert is_of(Publisher(None, "faktencheck.dpa.com"), "DPA.com")
    assert not is_of(Publisher(None, "notdpa.com"), "dpa.com")
    assert not is_of(Publisher(), "dpa.com")
