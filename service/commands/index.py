"""`gegencheck index`: status, rebuild."""

from __future__ import annotations

import sys

import click

from service.commands.opening import opened, opened_to_write, takes_settings
from service.config import Settings


@click.group()
def index() -> None:
    """The derived index: status, rebuild."""


@index.command()
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@takes_settings("data_dir")
def status(settings: Settings, as_json: bool) -> None:
    """Say whether the index is ready and up to date. Exit status 1 where it is not."""
    from service.terminal_data import print_status

    with opened(settings) as application:
        found = application.index.status(wait=True)
    print_status(found, as_json=as_json)
    if found.reason:
        sys.exit(1)


@index.command()
@takes_settings("data_dir")
def rebuild(settings: Settings) -> None:
    """Rebuild the index from the statements, beside the old one, and swap it in."""
    from service.terminal_data import progress_bar

    with opened_to_write(settings) as application, progress_bar("Embedding") as advance:
        application.index.rebuild(progress=advance)
