"""create_app: what every reply carries, and faults of the ground that it stands on."""

from __future__ import annotations

import re
import sqlite3

import pytest
import sqlalchemy as sa

TEXT = {"text": "Hot lemon water cures diabetes within seven days.", "wait": 0}
PATHS = ("/", "/docs", "/openapi.json", "/healthz", "/readyz", "/v1/checks/none", "/v1/statements", "/nothing")


@pytest.mark.parametrize("path", PATHS)
def test_every_reply_carries_the_security_headers(house, path: str) -> None:
    headers = house.client.get(path).headers
    policy = headers["Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Referrer-Policy"] in ("no-referrer", "same-origin")
    assert headers["X-DNS-Prefetch-Control"] == "off"
    assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
    assert "Set-Cookie" not in headers
    assert "Server" not in headers


def test_every_request_has_an_id_of_our_own(house) -> None:
    replies = [house.client.get(path, headers={"X-Request-Id": "geheim"}) for path in ("/healthz", "/nothing")]
    ids = [reply.headers["X-Request-Id"] for reply in replies]
    assert all(re.fullmatch("[0-9a-f]{16}", id) for id in ids)
    assert len(set(ids)) == 2


def test_replies_of_the_api_are_not_kept_on_the_way(house) -> None:
    assert house.client.get("/v1/statements").headers["Cache-Control"] == "no-store"


def test_a_refusal_carries_the_headers_too(house) -> None:
    reply = house.client.get("/v1/statements", headers={"Host": "evil.example"})
    assert reply.status_code == 421
    assert reply.headers["X-Content-Type-Options"] == "nosniff"


def test_a_fault_in_a_route_is_a_problem_that_quotes_nothing(house, caplog) -> None:
    def explode(url: str) -> None:
        raise RuntimeError(f"cannot stand {url}")

    house.fetcher.before = explode
    reply = house.client.post("/v1/extract", json={"url": "https://secret.example/"})
    assert (reply.status_code, reply.json["code"]) == (500, "internal-error")
    assert "secret" not in reply.text + caplog.text
    assert "RuntimeError" in caplog.text


# ---------------------------------------------------------------- full disk, read-only and lost databases


@pytest.fixture
def broken(house):
    """The application once every new connection to its database is set up by `pragma`."""

    def breaking(pragma: str):
        engine = house.application.statements.engine

        def set_up(connection: sqlite3.Connection, _record: object) -> None:
            connection.execute(pragma)

        engine.dispose()
        sa.event.listen(engine, "connect", set_up)
        return lambda: (engine.dispose(), sa.event.remove(engine, "connect", set_up))

    return breaking


@pytest.mark.parametrize(
    ("pragma", "words"),
    [("PRAGMA max_page_count = 1", "disk is full"), ("PRAGMA query_only = ON", "cannot be written")],
)
def test_a_database_that_takes_nothing_is_said_and_loses_nothing(house, broken, pragma: str, words: str) -> None:
    mend = broken(pragma)
    large = {**TEXT, "text": TEXT["text"] * 2000}
    reply = house.client.post("/v1/checks", json=large)
    assert (reply.status_code, reply.json["code"]) == (503, "store-unavailable")
    assert words in reply.json["detail"]
    assert reply.headers["Retry-After"]
    assert house.client.get("/v1/statements").status_code == 200
    assert house.client.post("/v1/match", json={"texts": ["lemon"]}).status_code == 200
    mend()
    assert house.application.jobs.count() == 0
    assert house.check(**large)["state"] == "finished"


def test_work_that_cannot_be_stored_is_done_once_it_can(house, broken) -> None:
    where = house.client.post("/v1/checks", json=TEXT).headers["Location"]
    mend = broken("PRAGMA query_only = ON")
    worker = house.worker
    worker.start()
    worker.stop()
    assert house.client.get(where).json["state"] == "queued"
    mend()
    house.work()
    assert house.client.get(where).json["verdict"]["code"] == "refuted"


def test_a_key_is_good_on_a_full_disk(house, broken) -> None:
    key = house.key("read")
    mend = broken("PRAGMA query_only = ON")
    assert house.client.get("/v1/statements", headers=key).status_code == 200
    mend()


def test_a_damaged_database_is_a_problem(house, settings) -> None:
    house.application.statements.engine.dispose()
    for path in settings.data_dir.glob("gegencheck.db*"):
        path.write_bytes(b"this is not a database, it is something else entirely" * 200)
    for reply in (house.client.get("/v1/statements"), house.client.post("/v1/checks", json=TEXT)):
        assert (reply.status_code, reply.json["code"]) == (503, "store-unavailable")
        assert "damaged" in reply.json["detail"]
    assert house.client.get("/healthz").status_code in (200, 503)
