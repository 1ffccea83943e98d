"""`gegencheck feedback`: list, close."""

from __future__ import annotations

import click

from service.commands.opening import opened, opened_to_write, takes_settings
from service.config import Settings


@click.group()
def feedback() -> None:
    """What people reported about checks: list, close."""


@feedback.command("list")
@click.option("--status", default="open", show_default=True,
              type=click.Choice(["open", "accepted", "rejected", "all"]), help="Which to show.")  # fmt: skip
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 500))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per line.")
@takes_settings("data_dir")
def list_feedback(settings: Settings, status: str, limit: int, as_json: bool) -> None:
    """Show feedback, newest first, with the sentence that it is about."""
    from service.terminal_data import print_feedback

    with opened(settings) as application:
        print_feedback(application, None if status == "all" else status, limit, as_json=as_json)


@feedback.command()
@click.argument("feedback_id", metavar="ID")
@click.option("--rejected", is_flag=True, help="Reject the feedback; without this flag it is accepted.")
@click.option("--note", help="Why, for whoever reads it later.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@takes_settings("data_dir")
def close(settings: Settings, feedback_id: str, rejected: bool, note: str | None, as_json: bool) -> None:
    """Decide on feedback: accept it, or reject it."""
    from service.terminal_data import print_decision

    with opened_to_write(settings) as application:
        print_decision(application, feedback_id, "rejected" if rejected else "accepted", note, as_json=as_json)
