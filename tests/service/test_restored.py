"""A backup restored while a service is at work: what it holds in memory, has in hand and is asked then.

The service is the `house`, in this process; the restore is that of the command (`store/test_restoring.py`).
"""

from __future__ import annotations

import base64
import json
import threading
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from index.errors import StoreReplaced
from index.store.one_store import within_one_store
from service.app import create_app
from service.store.backup import write_backup
from service.store.callbacks import Callback
from service.store.jobs import JobKind
from service.store.restoring import restore_backup
from service.work.housekeeping import Housekeeping
from service.work.worker import Worker

pytestmark = pytest.mark.sqlite  # PostgreSQL has its own programs for that

MOON = {"claim_reviewed": "The moon is hollow.", "url": "https://checks.example/moon"}
BREAD = {"claim_reviewed": "Bread is made of sand.", "url": "https://checks.example/bread"}


@pytest.fixture
def back(house: Any, settings: Any, tmp_path: Path) -> Any:
    """Takes a backup now, and gives what restores it, as often as it is called."""

    def take() -> Any:
        made = write_backup(settings, tmp_path / f"{len(list(tmp_path.glob('*.tar')))}.tar")
        return lambda: restore_backup(settings, made.path)

    return take


def match(house: Any, text: str) -> Any:
    return house.client.post("/v1/match", json={"texts": [text]})


def claims_of(house: Any) -> list[str]:
    return [each.claim_reviewed for each in house.application.statements.select().statements]


def test_it_answers_of_the_restored_data_or_not_at_all(house: Any, open_other: Any, back: Any) -> None:
    """Back to an earlier state and on again: the numbers of changes repeat, what they changed does not."""
    restore, other = back(), open_other()
    house.add_statement(**MOON)
    old = house.application.statements.checkpoint()
    for each in (house, other):
        assert "hollow" in match(each, "The moon is hollow.").text
    restore()
    house.application.statements.create(next(iter(changed(house, BREAD))))
    new = house.application.statements.checkpoint()
    assert (new.sequence, new.store_id == old.store_id) == (old.sequence, False)
    for each in (house, other):
        reply = each.client.get("/readyz")
        assert (reply.status_code, reply.json["code"]) == (503, "index-not-ready")
        assert "belongs to another database" in reply.json["detail"]
        reply = match(each, "The moon is hollow.")
        assert (reply.status_code, "hollow" in reply.text) == (503, False)
    Housekeeping(house.application).run_when_due()
    for each in (house, other):
        assert each.client.get("/readyz").json["index"]["statements"] == 2
        assert "hollow" not in match(each, "The moon is hollow.").text
        assert match(each, "Bread is made of sand.").text.index("Bread is made") > 0


def changed(house: Any, changes: dict[str, str]) -> Any:
    return (replace(each, key=0, id="", **changes) for each in house.application.statements.select().statements)


def test_keys_lists_and_the_page_filter_are_those_of_the_backup(house: Any, settings: Any, back: Any) -> None:
    application = house.application
    first = filter_head(house)
    kept = house.key("admin")
    restore = back()
    application.negatives.add("One text.", "s", "ann")
    gone = house.key("admin")
    assert application.negatives.current().rules_out("One text.", "s")
    house.fetcher.pages["https://zeitung.example/lemons"] = "<p>Hot lemon water cures diabetes within seven days.</p>"
    house.clock.let_pass(3600)
    house.check(url="https://zeitung.example/lemons", headers=gone)
    restore()
    application.negatives.add("Another text.", "t", "ann")
    assert not application.negatives.current().rules_out("One text.", "s")
    assert application.negatives.current().rules_out("Another text.", "t")
    assert house.client.get("/v1/audit", headers=gone).status_code == 401
    assert house.client.get("/v1/audit", headers=kept).status_code == 200
    assert filter_head(house)["public_key"] == first["public_key"]
    with_another_key = dict(first, public_key=base64.b64encode(bytes(32)).decode())
    assert filter_head(house) != with_another_key


def filter_head(house: Any) -> Any:
    return json.loads(house.application.page_filter.current().partition(b"\n")[0])


def test_the_filter_of_other_data_is_not_served_for_another_minute(house: Any, back: Any) -> None:
    """From before there was any: the restored data make a key of their own, and the former's signs no more."""
    restore = back()
    former = filter_head(house)
    restore()
    assert filter_head(house)["public_key"] != former["public_key"]


def test_a_check_at_work_ends_without_a_trace_and_one_that_waits_is_done(house: Any, back: Any) -> None:
    """The same worker claims a job of the same number for the second time: it is another one."""
    application, url = house.application, "https://zeitung.example/lemons"
    house.publish(url, "Hot lemon water cures diabetes within seven days.")
    waiting = house.client.post("/v1/checks", json={"url": url, "wait": 0}).json["id"]
    restore, worker, jobs = back(), Worker(application), []
    house.add_statement(**MOON)

    def restored_meanwhile(_url: str) -> None:
        house.fetcher.before = lambda _: None
        restore()
        another = threading.Thread(target=lambda: jobs.append(application.jobs.claim(str(worker.name), ["check"])))
        another.start()
        another.join()

    house.fetcher.before = restored_meanwhile
    assert worker.run_once()
    (claimed,) = jobs
    assert (claimed.subject, claimed.attempts, claimed.worker) == (waiting, 1, str(worker.name))
    assert application.checks.get(waiting, None).state == "queued", "what had been found is stored nowhere"
    assert application.jobs.still_held([claimed]) == [claimed]
    application.jobs.put_back(claimed)
    Housekeeping(application).run()
    assert house.work() == 1
    check = application.checks.get(waiting, None)
    assert check.result.versions.index_checkpoint == str(application.statements.checkpoint())


