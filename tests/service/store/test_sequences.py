"""Numbers that were given out, also those whose rows are gone, are not given again after a move."""

from __future__ import annotations

import sqlalchemy as sa

from index.store.database import writing
from index.store.tables import statements, store
from service.store.feedback import FeedbackKind
from service.store.sequences import read_positions, set_positions
from service.store.tables import feedback, keys

TABLES = (statements, feedback, keys, store)


def say(house, comment: str = "x") -> int:
    made = house.application.feedback.add("no check", "ann", FeedbackKind.OTHER, None, comment)
    with house.application.statements.engine.connect() as connection:
        query = sa.select(feedback.c.number).where(feedback.c.id == made.id)
        return int(connection.execute(query).scalar_one())


def test_they_are_read_with_those_that_are_gone_where_the_database_knows_them(house) -> None:
    with writing(house.application.statements.engine) as connection:
        assert read_positions(connection, TABLES)["statements"] == 1
        connection.execute(sa.delete(statements))
        found = read_positions(connection, TABLES)
    assert found["statements"] == 1, "a key that an index may still hold"
    assert "keys" not in found, "their ids are no numbers"


def test_it_goes_on_after_the_highest_of_both(house) -> None:
    engine = house.application.statements.engine
    assert say(house) == 1
    with writing(engine) as connection:
        set_positions(connection, TABLES, {"feedback": 41})
    assert say(house) == 42 or engine.dialect.name == "sqlite"
    with writing(engine) as connection:
        connection.execute(sa.update(feedback).where(feedback.c.number > 1).values(number=100))
        set_positions(connection, TABLES, {"feedback": 5})
    assert say(house) == 101


def test_a_statements_key_is_never_used_twice(house) -> None:
    engine = house.application.statements.engine
    (statement,) = house.application.statements.select().statements
    with writing(engine) as connection:
        connection.execute(sa.delete(statements))
        set_positions(connection, TABLES, {"statements": 77})
    assert house.application.statements.create(statement).key == 78


def test_a_table_without_numbers_yet_begins_with_one(empty_house) -> None:
    with writing(empty_house.application.statements.engine) as connection:
        set_positions(connection, TABLES, read_positions(connection, TABLES))
    assert say(empty_house) == 1
