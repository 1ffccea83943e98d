"""`gegencheck statements`: import, export, list, history, waiting, release, coverage."""

from __future__ import annotations

import os
from typing import Any

import click

from index.models import NormalizedRating
from service.commands.opening import opened, opened_to_write, takes_settings
from service.config import Settings


@click.group()
def statements() -> None:
    """The verified statements: import, export, list, count, and what they said before."""


@statements.command("import")
@click.argument("source", metavar="FILE|URL")
@click.option(
    "--column",
    "columns",
    multiple=True,
    metavar="FIELD=COLUMN",
    help="CSV or NDJSON with other column names: which column holds rating, claim_reviewed, …; may be repeated.",
)
@click.option(
    "--set",
    "values",
    multiple=True,
    metavar="FIELD=VALUE",
    help="The url, publisher, language or license of rows that name none; may be repeated.",
)
@click.option("--preview", is_flag=True, help="Show how the import would read the file, and store nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@takes_settings("data_dir")
def import_(
    settings: Settings, source: str, columns: tuple[str, ...], values: tuple[str, ...], preview: bool, as_json: bool
) -> None:
    """Import ClaimReview: JSON-LD, NDJSON, a DataFeed, CSV or an HTML page with markup.

    Importing the same file twice changes nothing.
    """
    from service.terminal_imports import import_source, mapping_of, preview_source, print_preview, print_report

    mapping = mapping_of(columns, values)
    with opened(settings) if preview else opened_to_write(settings) as application:
        if preview:
            print_preview(preview_source(application, source, mapping), as_json=as_json)
        else:
            print_report(import_source(application, source, mapping), as_json=as_json)


@statements.command()
@click.argument("file", metavar="[FILE]", default="-", type=click.File("w", encoding="utf-8", atomic=True))
@click.option(
    "--format",
    "form",
    type=click.Choice(["ndjson", "datafeed"]),
    default="ndjson",
    show_default=True,
    help="One ClaimReview per line, or a schema.org DataFeed.",
)
@click.option("--publisher", help="Only this publisher's name or site.")
@takes_settings("data_dir")
def export(settings: Settings, file: Any, form: str, publisher: str | None) -> None:
    """Write all statements as ClaimReview, which the import reads again without loss."""
    from index.exchange.feeds import data_feed_parts, review_lines
    from index.store.walking import walk_statements

    umask = os.umask(0o077)  # what the person set: the export is theirs, unlike what lies in the data folder
    with opened(settings) as application:
        os.umask(umask)
        found = walk_statements(application.statements, publisher)
        file.writelines(data_feed_parts(found) if form == "datafeed" else review_lines(found))


@statements.command("list")
@click.option("--query", help="Words to look for.")
@click.option("--language", help="Only this language (de, en, …).")
@click.option("--publisher", help="Only this publisher's name or site.")
@click.option(
    "--rating", type=click.Choice([each.value for each in NormalizedRating]), help="Only this normalized rating."
)
@click.option("--own", is_flag=True, help="Only statements that have an owner.")
@click.option("--retired", is_flag=True, help="Those that were taken out of use, instead.")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 500))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per line.")
@takes_settings("data_dir")
def list_(settings: Settings, as_json: bool, **filters: Any) -> None:
    """Show statements, newest first."""
    from service.terminal_data import print_statements

    with opened(settings) as application:
        print_statements(application.statements.select(**filters).statements, as_json=as_json)


@statements.command()
@click.argument("id")
@click.option("--json", "as_json", is_flag=True, help="Print the versions as the API would.")
@takes_settings("data_dir")
def history(settings: Settings, id: str, as_json: bool) -> None:
    """Show the versions of a statement, newest first: who wrote each, why, and what it changed."""
    from service.terminal_history import print_history

    with opened(settings) as application:
        print_history(application, id, as_json=as_json)


@statements.command()
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per line.")
@takes_settings("data_dir")
def waiting(settings: Settings, as_json: bool) -> None:
    """Show changes of statements that wait for somebody to release them."""
    from service.terminal_history import print_waiting

    with opened(settings) as application:
        print_waiting(application, as_json=as_json)


@statements.command()
@click.argument("draft_id", metavar="ID")
@takes_settings("data_dir")
def release(settings: Settings, draft_id: str) -> None:
    """Release a change that waits, as whoever runs this machine."""
    from service.terminal_history import release_waiting

    with opened_to_write(settings) as application:
        release_waiting(application, draft_id)


@statements.command()
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@takes_settings("data_dir")
def coverage(settings: Settings, as_json: bool) -> None:
    """Count the statements by publisher, language, rating and year, and the checks of four weeks by how they ended."""
    from service.terminal_data import print_coverage

    with opened(settings) as application:
        print_coverage(application, as_json=as_json)
