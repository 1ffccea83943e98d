"""The service's tables: migrated beside the statements', and nothing of what was deleted stays on disk."""

from __future__ import annotations

import sqlalchemy as sa

from service.store import database
from service.store.tables import metadata


def test_the_migrations_make_the_tables_that_the_code_expects(house) -> None:
    found = sa.inspect(house.application.statements.engine)
    for table in metadata.sorted_tables:
        made = {column["name"]: str(column["type"]) for column in found.get_columns(table.name)}
        wanted = {
            column.name: column.type.compile(house.application.statements.engine.dialect) for column in table.columns
        }
        assert made == wanted
        indexes = {index["name"]: index["column_names"] for index in found.get_indexes(table.name)}
        assert indexes == {index.name: [column.name for column in index.columns] for index in table.indexes}


def test_opening_again_changes_nothing(house) -> None:
    engine = house.application.statements.engine
    house.application.keys.create("kept", ["read"])
    database.open_tables(engine)
    assert [key.name for key in house.application.keys.list()] == ["kept"]
    names = sa.inspect(engine).get_table_names()
    assert "alembic_version_service" in names
    assert "alembic_version_index" in names


def test_what_is_deleted_is_gone_from_every_file(house, settings) -> None:
    secret = "Only grandmother knows about the 4711 lemons"
    check = house.check(text=secret)
    assert any(secret.encode() in path.read_bytes() for path in settings.data_dir.glob("gegencheck.db*"))
    assert house.client.delete(f"/v1/checks/{check['id']}").status_code == 204
    for path in settings.data_dir.rglob("*"):
        assert path.is_dir() or secret.encode() not in path.read_bytes(), path
