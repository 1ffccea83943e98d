"""Imports of statements: the body lies in a blob until a worker has read it; the report stays."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePosixPath
from typing import Any, BinaryIO

import sqlalchemy as sa

from index.exchange.columns import AS_THEY_ARE, ColumnMapping
from index.exchange.reports import ImportReport, Note
from index.store.database import reading, writing
from service.clock import Clock
from service.errors import NotFound
from service.models import CheckState
from service.store.bell import Bell
from service.store.blobs import BlobStore
from service.store.callbacks import Callback, Event, ask_back, forget_callbacks, tell
from service.store.idempotency import IdempotencyKey, find_subject, forget_subject, remember_subject
from service.store.jobs import Job, JobKind, JobStore, Lane, Outcome, end_job
from service.store.spool import FOLDER, Spool, body_name, waiting_ids
from service.store.tables import imports

SHOWN_NOTES = 1000  # rejections and warnings that are kept word for word; all are counted
STRAY_SECONDS = 3600
NO_REPORT = ImportReport()
NO_NOTES: dict[str, Any] = {"rejected": [], "warnings": []}


@dataclass(frozen=True, slots=True)
class Import:
    """One import and its report. `url` is where it comes from, where the service fetches it itself.

    `read` counts while it runs, of `about` so many, where that is known; `searchable` says that the index has caught up
    with it.
    """

    id: str
    owner: str
    state: CheckState
    content_type: str | None
    url: str | None
    created_at: datetime
    finished_at: datetime | None
    read: int
    report: ImportReport
    rejected_count: int
    warnings_count: int
    searchable: bool
    problem_code: str | None
    problem_detail: str | None
    columns: ColumnMapping = AS_THEY_ARE
    about: int | None = None


class ImportStore:
    """Imports in the database, queued as `jobs`, their bodies in `blobs`. `bell` rings when one is queued."""

    def __init__(self, engine: sa.Engine, blobs: BlobStore, bell: Bell, clock: Clock, jobs: JobStore) -> None:
        self.engine, self.blobs, self.bell, self.clock, self.jobs = engine, blobs, bell, clock, jobs

    def submit(
        self,
        owner: str,
        body: Spool | bytes,
        content_type: str | None,
        url: str | None = None,
        key: IdempotencyKey | None = None,
        callback: Callback | None = None,
        columns: ColumnMapping = AS_THEY_ARE,
    ) -> Import:
        """Queue an import of what was spooled, or of a URL; an earlier one where `key` stands for it.

        `callback` is told when it has ended. Raises StoreUnavailable, and nothing is queued, where there is no room for
        the body; ServiceBusy or TooManyRequests where too much is waiting.
        """
        if isinstance(body, bytes):
            with self.spooling() as spool:
                spool.write(body)
                return self.submit(owner, spool, content_type, url, key, callback, columns)
        with reading(self.engine) as connection:
            if find_subject(connection, key) is None:
                self.jobs.admission.admit(connection, owner)  # before the disk is waited for
        if url is None:
            body.keep()
        about = {"content_type": content_type, "url": url, "columns": _stored(columns)}
        row = self._enter(body.id, owner, key, callback, about)
        if row["id"] == body.id:
            body.hand_over()
        self.bell.ring()
        return _import(row)

    def get(self, id: str, owner: str | None) -> Import:
        """The import with this id; `owner` None sees everybody's. Raises NotFound, for foreign ones as well."""
        with reading(self.engine) as connection:
            row = _row(connection, id)
        if row is None or owner not in (None, row["owner"]):
            raise NotFound("There is no such import; it may belong to another key.")
        return _import(row)

    def begin(self, job: Job) -> Import | None:
        """The import of a job, now marked as running; None where it is gone."""
        with writing(self.engine) as connection:
            row = _row(connection, job.subject)
            if row is None:
                end_job(connection, job, Outcome.CANCELLED)
                return None
            running = {"state": CheckState.RUNNING.value}
            connection.execute(sa.update(imports).where(imports.c.id == job.subject).values(**running))
        return _import({**row, **running})

    @contextmanager
    def spooling(self) -> Iterator[Spool]:
        """A blob for a body that is coming in; gone afterwards, unless an import took it over."""
        spool = Spool(secrets.token_hex(16), self.blobs)
        try:
            yield spool
        finally:
            spool.close()

    def open_body(self, found: Import) -> BinaryIO:
        """What was sent, open for reading. Raises StoreUnavailable where it is gone."""
        return self.blobs.open(body_name(found.id))

    def under_way(self, most: int = 20) -> list[Import]:
        """Imports that have not ended, in the order in which they came."""
        query = sa.select(imports).where(imports.c.finished_at.is_(None)).order_by(imports.c.created_at, imports.c.id)
        with reading(self.engine) as connection:
            return [_import(row) for row in connection.execute(query.limit(most)).mappings()]

    def note_read(self, id: str, read: int, about: int | None = None) -> None:
        """Record how many reviews were read so far, and about how many there are."""
        values = {"read": read, "notes": {**NO_NOTES, "about": about}}
        with writing(self.engine) as connection:
            connection.execute(sa.update(imports).where(imports.c.id == id).values(**values))

    def note_stored(self, id: str, report: ImportReport) -> None:
        """Record what an import brought, before all of it can be searched."""
        with writing(self.engine) as connection:
            connection.execute(sa.update(imports).where(imports.c.id == id).values(**_counts(report)))

    def finish(self, job: Job, report: ImportReport, searchable: bool, problem: tuple[str, str] | None = None) -> None:
        """Store the report (or the problem, as code and detail) and drop the body, where the lease still holds."""
        code, detail = problem or (None, None)
        now = self.clock.read().at
        values = {
            "state": (CheckState.FAILED if problem else CheckState.FINISHED).value,
            "finished_at": now,
            **_counts(report),
            "notes": {"rejected": _pairs(report.rejected), "warnings": _pairs(report.warnings)},
            "searchable": searchable,
            "problem_code": code,
            "problem_detail": detail,
        }
        with writing(self.engine) as connection:
            held = end_job(connection, job, Outcome.FAILED if problem else Outcome.FINISHED)
            if held:
                connection.execute(sa.update(imports).where(imports.c.id == job.subject).values(**values))
                tell(connection, Event.IMPORT_FINISHED, [job.subject], now)
        if held:
            self.bell.ring()
            # A restore, which may bring the same import again, comes before or after.
            with writing(self.engine) as connection:
                self.blobs.delete(body_name(job.subject), connection)

    def purge(self, before: datetime) -> None:
        """Delete the reports of imports that ended before `before`."""
        with writing(self.engine) as connection:
            ended = imports.c.finished_at < before
            ids = list(connection.execute(sa.select(imports.c.id).where(ended)).scalars())
            forget_subject(connection, ids)
            forget_callbacks(connection, ids)
            connection.execute(sa.delete(imports).where(ended))

    def drop_strays(self, now: datetime) -> None:
        """Delete bodies that nothing waits for and that are an hour old: a younger one may still be on its way in."""
        with reading(self.engine) as connection:
            live = set(connection.execute(waiting_ids()).scalars())
        for name in self.blobs.names(FOLDER, now - timedelta(seconds=STRAY_SECONDS)):
            if PurePosixPath(name).stem not in live:
                self.blobs.delete(name)

    def _enter(
        self,
        id: str,
        owner: str,
        key: IdempotencyKey | None,
        callback: Callback | None,
        about: dict[str, Any],
    ) -> dict[str, Any]:
        """The row of a new import under `id`, queued; or of the earlier one for which `key` stands."""
        with writing(self.engine) as connection:
            subject = find_subject(connection, key)
            row = _row(connection, subject) if subject else None
            if row is None:
                now = self.clock.read().at
                row = _new_row(id, owner, about, now)
                self.jobs.admission.admit_callback(connection, owner, callback)
                ask_back(connection, id, owner, callback)
                self.jobs.add(connection, JobKind.IMPORT, Lane.BULK, id, owner)
                connection.execute(sa.insert(imports).values(**row))
                remember_subject(connection, key, id, now)
        return dict(row)


