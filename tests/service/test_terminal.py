"""What `gegencheck check` prints: the verdict first, then both sentences, and with --explain the whole way."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

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
from service.models import (
    Article,
    Check,
    CheckedClaim,
    CheckRequest,
    CheckResult,
    CheckState,
    Feature,
    Hint,
    JudgedMatch,
    Mode,
    Review,
    ScoredSentence,
    Sentence,
    Shortfall,
    Verdict,
    VerdictCode,
)
from service.terminal import print_check
from service.versions import Versions

SAID = "Laut dem Blog heilen alle Zitronen Diabetes in 7 Tagen."
FALSE = Statement(
    "Manche Zitronen heilen Diabetes in 7 Tagen.", "https://blatt.example/1",
    Rating("Falsch", normalized=NormalizedRating.FALSE), Publisher("Faktenblatt"), date_published=date(2021, 5, 3),
)  # fmt: skip
TRUE = replace(
    FALSE, url="https://stelle.example/2", publisher=Publisher("Prüfstelle"),
    rating=Rating("Richtig", normalized=NormalizedRating.TRUE),
)  # fmt: skip
FAR = replace(FALSE, claim_reviewed="Zitronen heilen Diabetes in 90 Tagen.", url="https://fern.example/3")


def evidence(
    statement: Statement, confidence: float, *found: Difference, dropped: tuple[Shortfall, ...] = ()
) -> JudgedMatch:
    judged = PairJudgement(confidence, 0.9, 0.05, 0.05, found)
    return JudgedMatch(Match(statement, 0.91, confidence, not dropped, judged), Stance.SUPPORTS, 0.9, found, dropped)


CANDIDATE = evidence(
    FAR, 0.4, Difference(DifferenceKind.NUMBER, "7", "90"), dropped=(Shortfall.CONFIDENCE, Shortfall.DIFFERENCE)
)
EXTENT = Difference(DifferenceKind.EXTENT, "alle", "Manche")
CLAIM = ScoredSentence(
    Sentence(SAID, 0, len(SAID)), 0.88, True, Mode.REPORTED, "Laut", (Hint.OLD_ARTICLE, Hint.RATING_REVISED),
    features=(Feature("number", 1.4), Feature("vague", -0.4)),
)  # fmt: skip
OPEN = CheckedClaim(
    ScoredSentence(Sentence("Der Zoll fand 300 Kisten.", 60, 85), 0.7, True), Verdict(VerdictCode.NOT_ENOUGH_EVIDENCE, 1.0),
    compared=8,
)  # fmt: skip


def check(*found: JudgedMatch, code: VerdictCode = VerdictCode.MENTIONS_REFUTED, **article: object) -> Check:
    claim_code = VerdictCode.CONFLICTING_EVIDENCE if code is VerdictCode.CONFLICTING_EVIDENCE else VerdictCode.REFUTED
    claims = (CheckedClaim(CLAIM, Verdict(claim_code, 0.9), found, (CANDIDATE,), 8), OPEN)
    about = Article(SAID, title="Zitronen", date_published=date(2019, 1, 4), **article)  # type: ignore[arg-type]
    versions = Versions("ab-000001", 1234, "e5", "rules-1", "rules-1@0.800", 0.8)
    result = CheckResult(about, claims, 41, Verdict(code, 0.9), versions)
    return Check("", "", CheckRequest(text="x"), CheckState.FINISHED, datetime.now(UTC), result=result)


@pytest.fixture(autouse=True)
def german(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LC_MESSAGES", raising=False)
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")


def test_claims_that_were_not_compared_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    found = check(evidence(FALSE, 0.95))
    left = replace(OPEN, claim=replace(OPEN.claim, hints=(Hint.NOT_SEARCHED,)))
    many = replace(found, result=replace(found.result, claims=(*found.result.claims, left, left)))
    assert "Verglichen wurden 2 prüfbare Aussagen, 2 weitere nicht" in shown(capsys, many)
    assert "Verglichen wurden" not in shown(capsys, found)


def shown(capsys: pytest.CaptureFixture[str], found: Check, explain: bool = False) -> str:
    print_check(found, as_json=False, explain=explain)
    return capsys.readouterr().out.replace("\xa0", " ")


def test_both_sentences_the_rating_the_differences_and_the_hints_are_printed(
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = shown(capsys, check(evidence(FALSE, 0.95, EXTENT)))
    assert out.splitlines()[:2] == ["Zitronen", (
        "Erwähnt eine widerlegte Aussage. Der Text gibt sie wieder, ohne sie sich zu eigen zu machen."
    )]  # fmt: skip
    for words in (f"Im Text (berichtet): {SAID}", "Geprüfte Aussage: Manche Zitronen", "alter Beitrag (2019)",
                  "Faktenblatt · Falsch · 3. Mai 2021", "Faktencheck hat seine Bewertung geändert",
                  "Unterschied: alle oder einige: alle / Manche", "https://blatt.example/1"):  # fmt: skip
        assert words in out
    for words in ("Prüfwürdigkeit", "fern.example", "300 Kisten"):
        assert words not in out


def test_explained_it_shows_the_sentence_the_search_and_what_was_dropped_and_why(
    capsys: pytest.CaptureFixture[str],
) -> None:
    out = shown(capsys, check(evidence(FALSE, 0.95)), explain=True)
    for words in ("Prüfwürdigkeit 88 %. Dafür: eine Zahl. Dagegen: bezieht sich auf Vorheriges.",
                  "berichtet, erkennbar an «Laut».", "Die 8 ähnlichsten geprüften Aussagen wurden verglichen.",
                  "Nicht gezählt: Zitronen heilen Diabetes in 90 Tagen.", "Sicherheit 40 %; ein Treffer braucht 80 %.",
                  "Unterschied: die Zahl, «7» statt «90»", "https://fern.example/3",
                  "Im Text (behauptet): Der Zoll fand 300 Kisten.", "Keine war ähnlich genug.",
                  "41 Sätze gelesen", "1.234 geprüfte Aussagen im Bestand", "Schwellen rules-1@0.800"):  # fmt: skip
        assert words in out


def test_publishers_that_disagree_are_both_printed(capsys: pytest.CaptureFixture[str]) -> None:
    found = check(evidence(FALSE, 0.95), evidence(TRUE, 0.9), code=VerdictCode.CONFLICTING_EVIDENCE)
    out = shown(capsys, found, explain=True)
    assert "unterschiedlich: Faktenblatt mit «Falsch», Prüfstelle mit «Richtig»." in out
    assert "https://blatt.example/1" in out
    assert "https://stelle.example/2" in out


def test_a_fact_check_says_that_it_is_one_and_how_it_rates(capsys: pytest.CaptureFixture[str]) -> None:
    review = Review("Zitronen heilen Diabetes", "Falsch")
    words = "Diese Seite ist selbst ein Faktencheck und bewertet «Zitronen heilen Diabetes» mit «Falsch»."
    assert words in shown(capsys, check(is_fact_check=True, review=review))
    assert "Diese Seite ist selbst ein Faktencheck." in shown(capsys, check(is_fact_check=True))


def test_of_a_long_text_it_says_how_much_was_looked_at(capsys: pytest.CaptureFixture[str]) -> None:
    found = check(evidence(FALSE, 0.95))
    words = "Angesehen wurden 600 von 4.000 Sätzen"
    assert words not in shown(capsys, found)
    assert words in shown(capsys, replace(found, result=replace(found.result, sentences=4000, looked_at=600)))


def test_of_a_page_that_broke_off_it_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    words = "Von dieser Seite kam nur ein Teil an"
    assert words in shown(capsys, check(is_whole=False))
    assert words not in shown(capsys, check())


def test_a_pipe_gets_one_json_document(capsys: pytest.CaptureFixture[str]) -> None:
    print_check(check(evidence(FALSE, 0.95)), as_json=True, explain=False)
    claim = json.loads(capsys.readouterr().out)["claims"][0]
    assert claim["features"] == [{"name": "number", "weight": 1.4}, {"name": "vague", "weight": -0.4}]
    assert claim["candidates"][0]["shortfalls"] == ["confidence", "difference"]


def test_what_may_be_meant_is_printed_with_its_rating_and_link(capsys: pytest.CaptureFixture[str]) -> None:
    near = evidence(FALSE, 0.6, dropped=(Shortfall.SHORT,))
    few = replace(OPEN, claim=replace(OPEN.claim, hints=(Hint.SUGGESTION,)), candidates=(CANDIDATE, near))
    found = check()
    assert found.result is not None
    printed = shown(capsys, replace(found, result=replace(found.result, claims=(few,))))
    assert FALSE.claim_reviewed in printed
    assert "Faktenblatt · Falsch" in printed
    assert FALSE.url in printed
    assert FAR.url not in printed


def test_what_was_searched_around_the_sentence_stands_in_brackets(capsys: pytest.CaptureFixture[str]) -> None:
    found = check(evidence(FALSE, 0.95))
    around = replace(found.result.claims[0].claim, query=f"Er schreibt viel.\n{SAID} Wir glauben das nicht.")
    claims = (replace(found.result.claims[0], claim=around), *found.result.claims[1:])
    out = shown(capsys, replace(found, result=replace(found.result, claims=claims)))
    assert f"Im Text (berichtet): [Er schreibt viel.] {SAID} [Wir glauben das nicht.]\n" in out


def test_of_twins_the_one_in_the_text_s_language_comes_first_and_the_other_names_its_own(
    capsys: pytest.CaptureFixture[str],
) -> None:
    german, english = replace(FALSE, language="de"), replace(FALSE, language="en", url="https://blatt.example/en")
    out = shown(capsys, check(evidence(english, 0.95), evidence(german, 0.95)))
    assert out.index("https://blatt.example/1\n") < out.index("https://blatt.example/en (auf Englisch)\n")


def test_the_claim_that_the_verdict_speaks_of_is_printed_first(capsys: pytest.CaptureFixture[str]) -> None:
    found = check(evidence(FALSE, 0.95), code=VerdictCode.REFUTED)
    true = replace(found.result.claims[0], verdict=Verdict(VerdictCode.SUPPORTED, 0.9))
    said = replace(CLAIM, sentence=Sentence("Zitronen sind sauer.", 0, 20))
    claims = (replace(true, claim=said), *found.result.claims)
    out = shown(
        capsys,
        replace(found, result=replace(found.result, claims=claims, verdict=Verdict(VerdictCode.REFUTED, 0.9, 1))),
    )
    assert out.index(SAID) < out.index("Zitronen sind sauer.")


def test_where_nothing_was_found_the_first_claims_are_printed_with_where_else_to_look(
    capsys: pytest.CaptureFixture[str],
) -> None:
    found = check(code=VerdictCode.NOT_ENOUGH_EVIDENCE)
    sentences = [replace(OPEN.claim.sentence, text=f"Der Zoll fand {n} Kisten.") for n in (300, 301, 302, 303)]
    claims = tuple(replace(OPEN, claim=replace(OPEN.claim, sentence=each)) for each in sentences)
    out = shown(capsys, replace(found, result=replace(found.result, claims=claims)))
    assert out.count("Anderswo suchen nach «Zoll fand 30") == 3
    assert "    CORRECTIV: https://correctiv.org/?s=Zoll%20fand%20302%20Kisten\n" in out
    assert "303 Kisten" not in out
    assert out.endswith("Erst wenn Sie einen öffnen, gehen die Suchwörter dorthin.\n")


def test_where_something_was_found_nothing_is_said_of_elsewhere(capsys: pytest.CaptureFixture[str]) -> None:
    found = check(evidence(FALSE, 0.95))
    assert "Anderswo" not in shown(capsys, found)
    assert "dpa (über DuckDuckGo): https://duckduckgo.com/?q=site%3Adpa-factchecking.com%20Zoll" in shown(
        capsys, found, explain=True
    )
