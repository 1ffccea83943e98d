"""`gegencheck replay`."""

from __future__ import annotations

from datetime import UTC, datetime

import click

from service.commands.opening import opened, takes_settings
from service.config import Settings


@click.command()
@click.option("--policy", help="The policy to use (desk.3, or desk for the newest); else that of each check.")
@click.option("--min-confidence", type=click.FloatRange(0, 1), help="The confidence that a match of one text needs.")
@click.option("--newest-index", is_flag=True, help="Search each check's sentences again in the index of today.")
@click.option("--reference", help="Only checks with this reference.")
@click.option("--since", type=click.DateTime(["%Y-%m-%d"]), help="Only checks asked for on this day or later (UTC).")
@click.option("--limit", default=1000, show_default=True, type=click.IntRange(1), help="Checks to replay at most.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@takes_settings("data_dir")
def replay(
    settings: Settings,
    policy: str | None,
    min_confidence: float | None,
    newest_index: bool,
    reference: str | None,
    since: datetime | None,
    limit: int,
    as_json: bool,
) -> None:
    """Say which past checks would have a different result, and why. Nothing is changed."""
    from service.pipeline.replaying import Changes
    from service.store.check_lists import Wanted
    from service.terminal_replay import print_replays

    wanted = Wanted(reference, since=since.replace(tzinfo=UTC) if since else None)
    with opened(settings) as application:
        chosen = application.policies.get(policy).policy if policy else None
        changes = Changes(chosen, min_confidence, newest_index)
        print_replays(application, wanted, changes, limit, as_json=as_json)