def _counts(report: ImportReport) -> dict[str, int]:
    counts = {name: getattr(report, name) for name in ("added", "updated", "unchanged", "rejected_count")}
    return {**counts, "warnings_count": report.warnings_count, "read": report.total}


def _pairs(notes: tuple[Note, ...]) -> list[tuple[int | None, str]]:
    return [(note.line, note.reason) for note in notes[:SHOWN_NOTES]]


def _row(connection: sa.Connection, id: str) -> Any:
    return connection.execute(sa.select(imports).where(imports.c.id == id)).mappings().one_or_none()


def _stored(columns: ColumnMapping) -> dict[str, Any] | None:
    return {"columns": dict(columns.columns), "values": dict(columns.values)} if columns else None


def _new_row(id: str, owner: str, about: dict[str, Any], created_at: datetime) -> dict[str, Any]:
    counts = dict.fromkeys(("read", "added", "updated", "unchanged", "rejected_count", "warnings_count"), 0)
    return {
        "id": id,
        "owner": owner,
        "state": CheckState.QUEUED.value,
        **about,
        "created_at": created_at,
        "finished_at": None,
        "notes": NO_NOTES,
        "searchable": False,
        "problem_code": None,
        "problem_detail": None,
        **counts,
    }


def _import(row: Any) -> Import:
    notes = {
        name: tuple(Note(line, reason) for line, reason in row["notes"][name]) for name in ("rejected", "warnings")
    }
    same = {name: row[name] for name in Import.__slots__ if name in row and name not in ("state", "columns")}
    return Import(
        **same,
        state=CheckState(row["state"]),
        columns=ColumnMapping(**row["columns"]) if row["columns"] else AS_THEY_ARE,
        about=row["notes"].get("about"),
        report=ImportReport(row["added"], row["updated"], row["unchanged"], notes["rejected"], notes["warnings"]),
    )
