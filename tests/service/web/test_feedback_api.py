"""Feedback: said by whoever sees a check, listed, decided, and gone with the check."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

WORDS = "Hot lemon water cures diabetes within seven days."


def test_feedback_is_kept_listed_and_decided(house: Any) -> None:
    check = house.check(text=WORDS)
    said = house.client.post(
        f"/v1/checks/{check['id']}/feedback", json={"kind": "wrong_match", "claim": 0, "comment": "Another lemon."}
    )
    assert said.status_code == 201
    assert said.json["status"] == "open"
    listed = house.writer.get("/v1/feedback?status=open").json
    assert listed["feedback"] == [said.json]
    assert house.client.get("/v1/feedback").status_code == 401, "who only checks and reads here sees nobody's"
    decided = house.writer.patch(f"/v1/feedback/{said.json['id']}", json={"status": "accepted", "note": "True."})
    assert (decided.json["status"], decided.json["note"]) == ("accepted", "True.")
    assert decided.json["decided_at"]
    assert house.writer.get("/v1/feedback?status=open").json["feedback"] == []


def test_feedback_is_paged_newest_first(house: Any) -> None:
    check = house.check(text=WORDS)
    for number in range(3):
        house.client.post(f"/v1/checks/{check['id']}/feedback", json={"kind": "other", "comment": str(number)})
    first = house.writer.get("/v1/feedback?limit=2").json
    rest = house.writer.get(f"/v1/feedback?limit=2&cursor={first['next_cursor']}").json
    assert [each["comment"] for each in first["feedback"] + rest["feedback"]] == ["2", "1", "0"]
    assert rest["next_cursor"] is None


@pytest.mark.parametrize(
    "body",
    [{}, {"kind": "bad"}, {"kind": "other", "claim": -1}, {"kind": "other", "claim": 5},
     {"kind": "other", "claim": "0"}, {"kind": "other", "comment": "x" * 5001}, {"kind": "other", "more": 1}],
)  # fmt: skip
def test_bad_feedback_is_refused_by_field(house: Any, body: dict[str, Any]) -> None:
    check = house.check(text=WORDS)
    said = house.client.post(f"/v1/checks/{check['id']}/feedback", json=body)
    assert said.status_code == 400
    assert said.json["errors"][0]["pointer"].startswith("/")
    assert house.writer.get("/v1/feedback").json["feedback"] == []


def test_the_same_feedback_sent_again_with_its_key_is_kept_once(house: Any) -> None:
    check = house.check(text=WORDS)
    path, said = f"/v1/checks/{check['id']}/feedback", {"kind": "other", "comment": "Once."}

    def send(_: int = 0) -> Any:
        return house.client.post(path, json=said, headers={"Idempotency-Key": "one"})

    with ThreadPoolExecutor(4) as pool:  # also where they race
        ids = {reply.json["id"] for reply in pool.map(send, range(8))}
    assert len(ids) == 1
    assert len(house.writer.get("/v1/feedback").json["feedback"]) == 1
    other = house.client.post(path, json={"kind": "other"}, headers={"Idempotency-Key": "one"})
    assert other.status_code == 422


def test_feedback_goes_with_its_check(house: Any) -> None:
    check = house.check(text=WORDS)
    house.client.post(f"/v1/checks/{check['id']}/feedback", json={"kind": "other"})
    house.client.delete(f"/v1/checks/{check['id']}")
    assert house.writer.get("/v1/feedback").json["feedback"] == []


def test_one_key_neither_sees_nor_judges_another_s_feedback(house: Any) -> None:
    mine, other, writer, moderator = (house.key(scope) for scope in ("check", "check", "write", "admin"))
    check = house.check(headers=mine, text=WORDS)
    path = f"/v1/checks/{check['id']}/feedback"
    assert house.client.post(path, json={"kind": "other"}, headers=other).status_code == 404
    said = house.client.post(path, json={"kind": "other"}, headers=mine).json
    assert house.client.get("/v1/feedback", headers=other).json["feedback"] == []
    assert house.client.get("/v1/feedback", headers=mine).json["feedback"] == [said]
    assert (
        house.client.patch(f"/v1/feedback/{said['id']}", json={"status": "rejected"}, headers=mine).status_code == 403
    )
    assert house.client.get("/v1/feedback", headers=house.key("write", "read")).json["feedback"] == []
    assert (
        house.client.patch(f"/v1/feedback/{said['id']}", json={"status": "rejected"}, headers=writer).status_code == 404
    )
    decided = house.client.patch(f"/v1/feedback/{said['id']}", json={"status": "rejected"}, headers=moderator)
    assert decided.json["status"] == "rejected"
    assert house.client.patch("/v1/feedback/none", json={"status": "open"}, headers=moderator).status_code == 404
