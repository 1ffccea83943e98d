"""`gegencheck backup`, `restore` and `database`: the data as a whole."""

from __future__ import annotations

from pathlib import Path

import click

from service.commands.opening import say, takes_settings
from service.config import Settings


@click.command()
@click.argument("target", metavar="[FILE|FOLDER]", default=".", type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@takes_settings("data_dir")
def backup(settings: Settings, target: Path, as_json: bool) -> None:
    """Write a backup while the service runs: database and waiting imports, as one tar file."""
    from service.store.backup import write_backup
    from service.terminal_data import print_backup

    made = write_backup(settings, target, say)
    print_backup(made.manifest, made.path, as_json=as_json)


@click.command()
@click.argument("source", metavar="FILE", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@takes_settings("data_dir")
def restore(settings: Settings, source: Path, as_json: bool) -> None:
    """Replace the data with those of a backup, also while the service runs; it then builds its index again.

    The data of now are gone afterwards: make a backup of them first if you may want them back.
    """
    from service.store.restoring import restore_backup
    from service.terminal_data import print_backup

    print_backup(restore_backup(settings, source, say), source, as_json=as_json)


@click.group()
def database() -> None:
    """The database: copy it into another one."""


@database.command()
@click.argument("source", metavar="FROM")
@click.argument("target", metavar="TO")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@takes_settings("data_dir")
def copy(settings: Settings, source: str, target: str, as_json: bool) -> None:
    """Copy all data from SQLite to PostgreSQL or back: two addresses as in GEGENCHECK_DATABASE_URL, TO empty.

    FROM may be in use; changes made there meanwhile are not copied, so stop the service for the last copy.
    """
    from service.store.copying import copy_database
    from service.terminal_data import print_copied

    print_copied(copy_database(settings, source, target, say), as_json=as_json)
