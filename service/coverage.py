"""What is covered and what was asked in vain: the figures of the coverage page, as data and as bars to look at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from index.models import NormalizedRating
from index.store.counting import StatementCounts, count_statements
from index.store.statements import StatementStore
from service.catalogue import format_date, name_language, say
from service.models import VerdictCode
from service.moments import present_moment
from service.sources import Source
from service.store.asked import Week, count_asked
from service.store.checks import CheckStore
from service.store.sources import SourceStore

Json = dict[str, Any]

MOST_BARS = 15  # publishers, languages and years with a bar of their own; the rest share one
WIDTH = 100.0  # of the longest bar
THINNEST = 0.5  # of a bar that stands for anything at all


@dataclass(frozen=True, slots=True)
class Bar:
    """A line of a chart: what it is, how much, and how long its bar is."""

    name: str
    count: int
    width: float


@dataclass(frozen=True, slots=True)
class Coverage:
    """Everything that the page shows."""

    statements: StatementCounts
    asked: tuple[Week, ...]
    sources: Sequence[Source]
    at: datetime


def measure_coverage(statements: StatementStore, checks: CheckStore, sources: SourceStore, at: datetime) -> Coverage:
    """Count everything."""
    return Coverage(count_statements(statements), count_asked(checks), sources.list(0), at)


def present_coverage(found: Coverage) -> Json:
    """The figures as data; what is not known is null."""
    counts = found.statements
    return {
        "at": present_moment(found.at),
        "statements": {
            "total": counts.total,
            "publishers": [
                {"site": site or None, "name": counts.names[site] or None, "count": n} for site, n in counts.publishers
            ],
            "languages": [{"language": tag or None, "count": n} for tag, n in counts.languages],
            "ratings": [{"rating": code, "count": n} for code, n in counts.ratings],
            "years": [{"year": int(year) if year else None, "count": n} for year, n in counts.years],
            "unmapped": [{"alternate_name": words, "count": n} for words, n in counts.unmapped],
            "unmapped_words": counts.unmapped_words,
        },
        "asked": [
            {
                "from": present_moment(week.begins),
                "checks": week.ended,
                "verdicts": {code.value: week.verdicts.get(code.value, 0) for code in VerdictCode},
                "failed": week.failed,
            }
            for week in found.asked
        ],
        "sources": [
            {
                "id": source.id,
                "name": source.plan.name,
                "health": source.health(found.at).value,
                "succeeded_at": present_moment(source.succeeded_at),
            }
            for source in found.sources
        ],
    }


def charts_of(found: Coverage, language: str) -> dict[str, list[Bar]]:
    """Every chart by its name, those without a line left out."""
    counts, asked = found.statements, found.asked
    charts = {
        "publishers": publisher_bars(counts, language),
        "languages": language_bars(counts, language),
        "ratings": rating_bars(counts, language),
        "years": year_bars(counts, language),
        "unmapped": bars(counts.unmapped, language),
        "asked": asked_bars(asked, language),
        "vain": vain_bars(asked, language) if any(week.ended for week in asked) else [],
    }
    return {name: lines for name, lines in charts.items() if lines}


def publisher_bars(counts: StatementCounts, language: str) -> list[Bar]:
    """Statements by publisher: its name with its site, which alone tells two of one name apart."""

    def named(site: str) -> str:
        name = counts.names[site]
        if name and site and name != site:
            return f"{name} ({site})"
        return name or site or say(language, "coverage.unknown")

    return bars([(named(site), n) for site, n in counts.publishers], language)


def language_bars(counts: StatementCounts, language: str) -> list[Bar]:
    """Statements by language."""
    named = [
        (name_language(tag, language) or tag or say(language, "coverage.unknown"), n) for tag, n in counts.languages
    ]
    return bars(named, language)


def rating_bars(counts: StatementCounts, language: str) -> list[Bar]:
    """Statements by normalized rating, in the order of the scale."""
    of, unmapped = dict(counts.ratings), NormalizedRating.UNMAPPED

    def named(code: NormalizedRating) -> str:
        return say(language, "coverage.no_rating" if code is unmapped else f"rating.{code.value}")

    return bars([(named(code), of[code.value]) for code in NormalizedRating if code.value in of], language)


def year_bars(counts: StatementCounts, language: str) -> list[Bar]:
    """Statements by the year of their fact-check, the newest first, and those without a date last."""
    dated = [(year, n) for year, n in counts.years if year]
    undated = [(say(language, "date.unknown"), n) for year, n in counts.years if not year]
    return bars(dated, language, "coverage.earlier", undated)


def asked_bars(asked: Sequence[Week], language: str) -> list[Bar]:
    """The checks of all weeks by how they ended; only what there was."""
    ended = [
        (say(language, f"coverage.verdict.{code.value}"), sum(week.verdicts.get(code.value, 0) for week in asked))
        for code in VerdictCode
    ]
    ended.append((say(language, "coverage.failed"), sum(week.failed for week in asked)))
    return bars([(name, n) for name, n in ended if n], language)


def vain_bars(asked: Sequence[Week], language: str) -> list[Bar]:
    """The checks that found no fact-check, week by week."""
    code = VerdictCode.NOT_ENOUGH_EVIDENCE.value
    return bars(
        [
            (say(language, "coverage.week", date=format_date(week.begins.date(), language)), week.verdicts.get(code, 0))
            for week in asked
        ],
        language,
    )


def bars(
    counted: Sequence[tuple[str, int]],
    language: str,
    rest: str = "coverage.others",
    last: Sequence[tuple[str, int]] = (),
) -> list[Bar]:
    """Lines of a chart, at most MOST_BARS; what is beyond them shares one line, `rest`; then come the `last`."""
    shown, beyond = list(counted[:MOST_BARS]), counted[MOST_BARS:]
    if beyond:
        shown.append((say(language, rest, n=len(beyond)), sum(n for _, n in beyond)))
    shown += last
    most = max((n for _, n in shown), default=0)
    return [Bar(name, n, max(round(WIDTH * n / most, 1), THINNEST) if n else 0.0) for name, n in shown]
