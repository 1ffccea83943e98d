"""The figures as data and as bars: how long each is, what is named how, and what is put together."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from index.store.counting import StatementCounts
from service.coverage import Bar, Coverage, bars, charts_of, present_coverage
from service.sources import Source, SourceKind, SourcePlan
from service.store.asked import Week

AT = datetime(2026, 11, 30, 12, tzinfo=UTC)
COUNTS = StatementCounts(
    total=1207,
    publishers=(("checks.example", 1200), ("desk.example", 5), ("", 2)),
    names={"checks.example": "Prüfstelle", "desk.example": "", "": ""},
    languages=(("de", 1205), ("", 2)),
    ratings=(("true", 1200), ("unmapped", 5), ("false", 2)),
    years=(("2021", 1205), ("", 2)),
    unmapped=(("Einordnung", 5),),
    unmapped_words=1,
)
WEEKS = (
    Week(datetime(2026, 11, 23, 12, tzinfo=UTC), {"not_enough_evidence": 3, "refuted": 1}, 2),
    Week(datetime(2026, 11, 16, 12, tzinfo=UTC)),
)
SOURCE = Source("s1", SourcePlan(SourceKind.FEED, "https://checks.example/feed", "Prüfstelle"), AT, succeeded_at=AT)
FOUND = Coverage(COUNTS, WEEKS, (SOURCE,), AT)


def test_each_chart_names_its_lines_in_the_reader_s_language() -> None:
    charts = {name: [(bar.name, bar.count) for bar in lines] for name, lines in charts_of(FOUND, "de").items()}
    assert charts == {
        "publishers": [("Prüfstelle (checks.example)", 1200), ("desk.example", 5), ("unbekannt", 2)],
        "languages": [("Deutsch", 1205), ("unbekannt", 2)],
        "ratings": [("falsch", 2), ("richtig", 1200), ("keine davon", 5)],
        "years": [("2021", 1205), ("ohne Datum", 2)],
        "unmapped": [("Einordnung", 5)],
        "asked": [
            ("enthält widerlegte Aussagen", 1),
            ("kein passender Faktencheck", 3),
            ("nicht prüfbar oder gescheitert", 2),
        ],
        "vain": [("sieben Tage ab 23. November 2026", 3), ("sieben Tage ab 16. November 2026", 0)],
    }


def test_what_was_not_asked_has_no_chart() -> None:
    quiet = Coverage(COUNTS, WEEKS[1:], (), AT)
    assert {"asked", "vain"}.isdisjoint(charts_of(quiet, "en"))


def test_the_longest_bar_is_full_and_what_there_is_can_be_seen() -> None:
    assert bars([("a", 1000), ("b", 250), ("c", 1), ("d", 0)], "en") == [
        Bar("a", 1000, 100.0), Bar("b", 250, 25.0), Bar("c", 1, 0.5), Bar("d", 0, 0.0),
    ]  # fmt: skip
    assert bars([], "en") == []
    assert bars([("a", 0)], "en") == [Bar("a", 0, 0.0)]


@pytest.mark.parametrize(("n", "rest"), [(15, None), (16, ("1 other", 1)), (20, ("5 others", 5))])
def test_what_is_beyond_fifteen_lines_shares_one(n: int, rest: tuple[str, int] | None) -> None:
    lines = bars([(str(number), 1) for number in range(n)], "en")
    assert len(lines) == min(n, 16)
    assert (rest is None) or (lines[-1].name, lines[-1].count) == rest


def test_the_same_figures_are_there_as_data() -> None:
    shown = present_coverage(FOUND)
    assert shown["statements"]["publishers"][1:] == [
        {"site": "desk.example", "name": None, "count": 5},
        {"site": None, "name": None, "count": 2},
    ]
    assert shown["statements"]["years"] == [{"year": 2021, "count": 1205}, {"year": None, "count": 2}]
    assert (shown["asked"][0]["checks"], shown["asked"][0]["failed"]) == (6, 2)
    assert shown["asked"][0]["verdicts"]["not_enough_evidence"] == 3
    assert shown["asked"][0]["verdicts"]["supported"] == 0
    assert shown["sources"] == [
        {"id": "s1", "name": "Prüfstelle", "health": "good", "succeeded_at": "2026-11-30T12:00:00.000Z"}
    ]


def test_earlier_years_share_a_line_and_the_undated_keep_theirs() -> None:
    years = (*((str(2026 - n), 1) for n in range(18)), ("", 7))
    lines = charts_of(Coverage(replace(COUNTS, years=years), (), (), AT), "en")["years"]
    assert len(lines) == 17
    assert [(line.name, line.count) for line in lines[-3:]] == [("2012", 1), ("3 earlier years", 3), ("undated", 7)]
