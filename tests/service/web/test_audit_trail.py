"""What the audit log has of calls and pages: every write, before it begins and when it has ended; nothing else."""

from __future__ import annotations

LEMONS = "Hot lemon water cures diabetes within seven days."


def trail(house):
    entries = reversed(house.application.audit.select().entries)
    return [(each.actor, each.action, each.subject, each.outcome) for each in entries]


def test_what_a_key_writes_is_noted_with_what_it_made(house) -> None:
    admin = house.key("admin")
    made = house.client.post("/v1/keys", json={"name": "desk", "scopes": ["check"]}, headers=admin).json["id"]
    house.client.delete(f"/v1/keys/{made}", headers=admin)
    owner = house.application.keys.list()[0].id
    assert trail(house) == [
        (owner, "POST /v1/keys", "", "begun"),
        (owner, "POST /v1/keys", made, "201"),
        (owner, "DELETE /v1/keys/<id>", made, "begun"),
        (owner, "DELETE /v1/keys/<id>", made, "204"),
    ]


def test_a_write_that_is_refused_by_the_store_is_noted_as_that(house) -> None:
    house.client.delete("/v1/keys/none", headers=house.key("admin"))
    assert [each[3] for each in trail(house)] == ["begun", "404"]


def test_reading_checking_and_what_nobody_may_do_is_no_write(house) -> None:
    house.check(text=LEMONS)
    house.client.post("/v1/match", json={"texts": [LEMONS]})
    house.writer.get("/inbox")
    check = house.key("check")
    house.client.get("/v1/statements", headers=house.key("read"))
    house.client.post("/v1/keys", json={"name": "x", "scopes": ["check"]}, headers=check)
    house.client.post("/v1/keys", json={}, headers=house.key("admin"))
    house.client.get("/v1/keys", headers=house.key("admin"))
    assert trail(house) == []


def test_no_text_or_address_of_a_write_is_kept(house) -> None:
    house.writer.post("/v1/statements/import", json=[{"claimReviewed": LEMONS, "url": "https://secret.example/"}])
    entries = house.application.audit.select().entries
    assert [each.outcome for each in entries] == ["202", "begun"]
    assert "secret" not in str(entries)
    assert "lemon" not in str(entries)


def test_pages_write_too(house) -> None:
    check = house.check(text=LEMONS)
    remark = house.client.post(f"/v1/checks/{check['id']}/feedback", json={"kind": "other"}).json["id"]
    house.writer.post(f"/inbox/{remark}", data={"status": "accepted"})
    assert trail(house) == [
        ("local", "POST /inbox/<id>", remark, "begun"),
        ("local", "POST /inbox/<id>", remark, "303"),
    ]


def test_only_admins_read_it_page_by_page(house) -> None:
    admin = house.key("admin")
    for name in ("a", "b"):
        house.client.post("/v1/keys", json={"name": name, "scopes": ["check"]}, headers=admin)
    assert house.client.get("/v1/audit", headers=house.key("write", "read", "check")).status_code == 403
    first = house.client.get("/v1/audit?limit=3", headers=admin)
    assert [each["number"] for each in first.json["entries"]] == [4, 3, 2]
    (link,) = first.headers["Link"].split(";")[:1]
    assert [each["begun_by"] for each in house.client.get(link.strip("<>"), headers=admin).json["entries"]] == [None]
