"""Rating words that nobody mapped, listed for a person; a mapping holds at once, for later imports too, and goes again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa

from index.errors import MappingNotFound
from index.models import NormalizedRating, Publisher, Rating, Statement
from index.store.database import reading
from index.store.ratings import RatingStore
from index.store.statements import Outcome, StatementStore
from index.store.tables import statements
from index.store.walking import changed_keys, reread_keys

from ..conftest import make_statement

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
FALSE, MIXED, SATIRE, UNMAPPED = (NormalizedRating(code) for code in ("false", "mixed", "satire", "unmapped"))


def rated(
    number: int, words: str, site: str | None = "a.example", normalized: NormalizedRating = UNMAPPED
) -> Statement:
    statement = make_statement(f"Claim {number} about ducks.")
    return replace(statement, rating=Rating(words, normalized=normalized), publisher=Publisher("Some", site))


GIVEN = [
    rated(0, "Quatsch"), rated(1, "quatsch!"), rated(2, "Quatsch", "b.example"), rated(3, "Unfug", None),
    rated(4, "Humbug"), rated(5, "False", normalized=FALSE),
]  # fmt: skip


@pytest.fixture
def ratings(store: StatementStore) -> RatingStore:
    store.put_many(GIVEN)
    return RatingStore(store.engine)


def read_as(store: StatementStore) -> dict[str, list[str]]:
    """What the words of all statements are read as, in the order of the statements."""
    found: dict[str, list[str]] = {}
    for statement in reversed(store.select(limit=100).statements):
        found.setdefault(statement.rating.normalized.value, []).append(statement.rating.alternate_name)
    return found


def put(ratings: RatingStore, words: str, normalized: NormalizedRating = FALSE, site: str | None = None) -> Any:
    return ratings.map(words, normalized, "key-1", NOW, site)


def test_what_is_not_mapped_is_listed_with_counts_publishers_and_two_examples(ratings: RatingStore) -> None:
    page = ratings.unmapped()
    assert (page.words, page.statements, page.next_cursor) == (3, 5, None)
    assert [(each.words, each.count, each.publishers) for each in page.ratings] == [
        ("Quatsch", 3, (("a.example", 2), ("b.example", 1))),
        ("Humbug", 1, (("a.example", 1),)),
        ("Unfug", 1, (("", 1),)),
    ]
    assert [each.claim_reviewed for each in page.ratings[0].examples] == [
        "Claim 2 about ducks.", "Claim 1 about ducks.",
    ]  # fmt: skip
    assert page.ratings[0].examples[0].publisher.site == "b.example"


def test_the_list_comes_in_pages(ratings: RatingStore) -> None:
    first = ratings.unmapped(limit=2)
    assert ([each.words for each in first.ratings], first.words) == (["Quatsch", "Humbug"], 3)
    rest = ratings.unmapped(first.next_cursor, 2)
    assert ([each.words for each in rest.ratings], rest.next_cursor) == (["Unfug"], None)
    assert ratings.unmapped("9" * 18).ratings == ()


def test_deleted_statements_are_not_listed(store: StatementStore, ratings: RatingStore) -> None:
    for statement in store.select(query="Claim").statements:
        store.delete(statement.id)
    page = ratings.unmapped()
    assert (page.ratings, page.words, page.statements) == ((), 0, 0)


def test_a_mapping_holds_at_once_for_all_statements_and_the_words_stay(
    store: StatementStore, ratings: RatingStore
) -> None:
    before = store.checkpoint().sequence
    made = put(ratings, " QUATSCH")
    assert (made.statements, made.mapping.normalized, made.mapping.mapped_by, made.mapping.mapped_at) == (
        3, FALSE, "key-1", NOW,
    )  # fmt: skip
    assert read_as(store) == {"false": ["Quatsch", "quatsch!", "Quatsch", "False"], "unmapped": ["Unfug", "Humbug"]}
    assert store.checkpoint().sequence == before + 1, "whoever keeps checks learns that something changed"
    assert [each.words for each in ratings.unmapped().ratings] == ["Humbug", "Unfug"]


def test_texts_did_not_change_so_nothing_is_embedded_anew(store: StatementStore, ratings: RatingStore) -> None:
    before = store.checkpoint().sequence
    put(ratings, "Quatsch")
    after = store.checkpoint().sequence
    assert (store.changes_since(before), store.count_changes(before)) == ([], 0)
    assert changed_keys(store, before, after) == {}
    assert reread_keys(store, before, after) == {1: after, 2: after, 3: after}
    assert reread_keys(store, 0, before) == {}
    store.put_many([replace(GIVEN[0], headline="Anew")])
    assert changed_keys(store, before, after + 1) == {1: after + 1}
    assert reread_keys(store, before, after + 1) == {2: after, 3: after}


def test_what_is_imported_later_is_read_by_it_and_importing_again_changes_nothing(
    store: StatementStore, ratings: RatingStore
) -> None:
    put(ratings, "Quatsch")
    assert store.put_many(GIVEN) == [Outcome.UNCHANGED] * 6
    assert store.put_many([rated(7, "Quatsch.")]) == [Outcome.ADDED]
    made = store.create(rated(8, "quatsch"))
    assert made.rating.normalized is FALSE
    assert store.revise(made.id, rated(8, "Humbug")).rating.normalized is UNMAPPED
    assert store.revise(made.id, rated(8, "QUATSCH")).rating.normalized is FALSE


def test_one_for_a_publisher_comes_before_one_for_all_and_may_be_taken_back(
    store: StatementStore, ratings: RatingStore
) -> None:
    general, own = put(ratings, "Quatsch"), put(ratings, "Quatsch", SATIRE, " B.example")
    assert own.mapping.site == "b.example"
    assert read_as(store)["satire"] == ["Quatsch"]
    assert [(each.mapping.id, each.statements) for each in ratings.list().mapped] == [
        (own.mapping.id, 1), (general.mapping.id, 2),
    ]  # fmt: skip
    ratings.unmap(general.mapping.id)
    assert read_as(store)["unmapped"] == ["Quatsch", "quatsch!", "Unfug", "Humbug"]
    ratings.unmap(own.mapping.id)
    assert "satire" not in read_as(store)
    assert ratings.list().mapped == ()


def test_the_same_words_are_mapped_anew_under_the_same_id(store: StatementStore, ratings: RatingStore) -> None:
    first = put(ratings, "Quatsch")
    second = put(ratings, "quatsch", MIXED)
    assert (second.mapping.id, second.mapping.words) == (first.mapping.id, "quatsch")
    assert [each.mapping.normalized for each in ratings.list().mapped] == [MIXED]
    assert read_as(store)["mixed"] == ["Quatsch", "quatsch!", "Quatsch"]


def test_what_the_program_reads_otherwise_can_be_mapped_and_comes_back(
    store: StatementStore, ratings: RatingStore
) -> None:
    made = put(ratings, "false", MIXED)
    assert read_as(store)["mixed"] == ["False"]
    ratings.unmap(made.mapping.id)
    assert read_as(store)["false"] == ["False"]


def test_mapping_what_nobody_says_changes_nothing(store: StatementStore, ratings: RatingStore) -> None:
    before = store.checkpoint()
    assert put(ratings, "Papperlapapp").statements == 0
    assert store.checkpoint() == before


def test_mappings_come_in_pages_and_one_that_is_not_there_is_said_to_be_gone(ratings: RatingStore) -> None:
    ids = [put(ratings, f"word {'x' * n}").mapping.id for n in range(3)]
    first = ratings.list(limit=2)
    assert [each.mapping.id for each in first.mapped] == [ids[2], ids[1]]
    rest = ratings.list(first.next_cursor, 2)
    assert ([each.mapping.id for each in rest.mapped], rest.next_cursor) == ([ids[0]], None)
    assert ratings.get(ids[0]).mapping.words == "word "
    ratings.unmap(ids[0])
    for act in (ratings.get, ratings.unmap):
        for id in (ids[0], "\0"):
            with pytest.raises(MappingNotFound):
                act(id)


def test_what_was_learned_of_the_words_is_no_new_rating_of_the_publisher(
    store: StatementStore, ratings: RatingStore
) -> None:
    store.put_many([replace(GIVEN[0], headline="Anew")])  # keeps the version before
    put(ratings, "Quatsch")
    assert store.rerated([1]) == frozenset()
    store.put_many([rated(0, "Humbug")])
    assert store.rerated([1]) == {1}


def test_words_of_any_kind_and_length_are_listed_and_mapped(store: StatementStore, ratings: RatingStore) -> None:
    odd = ("💩", "<b>Unsinn</b>\0", "Satz. " * 1500, "\ud800")
    store.put_many([rated(20 + n, words) for n, words in enumerate(odd)])
    listed = [each.words for each in ratings.unmapped().ratings]
    for n, words in enumerate(odd):
        assert put(ratings, words).statements == 1, n
    assert len(listed) == 7
    assert ratings.unmapped().words == 3


def test_a_new_version_of_the_program_reads_what_is_there_without_an_import(
    store: StatementStore, ratings: RatingStore
) -> None:
    put(ratings, "Humbug", SATIRE)
    with store.engine.begin() as connection:  # as another version left it
        known = {"normalized": "unmapped", "words_digest": None}
        connection.execute(sa.update(statements).where(statements.c.key.in_([5, 6])).values(known))
    before = store.checkpoint().sequence
    address = store.engine.url.render_as_string(hide_password=False)
    StatementStore.open(address).close()
    assert store.checkpoint().sequence == before, "the same version reads nothing again"
    with store.engine.begin() as connection:
        connection.execute(sa.text("UPDATE statement_store SET ratings_read = 'another version'"))
    StatementStore.open(address).close()
    assert read_as(store) == {"unmapped": ["Quatsch", "quatsch!", "Quatsch", "Unfug"], "satire": ["Humbug"], "false": ["False"]}  # fmt: skip
    assert store.checkpoint().sequence == before + 1
    with reading(store.engine) as connection:
        assert None not in connection.execute(sa.select(statements.c.words_digest)).scalars().all()