def test_who_held_a_job_when_the_backup_was_made_holds_it_no_more(house: Any, back: Any) -> None:
    jobs = house.application.jobs
    house.client.post("/v1/checks", json={"text": "Hot lemon water cures diabetes within seven days.", "wait": 0})
    held = jobs.claim("w", [JobKind.CHECK])
    back()()
    assert jobs.still_held([held]) == []
    assert not jobs.end(held, "finished")
    again = jobs.claim("w", [JobKind.CHECK])
    assert (again.subject, again.crashed, again.attempts) == (held.subject, 0, 2)


def test_what_a_job_writes_meanwhile_is_stored_nowhere(house: Any, back: Any, lemons: dict[str, Any]) -> None:
    """An import goes on for as long as it takes to hear that it is wanted no more."""
    application = house.application
    restore = back()
    application.imports.submit("ann", json.dumps(lemons | {"url": MOON["url"]}).encode(), "application/json")
    job = application.jobs.claim("w", [JobKind.IMPORT])
    before = claims_of(house)
    restore()
    with within_one_store(job.store_id):
        for write in (
            lambda: application.statements.put_many(list(changed(house, MOON))),
            lambda: application.corrections.reach(99),
            lambda: application.imports.note_read(job.subject, 1),
        ):
            with pytest.raises(StoreReplaced):
                write()
    assert claims_of(house) == before
    assert house.work() == 0


def test_an_import_of_both_pasts_keeps_its_body(house: Any, back: Any, lemons: dict[str, Any]) -> None:
    """It waits in the backup, was done meanwhile, and whoever did it removes the body late."""
    application = house.application
    made = application.imports.submit("ann", json.dumps(lemons).encode(), "application/json")
    restore = back()
    job = application.jobs.claim("w", [JobKind.IMPORT])
    with within_one_store(job.store_id):
        restore()
        with pytest.raises(StoreReplaced):
            application.imports.finish(job, application.imports.get(made.id, None).report, searchable=True)
    with application.imports.open_body(application.imports.get(made.id, None)) as body:
        assert json.loads(body.read()) == lemons
    assert house.work() == 1
    assert application.imports.get(made.id, None).state == "finished"


def test_a_request_at_work_writes_nothing_into_the_restored_data(house: Any, back: Any) -> None:
    restore, key = back(), house.key("write")
    app = create_app(house.application)
    app.before_request(lambda: restore() and None)
    reply = app.test_client().post("/v1/statements", json={**MOON, "rating": {"alternate_name": "False"}}, headers=key)
    assert (reply.status_code, reply.json["code"]) == (503, "store-unavailable")
    assert "Retry-After" in reply.headers
    assert "replaced by those of a backup" in reply.json["detail"]
    assert len(claims_of(house)) == 1
    entries = house.application.audit.select().entries
    assert [(each.action, each.outcome) for each in entries] == [("restore", "done"), ("restore", "begun")]
    assert house.application.audit.verify().broken is None


def test_who_waits_for_a_check_that_is_gone_is_told_to_ask_again(house: Any, back: Any) -> None:
    restore = back()
    checks = house.application.checks

    class Restoring(type(checks)):
        def wait(self, id: str, owner: str | None, seconds: float) -> Any:
            restore()
            return super().wait(id, owner, seconds)

    replaced = Restoring(checks.engine, checks.blobs, checks.bell, checks.clock, checks.jobs)
    app = create_app(replace(house.application, checks=replaced))
    reply = app.test_client().post("/v1/checks", json={"text": "Ducks are banned.", "wait": 5})
    assert (reply.status_code, reply.json["code"]) == (503, "store-unavailable")


def test_what_ends_again_is_told_under_the_same_id(house: Any, back: Any) -> None:
    from service.models import CheckRequest

    application, hook = house.application, Callback("https://desk.example/hook", "de")
    text = CheckRequest(text="Hot lemon water cures diabetes within seven days.")
    owner = application.keys.create("desk", ["check"]).id
    check = application.checks.submit(text, owner, None, callback=hook)
    house.fetcher.answers[hook.url] = 204
    restore = back()
    ids = []
    for _ in range(2):
        Housekeeping(application).run()
        house.work()
        (delivery,) = application.deliveries.select(None).deliveries
        assert (delivery.subject, delivery.state) == (check.id, "delivered")
        ids.append(delivery.id)
        restore()
    assert ids[0] == ids[1]
    assert [headers["webhook-id"] for _, _, headers in house.fetcher.posted] == ids


def test_a_command_at_work_changes_nothing_more(settings: Any, house: Any, back: Any) -> None:
    restore = back()
    with within_one_store():
        house.application.audit.begin("terminal", "keys create")
        restore()
        with pytest.raises(StoreReplaced):
            house.application.keys.create("late", ["check"])
    assert house.application.keys.list() == []
