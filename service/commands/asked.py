"""`gegencheck asked`: list, hide, show."""

from __future__ import annotations

import click

from service.asked_claims import AskedState
from service.commands.opening import opened, opened_to_write, takes_settings
from service.config import Settings


@click.group()
def asked() -> None:
    """Claims that many checks had and no statement matched: list, hide, show."""


@asked.command("list")
@click.option("--hidden", is_flag=True, help="Show those that were hidden instead.")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 100))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per line.")
@takes_settings("data_dir", "asked_checks")
def list_asked(settings: Settings, hidden: bool, limit: int, as_json: bool) -> None:
    """Show the claims, those that most checks had first. Whose checks they were is not told."""
    from service.terminal_asked import print_asked

    with opened(settings) as application:
        print_asked(application, AskedState.DISMISSED if hidden else AskedState.OPEN, limit, as_json=as_json)


@asked.command()
@click.argument("claim_id", metavar="ID")
@takes_settings("data_dir", "asked_checks")
def hide(settings: Settings, claim_id: str) -> None:
    """Put a claim aside."""
    from service.terminal_asked import mark

    with opened_to_write(settings) as application:
        mark(application, claim_id, AskedState.DISMISSED)


@asked.command()
@click.argument("claim_id", metavar="ID")
@takes_settings("data_dir", "asked_checks")
def show(settings: Settings, claim_id: str) -> None:
    """List a claim again that was hidden."""
    from service.terminal_asked import mark

    with opened_to_write(settings) as application:
        mark(application, claim_id, AskedState.OPEN)
