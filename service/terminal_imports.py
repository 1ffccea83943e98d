"""The command line's own side of imports: reading files, what is known of their columns, and what is printed."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Iterator, Sequence
from io import BytesIO
from typing import TYPE_CHECKING

import click

from service.terminal import language, print_json, rating_line, read_bytes
from service.terminal_data import progress_bar

if TYPE_CHECKING:
    from index.exchange.claimreview import ParsedReview
    from index.exchange.columns import ColumnMapping
    from index.exchange.previewing import Preview
    from index.exchange.reports import ImportReport, Note
    from service.bootstrap import Application

SHOWN_LINES = 5


def open_source(
    application: Application, source: str, columns: ColumnMapping
) -> tuple[Iterable[ParsedReview], int | None]:
    """The reviews in a file or at a URL, and of NDJSON how many lines there are. Raises ImportRejected, CheckFault."""
    from index.exchange.importing import NDJSON, sniff_content_type
    from service.work.importing import content_type_of, take_reviews

    if "://" in source:
        download = application.fetcher.download(source)
        content, content_type, url = download.content, content_type_of(download), download.url
    else:
        content, url = read_bytes(source), None
        content_type = sniff_content_type(source, content[:4096])
    lines = content.count(b"\n") if content_type.startswith(NDJSON) else None
    return take_reviews(application, BytesIO(content), content_type, url, columns=columns), lines


def import_source(application: Application, source: str, columns: ColumnMapping) -> ImportReport:
    """Import a file or a URL, with a progress bar, and bring the index up to date."""
    from index.exchange.importing import store_reviews

    reviews, lines = open_source(application, source, columns)
    with progress_bar("Reading") as advance:
        report = store_reviews(application.statements, reviews, lambda done, total: advance(done, total or done), lines)
    with progress_bar("Embedding") as advance:
        application.index.update(progress=advance)
    return report


def preview_source(application: Application, source: str, columns: ColumnMapping) -> Preview:
    """What an import would make of a file or a URL."""
    from index.exchange.previewing import preview_reviews

    return preview_reviews(open_source(application, source, columns)[0])


def mapping_of(columns: Sequence[str], values: Sequence[str]) -> ColumnMapping:
    """What was said by `--column FIELD=COLUMN` and `--set FIELD=VALUE`. Raises UsageError."""
    from index.errors import ImportRejected
    from index.exchange.columns import ColumnMapping

    try:
        return ColumnMapping(dict(map(_named, columns)), dict(map(_named, values)))
    except ImportRejected as fault:
        raise click.UsageError(str(fault)) from None


def _named(said: str) -> tuple[str, str]:
    name, equals, value = said.partition("=")
    if not equals or not name.strip() or not value.strip():
        raise click.UsageError(f"{said}: write FIELD=COLUMN, such as rating=Urteil.")
    return name.strip(), value.strip()


def print_report(report: ImportReport, *, as_json: bool) -> None:
    """What an import did, and each review that was not taken, with its reason."""
    if as_json:
        print_json(dataclasses.asdict(report))
        return
    print_notes(report.rejected, report.warnings)
    click.echo(
        f"{report.added} added, {report.updated} updated, {report.unchanged} unchanged, "
        f"{report.rejected_count} rejected, {report.warnings_count} warnings."
    )


def grouped(notes: Sequence[Note]) -> Iterator[tuple[str, str]]:
    """Each reason once, with the lines that it holds for: "lines 3, 7, 9 and 812 more: "."""
    places: dict[str, list[int]] = {}
    for note in notes:
        places.setdefault(note.reason, []).extend([note.line] if note.line else [])
    for reason, lines in places.items():
        shown = ", ".join(map(str, lines[:SHOWN_LINES]))
        more = f" and {len(lines) - SHOWN_LINES:,} more" if len(lines) > SHOWN_LINES else ""
        yield f"line{'s' if len(lines) > 1 else ''} {shown}{more}: " if lines else "", reason


def print_notes(rejected: Sequence[Note], warnings: Sequence[Note]) -> None:
    """What is wrong with a file, by line."""
    for places, reason in grouped(rejected):
        click.secho(f"{places}rejected, {reason}", fg="red")
    for places, reason in grouped(warnings):
        click.secho(f"{places}{reason}", fg="yellow")


def print_preview(preview: Preview, *, as_json: bool) -> None:
    """The first statements as they would be stored, what each rating word is read as, and what is wrong."""
    if as_json:
        from service.work_presenters import present_preview

        print_json(present_preview(preview))
        return
    print_notes(preview.rejected, preview.warnings)
    speak = language()
    for line, statement in preview.first:
        click.echo(f"line {line}: {statement.claim_reviewed}")
        click.secho(f"  {rating_line(statement, speak)} · {statement.url}", dim=True)
    for use in preview.ratings:
        click.echo(f"{use.count:,} × “{use.words}” → {use.normalized.value}")
    counts = f"{preview.rejected_count} rejected, {preview.warnings_count} warnings"
    click.echo(f"{preview.usable} statements, {counts}. Nothing was stored.")
