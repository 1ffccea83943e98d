"""The numbered migrations of the statement store (Alembic), run when a store is opened."""

from __future__ import annotations

from pathlib import Path
from threading import Lock

from sqlalchemy import Connection

from index.errors import StoreUnavailable

VERSION_TABLE = "alembic_version_index"

_one_at_a_time = Lock()  # Alembic keeps the running migration in a global


def upgrade(connection: Connection, folder: Path = Path(__file__).parent, version_table: str = VERSION_TABLE) -> None:
    """Bring the tables to the newest version of the migrations in `folder`, on the connection's own transaction.

    Raises StoreUnavailable where a newer version of this program has been at work.
    """
    from alembic import command
    from alembic.config import Config
    from alembic.util import CommandError

    config = Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.attributes["connection"] = connection
    config.attributes["version_table"] = version_table
    try:
        with _one_at_a_time:
            command.upgrade(config, "head")
    except CommandError as error:
        raise StoreUnavailable(
            "The database was written by a newer version of Gegencheck: update this one, or use another data folder."
        ) from error
