"""A check judged again: what follows from its rows under the thresholds that it recorded is what it said."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import cache
from typing import Any

import sqlalchemy as sa

from service.findings import SentenceFindings
from service.models import CheckRequest, CheckResult, Stage
from service.pipeline.check import Checker
from service.pipeline.verdict import rejudge
from service.store.check_rows import RESULT, result_json
from service.store.findings import forget_findings, read_findings, store_findings
from service.store.tables import findings, sentences
from service.thresholds import thresholds_of


class RejudgedChecker(Checker):
    """A Checker each of whose results is stored, read and judged again before anybody sees it."""

    def run(self, request: CheckRequest, report: Callable[[Stage], None] = lambda _stage: None) -> CheckResult:
        """As every Checker does. Fails where what was stored says something else."""
        result = super().run(request, report)
        assert_rejudged(RESULT.validate_json(result_json(result)), stored(result.findings))
        return result


def assert_rejudged(result: CheckResult, found: Sequence[SentenceFindings]) -> None:
    """The verdicts on the page and on each claim, how it is put, its evidence and its candidates, in their order."""
    if result.verdict is None:
        assert not found
        return
    assert result.versions is not None
    thresholds = thresholds_of(result.versions.values)
    assert thresholds.digest == result.versions.thresholds
    decided = rejudge(found, thresholds)
    assert decided.verdict == result.verdict
    assert decided.min_confidence == result.versions.min_confidence
    shown: list[Any] = [
        (item.verdict, item.claim.mode, keys(item.evidence), keys(item.candidates), item.claim.sentence.start)
        for item in result.claims
    ]
    again: list[Any] = [
        (
            item.verdict,
            item.mode,
            [each.statement_key for each in item.evidence],
            [each.statement_key for each in item.candidates],
            found[item.place].start,
        )
        for item in decided.claims
    ]
    assert again == shown
    places = {sentence.claim: place for place, sentence in enumerate(found) if sentence.claim is not None}
    assert [places[claim] for claim in range(len(shown))] == [item.place for item in decided.claims]


def keys(evidence: Sequence[Any]) -> list[int]:
    return [item.match.statement.key for item in evidence]


def stored(found: Sequence[SentenceFindings]) -> tuple[SentenceFindings, ...]:
    """Findings as a database gives them back."""
    with database().begin() as connection:
        store_findings(connection, "a", found)
        again = read_findings(connection, "a")
        forget_findings(connection, ["a"])
    return again


@cache
def database() -> sa.Engine:
    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool, connect_args={"check_same_thread": False})
    for table in (sentences, findings):
        table.create(engine)
    return engine
