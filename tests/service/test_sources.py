"""Whose reviews count, and when a source is in trouble."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from service.sources import Allowlist, Health, Source, SourceKind, SourcePlan, Tally, vetted_hosts

NOW = datetime(2026, 1, 10, tzinfo=UTC)
PLAN = SourcePlan(SourceKind.FEED, "https://www.check.example/feed", "Checks")
READ = Source("1", PLAN, NOW - timedelta(days=400), succeeded_at=NOW, changed_at=NOW)


@pytest.mark.parametrize(
    ("address", "listed"),
    [
        ("https://check.example/a", True),
        ("https://www.check.example/a", True),
        ("https://facts.check.example", True),
        ("HTTPS://Check.Example:8443/a", True),
        ("https://evilcheck.example/a", False),
        ("https://check.example.evil.example/a", False),
        ("https://evil.example/check.example", False),
        ("https://evil.example/?https://check.example", False),
        ("https://check.example@evil.example/a", False),
        ("https://paper.example/facts", True),
        ("https://paper.example/facts/1", True),
        ("https://paper.example/factsheet", False),
        ("https://paper.example/", False),
        ("nonsense", False),
        ("https://[broken", False),
        ("", False),
        (None, False),
    ],
)
def test_a_publisher_counts_by_its_host_and_the_path_that_is_named(address: str | None, listed: bool) -> None:
    assert Allowlist(("check.example", "paper.example/facts")).holds(address) is listed


def test_without_an_allowlist_the_sources_own_site_counts() -> None:
    assert vetted_hosts(PLAN) == ("check.example",)
    assert vetted_hosts(replace(PLAN, allowlist=("other.example",))) == ("other.example",)
    assert vetted_hosts(replace(PLAN, kind=SourceKind.GOOGLE, site="dpa.example")) == ("dpa.example",)


@pytest.mark.parametrize(
    ("source", "health", "tellings"),
    [
        (replace(READ, succeeded_at=None, changed_at=None), Health.NEW, 0),
        (READ, Health.GOOD, 0),
        (replace(READ, changed_at=NOW - timedelta(days=60)), Health.GOOD, 0),
        (replace(READ, changed_at=NOW - timedelta(days=61)), Health.STALE, 1),
        (replace(READ, changed_at=None), Health.STALE, 2),
        (replace(READ, failing_since=NOW), Health.FAILING, 1),
        (replace(READ, failing_since=NOW - timedelta(days=3)), Health.FAILING, 1),
        (replace(READ, failing_since=NOW - timedelta(days=4)), Health.FAILING, 2),
        (replace(READ, failing_since=NOW, paused_at=NOW), Health.PAUSED, 0),
    ],
)
def test_trouble_is_to_be_told_once_and_once_more_when_it_lasts(source: Source, health: Health, tellings: int) -> None:
    assert (source.health(NOW), source.due_tellings(NOW)) == (health, tellings)


def test_a_tally_counts_up() -> None:
    assert Tally(pages=1, added=2).plus(added=3, failed_pages=1) == Tally(pages=1, added=5, failed_pages=1)


def test_an_allowlist_is_read_once_and_then_asked_for_any_number_of_addresses() -> None:
    allowlist = Allowlist(f"n{number}.example/facts" for number in range(1000))
    assert allowlist.holds("https://www.n7.example/facts/1")
    assert not allowlist.holds("https://n7.example/opinion")
    assert not allowlist.holds(f"https://{'a.' * 2000}n7.example/facts"), "no such name is in DNS"
