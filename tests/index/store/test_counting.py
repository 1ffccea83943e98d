"""Statements counted by publisher, language, rating and year, and the words that nobody mapped."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from index.models import NormalizedRating, Publisher, Rating, Statement
from index.store import counting
from index.store.counting import count_statements
from index.store.statements import StatementStore

FALSE = Statement(
    "Essig senkt den Blutdruck.", "https://checks.example/1", Rating("Falsch", normalized=NormalizedRating.FALSE),
    Publisher("Prüfstelle", "checks.example"), language="de", date_published=date(2021, 5, 3),
)  # fmt: skip
TRUE = replace(
    FALSE, url="https://checks.example/2", rating=Rating("Stimmt", normalized=NormalizedRating.TRUE),
    publisher=Publisher("Prüfstelle Nord", "checks.example"), date_published=date(2023, 1, 1),
)  # fmt: skip
ODD = replace(
    FALSE, url="https://desk.example/3", rating=Rating("Einordnung"), publisher=Publisher(), language=None, date_published=None
)  # fmt: skip


def test_statements_are_counted_by_each_of_their_kinds(store: StatementStore) -> None:
    again = replace(FALSE, url="https://checks.example/4", date_published=date(2021, 12, 31))
    deleted = replace(FALSE, url="https://checks.example/5")
    store.put_many([FALSE, TRUE, ODD, again, replace(ODD, url="https://desk.example/6"), deleted])
    store.delete(next(each.id for each in store.select(limit=9).statements if each.url == deleted.url))
    counts = count_statements(store)
    assert counts.total == 5
    assert counts.publishers == (("checks.example", 3), ("", 2))
    assert counts.names == {"checks.example": "Prüfstelle", "": ""}
    assert counts.languages == (("de", 3), ("", 2))
    assert counts.ratings == (("false", 2), ("unmapped", 2), ("true", 1))
    assert counts.years == (("2023", 1), ("2021", 2), ("", 2))
    assert (counts.unmapped, counts.unmapped_words) == ((("Einordnung", 2),), 1)


def test_of_very_many_unmapped_words_the_most_frequent_are_named_and_all_counted(
    store: StatementStore, monkeypatch
) -> None:
    monkeypatch.setattr(counting, "MOST_WORDS", 2)
    words = ["b", "a", "c", "c"]
    store.put_many([replace(ODD, url=f"https://desk.example/{n}", rating=Rating(word)) for n, word in enumerate(words)])
    counts = count_statements(store)
    assert (counts.unmapped, counts.unmapped_words) == ((("c", 2), ("a", 1)), 3)


def test_an_empty_store_counts_nothing(store: StatementStore) -> None:
    counts = count_statements(store)
    assert (counts.total, counts.publishers, counts.years, counts.unmapped) == (0, (), (), ())
