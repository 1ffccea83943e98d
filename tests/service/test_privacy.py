"""What people read stays with them: in no log at any level, and with nobody else."""

from __future__ import annotations

import io
import json
import logging
import urllib.error
import urllib.request

import pytest

from service.logs import configure_logs

MARK = "zitronengeheimnis"  # in every address, text, query, name and key of the test
SENTENCE = f"Hot lemon water cures {MARK} within seven days."


@pytest.fixture
def log():
    """Everything that is logged, by anybody, at DEBUG; as the service writes it, and raw."""
    written, root = io.StringIO(), logging.getLogger()
    before = root.handlers[:], root.level, {name: logging.getLogger(name).level for name in ("service", "index")}
    configure_logs("DEBUG", written)
    records: list[str] = []

    class Raw(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            records.append(logging.Formatter("%(name)s %(message)s").format(record))

    for name in ("service", "index"):
        logging.getLogger(name).addHandler(raw := Raw())
    yield written, records
    root.handlers[:], level, levels = before
    root.setLevel(level)
    for name, old in levels.items():
        logging.getLogger(name).setLevel(old)
        logging.getLogger(name).removeHandler(raw)


def call(base: str, method: str, path: str, body: bytes | None = None, **headers: str) -> int:
    request = urllib.request.Request(
        f"{base}{path}", body, {"Content-Type": "application/json", **headers}, method=method
    )
    try:
        with urllib.request.urlopen(request, timeout=20) as reply:
            return reply.status
    except urllib.error.HTTPError as error:
        return error.code


@pytest.mark.loopback
def test_no_log_holds_what_people_read(house, serve, log, capfd) -> None:
    """The whole walk through a real server, good and bad, with faults in the pipeline and in the routes."""
    house.publish(f"https://news.example/{MARK}", SENTENCE, "So it was told on the radio.")
    base = serve(house.application)
    worker = house.worker
    worker.start()

    def explode(url: str) -> None:
        if "explode" in url:
            raise RuntimeError(f"cannot stand {url}")

    house.fetcher.before = explode
    quoted = f"https%3A%2F%2Fnews.example%2F{MARK}"
    key = house.key("check", "read", "write")
    statuses = [
        call(base, method, path, json.dumps(body).encode() if body is not None else None, **key)
        for method, path, body in (
            ("POST", "/v1/checks", {"url": f"https://news.example/{MARK}", "reference": MARK}),
            ("POST", "/v1/checks", {"text": SENTENCE}),
            ("POST", "/v1/checks", {"html": f"<p>{SENTENCE}</p>", "url": f"https://{MARK}.example"}),
            ("POST", "/v1/checks", {"url": f"https://none.example/{MARK}"}),
            ("POST", "/v1/checks", {"url": f"https://explode.example/{MARK}"}),
            ("POST", "/v1/checks", {"url": f"ftp://{MARK}"}),
            ("POST", "/v1/checks", {MARK: MARK}),
            ("POST", "/v1/extract", {"url": f"https://explode.example/{MARK}"}),
            ("POST", "/v1/extract", {"html": f"<p>{SENTENCE}</p>"}),
            ("POST", "/v1/claims", {"text": SENTENCE}),
            ("POST", "/v1/match", {"texts": [SENTENCE]}),
            ("POST", "/v1/stance", {"pairs": [{"claim": SENTENCE, "statement": SENTENCE}]}),
            ("POST", "/v1/statements/import", {"url": f"https://explode.example/{MARK}"}),
            ("GET", f"/v1/checks?url={quoted}", None),
            ("GET", f"/v1/checks/{MARK}", None),
            ("GET", f"/v1/statements?query={MARK}", None),
            ("GET", f"/{MARK}?{MARK}", None),
            ("GET", f"/checks/{MARK}", None),
        )
    ]
    statuses.append(call(base, "GET", f"/v1/checks/{MARK}", Authorization=f"Bearer {MARK}"))
    house.tidy()
    worker.stop()
    assert statuses.count(200) >= 9
    assert 500 in statuses
    written, records = log
    assert "RuntimeError" in written.getvalue()
    assert "POST /v1/checks 200" in written.getvalue()
    assert "GET /v1/checks/<id> 404" in written.getvalue()
    out = capfd.readouterr()
    for text in (written.getvalue(), *records, out.out, out.err):
        assert MARK not in text


def test_other_libraries_say_only_that_they_said_something() -> None:
    written = io.StringIO()
    root = logging.getLogger()
    before = root.handlers[:], root.level
    configure_logs("INFO", written)
    try:
        logging.getLogger("waitress").error("Exception while serving /%s", MARK)
        logging.getLogger("urllib3").debug("GET /%s", MARK)
    finally:
        root.handlers[:], level = before
        root.setLevel(level)
    assert MARK not in written.getvalue()
    assert "ERROR waitress: a message from test_privacy:" in written.getvalue()
    assert "urllib3" not in written.getvalue()


def test_exceptions_are_logged_by_type_and_place_alone() -> None:
    written = io.StringIO()
    root = logging.getLogger()
    before = root.handlers[:], root.level
    configure_logs("INFO", written)
    try:
        try:
            raise ValueError(MARK)
        except ValueError as error:
            try:
                raise RuntimeError(MARK) from error
            except RuntimeError:
                logging.getLogger("service.test").exception("it failed")
    finally:
        root.handlers[:], level = before
        root.setLevel(level)
    assert "it failed (RuntimeError from ValueError at test_privacy.py:" in written.getvalue()
    assert MARK not in written.getvalue()
