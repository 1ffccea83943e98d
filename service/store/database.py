"""The service's tables in the statements' database: brought up to date when opened, overwritten when deleted."""

from __future__ import annotations

from pathlib import Path

import sqlalchemy as sa

from index.store.database import BUSY_SECONDS, translated
from index.store.migrations import bring_up_to_date

MIGRATIONS = Path(__file__).parent / "migrations"
VERSION_TABLE = "alembic_version_service"
PATIENCE_SECONDS = 1


def open_tables(engine: sa.Engine) -> None:
    """Bring the service's tables to their newest version. Raises StoreUnavailable."""
    bring_up_to_date(engine, MIGRATIONS, VERSION_TABLE)


def overwrite_deleted(engine: sa.Engine) -> None:
    """Empty SQLite's write-ahead log, where deleted rows can still be read; readers at work delay it to the next time.

    The database file itself is overwritten by `PRAGMA secure_delete`. Other databases: nothing to do here.
    """
    if engine.dialect.name != "sqlite":
        return
    with translated():
        connection = engine.raw_connection()  # outside any transaction, as a checkpoint must be
        try:
            cursor = connection.cursor()
            cursor.execute(f"PRAGMA busy_timeout = {PATIENCE_SECONDS * 1000}")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.fetchall()
            cursor.execute(f"PRAGMA busy_timeout = {BUSY_SECONDS * 1000}")
        finally:
            connection.close()
