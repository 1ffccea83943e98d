"""The JSON of the API, member by member, for one check with everything in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime

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
    JudgedMatch,
    Mode,
    Problem,
    Review,
    ScoredSentence,
    Sentence,
    Shortfall,
    Stage,
    StageTime,
    Verdict,
    VerdictCode,
)
from service.presenters import present_check, present_judgement, present_moment
from service.versions import Versions

STATEMENT = Statement(
    "Zitronenwasser heilt Diabetes.", "https://checks.example/1", Rating("Falsch", 1, 5, 1, NormalizedRating.FALSE),
    Publisher("Beispiel", "checks.example"), "de", date_published=date(2021, 5, 3), id="s1", key=1,
)  # fmt: skip
JUDGEMENT = PairJudgement(0.95012345, 0.97, 0.02, 0.01)
EVIDENCE = JudgedMatch(
    Match(STATEMENT, 0.91, 0.95012345, True, JUDGEMENT), Stance.SUPPORTS, 0.97,
    (Difference(DifferenceKind.NUMBER, "7", "9"),),
)  # fmt: skip
CANDIDATE = replace(EVIDENCE, shortfalls=(Shortfall.CONFIDENCE, Shortfall.DIFFERENCE))
CLAIM = ScoredSentence(
    Sentence("Ein Satz.", 120, 129), 0.88, True, Mode.QUOTED, "sagte", ("old_article",), "Der ganze Text.",
    (Feature("number", 1.5),),
)  # fmt: skip
CHECK = Check(
    id="c1",
    owner="k1",
    request=CheckRequest(url="https://short.example/x", reference="r"),
    state=CheckState.FINISHED,
    created_at=datetime(2026, 1, 2, 3, 4, 5, 678901, UTC),
    finished_at=datetime(2026, 1, 2, 3, 4, 6, tzinfo=UTC),
    result=CheckResult(
        Article(
            "Der ganze Text.", "https://short.example/x", "https://news.example/a", "Titel", "Ada", "Zeitung", None,
            date(2019, 1, 1), "de", True, Review("Behauptung", "Falsch", "https://news.example/a"),
        ),
        (CheckedClaim(CLAIM, Verdict(VerdictCode.REFUTED, 0.93), (EVIDENCE,), (CANDIDATE,), 8),),
        41,
        Verdict(VerdictCode.MENTIONS_REFUTED, 0.93),
        Versions(
            "ab12-000127", 86376, "e5", "rules", "t1", 0.8, "0.1.0", {"growth": {"power": 0.8}}, {"w.npz": "aa"},
            {"cues.json": "bb"},
        ),
        fetched=True,
        final_url="https://news.example/a?x",
        times=(StageTime(Stage.FETCH, 0.123456),),
    ),
)  # fmt: skip

SHOWN_STATEMENT = {
    "id": "s1", "claim_reviewed": "Zitronenwasser heilt Diabetes.", "language": "de", "url": "https://checks.example/1",
    "headline": None, "publisher": {"name": "Beispiel", "site": "checks.example"}, "author": None, "claimant": None,
    "date_published": "2021-05-03", "explanation": None,
    "rating": {
        "alternate_name": "Falsch", "rating_value": 1, "best_rating": 5, "worst_rating": 1, "normalized": "false",
    },
    "cluster": None, "license": None, "citations": [], "valid_from": None, "valid_until": None, "owner": None,
}  # fmt: skip
SHOWN_EVIDENCE = {
    "statement": SHOWN_STATEMENT, "similarity": 0.91, "confidence": 0.9501, "is_match": True, "stance": "supports",
    "stance_confidence": 0.97, "differences": [{"kind": "number", "claim": "7", "statement": "9"}],
}  # fmt: skip


def test_a_check_has_exactly_the_members_of_the_contract() -> None:
    shown = present_check(CHECK, "de")
    headline, claims_headline = shown["verdict"].pop("headline"), shown["claims"][0]["verdict"].pop("headline")
    assert headline.startswith("Erwähnt eine widerlegte Aussage.")
    assert "«Falsch»" in claims_headline
    assert shown.pop("summary")["lead"] in headline
    assert shown == {
        "id": "c1", "state": "finished", "stage": None, "created_at": "2026-01-02T03:04:05.678Z",
        "finished_at": "2026-01-02T03:04:06.000Z", "url": "https://short.example/x",
        "canonical_url": "https://news.example/a", "reference": "r", "action": None, "policy": None,
        "article": {
            "kind": "page", "picture": None, "pictures": [],
            "title": "Titel", "author": "Ada", "date_published": "2019-01-01", "site_name": "Zeitung", "language": "de",
            "is_whole": True,
            "is_fact_check": True,
            "review": {"claim_reviewed": "Behauptung", "alternate_name": "Falsch", "url": "https://news.example/a"},
        },
        "verdict": {"code": "mentions_refuted", "confidence": 0.93, "language": "de", "claim": None},
        "claims": [{
            "text": "Ein Satz.", "start": 120, "end": 129, "boxes": None, "picture": None, "moment": None, "checkworthiness": 0.88, "mode": "quoted", "cue": "sagte",
            "features": [{"name": "number", "weight": 1.5}], "query": "Der ganze Text.", "neighbours": None,
                "compared": 8,
            "hints": ["old_article"], "verdict": {"code": "refuted", "confidence": 0.93},
            "evidence": [{**SHOWN_EVIDENCE, "cluster": None}],
            "candidates": [{**SHOWN_EVIDENCE, "shortfalls": ["confidence", "difference"]}],
                "elsewhere": None,
        }],
        "sentences": 41, "looked_at": 41, "index": {"checkpoint": "ab12-000127", "statements": 86376},
        "models": {"embedder": "e5", "pair": "rules", "thresholds": "t1", "min_confidence": 0.8},
        "versions": {
            "program": "0.1.0", "index": "ab12-000127",
            "models": {"embedder": "e5", "pair": "rules", "weights": {"w.npz": "aa"}},
            "thresholds": {"digest": "t1", "values": {"growth": {"power": 0.8}}}, "cues": {"cues.json": "bb"},
            "negatives": None,
        },
        "times": {"fetch": 0.1235}, "revised_at": None, "revisions": [], "problem": None,
    }  # fmt: skip


def test_the_text_comes_only_where_it_is_asked_for() -> None:
    assert present_check(CHECK, "en", include_text=True)["article"]["text"] == "Der ganze Text."
    assert "text" not in present_check(CHECK, "en")["article"]


def test_a_failed_check_shows_its_problem_and_what_was_found_before() -> None:
    problem = Problem("page-unreadable", "No readable text was found.", Stage.ARTICLE)
    result = CheckResult(article=Article("", title="Titel"), problem=problem)
    failed = Check("c2", "", CheckRequest(html=""), CheckState.FAILED, CHECK.created_at, Stage.ARTICLE, None, result)
    shown = present_check(failed, "de")
    assert shown["article"]["title"] == "Titel"
    assert (shown["verdict"], shown["claims"]) == (None, [])
    assert (shown["index"], shown["models"], shown["versions"]) == (None, None, None)
    assert shown["problem"] == {
        "type": "/docs#page-unreadable", "title": "Auf der Seite ist kein lesbarer Text",
        "detail": "No readable text was found.", "code": "page-unreadable", "stage": "article",
    }  # fmt: skip


def test_a_queued_check_shows_what_is_known() -> None:
    queued = Check("c3", "", CheckRequest(text="x"), CheckState.QUEUED, CHECK.created_at)
    shown = present_check(queued, "en")
    assert (shown["state"], shown["url"], shown["canonical_url"], shown["article"], shown["problem"]) == (
        "queued", None, None, None, None,
    )  # fmt: skip


def test_a_judgement_is_a_match_from_the_threshold_on() -> None:
    assert present_judgement(JUDGEMENT, 0.95)["is_match"] is True
    assert present_judgement(JUDGEMENT, 0.96)["is_match"] is False
    assert present_judgement(JUDGEMENT, 0.96)["probabilities"] == {"supports": 0.97, "refutes": 0.02, "neutral": 0.01}


def test_instants_are_utc_to_the_millisecond() -> None:
    assert present_moment(None) is None
    assert present_moment(datetime.fromisoformat("2026-01-02T03:04:05+01:00")) == "2026-01-02T02:04:05.000Z"


def test_what_was_searched_around_a_sentence_is_shown_beside_it() -> None:
    wide = replace(CHECK.result.claims[0], claim=replace(CLAIM, query="Davor. Ein Satz. Danach."))
    shown = present_check(replace(CHECK, result=replace(CHECK.result, claims=(wide,))), "de")
    assert shown["claims"][0]["neighbours"] == {"before": "Davor.", "after": "Danach."}


def test_of_twins_the_one_in_the_reader_s_language_is_shown_first() -> None:
    english = replace(EVIDENCE.match.statement, language="en", url="https://checks.example/en")
    twin = replace(EVIDENCE, match=replace(EVIDENCE.match, statement=english))
    article = replace(CHECK.result.article, language=None)  # type: ignore[type-var]
    claim = replace(CHECK.result.claims[0], evidence=(EVIDENCE, twin))
    both = replace(CHECK, result=replace(CHECK.result, article=article, claims=(claim,)))
    for language in ("de", "en"):
        shown = present_check(both, language)["claims"][0]["evidence"]
        assert [item["statement"]["language"] for item in shown] == [language, {"de": "en", "en": "de"}[language]]
