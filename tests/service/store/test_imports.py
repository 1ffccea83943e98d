"""Imports: a body is kept until it was read, and reports stay."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from index.errors import StoreUnavailable
from index.exchange.reports import ImportReport, Note
from service.errors import NotFound, ServiceBusy
from service.models import CheckState
from service.store.idempotency import IdempotencyKey
from service.store.imports import SHOWN_NOTES
from service.store.jobs import JobKind


def spooled(house) -> list[bytes]:
    blobs = house.application.imports.blobs
    names = blobs.names("imports", datetime.now(UTC) + timedelta(days=1))
    found = []
    for name in names:
        with blobs.open(name) as body:
            found.append(body.read())
    return found


def test_a_body_is_kept_before_the_import_is_told_of(house, open_other) -> None:
    made = house.application.imports.submit("ann", b"{}", "application/json")
    assert spooled(house) == [b"{}"]
    other = open_other().application
    assert other.imports.get(made.id, "ann").state is CheckState.QUEUED
    with other.imports.open_body(made) as body:
        assert body.read() == b"{}"
    assert other.jobs.claim("w", (JobKind.IMPORT,)).subject == made.id


def test_the_body_goes_and_the_report_stays(house) -> None:
    imports = house.application.imports
    made = imports.submit("ann", b"{}", "application/json")
    job = house.application.jobs.claim("w", (JobKind.IMPORT,))
    assert imports.begin(job).state is CheckState.RUNNING
    notes = tuple(Note(line, "no claim") for line in range(SHOWN_NOTES + 5))
    imports.finish(job, ImportReport(1, 2, 3, notes, (Note(None, "odd date"),)), searchable=True)
    found = imports.get(made.id, "ann")
    assert (found.state, found.read, found.searchable) == (CheckState.FINISHED, SHOWN_NOTES + 11, True)
    assert (found.report.added, found.report.updated, found.report.unchanged) == (1, 2, 3)
    assert (found.rejected_count, len(found.report.rejected)) == (SHOWN_NOTES + 5, SHOWN_NOTES)
    assert found.report.warnings == (Note(None, "odd date"),)
    assert spooled(house) == []


def test_an_import_belongs_to_its_key(house) -> None:
    made = house.application.imports.submit("ann", b"{}", "application/json")
    with pytest.raises(NotFound):
        house.application.imports.get(made.id, "bob")
    assert house.application.imports.get(made.id, None) == made


@pytest.mark.sqlite
def test_no_room_for_the_body_queues_nothing(house, settings) -> None:
    (settings.data_dir / "imports").write_text("a file where the folder should be")
    with pytest.raises(StoreUnavailable, match="make room"):
        house.application.imports.submit("ann", b"{}", "application/json")
    assert house.application.jobs.count() == 0


def test_old_reports_and_stray_bodies_are_purged(house) -> None:
    imports = house.application.imports
    imports.submit("ann", b"waiting", "application/json")
    stray = imports.blobs.create("imports/stray.body")
    stray.write(b"stray")
    stray.keep()
    imports.purge(datetime.now(UTC) + timedelta(days=1))
    imports.drop_strays(datetime.now(UTC))
    assert sorted(spooled(house)) == [b"stray", b"waiting"], "a young one may be on its way in"
    imports.drop_strays(datetime.now(UTC) + timedelta(hours=1, minutes=1))
    assert spooled(house) == [b"waiting"]


def test_a_body_that_is_refused_leaves_nothing_behind(open_other) -> None:
    house = open_other(max_waiting=1)
    house.application.imports.submit("ann", b"{}", "application/json")
    with pytest.raises(ServiceBusy):
        house.application.imports.submit("bob", b"[]", "application/json")
    assert spooled(house) == [b"{}"]
    assert house.application.jobs.count() == 1


def test_an_import_sent_again_with_its_key_is_not_refused(open_other) -> None:
    house = open_other(max_waiting=1)
    key = IdempotencyKey.of("ann", "import", "once", b"{}")
    first = house.application.imports.submit("ann", b"{}", "application/json", key=key)
    assert house.application.imports.submit("ann", b"{}", "application/json", key=key) == first
