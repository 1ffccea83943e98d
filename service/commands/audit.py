"""`gegencheck audit`: list, verify."""

from __future__ import annotations

import json
import sys

import click

from service.commands.opening import opened, takes_settings
from service.config import Settings


@click.group()
def audit() -> None:
    """Who changed what: list, verify."""


@audit.command("list")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 500))
@takes_settings("data_dir")
def list_entries(settings: Settings, limit: int) -> None:
    """Show the newest entries, one JSON object per line."""
    from service.work_presenters import present_entry

    with opened(settings) as application:
        names = application.accounts.names()
        for entry in application.audit.select(limit=limit).entries:
            click.echo(json.dumps(present_entry(entry, names), ensure_ascii=False))


@audit.command()
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@takes_settings("data_dir")
def verify(settings: Settings, as_json: bool) -> None:
    """Go through the whole chain. Exit status 1: an entry was changed or is missing.

    Keep a copy of the printed digest elsewhere: if entries were cut off the end, only comparing it shows that.
    """
    from service.terminal_data import print_verified

    with opened(settings) as application:
        verified = application.audit.verify()
    print_verified(verified, as_json=as_json)
    if verified.broken is not None:
        sys.exit(1)
