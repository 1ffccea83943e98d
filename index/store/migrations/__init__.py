"""The numbered migrations of the statement store (Alembic), run when a store is opened."""

from __future__ import annotations

import time
from functools import cache
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

import sqlalchemy as sa
from sqlalchemy import Connection, Engine

from index.errors import StoreBusy, StoreUnavailable
from index.store.database import reading, writing

if TYPE_CHECKING:
    from alembic.config import Config

VERSION_TABLE = "alembic_version_index"

_one_at_a_time = Lock()  # Alembic keeps the running migration in a global


def bring_up_to_date(
    engine: Engine, folder: Path = Path(__file__).parent, version_table: str = VERSION_TABLE, seconds: float = 300
) -> None:
    """Bring the tables of a database to the newest version; another process that is just at it is waited for.

    One that is up to date is only read, and needs no turn to write. Raises StoreUnavailable; StoreBusy only after so
    many seconds.
    """
    with reading(engine) as connection:
        if version(connection, version_table) == newest(folder):
            return None
    until = time.monotonic() + seconds
    while True:
        try:
            with writing(engine) as connection:
                return upgrade(connection, folder, version_table)
        except StoreBusy:
            if time.monotonic() >= until:
                raise


def upgrade(connection: Connection, folder: Path = Path(__file__).parent, version_table: str = VERSION_TABLE) -> None:
    """Bring the tables to the newest version of the migrations in `folder`, on the connection's own transaction.

    Raises StoreUnavailable where a newer version of this program has been at work.
    """
    from alembic import command
    from alembic.util import CommandError

    config = _config(folder)
    config.attributes["connection"] = connection
    config.attributes["version_table"] = version_table
    try:
        with _one_at_a_time:
            command.upgrade(config, "head")
    except CommandError as error:
        raise StoreUnavailable(
            "The database was written by a newer version of Gegencheck: update this one, or use another data folder."
        ) from error


def version(connection: Connection, version_table: str = VERSION_TABLE) -> str | None:
    """The version of the tables that a database has; None where it has none."""
    if not sa.inspect(connection).has_table(version_table):
        return None
    number = sa.select(sa.column("version_num", sa.String)).select_from(sa.table(version_table))
    return connection.execute(number).scalar_one_or_none()


@cache
def newest(folder: Path = Path(__file__).parent) -> str | None:
    """The version to which the migrations in `folder` lead."""
    from alembic.script import ScriptDirectory

    return ScriptDirectory.from_config(_config(folder)).get_current_head()


def _config(folder: Path) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    return config
