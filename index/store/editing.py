"""What persons do with statements besides revising them: add one that is new, bring one back, link translations."""

from __future__ import annotations

import sqlalchemy as sa

from index.errors import StatementExists, StatementNotFound
from index.models import Statement
from index.store.changes import Writer, changing
from index.store.database import reading
from index.store.rows import Row, fingerprint, storable, to_columns, to_statement
from index.store.statements import NOBODY, StatementStore
from index.store.tables import statements

MOST_LINKED = 50


def add(store: StatementStore, statement: Statement, writer: Writer = NOBODY) -> Statement:
    """Add a statement that must be new. Raises StatementExists where one with its URL and claim is or was there."""
    print_ = fingerprint(statement)
    with changing(store.engine, writer) as changes:
        known = changes.by_fingerprint([print_]).get(print_)
        if known is not None:
            raise StatementExists(known["id"], is_retired=known["deleted_at"] is not None)
        changes.insert([(print_, changes.columns_of(statement))])
        return to_statement(changes.by_fingerprint([print_])[print_])


def restore(store: StatementStore, id: str, writer: Writer = NOBODY) -> Statement:
    """Bring a statement that was taken out of use back; one that is in use stays. Raises StatementNotFound."""
    with changing(store.engine, writer) as changes:
        row = row_of(changes.connection, id)
        statement = to_statement(row)
        return statement if row["deleted_at"] is None else to_statement(changes.update(row, to_columns(statement)))


def linked(store: StatementStore, statement: Statement) -> list[Statement]:
    """Other statements in use that were written as translations of this one, or that this one is a translation of."""
    name = storable(statement.cluster_name)
    alike = sa.or_(statements.c.cluster == name, statements.c.id == name)
    others = sa.select(statements).where(alike, statements.c.key != statement.key, statements.c.deleted_at.is_(None))
    with reading(store.engine) as connection:
        rows = connection.execute(others.order_by(statements.c.key).limit(MOST_LINKED)).mappings().all()
    return [to_statement(row) for row in rows]


def row_of(connection: sa.Connection, id: str) -> Row:
    """The row of a statement, retired or not. Raises StatementNotFound."""
    row = connection.execute(sa.select(statements).where(statements.c.id == storable(id))).mappings().one_or_none()
    if row is None:
        raise StatementNotFound(f"There is no statement {id!r}.")
    return row
