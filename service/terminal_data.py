"""The command line's own side of statements, index, keys and backups: reading files, progress, and what is printed."""

from __future__ import annotations

import dataclasses
import json
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from index.models import Statement
from service.coverage import charts_of, measure_coverage, present_coverage
from service.models import Check
from service.presenters import present_moment, present_statement
from service.terminal import language, print_json, rating_line
from service.wording import format_date, format_number, say
from service.work_presenters import present_feedback

if TYPE_CHECKING:
    from index.retrieval.live_index import IndexStatus
    from service.bootstrap import Application
    from service.store.audit import Verified
    from service.store.backup_file import Manifest
    from service.store.copying import Copied
    from service.store.erasing import Erased
    from service.store.feedback import Feedback
    from service.store.keys import Key, NewKey

Advance = Callable[[int, int], None]


# ---------------------------------------------------------------- statements


def print_coverage(application: Application, *, as_json: bool) -> None:
    """What there is and what was asked, a line for each bar of the page."""
    held = application
    found = measure_coverage(held.statements, held.checks, held.sources, held.clock.read().at)
    if as_json:
        print_json(present_coverage(found))
        return
    speak = language()
    click.echo(say(speak, "count.statements", n=found.statements.total))
    for name, lines in charts_of(found, speak).items():
        click.secho(f"\n{say(speak, f'coverage.by.{name}')}", bold=True)
        for bar in lines:
            click.echo(f"{format_number(bar.count, speak):>12}  {bar.name}")


@contextmanager
def progress_bar(label: str) -> Iterator[Advance]:
    """A bar on standard error that is told (done, total); nothing is drawn where nobody watches."""
    with click.progressbar(length=1, label=label, file=sys.stderr, show_pos=True) as bar:

        def advance(done: int, total: int) -> None:
            bar.length = max(total, 1)
            bar.update(done - bar.pos)

        yield advance


def print_statements(statements: Sequence[Statement], *, as_json: bool) -> None:
    """Statements, one a paragraph, or one JSON object a line."""
    speak = language()
    for statement in statements:
        if as_json:
            click.echo(json.dumps(present_statement(statement), ensure_ascii=False))
            continue
        click.echo(f"{statement.claim_reviewed}")
        click.secho(f"  {rating_line(statement, speak)} · {statement.url}", dim=True)


# ---------------------------------------------------------------- feedback


def print_feedback(application: Application, status: str | None, limit: int, *, as_json: bool) -> None:
    """Feedback, one a paragraph, or one JSON object a line."""
    from service.store.feedback import FeedbackStatus

    found = application.feedback.select(None, FeedbackStatus(status) if status else None, limit=limit)
    for remark in found.feedback:
        if as_json:
            click.echo(json.dumps(present_feedback(remark), ensure_ascii=False))
        else:
            print_remark(remark, application.checks.get(remark.check_id, None))
    if not found.feedback and not as_json:
        click.echo(say(language(), f"inbox.none.{status or 'open'}"))


def print_remark(remark: Feedback, check: Check) -> None:
    """What somebody said, about which check and sentence, and what was decided."""
    speak = language()
    state = say(speak, f"inbox.status.{remark.status.value}")
    click.echo(f"{remark.id}  {say(speak, f'feedback.{remark.kind.value}')}  ({state})")
    if remark.comment:
        click.echo(f"  {' '.join(remark.comment.split())}")
    verdict, claims = check.result.verdict, check.result.claims
    place = remark.claim if remark.claim is not None else verdict.claim if verdict else None
    if place is not None and place < len(claims):
        click.secho(f"  {claims[place].claim.sentence.text}", dim=True)
    day = format_date(remark.created_at.date(), speak)
    click.secho(f"  {' · '.join(part for part in (day, check.id, check.request.url) if part)}", dim=True)
    if remark.note:
        click.secho(f"  {say(speak, 'inbox.noted')}: {remark.note}", dim=True)


