"""The Checker: stages in their order, faults kept as problems, and what was found before them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import pytest
from doubles import WordsInPictures, picture_saying

from index.characters import visible_text
from index.errors import IndexUnavailable, StoreUnavailable
from index.model.embedder import Vectors
from index.model.remembering import RememberingEmbedder
from index.models import (
    Match,
    NormalizedRating,
    Pair,
    PairJudgement,
    Publisher,
    Rating,
    Statement,
)  # fmt: skip
from index.pairs.site import AS_SHIPPED, SiteCalibration
from index.thresholds import SEARCH, SearchThresholds
from service.config import Settings
from service.errors import PageCrashesReader, PageNotFound, PageTooComplex, ReaderUnavailable
from service.models import (
    CheckRequest,
    CheckResult,
    Hint,
    Mode,
    Page,
    Stage,
    VerdictCode,
)
from service.picture_errors import PictureDamaged
from service.pipeline.check import Checker
from service.pipeline.reader import DirectReader
from service.pipeline.verdict import rejudge
from service.thresholds import thresholds_of

MAX_CHARACTERS, MAX_SENTENCES, MAX_SEARCHED = 40_000, 600, 48  # as they ship

CLAIM = "Seit dem 1. Mai zahlt die Stadt Ulm jedem Einwohner 500 Euro im Monat."
HTML = (
    f"<html lang=de><head><title>Ulm zahlt jedem 500 Euro</title></head><body><article><p>{CLAIM} Das Geld fließt aus "
    "einem Fonds, den der Gemeinderat im März eingerichtet hat.</p><p>Beantragt wird die Zahlung im Rathaus, wo seit "
    "gestern lange Schlangen stehen.</p></article></body></html>"
)


class NoEmbedder:
    """Knows no text from another, so that nothing is decided by it."""

    model_id, dimensions = "none", 1

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return np.ones((len(texts), 1), np.float32)

    encode_statements = encode_queries


@dataclass(frozen=True)
class FixedIndex:
    """Finds one statement for every text that has its words; the parts of StatementIndex that a check reads."""

    embedder: object = field(default_factory=NoEmbedder)
    pair_model: object = field(
        default_factory=lambda: type("Model", (), {"model_id": "fixed", "calibration_id": "fixed-1"})()
    )
    checkpoint: str = "ab-000001"
    statements: int = 1
    min_confidence: float = 0.8
    thresholds: SearchThresholds = SEARCH
    site: SiteCalibration = AS_SHIPPED
    fault: Exception | None = None

    def search(self, texts: Sequence[str], limit: int = 10, **how: object) -> list[list[Match]]:
        if self.fault:
            raise self.fault
        rated = Rating("Falsch", normalized=NormalizedRating.FALSE)
        statement = Statement("Ulm zahlt jedem 500 Euro.", "https://a.example/1", rated, Publisher("Prüfer"), key=1)
        judged = PairJudgement(0.9, 0.9, 0.0, 0.1)
        return [
            [Match(statement, 0.93, 0.9, True, judged)] if "500 Euro" in visible_text(text) else [] for text in texts
        ]

    def judge(self, pairs: Sequence[Pair]) -> list[PairJudgement]:
        raise AssertionError(pairs)


@dataclass
class FixedSource:
    """A LiveIndex with one index, or none."""

    index: FixedIndex | None = field(default_factory=FixedIndex)
    embedder: object = field(default_factory=NoEmbedder)

    def current(self) -> FixedIndex:
        if self.index is None:
            raise IndexUnavailable("The index was not built yet.")
        return self.index


class OnePage:
    """Every address is the same page, after a redirect; without HTML the site knows none."""

    def __init__(self, html: str | None = HTML) -> None:
        self.html = html

    def fetch(self, url: str) -> Page:
        if self.html is None:
            raise PageNotFound("The site says that there is no such page.")
        return Page(url, f"{url}?final", self.html, "text/html", fetched=True)


class NoHistory:
    """Every rating is the first."""

    def rerated(self, keys: Sequence[int]) -> frozenset[int]:
        return frozenset()


def checker(html: str | None = HTML, index: FixedIndex | None = FixedIndex()) -> Checker:
    return Checker(OnePage(html), FixedSource(index), Settings(), NoHistory())


def verdict_of(result: CheckResult) -> VerdictCode | None:
    return result.verdict.code if result.verdict else None


def fault_of(result: CheckResult) -> tuple[str, Stage] | None:
    return (result.problem.code, result.problem.stage) if result.problem else None


def test_a_link_is_walked_to_its_verdict() -> None:
    stages: list[Stage] = []
    result = checker().run(CheckRequest(url="https://blatt.example/ulm"), stages.append)
    assert list(dict.fromkeys(stages)) == list(Stage)
    assert [time.stage for time in result.times] == list(Stage)
    assert result.problem is None
    assert verdict_of(result) is VerdictCode.REFUTED
    assert (result.fetched, result.final_url) == (True, "https://blatt.example/ulm?final")
    assert result.sentences >= 3
    assert result.versions is not None
    assert (result.versions.index_checkpoint, result.versions.index_statements) == ("ab-000001", 1)
    assert (result.versions.embedder, result.versions.pair) == ("none", "fixed")
    assert result.versions.min_confidence == 0.8
    assert result.versions.values["match"]["calibration"] == "fixed-1"


def test_offsets_are_those_of_the_article_with_its_headline() -> None:
    result = checker().run(CheckRequest(url="https://blatt.example/ulm"))
    assert result.article is not None
    assert result.article.text.startswith("Ulm zahlt jedem 500 Euro")
    assert any(checked.claim.sentence.text == CLAIM for checked in result.claims)
    for checked in result.claims:
        sentence = checked.claim.sentence
        assert result.article.text[sentence.start : sentence.end] == sentence.text


def test_supplied_html_is_not_fetched() -> None:
    result = checker(html=None).run(CheckRequest(html=HTML, url="https://blatt.example/ulm"))
    assert verdict_of(result) is VerdictCode.REFUTED
    assert (result.fetched, result.final_url) == (False, None)


def test_text_is_taken_as_it_is() -> None:
    result = checker(html=None).run(CheckRequest(text=f"\n {CLAIM}"))
    assert result.article is not None
    assert result.article.text == f"\n {CLAIM}"
    assert verdict_of(result) is VerdictCode.REFUTED


def test_a_denial_is_not_refuted() -> None:
    result = checker().run(CheckRequest(text=f"{CLAIM} Das ist falsch."))
    assert result.claims[0].claim.mode is Mode.DENIED
    assert verdict_of(result) is VerdictCode.SUPPORTED


@pytest.mark.parametrize("text", ["", "   \n", "Und nun?", "Guten Morgen zusammen!"])
def test_a_text_without_claims_has_nothing_to_check(text: str) -> None:
    result = checker().run(CheckRequest(text=text))
    assert verdict_of(result) is VerdictCode.NOTHING_TO_CHECK


def test_a_page_that_cannot_be_fetched_is_a_problem() -> None:
    result = checker(html=None).run(CheckRequest(url="https://blatt.example/weg"))
    assert fault_of(result) == ("page-not-found", Stage.FETCH)
    assert result.verdict is None
    assert [time.stage for time in result.times] == [Stage.FETCH]


def test_a_page_without_text_keeps_its_article() -> None:
    result = checker("<html><head><title>Leer</title></head><body></body></html>").run(
        CheckRequest(url="https://b.example/")
    )
    assert fault_of(result) == ("page-unreadable", Stage.ARTICLE)
    assert result.article is not None
    assert result.final_url == "https://b.example/?final"


def test_without_an_index_the_sentences_are_kept() -> None:
    result = checker(index=None).run(CheckRequest(text=CLAIM))
    assert fault_of(result) == ("index-not-ready", Stage.EVIDENCE)
    assert (result.sentences, result.claims, result.verdict) == (1, (), None)


def test_a_store_that_fails_during_the_search_is_a_problem() -> None:
    fault = StoreUnavailable("The database cannot be read.")
    result = checker(index=FixedIndex(fault=fault)).run(CheckRequest(text=CLAIM))
    assert fault_of(result) == ("check-failed", Stage.EVIDENCE)
    assert result.problem is not None
    assert result.problem.detail == "The database cannot be read."


def test_claims_beyond_the_budget_are_shown_as_not_searched() -> None:
    text = "\n".join(f"Die Stadt Ulm hat im Jahr 2021 genau {n} Bäume gefällt." for n in range(MAX_SEARCHED + 3))
    result = checker().run(CheckRequest(text=text))
    left = [checked for checked in result.claims if Hint.NOT_SEARCHED in checked.claim.hints]
    assert (len(result.claims), len(left)) == (MAX_SEARCHED + 3, 3)
    assert {checked.verdict.confidence for checked in left} == {0.0}


def test_of_a_long_text_some_sentences_are_looked_at_and_the_result_says_how_many() -> None:
    lines = [f"Die Stadt Ulm hat im Jahr 2021 genau {n} Bäume gefällt." for n in range(4000)]
    result = checker().run(CheckRequest(text="\n".join(lines)))
    assert result.sentences == 4000
    assert result.looked_at is not None
    assert MAX_CHARACTERS / 70 < result.looked_at <= MAX_SENTENCES
    assert result.is_cut
    seen = [checked.claim.sentence.text for checked in result.claims]
    assert len(seen) == result.looked_at
    assert seen[:50] == lines[:50]
    assert set(seen) & set(lines[3900:])


def test_an_ordinary_page_is_looked_at_as_a_whole() -> None:
    result = checker().run(CheckRequest(url="https://news.example/ulm"))
    assert (result.looked_at, result.is_cut) == (result.sentences, False)


def test_one_word_without_end_is_no_post_and_searched_in_pieces() -> None:
    result = checker().run(CheckRequest(text="x" * 1_000_000))
    assert (result.sentences, result.looked_at) == (1000, MAX_CHARACTERS // 1000)
    assert verdict_of(result) is VerdictCode.NOTHING_TO_CHECK


@pytest.mark.parametrize(
    ("broken", "stage"),
    [("article_of_page", Stage.ARTICLE), ("article_of_text", Stage.ARTICLE), ("sentence_bounds", Stage.SENTENCES)],
)
def test_a_page_too_hard_to_read_fails_at_the_stage_that_was_stopped(broken: str, stage: Stage) -> None:
    class Stopping(DirectReader):
        def read(self, step: Any, *given: Any, **named: Any) -> Any:
            if step.__name__ == broken:
                raise PageTooComplex("Reading this took too long, so it was stopped.")
            return super().read(step, *given, **named)

    stopped = Checker(OnePage(), FixedSource(), Settings(), NoHistory(), Stopping())
    request = CheckRequest(text=CLAIM) if broken == "article_of_text" else CheckRequest(url="https://a.example/")
    result = stopped.run(request)
    assert fault_of(result) == ("page-too-complex", stage)
    assert (result.verdict, result.claims) == (None, ())
    assert (result.article is not None) == (stage is Stage.SENTENCES)


def test_the_search_sees_vectors_that_are_remembered() -> None:
    seen: list[object] = []

    @dataclass(frozen=True)
    class Watching(FixedIndex):
        def search(self, texts: Sequence[str], limit: int = 10, **how: object) -> list[list[Match]]:
            seen.append(self.embedder)
            return [[] for _ in texts]

    checker(index=Watching()).run(CheckRequest(text=CLAIM))
    assert isinstance(seen[0], RememberingEmbedder)


def test_the_bar_for_claims_is_a_setting() -> None:
    strict = Checker(OnePage(), FixedSource(), replace(Settings(), min_checkworthiness=1.0), NoHistory())
    result = strict.run(
        CheckRequest(
            html="<title>Die neue Brücke</title><p>Die Brücke kostet nach Angaben der Stadt zwölf Millionen Euro.</p>"
            * 3
        )
    )
    assert verdict_of(result) is VerdictCode.NOTHING_TO_CHECK


@dataclass(frozen=True)
class NearIndex(FixedIndex):
    """Has one statement that is near every text, but never the same."""

    confidence: float = 0.5

    def search(self, texts: Sequence[str], limit: int = 10, **how: object) -> list[list[Match]]:
        statement = Statement("Ulm zahlt jedem 500 Euro.", "https://a.example/1", Rating("Falsch"), key=1)
        judged = PairJudgement(self.confidence, self.confidence, 0.0, 0.1)
        return [[Match(statement, 0.9, self.confidence, False, judged)] for _ in texts]


def checked_text(text: str, confidence: float = 0.5) -> CheckResult:
    return checker(index=NearIndex(confidence=confidence)).run(CheckRequest(text=text))


def test_a_short_text_is_looked_up_whatever_it_is_worth_and_what_is_near_is_suggested() -> None:
    result = checked_text("Die Erde ist flach.")
    assert verdict_of(result) is VerdictCode.NOT_ENOUGH_EVIDENCE
    (shown,) = result.claims
    assert shown.claim.is_claim
    assert Hint.SUGGESTION in shown.claim.hints
    assert [item.match.confidence for item in shown.candidates] == [0.5]


@pytest.mark.parametrize(("confidence", "suggests"), [(0.05, False), (0.29, False), (0.3, True), (0.94, True)])
def test_what_is_foreign_to_a_short_text_is_not_suggested(confidence: float, suggests: bool) -> None:
    (shown,) = checked_text("Die Erde ist flach.", confidence).claims
    assert [item.match.confidence for item in shown.candidates] == [confidence]  # shown to explain
    assert (Hint.SUGGESTION in shown.claim.hints) is suggests


def test_where_nothing_is_near_a_short_text_is_a_claim_all_the_same_and_a_greeting_is_none() -> None:
    assert verdict_of(checked_text("Die Erde ist flach.", 0.0)) is VerdictCode.NOT_ENOUGH_EVIDENCE
    assert verdict_of(checked_text("Guten Morgen zusammen!", 0.0)) is VerdictCode.NOTHING_TO_CHECK


def test_a_longer_text_gets_no_hint_at_suggestions() -> None:
    (shown,) = checked_text(f"{CLAIM} Das Geld fließt aus einem Fonds, den der Rat im März eingerichtet hat.").claims[
        :1
    ]
    assert shown.candidates
    assert Hint.SUGGESTION not in shown.claim.hints


def test_who_asks_gets_an_answer_and_asserts_nothing() -> None:
    for text in (f"Stimmt es, dass {CLAIM[:-1]}?", f"{CLAIM} Stimmt das?"):
        result = checker().run(CheckRequest(text=text))
        assert verdict_of(result) is VerdictCode.MENTIONS_REFUTED
        assert [item.claim.mode for item in result.claims] == [Mode.ASKED]


def test_what_nobody_sees_hides_no_claim_and_offsets_are_those_of_the_text() -> None:
    text = "\ufeff" + CLAIM.replace("zahlt", "za\u00adhlt").replace("Euro", "Eu\u200bro") + "\u200e"
    result = checker().run(CheckRequest(text=text))
    assert verdict_of(result) is VerdictCode.REFUTED
    (shown,) = result.claims
    assert text[shown.claim.sentence.start : shown.claim.sentence.end] == shown.claim.sentence.text
    assert visible_text(shown.claim.sentence.text) == CLAIM


def test_a_rating_since_revised_is_hinted_at_and_asked_for_only_where_there_is_evidence() -> None:
    asked: list[list[int]] = []

    class History:
        def rerated(self, keys: Sequence[int]) -> frozenset[int]:
            asked.append(list(keys))
            return frozenset(keys)

    revising = Checker(OnePage(), FixedSource(), Settings(), History())
    result = revising.run(CheckRequest(text=f"{CLAIM}\nDer Bau der neuen Brücke kostet zwölf Millionen Franken."))
    assert [checked.claim.hints for checked in result.claims] == [("rating_revised",), ()]
    revising.run(CheckRequest(text="Der Bau der neuen Brücke kostet zwölf Millionen Franken."))
    assert asked == [[1]]


def test_a_check_keeps_what_explains_it() -> None:
    (found,) = checker().run(CheckRequest(text=CLAIM)).claims
    assert found.compared == 1
    assert "number" in {feature.name for feature in found.claim.features if feature.weight > 0}


def test_whoever_hears_of_the_stages_may_end_the_check() -> None:
    class Enough(Exception):
        pass

    heard: list[Stage] = []

    def report(stage: Stage) -> None:
        heard.append(stage)
        if stage is Stage.ARTICLE:
            raise Enough

    with pytest.raises(Enough):
        checker().run(CheckRequest(url="https://a.example/"), report)
    assert heard == [Stage.FETCH, Stage.ARTICLE]


def test_a_setting_is_among_the_thresholds_that_a_check_names() -> None:
    strict = Checker(OnePage(), FixedSource(), replace(Settings(), min_checkworthiness=0.9), NoHistory())
    usual, other = checker().versions(), strict.versions()
    assert (usual.values["claims"]["min_checkworthiness"], other.values["claims"]["min_checkworthiness"]) == (0.7, 0.9)
    assert usual.thresholds != other.thresholds
    ran = strict.run(CheckRequest(text=CLAIM)).versions
    assert ran is not None
    assert ran.thresholds == other.thresholds


def test_an_index_that_takes_anothers_place_makes_other_versions() -> None:
    source = FixedSource(FixedIndex())
    asked = Checker(OnePage(HTML), source, Settings(), NoHistory())
    before = asked.versions()
    assert asked.versions() is before, "worked out once"
    source.index = FixedIndex(checkpoint="ab-000002")
    assert (before.index_checkpoint, asked.versions().index_checkpoint) == ("ab-000001", "ab-000002")


@pytest.mark.parametrize(
    "text",
    ["", "Guten Morgen zusammen!", CLAIM, f"{CLAIM} Das ist falsch.", f"Stimmt es, dass {CLAIM[:-1]}?", "Die Erde ist flach.",
     "\n".join(f"Die Stadt Ulm hat im Jahr 2021 genau {n} Bäume gefällt." for n in range(60))],
)  # fmt: skip
@pytest.mark.parametrize("index", [FixedIndex(), NearIndex()])
def test_a_check_is_judged_again_from_its_findings(text: str, index: FixedIndex) -> None:
    result = checker(index=index).run(CheckRequest(text=text))
    assert result.versions is not None
    decision = rejudge(result.findings, thresholds_of(result.versions.values))
    assert decision.verdict == result.verdict
    assert decision.min_confidence == result.versions.min_confidence
    assert [each.verdict for each in decision.claims] == [each.verdict for each in result.claims]
    assert [each.mode for each in decision.claims] == [each.claim.mode for each in result.claims]
    assert [[found.statement_key for found in each.evidence] for each in decision.claims] == [
        [item.match.statement.key for item in each.evidence] for each in result.claims
    ]


# ---------------------------------------------------------------- pictures


class Failing:
    """A reader that ends over every picture in the same way."""

    def __init__(self, fault: Exception) -> None:
        self.fault = fault

    def read(self, step: Any, *given: Any, **named: Any) -> Any:
        raise self.fault

    def asking(self, go_on: Any) -> Failing:
        return self

    def warm(self) -> None:
        pass

    def close(self) -> None:
        pass


def seeing(fault: Exception | None = None) -> Checker:
    """A checker of pictures that say what their bytes say."""
    reader = Failing(fault) if fault else WordsInPictures()
    return Checker(OnePage(), FixedSource(FixedIndex()), Settings(), NoHistory(), picture_reader=reader)


def test_a_picture_is_walked_to_its_verdict() -> None:
    stages: list[Stage] = []
    result = seeing().run(CheckRequest(picture=picture_saying("Ulm zahlt jedem", "500 Euro.")), stages.append)
    assert list(dict.fromkeys(stages)) == list(Stage)
    assert result.article is not None
    assert result.article.text == "Ulm zahlt jedem 500 Euro."
    assert result.article.picture is not None
    assert len(result.article.picture.lines) == 2
    assert not result.fetched


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (PageTooComplex("Too long."), "picture-too-complex"),
        (PageCrashesReader("It crashed."), "picture-crashes-reader"),
        (PictureDamaged("Cut off."), "picture-damaged"),
        (ReaderUnavailable("None."), "reader-unavailable"),
    ],
)
def test_what_ends_the_reading_of_a_picture_is_said_of_the_picture(fault: Exception, code: str) -> None:
    assert fault_of(seeing(fault).run(CheckRequest(picture=b"x"))) == (code, Stage.ARTICLE)


def test_at_the_address_of_a_picture_there_must_be_one() -> None:
    result = seeing().run(CheckRequest(url="https://blatt.example/ulm.png", wants_picture=True))
    assert fault_of(result) == ("picture-unsupported", Stage.ARTICLE)
    assert result.final_url == "https://blatt.example/ulm.png?final"
