"""The command line: `gegencheck serve | check | statements | feedback | index | keys | worker | …`.

Thin doors, light to import.
"""

from __future__ import annotations

import os
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import click

from index.models import NormalizedRating
from service.cli_database import backup, database, restore
from service.cli_flags import SETTING_NAMES, opened, say, takes_settings
from service.config import Settings

FIRST_KEY = (
    "This is the first key. From now on the service answers nobody without one: its web page asks for a key too, and "
    "the link that `serve` prints lets no browser write any more. Browsers that were connected go on. Revoking the key "
    "does not undo this."
)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="gegencheck")
def main() -> None:
    """Has anything in this page already been fact-checked, by whom, when, and with what rating?

    Every setting is a GEGENCHECK_… variable and a flag of each command (--data-dir, --port, …); README.md lists them.
    """


@main.command()
@takes_settings(*SETTING_NAMES)
def serve(settings: Settings) -> None:
    """Serve the web page and the API, with workers inside."""
    from service.serving import run_server

    run_server(settings, say)


@main.command()
@takes_settings("data_dir", "workers", "log_level")
def worker(settings: Settings) -> None:
    """Work off checks and imports beside a service on the same data directory."""
    from service.serving import run_worker

    run_worker(settings, say)


@main.command()
@click.argument("source", metavar="URL|FILE|-")
@click.option("--json", "as_json", is_flag=True, help="Print the check as the API would.")
@click.option("--language", help="Language of the text, where it is known (de, en, …).")
@click.option("--explain", is_flag=True, help="Show the whole way: sentences, candidates and why they fell short.")
@takes_settings("data_dir")
def check(settings: Settings, source: str, as_json: bool, language: str | None, explain: bool) -> None:
    """Check a link, a file (text, HTML or PDF) or standard input. Exit status 0 finished, 1 could not be checked."""
    from service.terminal import check_source, print_check, require_source

    require_source(source)  # before anything is opened or prepared
    with opened(settings) as application:
        result = check_source(application, source, language, say)
    print_check(result, as_json=as_json, explain=explain)
    if result.result.problem is not None:
        sys.exit(1)


@main.group()
def statements() -> None:
    """The verified statements: import, export, list."""


@statements.command("import")
@click.argument("source", metavar="FILE|URL")
@click.option("--json", "as_json", is_flag=True, help="Print the report as JSON.")
@takes_settings("data_dir")
def import_(settings: Settings, source: str, as_json: bool) -> None:
    """Import ClaimReview: JSON-LD, NDJSON, a DataFeed, CSV or an HTML page with markup. Twice changes nothing."""
    from service.terminal_data import import_source, print_report

    with opened(settings) as application:
        print_report(import_source(application, source), as_json=as_json)


@statements.command()
@click.argument("file", metavar="[FILE]", default="-", type=click.File("w", encoding="utf-8", atomic=True))
@takes_settings("data_dir")
def export(settings: Settings, file: Any) -> None:
    """Write all statements as ClaimReview, one a line."""
    from service.terminal_data import export_lines

    umask = os.umask(0o077)  # what the person set: the export is theirs, unlike what lies in the data folder
    with opened(settings) as application:
        os.umask(umask)
        for line in export_lines(application.statements):
            file.write(line + "\n")


@statements.command("list")
@click.option("--query", help="Words to look for.")
@click.option("--language", help="Only this language (de, en, …).")
@click.option("--publisher", help="Only this publisher's name or site.")
@click.option(
    "--rating", type=click.Choice([each.value for each in NormalizedRating]), help="Only this normalized rating."
)
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 500))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
@takes_settings("data_dir")
def list_(settings: Settings, limit: int, as_json: bool, **filters: str | None) -> None:
    """Show statements, newest first."""
    from service.terminal_data import print_statements

    with opened(settings) as application:
        print_statements(application.statements.select(limit=limit, **filters).statements, as_json=as_json)


@main.group()
def feedback() -> None:
    """What people said about checks: list, close."""


@feedback.command("list")
@click.option("--status", default="open", show_default=True,
              type=click.Choice(["open", "accepted", "rejected", "all"]), help="Which to show.")  # fmt: skip
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 500))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object a line.")
@takes_settings("data_dir")
def list_feedback(settings: Settings, status: str, limit: int, as_json: bool) -> None:
    """Show feedback, newest first, with the sentence that it is about."""
    from service.terminal_data import print_feedback

    with opened(settings) as application:
        print_feedback(application, None if status == "all" else status, limit, as_json=as_json)


@feedback.command()
@click.argument("feedback_id", metavar="ID")
@click.option("--rejected", is_flag=True, help="Nothing is wrong there; left out, the feedback is accepted.")
@click.option("--note", help="Why, for whoever reads it later.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@takes_settings("data_dir")
def close(settings: Settings, feedback_id: str, rejected: bool, note: str | None, as_json: bool) -> None:
    """Decide about feedback: accepted, or rejected."""
    from service.terminal_data import print_decision

    with opened(settings) as application:
        print_decision(application, feedback_id, "rejected" if rejected else "accepted", note, as_json=as_json)


@main.group()
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
    """Build the index anew from the statements, beside the old one, and swap it in."""
    from service.terminal_data import progress_bar

    with opened(settings) as application, progress_bar("Embedding") as advance:
        application.index.rebuild(progress=advance)


@main.group()
def keys() -> None:
    """Keys for the API: create, list, revoke."""


@keys.command()
@click.argument("name")
@click.option("--scope", "scopes", multiple=True, default=("check", "read"), show_default=True,
              type=click.Choice(["check", "read", "write", "admin"]))  # fmt: skip
@click.option("--days", type=click.IntRange(1), help="Days until it expires; never, if left out.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@takes_settings("data_dir")
def create(settings: Settings, name: str, scopes: tuple[str, ...], days: int | None, as_json: bool) -> None:
    """Create a key. It is shown once; only its hash is kept."""
    from service.terminal_data import print_new_key

    expires_at = datetime.now(UTC) + timedelta(days=days) if days else None
    with opened(settings) as application:
        closes = not application.keys.any_made()
        print_new_key(application.keys.create(name, scopes, expires_at), as_json=as_json)
    if closes:
        say(FIRST_KEY)


@keys.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@takes_settings("data_dir")
def list_keys(settings: Settings, as_json: bool) -> None:
    """List the keys, without their secrets."""
    from service.terminal_data import print_keys

    with opened(settings) as application:
        print_keys(application.keys.list(), as_json=as_json)


@keys.command()
@click.argument("key_id")
@takes_settings("data_dir")
def revoke(settings: Settings, key_id: str) -> None:
    """Revoke a key: it is refused from now on."""
    with opened(settings) as application:
        application.keys.revoke(key_id)
    say(f"Revoked {key_id}.")


for command in (backup, restore, database):
    main.add_command(command)


if __name__ == "__main__":
    main()