def print_decision(application: Application, id: str, status: str, note: str | None, *, as_json: bool) -> None:
    """Decide about feedback, and say so. Raises NotFound."""
    from service.ruling_out import decide_feedback
    from service.store.feedback import FeedbackStatus

    decided = decide_feedback(application, id, FeedbackStatus(status), note)
    if as_json:
        print_json(present_feedback(decided))
    else:
        print_remark(decided, application.checks.get(decided.check_id, None))


# ---------------------------------------------------------------- index and keys


def print_status(status: IndexStatus, *, as_json: bool) -> None:
    """Whether the index is ready, and why not."""
    if as_json:
        print_json(dataclasses.asdict(status))
        return
    said = "ready" if status.ready else "not ready"
    click.secho(f"{said}: {status.reason}" if status.reason else said, fg="green" if status.ready else "red")
    click.echo(f"{status.statements:,} statements, checkpoint {status.checkpoint} (store: {status.store_checkpoint})")


def print_new_key(key: NewKey, *, as_json: bool) -> None:
    """A new key's secret, the only time it is shown."""
    if as_json:
        print_json({"id": key.id, "secret": key.secret})
        return
    click.echo(f"Key {key.id}. Keep the secret; it is not shown again:")
    click.echo(key.secret)


def print_keys(keys: Sequence[Key], *, as_json: bool) -> None:
    """The keys without their secrets."""
    if as_json:
        print_json([_key_row(key) for key in keys])
        return
    for key in keys:
        state = "revoked" if key.revoked_at else f"until {key.expires_at:%Y-%m-%d}" if key.expires_at else "active"
        paired = f"  {key.origin}" if key.origin else ""
        click.echo(f"{key.id}  {key.name}  {','.join(key.scopes)}  {state}{paired}")


def _key_row(key: Key) -> dict[str, Any]:
    row = {**dataclasses.asdict(key), "scopes": list(key.scopes)}
    return {name: present_moment(value) if isinstance(value, datetime) else value for name, value in row.items()}


# ---------------------------------------------------------------- backups


def print_backup(held: Manifest, path: Path, *, as_json: bool) -> None:
    """What a backup holds that was made or restored."""
    waiting = sum(name.startswith("imports/") for name in held.files)
    counts = {name: held.rows.get(name, 0) for name in ("statements", "checks", "keys")}
    if as_json:
        about = {"file": str(path), "bytes": path.stat().st_size, "made_at": held.made_at, "program": held.program}
        print_json(
            {**about, "store_id": held.store_id, "sequence": held.sequence, **counts, "waiting_imports": waiting}
        )
        return
    click.echo(f"{path}: {path.stat().st_size / 1e6:,.1f} MB, made {held.made_at}")
    told = ", ".join(f"{count:,} {name}" for name, count in counts.items())
    click.echo(f"{told}, {waiting} waiting imports")


def print_copied(copied: Copied, *, as_json: bool) -> None:
    """What was copied from one database into another."""
    if as_json:
        print_json({"rows": copied.rows, "waiting_imports": copied.bodies})
        return
    counts = {name: copied.rows[name] for name in ("statements", "checks", "keys")}
    told = ", ".join(f"{count:,} {name}" for name, count in counts.items())
    in_all = sum(copied.rows.values())
    click.echo(f"Copied and compared: {told}, {copied.bodies} waiting imports, {in_all:,} rows in all.")
    click.echo("Set GEGENCHECK_DATABASE_URL to the copy and start the service: it builds the index anew.")


def print_verified(verified: Verified, *, as_json: bool) -> None:
    """How far the audit log holds together."""
    if as_json:
        print_json(dataclasses.asdict(verified))
        return
    if verified.broken is not None:
        click.echo(f"Entry {verified.broken} was changed or is missing. The {verified.entries:,} before it are whole.")
        return
    click.echo(f"{verified.entries:,} entries, whole. The last one's digest is {verified.digest}")


def print_erased(erased: Erased, *, as_json: bool) -> None:
    """How much was erased."""
    if as_json:
        print_json(dataclasses.asdict(erased))
        return
    click.echo(
        f"Erased: {erased.checks:,} checks, {erased.items:,} items of batches, {erased.negatives:,} sentences of the "
        "negative list. Backups made before still have them."
    )
