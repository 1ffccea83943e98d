"""The command line's own side of statements' histories, and of changes that wait for release."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from index.store.history import versions_of
from service.presenters_drafts import present_draft
from service.presenters_history import Step, VersionAct, names_of_writers, present_versions, steps_of, words_of
from service.store.audit import TERMINAL
from service.terminal import language, print_json
from service.wording import format_date, say

if TYPE_CHECKING:
    from service.bootstrap import Application

SIGNS = {"kept": "", "removed": "-", "added": "+"}


def print_history(application: Application, id: str, *, as_json: bool) -> None:
    """The versions of a statement, one a paragraph. Raises StatementNotFound."""
    found, names = versions_of(application.statements, id), names_of_writers(application.keys, application.accounts)
    if as_json:
        print_json({"versions": present_versions(found, names)})
        return
    for step in steps_of(found):
        _print(step, names)


def _print(step: Step, names: dict[str, str]) -> None:
    speak, version = language(), step.version
    day = format_date(version.written_at.date(), speak) if version.written_at else say(speak, "date.unknown")
    who = names.get(version.written_by or "", version.written_by) or say(speak, "history.by.import")
    click.secho(f"{version.number}  {say(speak, f'history.act.{step.act.value}')}  {day}  {who}", bold=True)
    if version.reason:
        click.echo(f"  {version.reason}")
    for change in step.changes if step.act is not VersionAct.ADDED else ():
        runs = (f"[{SIGNS[run.kind]}{run.text}]" if SIGNS[run.kind] else run.text for run in words_of(change, speak))
        click.secho(f"  {change.field}: {' '.join(runs)}", dim=True)


def print_waiting(application: Application, *, as_json: bool) -> None:
    """Changes that wait, one a paragraph, or one JSON object a line."""
    found, names = application.drafts.waiting(), names_of_writers(application.keys, application.accounts)
    speak = language()
    for draft in found:
        if as_json:
            click.echo(json.dumps(present_draft(draft, names), ensure_ascii=False))
            continue
        act = f"drafts.act.{draft.change.act.value if draft.change.statement_id else 'new'}"
        click.echo(f"{draft.id}  {say(speak, act)}: {' '.join(draft.claim.split())}")
        day = format_date(draft.created_at.date(), speak)
        told = (names.get(draft.owner, draft.owner), day, draft.change.reason)
        click.secho(f"  {' · '.join(part for part in told if part)}", dim=True)
    if not found and not as_json:
        click.echo(say(speak, "editor.none.waiting"))


def release_waiting(application: Application, id: str) -> None:
    """Release a change. Raises NotFound, IndexFault."""
    from service.web.releasing import release_as

    release_as(application, application.drafts.get_waiting(id), TERMINAL)
    click.echo(say(language(), "history.done.released"))
