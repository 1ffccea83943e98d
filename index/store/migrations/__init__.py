"""The numbered migrations of the statement store (Alembic), run when a store is opened."""

from __future__ import annotations

from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from sqlalchemy import Connection

from index.errors import StoreUnavailable

if TYPE_CHECKING:
    from alembic.config import Config

VERSION_TABLE = "alembic_version_index"

_one_at_a_time = Lock()  # Alembic keeps the running migration in a global


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


def newest(folder: Path = Path(__file__).parent) -> str | None:
    """The version to which the migrations in `folder` lead."""
    from alembic.script import ScriptDirectory

    return ScriptDirectory.from_config(_config(folder)).get_current_head()


def _config(folder: Path) -> Config:
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    return config
