"""What `gegencheck replay` prints: the flips one by one as they are found, then the sum."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import click

from service.policy_presenters import present_change, present_flip
from service.terminal import language, print_json
from service.wording import say

if TYPE_CHECKING:
    from service.actions import Action
    from service.bootstrap import Application
    from service.flips import Change, Flip
    from service.models import VerdictCode
    from service.pipeline.replaying import Changes
    from service.store.check_lists import Wanted

AT_ONCE = 100


def print_replays(application: Application, wanted: Wanted, changes: Changes, limit: int, *, as_json: bool) -> None:
    """Replay everybody's checks, newest first, `limit` at most. Raises IndexUnavailable where there is no index."""
    from service.replays import replay_checks

    if changes.newest:
        application.index.status(wait=True)  # or what is loading would count as missing
    replayed = skipped = 0
    flips: list[Flip] = []
    cursor: str | None = None
    while replayed + skipped < limit:
        some = min(AT_ONCE, limit - replayed - skipped)
        page = replay_checks(application, None, wanted, changes, cursor, some)
        replayed, skipped, cursor = replayed + page.replayed, skipped + page.skipped, page.next_cursor
        flips += page.flips
        if not as_json:
            for flip in page.flips:
                print_flip(flip)
        if cursor is None:
            break
    counted = Counter(flip.change for flip in flips).most_common()
    if as_json:
        shown = [present_change(*each) for each in counted]
        print_json(
            {"replayed": replayed, "skipped": skipped, "changes": shown, "flips": list(map(present_flip, flips))}
        )
    else:
        print_sum(replayed, skipped, counted)


def print_flip(flip: Flip) -> None:
    """A check that would have a different result, and why."""
    speak, check = language(), flip.check
    click.echo(f"{check.id}  {outcomes(flip.change)}")
    if check.request.url or check.request.reference:
        click.secho(f"  {check.request.url or check.request.reference}", dim=True)
    for reason in flip.reasons:
        statement = f" ({reason.statement})" if reason.statement else ""
        click.echo(f"  {say(speak, f'replay.reason.{reason.code.value}')}{statement}")


def print_sum(replayed: int, skipped: int, counted: list[tuple[Change, int]]) -> None:
    """How many checks would change, and how."""
    speak = language()
    click.secho(f"\n{say(speak, 'replay.sum', n=sum(count for _, count in counted))}", bold=True)
    left_out = f" {say(speak, 'replay.skipped', n=skipped)}" if skipped else ""
    click.echo(f"{say(speak, 'replay.replayed', n=replayed)}{left_out}")
    for change, count in counted:
        click.echo(f"{count:>8}  {outcomes(change)}")


def outcomes(change: Change) -> str:
    """A change in words."""
    verdict, action, verdict_after, action_after = change
    return f"{_outcome(verdict, action)} → {_outcome(verdict_after, action_after)}"


def _outcome(verdict: VerdictCode | None, action: Action | None) -> str:
    speak = language()
    said = say(speak, f"coverage.verdict.{verdict.value}") if verdict else say(speak, "replay.no_result")
    return f"{said} ({say(speak, f'replay.action.{action.value}')})" if action else said
