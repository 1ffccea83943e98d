"""Versions of a statement over the API: ETag and If-Match, who wrote what and why, and the way back from retirement."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from people import sign_in

from service.store.keys import Scope

BLUE = {
    "claim_reviewed": "Lemons are blue.", "url": "https://checks.example/blue", "rating": {"alternate_name": "Falsch"},
    "language": "en",
}  # fmt: skip
LD = "application/ld+json"


@pytest.fixture
def made(house: Any) -> Any:
    return house.writer.post("/v1/statements", json=BLUE)


def history(house: Any, where: str) -> list[dict[str, Any]]:
    versions: list[dict[str, Any]] = house.writer.get(f"{where}/history").json["versions"]
    return versions


def found(house: Any) -> list[str]:
    results = house.writer.post("/v1/match", json={"texts": ["Lemons are blue."], "limit": 1}).json["results"]
    return [match["statement"]["claim_reviewed"] for match in results[0]["matches"]]


def test_a_statement_has_a_tag_that_changes_with_it(house: Any, made: Any) -> None:
    where, tag = made.headers["Location"], made.headers["ETag"]
    assert house.client.get(where).headers["ETag"] == tag
    assert house.client.get(where, headers={"Accept": LD}).headers["ETag"] != tag, "another representation"
    put = house.writer.put(where, json={**BLUE, "headline": "No"}, headers={"If-Match": tag})
    assert put.status_code == 200
    assert put.headers["ETag"] not in ("", tag)
    assert house.client.get(where).headers["ETag"] == put.headers["ETag"]


def test_who_read_an_older_version_overwrites_nothing(house: Any, made: Any) -> None:
    where, tag = made.headers["Location"], made.headers["ETag"]
    house.writer.put(where, json={**BLUE, "headline": "First"}, headers={"If-Match": tag})
    late = [
        house.writer.put(where, json={**BLUE, "headline": "Second"}, headers={"If-Match": tag}),
        house.writer.delete(where, headers={"If-Match": tag}),
        house.writer.put(where, json=BLUE, headers={"If-Match": "W/" + tag}),
    ]
    for reply in late:
        assert (reply.status_code, reply.json["code"]) == (412, "statement-changed")
    assert house.client.get(where).json["headline"] == "First"
    several = house.writer.put(where, json=BLUE, headers={"If-Match": '"a", "b"'})
    assert (several.status_code, several.json["code"]) == (400, "bad-request")


@pytest.mark.parametrize("accept", ["application/json", LD])
def test_the_tag_of_either_representation_is_taken(house: Any, made: Any, accept: str) -> None:
    where = made.headers["Location"]
    tag = house.client.get(where, headers={"Accept": accept}).headers["ETag"]
    assert house.writer.delete(where, headers={"If-Match": tag}).status_code == 204


def test_any_version_will_do_for_those_who_say_so_and_for_machines(house: Any, made: Any) -> None:
    where = made.headers["Location"]
    assert house.writer.put(where, json={**BLUE, "headline": "1"}, headers={"If-Match": "*"}).status_code == 200
    assert house.writer.put(where, json={**BLUE, "headline": "2"}).status_code == 200
    assert house.writer.put("/v1/statements/none", json=BLUE, headers={"If-Match": "*"}).status_code == 404


def test_a_person_says_which_version_they_read(house: Any, made: Any) -> None:
    ann, where = sign_in(house, "editor"), made.headers["Location"]
    for reply in (ann.client.put(where, json=BLUE, headers=ann.headers), ann.client.delete(where, headers=ann.headers)):
        assert (reply.status_code, reply.json["code"]) == (428, "version-required")
    tagged = {**ann.headers, "If-Match": made.headers["ETag"]}
    assert ann.client.put(where, json={**BLUE, "headline": "No"}, headers=tagged).status_code == 200


def test_the_history_names_who_wrote_what_and_why(house: Any, made: Any) -> None:
    where = made.headers["Location"]
    ann = sign_in(house, "editor")
    put = ann.client.put(
        where, json={**BLUE, "headline": "No", "reason": "It had none."}, headers={**ann.headers, "If-Match": made.headers["ETag"]}
    )  # fmt: skip
    assert "reason" not in put.json
    key = house.application.keys.create("cms", (Scope.WRITE,))
    bearer = {"Authorization": f"Bearer {key.secret}"}
    assert house.client.delete(f"{where}?reason=Outdated", headers=bearer).status_code == 204
    shown = ann.client.get(f"{where}/history").json["versions"]
    assert [(each["version"], each["act"], each["writer"], each["reason"]) for each in shown] == [
        (3, "retired", "cms", "Outdated"), (2, "revised", "Ann", "It had none."), (1, "added", None, None),
    ]  # fmt: skip
    assert [each["written_by"] for each in shown] == [key.id, ann.account.id, "local"]
    assert shown[1]["changes"] == [{"field": "headline", "before": None, "after": "No"}]
    assert [each["statement"]["headline"] for each in shown] == ["No", "No", None]
    assert sign_in(house, "reader", "eve").client.get(f"{where}/history").status_code == 403


def test_what_was_retired_is_listed_and_brought_back(house: Any, made: Any) -> None:
    where = made.headers["Location"]
    house.writer.delete(where)
    assert found(house) != ["Lemons are blue."]
    assert [each["id"] for each in house.client.get("/v1/statements?retired=true").json["statements"]] == [
        made.json["id"]
    ]
    back = house.writer.post(f"{where}/restore", json={"reason": "By mistake."})
    assert (back.status_code, back.json) == (200, made.json)
    assert found(house) == ["Lemons are blue."]
    assert [each["reason"] for each in history(house, where)] == ["By mistake.", None, None]
    assert house.writer.post("/v1/statements/none/restore", json={}).status_code == 404


def test_what_a_house_keeps_goes_in_and_out(house: Any) -> None:
    kept = {"citations": [{"url": "https://law.example/7", "title": "The law"}, {"url": "https://law.example/8", "title": None}],
            "valid_from": "2026-01-01", "valid_until": "2099-12-31", "owner": "Risk desk"}  # fmt: skip
    made = house.writer.post("/v1/statements", json={**BLUE, **kept})
    assert {name: made.json[name] for name in kept} == kept
    assert [each["id"] for each in house.client.get("/v1/statements?own=true").json["statements"]] == [made.json["id"]]
    blank = house.writer.put(made.headers["Location"], json={**BLUE, "owner": "  "}).json
    assert (blank["owner"], blank["citations"]) == (None, [])
    refused = house.writer.post(
        "/v1/statements", json={**BLUE, "valid_from": "2026-02-01", "valid_until": "2026-01-31"}
    )
    assert (refused.status_code, "valid_until" in refused.json["detail"]) == (400, True)


def test_out_of_its_period_a_statement_matches_nothing(house: Any) -> None:
    today = datetime.now(UTC).date()
    soon, past = (today + timedelta(days=2)).isoformat(), (today - timedelta(days=2)).isoformat()
    made = house.writer.post("/v1/statements", json=BLUE)
    for period, matches in (
        ({"valid_from": past, "valid_until": soon}, True), ({"valid_from": soon}, False), ({"valid_until": past}, False),
        ({"valid_from": past}, True), ({"valid_until": today.isoformat()}, True),
    ):  # fmt: skip
        house.writer.put(made.headers["Location"], json={**BLUE, **period})
        assert (found(house) == ["Lemons are blue."]) is matches, period
    assert house.client.get(made.headers["Location"]).status_code == 200, "it is still there"
