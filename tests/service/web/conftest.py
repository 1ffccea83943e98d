"""Pages under test: a check for every screen, and a real server on loopback that shows them."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any

import pytest
from axe_core import axe_core

from index.models import (
    Difference,
    DifferenceKind,
    Match,
    NormalizedRating,
    PairJudgement,
    Publisher,
    Rating,
    Stance,
    Statement,
)
from index.pairs.protocol import Bin, Measured, Outside
from service.bootstrap import Application
from service.models import (
    Article,
    CheckedClaim,
    CheckRequest,
    CheckResult,
    Feature,
    Hint,
    JudgedMatch,
    Mode,
    Problem,
    Review,
    ScoredSentence,
    Sentence,
    Shortfall,
    Stage,
    Verdict,
    VerdictCode,
)
from service.store.jobs import JobKind
from service.versions import Versions

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page, Playwright

VERSIONS = Versions("ab12cd34-000127", 86376, "multilingual-e5-small", "rules-1", "rules-1", 0.8)
URL = "https://zeitung.example/gesundheit/zitronen"

LEMONS = Statement(
    "Heißes Zitronenwasser heilt Diabetes innerhalb von 7 Tagen.",
    "https://faktenblatt.example/zitronenwasser",
    Rating("Falsch", 1, 5, 1, NormalizedRating.FALSE),
    Publisher("Faktenblatt", "faktenblatt.example"),
    language="de",
    date_published=date(2021, 5, 3),
)
CONTEXT = Statement(
    "Zitronenwasser am Morgen senkt den Blutzucker.",
    "https://pruefstelle.example/zitronen",
    Rating("Fehlender Kontext", normalized=NormalizedRating.MISSING_CONTEXT),
    Publisher("Prüfstelle", "pruefstelle.example"),
    language="de",
)
TRUE = replace(
    LEMONS,
    url="https://pruefstelle.example/saft",
    publisher=CONTEXT.publisher,
    rating=Rating("Stimmt", normalized=NormalizedRating.TRUE),
)
TWIN = replace(
    LEMONS,
    claim_reviewed="Hot lemon water cures diabetes within 7 days.",
    url="https://faktenblatt.example/en/lemon-water",
    publisher=Publisher("Fact Sheet", "faktenblatt.example"),
    rating=Rating("False", 1, 5, 1, NormalizedRating.FALSE),
    language="en",
)
UNSAFE = replace(CONTEXT, url="javascript:alert(1)", publisher=Publisher(), rating=Rating("<b>Unfug</b>"))


def evidence(statement: Statement, confidence: float, stance: Stance, *differences: Difference) -> JudgedMatch:
    judgement = PairJudgement(confidence, 0.9, 0.05, 0.05, differences)
    return JudgedMatch(Match(statement, 0.91, confidence, confidence >= 0.7, judgement), stance, 0.9, differences)


def claim(text: str, code: VerdictCode, *found: JudgedMatch, mode: Mode = Mode.ASSERTED, cue: str | None = None,
          hints: tuple[Hint, ...] = (), candidates: tuple[JudgedMatch, ...] = (),
          query: str | None = None) -> CheckedClaim:  # fmt: skip
    worth = (Feature("number", 1.4), Feature("year", 0.3))
    query = query or text.replace("Diabetes", "Zucker")
    sentence = ScoredSentence(Sentence(text, 0, len(text)), 0.9, True, mode, cue, hints, query, worth)
    return CheckedClaim(sentence, Verdict(code, 0.93), found, candidates, 8)


def result(code: VerdictCode, *claims: CheckedClaim, **article: Any) -> CheckResult:
    about = Article(
        "…", URL, title="Was Zitronen wirklich können", site_name="Zeitung am Ort", language="de",
        date_published=date(2019, 1, 4),
    )  # fmt: skip
    return CheckResult(
        replace(about, **article), claims, 41, Verdict(code, 0.93), VERSIONS, fetched=True, final_url=URL
    )


NUMBER = Difference(DifferenceKind.NUMBER, "14", "7")
SAID = "Heißes Zitronenwasser heilt Diabetes innerhalb von 14 Tagen, sagen Ärzte."
BEFORE, AFTER = "Meine Nachbarin weiß es ganz genau.", "Sie trinkt es jeden Morgen, seit April."
FOUND, FAIR = evidence(LEMONS, 0.95, Stance.SUPPORTS, NUMBER), evidence(LEMONS, 0.85, Stance.SUPPORTS)
NEAR = tuple(
    replace(evidence(statement, confidence, Stance.NEUTRAL), shortfalls=(Shortfall.CONFIDENCE,))
    for statement, confidence in ((CONTEXT, 0.41), (UNSAFE, 0.2))
)
NOTHING = claim("Im Jahr 2018 wurden 40 Millionen Tonnen geerntet.", VerdictCode.NOT_ENOUGH_EVIDENCE, candidates=NEAR)

RESULTS = {
    "refuted": result(
        VerdictCode.REFUTED,
        claim(SAID, VerdictCode.REFUTED, FOUND, evidence(UNSAFE, 0.75, Stance.NEUTRAL), hints=(Hint.OLD_ARTICLE,),
              candidates=NEAR),
        NOTHING,
        claim("Der Zoll hat 2017 mehr als 300 Kisten beschlagnahmt.", VerdictCode.NOT_ENOUGH_EVIDENCE),
    ),
    "refuted_below": result(
        VerdictCode.REFUTED,
        claim(TRUE.claim_reviewed, VerdictCode.SUPPORTED, evidence(TRUE, 0.99, Stance.SUPPORTS)),
        claim(SAID, VerdictCode.REFUTED, FOUND),
    ),
    "conflicting_evidence": result(
        VerdictCode.CONFLICTING_EVIDENCE,
        claim(CONTEXT.claim_reviewed, VerdictCode.CONFLICTING_EVIDENCE, evidence(CONTEXT, 0.97, Stance.SUPPORTS)),
    ),
    "disagreeing": result(
        VerdictCode.CONFLICTING_EVIDENCE,
        claim(SAID, VerdictCode.CONFLICTING_EVIDENCE, evidence(LEMONS, 0.95, Stance.SUPPORTS),
              evidence(TRUE, 0.9, Stance.SUPPORTS), hints=(Hint.RATING_REVISED,)),
    ),
    "supported": result(
        VerdictCode.SUPPORTED,
        claim(f"Nein, {SAID}", VerdictCode.SUPPORTED, FAIR, mode=Mode.DENIED, cue="Nein"),
        is_fact_check=True,
        review=Review("Zitronenwasser heilt Diabetes", "Falsch", URL),
    ),
    "mentions_refuted": result(
        VerdictCode.MENTIONS_REFUTED,
        claim(f"«{SAID}»", VerdictCode.REFUTED, FAIR, mode=Mode.QUOTED, cue="«»"),
    ),
    "fact_check_found": result(
        VerdictCode.FACT_CHECK_FOUND,
        claim(SAID, VerdictCode.FACT_CHECK_FOUND, evidence(UNSAFE, 0.9, Stance.SUPPORTS)),
    ),
    "surrounded": result(
        VerdictCode.REFUTED,
        claim(SAID, VerdictCode.REFUTED, FOUND, query=f"{BEFORE} {SAID} {AFTER}"),
    ),
    "twins": result(
        VerdictCode.REFUTED,
        claim(SAID, VerdictCode.REFUTED, replace(FOUND, match=replace(FOUND.match, statement=TWIN)), FAIR),
    ),
    "foreign": result(
        VerdictCode.REFUTED,
        claim(SAID, VerdictCode.REFUTED, replace(FOUND, match=replace(FOUND.match, statement=TWIN))),
    ),
    "crowd": result(
        VerdictCode.REFUTED,
        *(claim(f"Der Ort Nummer {n} hat 2017 mehr als {n}00 Bäume gepflanzt.", VerdictCode.NOT_ENOUGH_EVIDENCE)
          for n in range(1, 77)),
        claim(SAID, VerdictCode.REFUTED, FOUND),
    ),
    "work_interrupted": CheckResult(problem=Problem("work-interrupted", "Interrupted 3 times.", Stage.ARTICLE)),
    "not_enough_evidence": result(VerdictCode.NOT_ENOUGH_EVIDENCE, NOTHING),
    "suggested": result(
        VerdictCode.NOT_ENOUGH_EVIDENCE,
        claim("Zitronenwasser heilt.", VerdictCode.NOT_ENOUGH_EVIDENCE, hints=(Hint.SUGGESTION,), candidates=NEAR),
    ),
    "nothing_to_check": result(VerdictCode.NOTHING_TO_CHECK),
    "could_not_read": CheckResult(problem=Problem("page-behind-wall", "A login wall.", Stage.FETCH)),
    "failed": CheckResult(problem=Problem("model-unavailable", "No model.", Stage.EVIDENCE)),
    "index_not_ready": CheckResult(problem=Problem("index-not-ready", "Loading.", Stage.EVIDENCE)),
}  # fmt: skip


@dataclass(frozen=True)
class Screens:
    """Ids of checks by the name of their screen."""

    ids: dict[str, str]

    def path(self, name: str) -> str:
        return f"/checks/{self.ids[name]}"


def put_check(application: Application, found: CheckResult | None, stage: Stage | None = None) -> str:
    """A check in the store: finished with a result, or running at a stage, or queued."""
    request = CheckRequest(url=URL)
    check = application.checks.submit(request, "", None)
    if found is None and stage is None:
        return check.id
    job = application.jobs.claim("test", [JobKind.CHECK])
    assert job is not None
    application.checks.begin(job)
    if found is not None:
        application.checks.finish(job, found, datetime.now(UTC))
    elif stage is not None:
        application.checks.note_stages({check.id: stage})
    return check.id


@pytest.fixture
def screens(house: Any) -> Screens:
    """A check for every screen."""
    ids = {name: put_check(house.application, found) for name, found in RESULTS.items()}
    ids["running"] = put_check(house.application, None, Stage.EVIDENCE)
    ids["queued"] = put_check(house.application, None)
    return Screens(ids)


@pytest.fixture
def measured(house) -> Measured:
    """What the pair model in use was measured to do with German texts."""
    bins = (Bin(900, 0.02, 0.01), Bin(40, 0.55, 0.5), Bin(100, 0.96, 0.97))
    outside = Outside("a collection", posts=153, statements=7235, false_matches=0.286)
    found = Measured(
        texts=1234,
        false_matches=0.021,
        near_misses=0.25,
        found=0.81,
        calibration_error=0.012,
        bins=bins,
        outside=outside,
    )
    house.application.index.current().pair_model.measured = {"de": found}
    return found


# ---------------------------------------------------------------- a browser


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    chromium = playwright.chromium.launch(
        executable_path=shutil.which("chromium"), args=["--no-sandbox", "--disable-gpu", "--disable-quic"]
    )
    yield chromium
    chromium.close()


@pytest.fixture
def violations() -> Callable[[Page], list[str]]:
    """What axe-core finds on a page, with the places."""

    def find(page: Page) -> list[str]:
        page.evaluate(axe_core())
        found = page.evaluate(
            "axe.run({runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']})"
        )
        return [f"{each['id']}: {[node['html'][:120] for node in each['nodes']]}" for each in found["violations"]]

    return find
