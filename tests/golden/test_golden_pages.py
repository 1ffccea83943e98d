"""Golden pages: asserting, denying, quoting and reporting get the verdicts that people would give."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest
from rejudged import RejudgedChecker

from index.exchange.importing import import_reviews
from index.model.embedder import default_embedder
from index.pairs.reader import open_pair_model
from index.pairs.rules import RulePairModel
from index.retrieval.opening import open_live_index
from index.store.statements import StatementStore
from service.config import Settings
from service.models import CheckRequest
from service.pipeline.check import Checker

HERE = Path(__file__).parent
spec = importlib.util.spec_from_file_location("golden_pages", HERE / "pages.py")
assert spec is not None
assert spec.loader is not None
golden = importlib.util.module_from_spec(spec)
sys.modules["golden_pages"] = golden
spec.loader.exec_module(golden)


def cases(rows: Iterable[Any]) -> list[Any]:
    """Each page by its name."""
    return [pytest.param(row, id=row.slug) for row in rows]


@pytest.fixture(scope="session")
def checker(models_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Checker:
    """The models that ship, and a small real index."""
    folder = tmp_path_factory.mktemp("golden")
    store = StatementStore.open(f"sqlite:///{folder / 'store.db'}")
    import_reviews(store, golden.STATEMENTS.read_bytes(), "application/x-ndjson")
    embedder = default_embedder(models_dir)
    model = open_pair_model(models_dir, RulePairModel(embedder))
    live = open_live_index(store, embedder, model, folder / "index")
    live.update()
    return RejudgedChecker(None, live, Settings(), store)  # type: ignore[arg-type]


@pytest.mark.parametrize("page", cases(golden.read_pages()))
def test_a_page_gets_its_verdict(checker: Checker, page: golden.GoldenPage) -> None:
    result = checker.run(CheckRequest(html=page.html, url=f"https://site.example/{page.slug}"))
    assert result.problem is None
    assert result.verdict is not None
    shown = [(c.claim.mode.value, c.verdict.code.value, c.claim.sentence.text) for c in result.claims]
    if page.verdict.startswith("not refuted"):
        assert result.verdict.code.value != "refuted", shown
    else:
        assert result.verdict.code.value == page.verdict, shown
    if page.kind == "old":
        assert all("old_article" in checked.claim.hints for checked in result.claims)


@pytest.mark.parametrize("article", cases(golden.read_articles()))
def test_an_article_gets_its_verdict(checker: Checker, article: golden.GoldenArticle) -> None:
    result = checker.run(CheckRequest(html=article.html, url=f"https://site.example/{article.slug}"))
    assert result.problem is None
    assert result.verdict is not None
    shown = [(c.claim.mode.value, c.claim.cue, c.verdict.code.value, c.claim.sentence.text) for c in result.claims]
    assert result.verdict.code.value in article.verdicts, shown
    if article.kind == "old":
        assert all("old_article" in checked.claim.hints for checked in result.claims)
    if article.slug.endswith("markup"):
        assert result.article is not None
        assert result.article.is_fact_check
    if article.kind == "disagree":
        (disputed,) = [c for c in result.claims if c.evidence]
        assert len({item.match.statement.publisher.name for item in disputed.evidence}) == 2


def test_there_are_twenty_articles_a_language_and_every_kind_in_both() -> None:
    for language in ("de", "en"):
        kinds = [article.kind for article in golden.read_articles() if article.language == language]
        assert len(kinds) >= 20
        assert {"assert", "deny", "quote", "report", "old", "satire", "fact-check"} <= set(kinds)
