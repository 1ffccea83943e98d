"""Moving a database into another one: all rows of one moment, or none; counted and compared before they count.

The source goes on meanwhile; what happens there after that moment stays there. The copy gets a store name of its own,
so that no index takes the one for the other, and two more entries in its audit log, which say that it is a copy.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, replace

import sqlalchemy as sa

from index.store import tables as index_tables
from index.store.database import open_engine, reading, writing
from index.store.migrations import VERSION_TABLE as INDEX_VERSIONS
from index.store.migrations import newest, upgrade, version
from service.clock import SystemClock
from service.config import Settings
from service.errors import GegencheckError
from service.store import source_tables  # noqa: F401 - these are of the same database
from service.store import tables as service_tables
from service.store.audit import note_whole
from service.store.copying_rows import CopyDiffers, copy_table
from service.store.database import MIGRATIONS, open_tables
from service.store.database import VERSION_TABLE as SERVICE_VERSIONS
from service.store.hold import hold_alone, hold_beside
from service.store.moving_bodies import MovingBodies
from service.store.private_files import keep_private
from service.store.sequences import read_positions, set_positions

TABLES = (*index_tables.metadata.sorted_tables, *service_tables.metadata.sorted_tables)
MADE_ANEW = {"statement_store", "tallies", "corrections"}  # the migrations put rows into these

Say = Callable[[str], None]


class CopyRefused(GegencheckError):
    """One database cannot be copied into the other, in which nothing was changed."""

    code = "copy-refused"


@dataclass(frozen=True, slots=True)
class Copied:
    """What was copied: rows by table, and bodies of imports that still wait."""

    rows: dict[str, int]
    bodies: int


def copy_database(settings: Settings, source_url: str, target_url: str, say: Say = lambda _: None) -> Copied:
    """Copy all that a database holds into an empty one. Raises CopyRefused, StoreUnavailable, DataInUse.

    Bodies of imports that wait lie in the data folder where a database is an SQLite file.
    """
    source_settings, target_settings = (replace(settings, database_url=url) for url in (source_url, target_url))
    with ExitStack() as held:
        _hold(held, source_settings, target_settings)
        source, target = open_engine(source_settings.database), open_engine(target_settings.database)
        held.callback(source.dispose)
        held.callback(target.dispose)
        bodies = held.enter_context(MovingBodies(source, target, settings.data_dir))
        with reading(source) as origin:
            _refuse_other_versions(origin)
            with reading(target) as connection:
                _refuse_what_is_there(connection)
            with writing(target) as connection:
                upgrade(connection)
            open_tables(target)
            with writing(target) as connection:
                copied = _copy(origin, connection, bodies, say)
            bodies.keep()
    return copied


def _hold(held: ExitStack, source: Settings, target: Settings) -> None:
    """Let nobody fill the source, and nobody at all use the target, where they are files."""
    if source.database_file is not None:
        if target.database_file is not None:
            raise CopyRefused("Both are SQLite files: use backup and restore.")
        if not source.database_file.is_file():
            raise CopyRefused("There is no database to copy: the first address names no file.")
        held.callback(hold_beside(source.database_file).release)
    if target.database_file is not None:
        held.callback(hold_alone(target.database_file).release)
        keep_private(target.data_dir, target.database_file)


def _refuse_other_versions(origin: sa.Connection) -> None:
    """Raises CopyRefused where the source's tables are not those of this program."""
    for table, wanted in ((INDEX_VERSIONS, newest()), (SERVICE_VERSIONS, newest(MIGRATIONS))):
        if version(origin, table) != wanted:
            raise CopyRefused(
                "The first database was not written by this version of Gegencheck: open it once with this version "
                "(`gegencheck index status`), then copy."
            )


def _refuse_what_is_there(connection: sa.Connection) -> None:
    """Raises CopyRefused where the target holds anything."""
    names = sa.inspect(connection).get_table_names()
    for table in TABLES:
        if table.name in names and table.name not in MADE_ANEW:
            some = sa.select(sa.literal(1)).select_from(table).limit(1)
            if connection.execute(some).first() is not None:
                raise CopyRefused(f"The second database is not empty: {table.name} has rows. Name an empty one.")


def _copy(origin: sa.Connection, connection: sa.Connection, bodies: MovingBodies, say: Say) -> Copied:
    _refuse_what_is_there(connection)  # somebody may have come meanwhile
    tables = [table for table in TABLES if table is not service_tables.blobs or bodies.are_rows]
    rows = {}
    for table in tables:
        say(f"Copying {table.name} …")
        if table.name in MADE_ANEW:
            connection.execute(sa.delete(table))
        try:
            rows[table.name] = copy_table(origin, connection, table)
        except CopyDiffers as fault:
            raise CopyRefused(str(fault)) from None
    note_whole(connection, SystemClock(), "database copy")
    set_positions(connection, tables, read_positions(origin, tables))
    connection.execute(sa.update(index_tables.store).values(store_id=secrets.token_hex(4)))
    return Copied(rows, bodies.move(origin, connection))
