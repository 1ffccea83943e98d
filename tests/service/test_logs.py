"""Lines of the log: what they say of errors, and that nothing in them is what people read. (The whole walk:
test_privacy.py.)"""

from __future__ import annotations

import io
import json
import logging
import re
from collections.abc import Callable, Iterator

import pytest

from service.logs import REQUEST, configure_logs, describe

SECRET = "https://news.example/somebody"


@pytest.fixture
def logged() -> Iterator[Callable[..., str]]:
    """Sets the log up at a level and gives back what came of some records; puts everything back afterwards."""
    root, own = logging.getLogger(), [logging.getLogger(name) for name in ("service", "index")]
    before = (root.handlers[:], root.level, [logger.level for logger in own])

    def run(level: str, act: Callable[[], None], **chosen: bool) -> str:
        stream = io.StringIO()
        configure_logs(level, stream, **chosen)
        act()
        return stream.getvalue()

    yield run
    root.handlers[:] = before[0]
    root.setLevel(before[1])
    for logger, kept in zip(own, before[2], strict=True):
        logger.setLevel(kept)


def test_a_record_is_one_line_with_time_level_and_logger(logged: Callable[..., str]) -> None:
    line = logged("INFO", lambda: logging.getLogger("service.app").info("GET %s %d", "/v1/checks", 200))
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]{12}\+00:00 INFO service\.app: GET /v1/checks 200\n", line)


def test_a_line_names_the_request_during_which_it_was_written(logged: Callable[..., str]) -> None:
    token = REQUEST.set("0123456789abcdef")
    try:
        line = logged("INFO", lambda: logging.getLogger("service.app").info("said"))
    finally:
        REQUEST.reset(token)
    assert line.endswith(" INFO service.app: said [request 0123456789abcdef]\n")


def test_as_json_a_record_is_an_object_with_its_facts(logged: Callable[..., str]) -> None:
    def speak() -> None:
        logging.getLogger("service.app").info("GET %s", "/v1/checks", extra={"facts": {"status": 200}})
        logging.getLogger("urllib3").warning("could not reach %s", SECRET, extra={"facts": {"url": SECRET}})
        try:
            raise ValueError(SECRET)
        except ValueError:
            logging.getLogger("index.store").exception("a store failed\nand more")

    own, foreign, failed = map(json.loads, logged("INFO", speak, as_json=True).splitlines())
    assert {name: own[name] for name in own if name != "time"} == {
        "level": "INFO", "logger": "service.app", "message": "GET /v1/checks", "status": 200,
    }  # fmt: skip
    assert re.fullmatch(r"a message from test_logs:\d+", foreign["message"])
    assert "url" not in foreign
    assert failed["message"] == "a store failed\nand more"
    assert re.fullmatch(r"ValueError at test_logs\.py:\d+", failed["error"])


def test_levels_are_for_our_own_records_and_libraries_warn_alone(logged: Callable[..., str]) -> None:
    def speak() -> None:
        for name in ("service.work", "index.store", "sqlalchemy.engine"):
            logging.getLogger(name).debug("said")
            logging.getLogger(name).warning("warned")

    assert logged("DEBUG", speak).count("said") == 2
    assert logged("ERROR", speak).count("warned") == 0
    assert logged("ERROR", speak).count("\n") == 1, "the library's warning, without its words"


def test_of_a_library_only_the_place_is_told(logged: Callable[..., str]) -> None:
    line = logged("DEBUG", lambda: logging.getLogger("urllib3").warning("could not reach %s", SECRET))
    assert SECRET not in line
    assert re.search(r"WARNING urllib3: a message from test_logs:\d+\n$", line)


def test_an_exception_is_told_by_its_kind_and_place_alone(logged: Callable[..., str]) -> None:
    def fail() -> None:
        try:
            try:
                raise KeyError(SECRET)
            except KeyError as error:
                raise ValueError(SECRET) from error
        except ValueError:
            logging.getLogger("service.work").exception("a check failed")

    line = logged("INFO", fail)
    assert SECRET not in line
    assert re.search(r"a check failed \(ValueError from KeyError at test_logs\.py:\d+\)\n$", line)


def test_a_chain_ends_after_five() -> None:
    error: Exception = ValueError("0")
    for number in range(1, 8):
        nxt = ValueError(str(number))
        nxt.__cause__ = error
        error = nxt
    assert describe(error) == " from ".join(["ValueError"] * 5)


def test_another_word_for_a_level_is_refused(logged: Callable[..., str]) -> None:
    with pytest.raises(ValueError, match="CHATTY"):
        logged("chatty", lambda: None)
