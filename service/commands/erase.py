"""`gegencheck erase`."""

from __future__ import annotations

import click

from service.commands.opening import opened_to_write, takes_settings
from service.config import Settings


@click.command()
@click.option("--reference", help="Checks and items of batches with this reference.")
@click.option("--url", help="Checks and items of batches of exactly this address.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@takes_settings("data_dir")
def erase(settings: Settings, reference: str | None, url: str | None, as_json: bool) -> None:
    """Erase what is kept of a subject, whichever key asked: its checks, feedback, webhooks and negative list entries.

    Backups keep it until they are deleted; so do the receivers of webhooks.
    """
    from service.store.erasing import erase_subject
    from service.terminal_data import print_erased

    if not (reference or url):
        raise click.UsageError("Name the subject: --reference, --url, or both.")
    with opened_to_write(settings) as application:
        now, blobs = application.clock.read().at, application.checks.blobs
        erased = erase_subject(application.statements.engine, blobs, now, reference, url)
    print_erased(erased, as_json=as_json)
