"""The command line: `gegencheck serve | worker | check`, and the commands in commands/.

Thin doors, light to import.
"""

from __future__ import annotations

import sys

import click

from service.commands.accounts import accounts
from service.commands.asked import asked
from service.commands.audit import audit
from service.commands.calibrate import calibrate
from service.commands.database import backup, database, restore
from service.commands.erase import erase
from service.commands.feedback import feedback
from service.commands.index import index
from service.commands.keys import keys
from service.commands.opening import SETTING_NAMES, opened, say, takes_settings
from service.commands.ratings import ratings
from service.commands.replay import replay
from service.commands.sources import sources
from service.commands.statements import statements
from service.config import Settings
from service.terminal_guard import guard_terminal


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="gegencheck")
def main() -> None:
    """Has anything in this page already been fact-checked, by whom, when, and with what rating?

    Every setting is a GEGENCHECK_… variable and a flag of each command (--data-dir, --port, …); README.md lists them.
    """
    guard_terminal()


@main.command()
@takes_settings(*SETTING_NAMES)
def serve(settings: Settings) -> None:
    """Serve the web page and the API, with workers inside."""
    from service.serving import run_server

    run_server(settings, say)


@main.command()
@takes_settings("data_dir", "workers", "metrics_port", "log_level", "log_format")
def worker(settings: Settings) -> None:
    """Work off checks and imports beside a service that shares the database."""
    from service.serving import run_worker

    run_worker(settings, say)


@main.command()
@click.argument("source", metavar="URL|FILE|-")
@click.option("--json", "as_json", is_flag=True, help="Print the check as the API would.")
@click.option("--language", help="Language of the text, if known (de, en, …).")
@click.option("--explain", is_flag=True, help="Show every step: sentences, candidates and why they fell short.")
@click.option("--pictures", is_flag=True, help="Also read the pictures of a page (at most six).")
@takes_settings("data_dir")
def check(settings: Settings, source: str, as_json: bool, language: str | None, explain: bool, pictures: bool) -> None:
    """Check a link, a file (text, HTML, PDF, picture) or standard input. Exit status 0 finished, 1 not checked."""
    from service.terminal import check_source, print_check, require_source

    require_source(source)  # before anything is opened or prepared
    with opened(settings) as application:
        result = check_source(application, source, language, say, pictures=pictures)
    print_check(result, as_json=as_json, explain=explain)
    if result.result.problem is not None:
        sys.exit(1)


COMMANDS = (
    statements, sources, ratings, asked, feedback, replay, calibrate, index, accounts, keys, audit, backup, restore,
    database, erase,
)  # fmt: skip
for command in COMMANDS:
    main.add_command(command)


if __name__ == "__main__":
    main()
