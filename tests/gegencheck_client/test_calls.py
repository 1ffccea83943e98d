from __future__ import annotations

import json
from datetime import UTC, datetime

import httpx2
import pytest
from pydantic import ValidationError

from gegencheck_client.calls import Call, Nothing, body, form_with, path, read_reply
from gegencheck_client.errors import (
    BadRequest,
    ChangedMeanwhile,
    NotAllowed,
    NotFound,
    Refused,
    ReplyUnreadable,
    TooManyRequests,
    Unavailable,
)
from gegencheck_client.models import CheckBody, Index, MatchResults, ReplayBody, Stanced

GET = Call("GET", "/v1/index", Index)
PROBLEM = {
    "type": "about:blank", "title": "Zu viel", "detail": "Wait.", "code": "too-many-requests", "status": 429,
    "errors": [{"pointer": "/url", "detail": "too long"}],
}  # fmt: skip


def test_an_id_cannot_lead_to_another_address() -> None:
    assert path("checks", "../keys?x=1#y") == "/v1/checks/..%2Fkeys%3Fx%3D1%23y"


def test_only_what_was_given_is_sent() -> None:
    call = Call("POST", "/v1/checks", Index, body=body(CheckBody, text="Zitronen", wait=0, url=None))
    assert json.loads(call.data() or b"") == {"text": "Zitronen", "wait": 0}
    assert call.headers() == {"Content-Type": "application/json"}


def test_a_member_that_is_a_word_of_python_goes_by_its_own_name() -> None:
    asked = ReplayBody.model_validate({"from": datetime(2026, 1, 2, tzinfo=UTC)})
    assert json.loads(Call("POST", "/v1/replay", Index, body=asked).data() or b"") == {"from": "2026-01-02T00:00:00Z"}


def test_a_member_that_the_service_does_not_know_is_refused_here() -> None:
    with pytest.raises(ValidationError, match="txet"):
        body(CheckBody, txet="Zitronen")


def test_parameters_that_were_not_given_are_left_out_and_times_are_written() -> None:
    call = Call("GET", "/v1/checks", Index, {"reference": None, "limit": 5, "from": datetime(2026, 1, 2, tzinfo=UTC)})
    assert call.parameters() == {"limit": "5", "from": "2026-01-02T00:00:00+00:00"}
    assert call.asking(cursor="x").parameters()["cursor"] == "x"


def test_a_file_is_sent_as_a_form_with_what_was_given_beside_it() -> None:
    content, kind = form_with(b"\x89PNG\r\n", wait=0, fresh=True, language=None)
    boundary = kind.removeprefix("multipart/form-data; boundary=").encode()
    assert content.split(b"--" + boundary) == [
        b"",
        b'\r\nContent-Disposition: form-data; name="wait"\r\n\r\n0\r\n',
        b'\r\nContent-Disposition: form-data; name="fresh"\r\n\r\ntrue\r\n',
        b'\r\nContent-Disposition: form-data; name="file"; filename="file"\r\n\r\n\x89PNG\r\n\r\n',
        b"--\r\n",
    ]
    headers = Call("POST", "/v1/checks", Index, content=content, content_type=kind).headers()
    assert headers == {"Content-Type": kind, "X-Requested-With": "gegencheck_client"}


def test_a_creating_call_has_a_key_of_its_own_or_the_caller_s() -> None:
    made = {Call("POST", "/v1/checks", Index, creates=True).headers()["Idempotency-Key"] for _ in range(3)}
    assert len(made) == 3
    own = Call("POST", "/v1/checks", Index, creates=True, idempotency_key="ticket 7")
    assert own.headers() == {"Idempotency-Key": "ticket 7"}


def test_a_reply_with_members_of_a_later_service_is_read() -> None:
    reply = httpx2.Response(200, json={"checkpoint": "a-1", "statements": 3, "later": {"x": []}})
    assert read_reply(GET, reply, None, 1) == Index(checkpoint="a-1", statements=3)


@pytest.mark.parametrize("content", [b"", b"<html>", b"[]", b'{"checkpoint": "a-1"}', b"{", b"\xff\xfe", b"null"])
def test_a_body_that_is_none_of_the_api_s_is_said_to_be_unreadable_without_quoting_it(content: bytes) -> None:
    with pytest.raises(ReplyUnreadable, match="/v1/index") as caught:
        read_reply(GET, httpx2.Response(200, content=content), None, 1)
    assert "html" not in str(caught.value)


@pytest.mark.parametrize(
    ("status", "kind"),
    [(400, BadRequest), (401, NotAllowed), (403, NotAllowed), (404, NotFound), (409, Refused), (412, ChangedMeanwhile), (413, BadRequest),
     (415, BadRequest), (421, NotAllowed), (422, BadRequest), (429, TooManyRequests), (500, Refused),
     (503, Unavailable), (504, Unavailable)],
)  # fmt: skip
def test_each_refusal_has_its_own_kind_and_says_what_the_problem_says(status: int, kind: type[Refused]) -> None:
    with pytest.raises(Refused) as caught:
        read_reply(GET, httpx2.Response(status, json={**PROBLEM, "status": status}), 7.0, 1)
    fault = caught.value
    assert type(fault) is kind
    assert (fault.status, fault.code, fault.title, fault.detail) == (status, "too-many-requests", "Zu viel", "Wait.")
    assert [(each.pointer, each.detail) for each in fault.errors] == [("/url", "too long")]
    assert fault.retry_after == 7.0


def test_a_refusal_by_something_in_between_has_no_code() -> None:
    with pytest.raises(Unavailable) as caught:
        read_reply(GET, httpx2.Response(502, text="<h1>Bad gateway</h1>" + "x" * 1000), None, 1)
    assert caught.value.code == ""
    assert caught.value.detail.startswith("<h1>Bad gateway</h1>")
    assert len(caught.value.detail) == 200


def test_a_redirect_is_not_taken_for_an_answer() -> None:
    with pytest.raises(ReplyUnreadable, match="301"):
        read_reply(GET, httpx2.Response(301, headers={"Location": "https://elsewhere.example/"}), None, 1)


def test_what_a_try_before_has_deleted_is_deleted() -> None:
    gone = httpx2.Response(404, json={**PROBLEM, "status": 404, "code": "not-found"})
    call = Call("DELETE", "/v1/checks/1", Nothing)
    assert read_reply(call, gone, None, 2) == Nothing()
    with pytest.raises(NotFound):
        read_reply(call, gone, None, 1)


def test_a_match_with_a_stance_is_read_with_it() -> None:
    statement = {
        "id": "1", "claim_reviewed": "x", "language": None, "url": "https://a.example/", "headline": None,
        "publisher": {"name": None, "site": None}, "author": None, "claimant": None, "date_published": None,
        "explanation": None, "cluster": None, "license": None,
        "citations": [], "valid_from": None, "valid_until": None, "owner": None,
        "rating": {"alternate_name": "False", "rating_value": None, "best_rating": None, "worst_rating": None,
                   "normalized": "false"},
    }  # fmt: skip
    match = {"statement": statement, "similarity": 0.9, "confidence": 0.8, "is_match": True}
    stanced = {**match, "stance": "refutes", "stance_confidence": 0.7, "differences": [], "later": 1}
    read = MatchResults.model_validate({"results": [{"matches": [match, stanced]}]}).results[0].matches
    assert not hasattr(read[0], "stance")
    assert isinstance(read[1], Stanced)
    assert read[1].stance == "refutes"
