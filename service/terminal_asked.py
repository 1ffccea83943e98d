"""The command line's own side of claims that were asked about and not verified."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from service.asked_claims import AskedState
from service.presenters_asked import present_asked
from service.store.audit import TERMINAL
from service.terminal import language
from service.wording import format_date, say

if TYPE_CHECKING:
    from service.bootstrap import Application


def print_asked(application: Application, state: AskedState, limit: int, *, as_json: bool) -> None:
    """Claims, one a paragraph, or one JSON object a line."""
    found, speak = application.asked.select(state, limit=limit).claims, language()
    for each in found:
        if as_json:
            click.echo(json.dumps(present_asked(each), ensure_ascii=False))
            continue
        click.echo(f"{each.id}  {' '.join(each.claim.split())}")
        day = say(speak, "asked.newest", date=format_date(each.asked_on, speak))
        counts = [say(speak, "asked.checks", n=each.checks)]
        counts += [say(speak, "asked.callers", n=each.callers)] if each.callers > 1 else []
        counts += [say(speak, "asked.pages", n=each.pages)] if each.pages else []
        click.secho(f"  {' · '.join((*counts, day))}", dim=True)
    if not found and not as_json:
        click.echo(say(speak, f"asked.none.{state.value}"))


def mark(application: Application, id: str, state: AskedState) -> None:
    """Put a claim aside, or list it again. Raises NotFound."""
    application.asked.mark(id, state, TERMINAL)
