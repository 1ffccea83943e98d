"""The audit log: a chain that breaks wherever somebody changes it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa

from index.store.database import writing
from service.store.audit import FIRST, Verified, note_whole
from service.store.tables import audit


def fill(house, count: int = 3):
    log = house.application.audit
    for number in range(count):
        log.end(log.begin("ann", "POST /v1/keys"), "201", f"key{number}")
    return log


def test_a_write_has_an_entry_when_it_begins_and_one_when_it_has_ended(house) -> None:
    log = house.application.audit
    begun = log.begin("ann", "DELETE /v1/statements/<id>", "s1")
    ended = log.end(begun, "204")
    assert (begun.number, begun.outcome, begun.begun_by) == (1, "begun", None)
    assert (ended.number, ended.outcome, ended.begun_by, ended.subject, ended.actor) == (2, "204", 1, "s1", "ann")
    assert log.select().entries == (ended, begun)


def test_a_command_that_writes_the_whole_database_is_noted_with_it_or_not_at_all(house) -> None:
    log, engine = fill(house, 1), house.application.statements.engine
    with engine.connect() as connection:  # which commits nothing by itself
        note_whole(connection, house.clock, "restore")
    assert log.verify().entries == 2
    with writing(engine) as connection:
        note_whole(connection, house.clock, "restore")
    noted = [(each.number, each.actor, each.action, each.outcome, each.begun_by) for each in log.select().entries]
    assert noted[:2] == [(4, "terminal", "restore", "done", 3), (3, "terminal", "restore", "begun", None)]
    assert (log.verify().entries, log.verify().broken) == (4, None)


def test_pages_lead_to_each_other(house) -> None:
    log = fill(house)
    first = log.select(limit=4)
    second = log.select(first.next_cursor, 4)
    assert [each.number for each in (*first.entries, *second.entries)] == [6, 5, 4, 3, 2, 1]
    assert second.next_cursor is None


def test_an_empty_or_untouched_log_is_whole(house) -> None:
    assert house.application.audit.verify() == Verified(0, FIRST, None)
    log = fill(house)
    assert log.verify() == Verified(6, log.select().entries[0].digest, None)


@pytest.mark.parametrize(
    "change",
    [
        {"actor": "bob"}, {"action": "GET /"}, {"subject": "other"}, {"outcome": "500"}, {"begun_by": None},
        {"digest": "0" * 64}, {"at": sa.func.current_timestamp()},
    ],
    ids=lambda change: next(iter(change)),
)  # fmt: skip
def test_a_changed_entry_is_named(house, change) -> None:
    log = fill(house)
    with writing(house.application.statements.engine) as connection:
        connection.execute(sa.update(audit).where(audit.c.number == 4).values(**change))
    verified = log.verify()
    assert (verified.entries, verified.broken) == (3, 4)


@pytest.mark.parametrize("gone", [1, 3, 6])
def test_a_missing_entry_is_named_unless_it_was_the_last_which_the_digest_tells(house, gone: int) -> None:
    log = fill(house)
    before = log.verify()
    with writing(house.application.statements.engine) as connection:
        connection.execute(sa.delete(audit).where(audit.c.number == gone))
    after = log.verify()
    assert after.broken == (gone if gone < 6 else None)
    assert after.digest != before.digest


def test_writers_at_once_make_one_chain(house) -> None:
    log = house.application.audit
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: log.begin("ann", f"POST /{n}"), range(20)))
    assert (log.verify().entries, log.verify().broken) == (20, None)
