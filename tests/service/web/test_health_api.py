"""/healthz and /readyz."""

from __future__ import annotations

from dataclasses import replace

from index.errors import ModelUnavailable, StoreUnavailable
from index.exchange.claimreview import read_review
from service.store.writable import Writable
from service.work.housekeeping import Housekeeping


def test_alive_and_ready(house) -> None:
    assert house.client.get("/healthz").json == {"status": "ok"}
    ready = house.client.get("/readyz")
    assert (ready.status_code, ready.json["status"]) == (200, "ready")
    assert ready.json["index"]["statements"] == 1
    assert ready.json["queue"] == {"waiting": 0, "oldest_seconds": 0.0}


def test_depth_and_age_of_the_queue_are_shown(house) -> None:
    for text in ("One text.", "Another text."):
        house.client.post("/v1/checks", json={"text": text, "wait": 0})
        house.clock.let_pass(10)
    queue = house.client.get("/readyz").json["queue"]
    assert queue["waiting"] == 2
    assert 20 <= queue["oldest_seconds"] < 40


def test_without_its_database_it_is_alive_and_not_ready(house) -> None:
    class Gone:
        def __getattr__(self, _name):
            raise StoreUnavailable("The database server cannot be reached.")

    for name in ("keys", "jobs", "usage"):
        object.__setattr__(house.application, name, Gone())
    for headers in ({}, {"Authorization": "Bearer gck_x_y"}, {"X-Forwarded-For": "1.2.3.4"}, {"Host": "10.0.0.7:8000"}):
        assert house.client.get("/healthz", headers=headers).json == {"status": "ok"}
        assert house.client.get("/readyz", headers=headers).status_code in (421, 503)


def test_without_an_index_it_is_alive_and_not_ready(empty_house) -> None:
    assert empty_house.client.get("/healthz").status_code == 200
    reply = empty_house.client.get("/readyz")
    assert (reply.status_code, reply.json["code"]) == (503, "index-not-ready")
    assert "not built yet" in reply.json["detail"]
    assert int(reply.headers["Retry-After"]) > 0


def test_with_a_disk_that_cannot_be_written_it_is_alive_and_not_ready_until_it_can(house, tmp_path) -> None:
    gone = tmp_path / "file"
    gone.touch()
    object.__setattr__(house.application, "writable", Writable([house.application.settings.data_dir, gone]))
    assert house.client.get("/healthz").status_code == 200
    reply = house.client.get("/readyz")
    assert (reply.status_code, reply.json["code"]) == (503, "store-unavailable")
    assert "cannot be written" in reply.json["detail"]
    object.__setattr__(house.application, "writable", Writable([house.application.settings.data_dir]))
    assert house.client.get("/readyz").status_code == 200


def test_an_index_far_behind_is_ready_and_says_how_far(house, lemons) -> None:
    statement = read_review(lemons).statement
    live = house.application.index
    live.current()
    with live._opened(wait=True).engine.writing(house.application.statements.checkpoint):  # by somebody else
        house.application.statements.put_many(
            [replace(statement, claim_reviewed=f"Lemon {n} is blue.") for n in range(600)]
        )
        reply = house.client.get("/readyz")
        assert (reply.status_code, reply.json["index"]["behind"]) == (200, 600)
        assert house.client.post("/v1/match", json={"texts": ["lemon"]}).status_code == 200
    live.update()
    assert house.client.get("/readyz").json["index"] == {
        "checkpoint": str(house.application.statements.checkpoint()), "statements": 601, "behind": 0
    }  # fmt: skip


def test_a_damaged_index_is_said_until_it_is_built_anew(house, open_other) -> None:
    (found,) = house.application.settings.index_dir.glob("gen-*/vectors-*.faiss")
    found.write_bytes(found.read_bytes()[::-1])
    other = open_other()
    reply = other.client.get("/readyz")
    assert (reply.status_code, reply.json["code"]) == (503, "index-not-ready")
    assert reply.json["detail"] == "The index is damaged; it is being built anew."
    Housekeeping(other.application).run()
    assert other.client.get("/readyz").json["index"]["statements"] == 1


def test_a_missing_model_is_said(open_other) -> None:
    house = open_other()

    def fail():
        raise ModelUnavailable("The model's file is damaged: delete the models folder and start again.")

    house.application.index._open_index = fail
    assert "models folder" in house.client.get("/readyz").json["detail"]
    reply = house.client.post("/v1/checks", json={"text": "A text."})
    assert (reply.status_code, reply.json["code"]) == (503, "model-unavailable")
    assert "models folder" in reply.json["detail"]
