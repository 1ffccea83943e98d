"""What the shipped models decided follows from what was kept of it; other thresholds decide otherwise."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from rejudged import RejudgedChecker, stored

from index.exchange.importing import import_reviews
from index.model.embedder import Embedder
from index.pairs.reader import ReaderPairModel
from index.retrieval.opening import open_live_index
from index.store.statements import StatementStore
from service.config import Settings
from service.models import CheckRequest, CheckResult, VerdictCode
from service.pipeline.verdict import Decision, rejudge
from service.thresholds import thresholds_of

STRICT = 0.999
GOLDEN = Path(__file__).parents[1] / "golden"
POSTS = (
    "Bargeld wird verboten",
    "Die Masernimpfung löst bei Kindern Autismus aus.",
    "Stimmt es, dass die Masernimpfung bei Kindern Autismus auslöst?",
    "Guten Morgen zusammen!",
    "",
)


Opening = Callable[[float | None], RejudgedChecker]


@pytest.fixture(scope="module")
def open_checker(embedder: Embedder, model: ReaderPairModel, tmp_path_factory: pytest.TempPathFactory) -> Opening:
    """Opens the shipped models over the golden statements; each check is judged again from its rows."""
    folder = tmp_path_factory.mktemp("rejudged")
    store = StatementStore.open(f"sqlite:///{folder / 'store.db'}")
    import_reviews(store, (GOLDEN / "statements.jsonl").read_bytes(), "application/x-ndjson")

    def open_one(min_confidence: float | None) -> RejudgedChecker:
        live = open_live_index(store, embedder, model, folder / "index", min_confidence)
        live.update()
        return RejudgedChecker(None, live, Settings(), store)  # type: ignore[arg-type]

    return open_one


@pytest.fixture(scope="module")
def results(open_checker: Opening) -> list[CheckResult]:
    """Golden pages, every third golden article, and posts, all checked."""
    checker = open_checker(None)
    return [checker.run(request) for request in requests()]


def requests() -> Iterator[CheckRequest]:
    for line in (GOLDEN / "pages.jsonl").read_text(encoding="utf-8").splitlines():
        yield CheckRequest(text="\n\n".join((json.loads(line)["title"], *json.loads(line)["paragraphs"])))
    for path in sorted((GOLDEN / "articles").glob("*.html"))[::3]:
        yield CheckRequest(html=path.read_text(encoding="utf-8"), url=f"https://site.example/{path.stem}")
    yield from (CheckRequest(text=text) for text in POSTS)


def rejudged(result: CheckResult, min_confidence: float) -> Decision:
    assert result.versions is not None
    thresholds = thresholds_of(result.versions.values)
    match = replace(thresholds.match, min_confidence=min_confidence)
    return rejudge(stored(result.findings), replace(thresholds, match=match))


def test_every_verdict_follows_from_the_rows_of_its_check(results: list[CheckResult]) -> None:
    assert all(result.problem is None for result in results)
    codes = {result.verdict.code for result in results if result.verdict}
    assert codes >= {VerdictCode.REFUTED, VerdictCode.SUPPORTED, VerdictCode.NOTHING_TO_CHECK}


def test_where_no_match_is_sure_enough_nothing_is_refuted(results: list[CheckResult]) -> None:
    assert {rejudged(result, 1.0).verdict.code for result in results} <= {
        VerdictCode.NOT_ENOUGH_EVIDENCE, VerdictCode.NOTHING_TO_CHECK,
    }  # fmt: skip


def test_a_new_check_under_other_thresholds_says_what_the_rows_of_before_say_under_them(
    open_checker: Opening, results: list[CheckResult]
) -> None:
    strict = open_checker(STRICT)
    some = list(zip(requests(), results, strict=True))[:12]
    again = [rejudged(before, STRICT).verdict for _, before in some]
    assert again == [strict.run(request).verdict for request, _ in some]
    assert again != [before.verdict for _, before in some]
