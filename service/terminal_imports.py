"""The command line's own side of imports: reading files, what is known of their columns, and what is printed."""

from __future__ import annotations

import dataclasses
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryFile
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

import click

from service.terminal import language, print_json, rating_line
from service.terminal_data import Advance, progress_bar

if TYPE_CHECKING:
    from index.exchange.claimreview import ParsedReview
    from index.exchange.columns import ColumnMapping
    from index.exchange.previewing import Preview
    from index.exchange.reports import ImportReport, Note
    from service.bootstrap import Application

SHOWN_LINES = 5
HEAD = 4096  # bytes that tell what a file is

Bar = Callable[[str], AbstractContextManager[Advance]]


class Opened(NamedTuple):
    """The reviews in what was opened, what says how much of it was read, and how long it is, both in bytes."""

    reviews: Iterable[ParsedReview]
    position: Callable[[], int]
    size: int

    def about(self, read: int) -> int:
        """How many reviews there are in all, if those to come are as long as the `read` ones."""
        return round(read * self.size / max(self.position(), 1))


@contextmanager
def open_source(application: Application, source: str, columns: ColumnMapping) -> Iterator[Opened]:
    """The reviews in a file, on standard input (`-`) or at a URL; a file is read as its reviews are taken.

    Raises ImportRejected, CheckFault, UsageError.
    """
    from index.exchange.importing import sniff_content_type
    from index.exchange.keeping import of_others
    from service.work.importing import content_type_of, take_reviews

    if "://" in source:
        download = application.fetcher.download(source)
        file: BinaryIO = BytesIO(download.content)
        content_type, url = content_type_of(download), download.url
    else:
        file, url = open_file(source), None
        content_type = sniff_content_type(source, file.read(HEAD))
    with file:
        size = file.seek(0, os.SEEK_END)
        file.seek(0)
        reviews = take_reviews(application, file, content_type, url, columns=columns)
        yield Opened(of_others(reviews) if url else reviews, file.tell, size)


def open_file(source: str) -> BinaryIO:
    """A file, or what comes on standard input for `-`, open for reading. Raises UsageError."""
    try:
        if source != "-":
            return Path(source).open("rb")
        spooled = TemporaryFile()  # noqa: SIM115 - the caller closes it
        shutil.copyfileobj(sys.stdin.buffer, spooled)
        spooled.seek(0)
        return spooled
    except OSError as error:
        raise click.UsageError(f"{source}: {error.strerror}") from None


def import_source(
    application: Application, source: str, columns: ColumnMapping, bar: Bar = progress_bar
) -> ImportReport:
    """Import a file or a URL, with a progress bar, and bring the index up to date."""
    from index.exchange.importing import store_reviews

    with open_source(application, source, columns) as opened, bar("Reading") as advance:
        report = store_reviews(
            application.statements, opened.reviews, lambda read, _: advance(read, max(opened.about(read), read))
        )
    with bar("Embedding") as advance:
        application.index.update(progress=advance)
    return report


def preview_source(application: Application, source: str, columns: ColumnMapping) -> Preview:
    """What an import would make of a file or a URL."""
    from index.exchange.previewing import preview_reviews

    with open_source(application, source, columns) as opened:
        return preview_reviews(opened.reviews, mappings=application.ratings.mappings())


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
        f"{report.added:,} added, {report.updated:,} updated, {report.unchanged:,} unchanged, "
        f"{report.rejected_count:,} rejected, {counted(report.warnings_count, 'warning')}."
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
    counts = f"{preview.rejected_count:,} rejected, {counted(preview.warnings_count, 'warning')}"
    click.echo(f"{counted(preview.usable, 'statement')}, {counts}. Nothing was stored.")


def counted(number: int, thing: str) -> str:
    """How many there are of something: "1 warning", "2 warnings"."""
    return f"{number:,} {thing}{'' if number == 1 else 's'}"
