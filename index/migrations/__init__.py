"""The numbered migrations of the statement store (Alembic), run when a store is opened."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection

VERSION_TABLE = "alembic_version_index"


def upgrade(connection: Connection, folder: Path = Path(__file__).parent, version_table: str = VERSION_TABLE) -> None:
    """Bring the tables to the newest version of the migrations in `folder`, on the connection's own transaction."""
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(folder).replace("%", "%%"))
    config.attributes["connection"] = connection
    config.attributes["version_table"] = version_table
    command.upgrade(config, "head")
