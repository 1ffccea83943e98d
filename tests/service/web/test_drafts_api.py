"""Four eyes over the API: what a person writes waits, another person releases or refuses it, machines write at once."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from people import Person, sign_in

BLUE = {
    "claim_reviewed": "Lemons are blue.", "url": "https://checks.example/blue", "rating": {"alternate_name": "Falsch"},
    "language": "en", "owner": "Desk",
}  # fmt: skip


@pytest.fixture
def four(house: Any) -> Any:
    object.__setattr__(house.application, "settings", replace(house.application.settings, four_eyes=True))
    return house


@pytest.fixture
def ann(four: Any) -> Person:
    return sign_in(four, "editor", "ann")


@pytest.fixture
def bob(four: Any, ann: Person) -> Person:
    return sign_in(four, "editor", "bob")


def post(person: Person, path: str, **body: Any) -> Any:
    return person.client.post(path, json=body, headers=person.headers)


def handed_in(person: Person) -> dict[str, Any]:
    made = post(person, "/v1/statements", **BLUE, reason="Asked for.")
    assert made.status_code == 202
    assert made.headers["Location"] == f"/v1/drafts/{made.json['id']}"
    draft: dict[str, Any] = made.json
    return draft


def test_what_a_person_writes_waits_until_another_one_releases_it(four: Any, ann: Person, bob: Person) -> None:
    draft = handed_in(ann)
    assert (draft["state"], draft["act"], draft["owner_name"], draft["reason"]) == (
        "waiting",
        "write",
        "Ann",
        "Asked for.",
    )
    assert four.application.statements.count() == 1
    listed = bob.client.get("/v1/drafts?state=waiting").json["drafts"]
    assert [each["id"] for each in listed] == [draft["id"]]
    own = post(ann, f"/v1/drafts/{draft['id']}/release", tag=draft["tag"])
    assert (own.status_code, own.json["code"]) == (403, "release-refused")
    other = post(bob, f"/v1/drafts/{draft['id']}/release", tag="another")
    assert (other.status_code, other.json["code"]) == (412, "draft-changed")
    made = post(bob, f"/v1/drafts/{draft['id']}/release", tag=draft["tag"])
    assert (made.status_code, made.json["claim_reviewed"], made.json["owner"]) == (200, "Lemons are blue.", "Desk")
    (version,) = bob.client.get(f"/v1/statements/{made.json['id']}/history").json["versions"]
    assert (version["writer"], version["releaser"], version["reason"]) == ("Ann", "Bob", "Asked for.")
    assert bob.client.get("/v1/drafts?state=waiting").json["drafts"] == []
    assert post(bob, f"/v1/drafts/{draft['id']}/release", tag=draft["tag"]).status_code == 404


def test_changes_and_retirement_wait_too_and_of_what_changed_meanwhile_nothing_is_released(
    four: Any, ann: Person, bob: Person
) -> None:
    (first,) = four.application.statements.select().statements
    where = f"/v1/statements/{first.id}"
    tag = ann.client.get(where).headers["ETag"]
    tagged = {**ann.headers, "If-Match": tag}
    revised = ann.client.put(where, json={**BLUE, "headline": "No"}, headers=tagged).json
    retired = ann.client.delete(f"{where}?reason=Old", headers=tagged).json
    assert (revised["act"], retired["act"], retired["statement"]) == ("write", "retire", first.id)
    assert ann.client.put(where, json=BLUE, headers={**ann.headers, "If-Match": '"x"'}).status_code == 412
    assert post(bob, f"/v1/drafts/{revised['id']}/release", tag=revised["tag"]).json["headline"] == "No"
    late = post(bob, f"/v1/drafts/{retired['id']}/release", tag=retired["tag"])
    assert (late.status_code, late.json["code"]) == (412, "statement-changed")
    again = ann.client.delete(where, headers={**ann.headers, "If-Match": ann.client.get(where).headers["ETag"]}).json
    assert post(bob, f"/v1/drafts/{again['id']}/release", tag=again["tag"]).status_code == 200
    assert four.application.statements.count() == 0
    back = post(ann, f"{where}/restore", reason="Needed.")
    assert (back.status_code, back.json["act"]) == (202, "restore")
    assert post(bob, f"/v1/drafts/{back.json['id']}/release", tag=back.json["tag"]).status_code == 200
    assert four.application.statements.count() == 1


def test_what_is_refused_goes_back_with_the_reason(four: Any, ann: Person, bob: Person) -> None:
    draft = handed_in(ann)
    where = f"/v1/drafts/{draft['id']}"
    assert post(ann, f"{where}/refuse").status_code == 403
    refused = post(bob, f"{where}/refuse", reason="No citation.").json
    assert (refused["state"], refused["refused_because"]) == ("refused", "No citation.")
    assert bob.client.get(where).status_code == 404, "only its owner sees it now"
    again = post(ann, f"{where}/publish", **BLUE, headline="With one")
    assert (again.status_code, again.json["state"], again.json["content"]["headline"]) == (202, "waiting", "With one")
    assert post(bob, f"{where}/release", tag=again.json["tag"]).json["headline"] == "With one"


def test_the_same_post_twice_waits_once(ann: Person, bob: Person) -> None:
    headers = {**ann.headers, "Idempotency-Key": "once"}
    first, second = (ann.client.post("/v1/statements", json=BLUE, headers=headers).json["id"] for _ in range(2))
    assert first == second
    assert len(bob.client.get("/v1/drafts?state=waiting").json["drafts"]) == 1


def test_machines_write_at_once_and_release_nothing(four: Any, ann: Person) -> None:
    draft, key = handed_in(ann), four.key("write")
    made = four.client.post("/v1/statements", json={**BLUE, "url": "https://x.example/1"}, headers=key)
    assert made.status_code == 201
    released = four.client.post(f"/v1/drafts/{draft['id']}/release", json={"tag": draft["tag"]}, headers=key)
    assert (released.status_code, released.json["code"]) == (403, "release-refused")
    imported = post(ann, "/v1/statements/import")
    assert (imported.status_code, imported.json["code"]) == (403, "release-refused"), "no way around four eyes"
    assert four.client.post("/v1/statements/import", json=[], headers=key).status_code == 202


def test_without_the_setting_people_write_at_once(house: Any) -> None:
    ann = sign_in(house, "editor", "ann")
    assert post(ann, "/v1/statements", **BLUE).status_code == 201
