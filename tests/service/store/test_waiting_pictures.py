"""Pictures that wait: kept before a check is told of, in backups and copies, and gone with what needs them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from doubles import picture_saying

from index.errors import StoreUnavailable
from index.store.database import reading
from service.bootstrap import build
from service.errors import TooManyRequests
from service.models import CheckRequest, CheckState
from service.store.backup import write_backup
from service.store.backup_file import open_backup
from service.store.erasing import erase_subject
from service.store.spool import waiting_ids

PICTURE = picture_saying("Hot lemon water cures", "diabetes within seven days.")
ASKED = CheckRequest(picture=PICTURE)


def names(application) -> list[str]:
    return application.checks.blobs.names("imports", datetime.now(UTC) + timedelta(days=1))


def test_a_picture_is_there_before_its_check_is_told_of_and_another_process_reads_it(house, open_other) -> None:
    check = house.application.checks.submit(ASKED, "ann", None)
    assert check.request.picture == b"", "it lies elsewhere, and that there was one is known"
    other = open_other()
    with other.application.checks.blobs.open(f"imports/{check.id}.body") as kept:
        assert kept.read() == PICTURE
    other.work()
    done = house.application.checks.get(check.id, "ann")
    assert done.state is CheckState.FINISHED
    assert done.result.article is not None
    assert done.result.article.picture is not None
    assert done.request.picture == b""
    assert names(house.application) == []


def test_a_picture_that_is_refused_leaves_nothing_behind(open_other) -> None:
    house = open_other(max_waiting_per_key=1)
    house.application.checks.submit(ASKED, "ann", None)
    with pytest.raises(TooManyRequests):
        house.application.checks.submit(CheckRequest(picture=PICTURE + b"!"), "ann", None)
    assert len(names(house.application)) == 1


@pytest.mark.sqlite
def test_no_room_for_a_picture_queues_nothing(house, settings) -> None:
    (settings.data_dir / "imports").write_text("a file where the folder should be")
    with pytest.raises(StoreUnavailable, match="make room"):
        house.application.checks.submit(ASKED, "ann", None)
    assert house.application.jobs.count() == 0


def test_only_what_nothing_waits_for_strays(house) -> None:
    check = house.application.checks.submit(ASKED, "ann", None)
    stray = house.application.checks.blobs.create("imports/stray.body")
    stray.write(b"stray")
    stray.keep()
    house.application.imports.drop_strays(datetime.now(UTC) + timedelta(hours=2))
    assert names(house.application) == [f"imports/{check.id}.body"]


def test_old_checks_are_purged_with_their_pictures(house) -> None:
    house.application.checks.submit(ASKED, "ann", None)
    assert house.application.checks.purge(datetime.now(UTC) + timedelta(days=1)) == 1
    assert names(house.application) == []


def test_a_subject_is_erased_with_the_picture_that_waits(house) -> None:
    house.application.checks.submit(replace(ASKED, reference="customer 7"), "ann", None)
    application = house.application
    now = application.clock.read().at
    assert erase_subject(application.statements.engine, application.checks.blobs, now, "customer 7", None).checks == 1
    assert names(application) == []


def test_a_picture_that_got_lost_fails_its_check_in_the_end(house) -> None:
    check = house.application.checks.submit(ASKED, "ann", None)
    house.application.checks.blobs.delete(f"imports/{check.id}.body")
    for _ in range(5):
        house.work()
        house.clock.let_pass(120)
    assert house.application.checks.get(check.id, "ann").state is CheckState.FAILED


@pytest.mark.sqlite
def test_a_backup_holds_the_pictures_that_wait(settings, tmp_path) -> None:
    application = build(settings)
    check = application.checks.submit(ASKED, "ann", None)
    made = write_backup(settings, tmp_path / "today.tar")
    application.close()
    assert f"imports/{check.id}.body" in made.manifest.files
    (tmp_path / "held").mkdir()
    with open_backup(made.path) as content:
        content.unpack(tmp_path / "held")
    assert (tmp_path / "held" / "imports" / f"{check.id}.body").read_bytes() == PICTURE


def test_imports_and_pictures_that_wait_are_known_by_their_ids(house) -> None:
    application = house.application
    picture = application.checks.submit(ASKED, "ann", None)
    application.checks.submit(CheckRequest(text="Etwas."), "ann", None)
    application.checks.submit(CheckRequest(url="https://a.example/1.png", wants_picture=True), "ann", None)
    sent = application.imports.submit("ann", b"{}", "application/json")
    application.imports.submit("ann", b"", None, "https://a.example/feed")
    with reading(application.statements.engine) as connection:
        assert sorted(connection.execute(waiting_ids()).scalars()) == sorted([picture.id, sent.id])
