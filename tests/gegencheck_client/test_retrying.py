from __future__ import annotations

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import httpx2
import pytest

from gegencheck_client.calls import Call, Nothing
from gegencheck_client.retrying import Retries, retry_after

CALL = Call("GET", "/v1/checks/1", Nothing)
ONCE = Call("POST", "/v1/webhooks/deliveries/1/resend", Nothing, repeatable=False)
SURE = Retries(tries=4, first_seconds=1, longest_seconds=60, chance=lambda: 1.0)
PROBLEM = {"Content-Type": "application/problem+json; charset=utf-8"}


def reply(status: int, **headers: str) -> httpx2.Response:
    return httpx2.Response(status, headers={name.replace("_", "-"): value for name, value in headers.items()})


@pytest.mark.parametrize("status", [429, 503])
def test_what_is_busy_is_asked_again_after_pauses_that_double(status: int) -> None:
    assert [SURE.after_reply(CALL, reply(status), tried) for tried in (1, 2, 3, 4)] == [1.0, 2.0, 4.0, None]


def test_chance_shortens_a_pause_by_half_at_most() -> None:
    unlucky = Retries(first_seconds=8, chance=lambda: 0.0)
    assert unlucky.after_reply(CALL, reply(503), 1) == 4.0


def test_no_pause_of_its_own_is_longer_than_allowed() -> None:
    assert Retries(tries=20, longest_seconds=5, chance=lambda: 1.0).after_reply(CALL, reply(503), 15) == 5.0


def test_the_pause_that_the_service_asks_for_is_kept_and_at_most_a_tenth_longer() -> None:
    assert SURE.after_reply(CALL, reply(503, Retry_After="30"), 1) == pytest.approx(33.0)
    assert Retries(chance=lambda: 0.0).after_reply(CALL, reply(429, Retry_After="30"), 1) == 30.0


def test_a_pause_longer_than_the_client_is_patient_is_not_begun() -> None:
    assert SURE.after_reply(CALL, reply(429, Retry_After="61"), 1) is None


@pytest.mark.parametrize("status", [200, 202, 301, 400, 401, 403, 404, 409, 422, 500])
def test_other_replies_are_the_last_word(status: int) -> None:
    assert SURE.after_reply(CALL, reply(status), 1) is None


@pytest.mark.parametrize("status", [502, 504])
def test_a_proxy_s_fault_is_tried_again_but_not_that_of_the_page_that_the_service_fetches(status: int) -> None:
    assert SURE.after_reply(CALL, reply(status, Content_Type="text/html"), 1) == 1.0
    assert SURE.after_reply(CALL, httpx2.Response(status, headers=PROBLEM), 1) is None
    assert SURE.after_reply(ONCE, reply(status), 1) is None, "it may have been sent"


def test_a_call_that_must_not_be_made_twice_is_sent_again_only_if_it_was_never_sent() -> None:
    assert SURE.after_fault(ONCE, httpx2.ReadTimeout("late"), 1) is None
    assert SURE.after_fault(ONCE, httpx2.ConnectError("refused"), 1) == 1.0
    assert SURE.after_fault(CALL, httpx2.ReadTimeout("late"), 1) == 1.0


@pytest.mark.parametrize("fault", [httpx2.UnsupportedProtocol("no http"), httpx2.LocalProtocolError("bad header")])
def test_what_can_never_be_sent_is_not_tried_again(fault: httpx2.TransportError) -> None:
    assert SURE.after_fault(CALL, fault, 1) is None


@pytest.mark.parametrize(
    ("given", "seconds"),
    [
        ("7", 7.0),
        (" 7 ", 7.0),
        ("", None),
        ("soon", None),
        ("-3", None),
        ("1.5", None),
        ("٣", None),
        ("9" * 50, 999999999.0),
    ],
)
def test_seconds_are_read_and_nothing_else_is_guessed(given: str, seconds: float | None) -> None:
    assert retry_after(httpx2.Response(503, headers=[(b"Retry-After", given.encode())])) == seconds


def test_a_date_is_read_and_one_that_has_passed_means_at_once() -> None:
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=90), usegmt=True)
    assert retry_after(reply(503, Retry_After=soon)) == pytest.approx(90, abs=5)
    assert retry_after(reply(503, Retry_After="Fri, 01 Jan 2021 00:00:00 GMT")) == 0.0
