"""A page that cannot be read within the limits: its own check fails with the reason, and everybody else is served."""

from __future__ import annotations

import threading
import urllib.request
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from service.bootstrap import Application
from service.config import Settings
from service.errors import PageTooComplex
from service.pipeline.article import extract_article
from service.pipeline.check import Checker
from service.pipeline.reader import ProcessReader

ENDLESS = "<html><body><article>" + "<p>" * 400_000 + "</article></body></html>"  # minutes of work for the parsers
PAGE = "https://news.example/lemons"
HOSTILE = "https://hostile.example/"


@pytest.fixture
def guarded(house: Any) -> Iterator[Any]:
    """A house that reads in processes, as the service does, each page within a second."""
    application: Application = house.application
    reader = ProcessReader(Settings(readers=1, read_seconds=1))
    checker = Checker(house.fetcher, application.index, application.settings, application.statements, reader)
    object.__setattr__(application, "reader", reader)
    object.__setattr__(application, "checker", checker)
    house.publish(PAGE, "Hot lemon water cures diabetes within seven days.", "So it was told on the radio.")
    house.fetcher.pages[HOSTILE] = ENDLESS
    reader.read(int)
    yield house
    reader.close()


def test_a_check_of_it_fails_with_the_reason_and_the_next_is_read(guarded: Any) -> None:
    failed = guarded.check(url=HOSTILE)
    assert (failed["state"], failed["problem"]["code"]) == ("failed", "page-too-complex")
    assert failed["problem"]["stage"] == "article"
    assert "too much time or memory" in failed["summary"]["detail"]
    assert guarded.check(url=PAGE)["verdict"]["code"] == "refuted"


def test_extracting_it_is_answered_with_a_problem(guarded: Any) -> None:
    reply = guarded.client.post("/v1/extract", json={"url": HOSTILE})
    assert (reply.status_code, reply.json["code"]) == (422, "page-too-complex")
    assert guarded.client.post("/v1/extract", json={"url": PAGE}).status_code == 200


@pytest.mark.loopback
def test_meanwhile_the_service_answers(guarded: Any, serve: Callable[[Application], str]) -> None:
    address = serve(guarded.application)
    faults: list[Exception] = []

    def read() -> None:
        try:
            guarded.application.reader.read(extract_article, guarded.fetcher.fetch(HOSTILE))
        except PageTooComplex as fault:
            faults.append(fault)

    reading = threading.Thread(target=read)
    reading.start()
    answered = 0
    while reading.is_alive():
        with urllib.request.urlopen(f"{address}/healthz", timeout=10) as reply:
            answered += reply.status == 200
    assert len(faults) == 1
    assert answered > 3
