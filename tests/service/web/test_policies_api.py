"""/v1/policies and /v1/replay as a caller sees them."""

from __future__ import annotations

import pytest

LEMONS = "Hot lemon water cures diabetes within seven days."
PAGE = "https://news.example/lemons"
POLICY = {
    "name": "desk",
    "rules": [
        {"name": "sure", "action": "flag", "ratings": ["false"], "publishers": ["checks.example"]},
        {"action": "review", "verdicts": ["not_enough_evidence"]},
    ],
    "otherwise": "allow",
}


def make(house, **changes):
    return house.writer.post("/v1/policies", json={**POLICY, **changes})


def test_a_policy_says_what_to_do_and_why(house) -> None:
    made = make(house)
    assert (made.status_code, made.headers["Location"], made.json["id"]) == (201, "/v1/policies/desk.1", "desk.1")
    assert made.json["rules"][0]["verdicts"] == ["refuted"]
    assert made.json["rules"][0]["modes"] == ["asserted", "denied"]
    assert made.json["failed"] == "review"
    check = house.check(text=LEMONS, policy="desk", reference="a")
    assert check["action"] == "flag"
    statement = check["claims"][0]["evidence"][0]["statement"]["id"]
    assert check["policy"] == {
        "id": "desk.1", "rule": 0, "rule_name": "sure", "claim": 0, "statement": statement,
        "rationale": "Rule 1, “sure”, applies. Example Checks rated a similar statement “False” on 3 May 2021.",
    }  # fmt: skip
    german = house.client.get(f"/v1/checks/{check['id']}", headers={"Accept-Language": "de"}).json
    assert german["policy"]["rationale"].startswith("Regel 1 («sure») trifft zu. Example Checks hat")


def test_every_end_of_a_check_has_an_action(house) -> None:
    make(house)
    open_ = house.check(text="The town hall of Ulm has nine floors and a roof.", policy="desk")
    assert (open_["action"], open_["policy"]["rule"], open_["policy"]["statement"]) == ("review", 1, None)
    assert open_["policy"]["rationale"].startswith("Rule 2 applies. ")
    failed = house.check(url="https://none.example/", policy="desk.1")
    assert (failed["state"], failed["action"], failed["policy"]["rule"]) == ("failed", "review", None)
    assert failed["policy"]["rationale"].startswith("The check failed")
    make(house, rules=[{"action": "flag", "languages": ["fr"]}])
    none = house.check(text=LEMONS, policy="desk")
    assert (none["action"], none["policy"]["id"]) == ("allow", "desk.2")
    assert none["policy"]["rationale"] == "No rule of the policy applies."


def test_before_it_has_ended_a_check_has_no_action(house) -> None:
    make(house)
    queued = house.client.post("/v1/checks", json={"text": LEMONS, "policy": "desk", "wait": 0}).json
    assert (queued["action"], queued["policy"]["id"], queued["policy"]["rationale"]) == (None, "desk.1", None)
    assert house.check(text="Without one.")["policy"] is None


def test_the_items_of_a_batch_go_by_its_policy(house) -> None:
    make(house)
    house.publish(PAGE, LEMONS, "So it was told on the radio in the morning.")
    items = [{"url": PAGE}, {"text": LEMONS}]
    batch = house.client.post("/v1/batches", json={"items": items, "policy": "desk"}).json
    house.work()
    shown = house.client.get(f"/v1/batches/{batch['id']}/items").json["items"]
    assert [item["check"]["action"] for item in shown] == ["flag", "flag"]


def test_versions_are_listed_and_shown(house) -> None:
    make(house)
    make(house, otherwise="review")
    assert [each["id"] for each in house.client.get("/v1/policies").json["policies"]] == ["desk.2", "desk.1"]
    assert house.client.get("/v1/policies/desk").json["otherwise"] == "review"
    assert house.client.get("/v1/policies/desk.1").json["otherwise"] == "allow"
    assert house.client.get("/v1/policies/desk.3").status_code == 404


@pytest.mark.parametrize(
    ("changes", "pointer"),
    [
        ({"name": "Desk"}, "/name"),
        ({"name": "a.1"}, "/name"),
        ({"rules": []}, "/rules"),
        ({"rules": [{"action": "block"}]}, "/rules/0/action"),
        ({"rules": [{"action": "flag", "min_confidence": 1.1}]}, "/rules/0/min_confidence"),
        ({"rules": [{"action": "flag", "ratings": ["wrong"]}]}, "/rules/0/ratings/0"),
        ({"rules": [{"action": "flag", "version": 3}]}, "/rules/0/version"),
        ({"otherwise": None}, "/otherwise"),
        ({"rules": [{"action": "flag"}] * 101}, "/rules"),
    ],
)
def test_what_is_no_policy_is_refused_at_its_place(house, changes, pointer: str) -> None:
    refused = make(house, **changes)
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (400, pointer)


@pytest.mark.parametrize("path", ["/v1/checks", "/v1/batches", "/v1/replay"])
def test_a_policy_that_is_not_there_is_said_at_its_place(house, path: str) -> None:
    body = {
        "/v1/checks": {"text": LEMONS},
        "/v1/batches": {"items": [{"text": LEMONS}]},
        "/v1/replay": {"reference": "a"},
    }
    refused = house.client.post(path, json={**body[path], "policy": "none"})
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (400, "/policy")
    assert house.application.jobs.count() == 0


def test_only_who_may_write_makes_policies(house) -> None:
    assert house.client.post("/v1/policies", json=POLICY).status_code == 401
    assert house.client.post("/v1/policies", json=POLICY, headers=house.key("check")).status_code == 403
    assert house.client.post("/v1/policies", json=POLICY, headers=house.key("write")).status_code == 201


def replay(house, headers=None, **body):
    reply = house.client.post("/v1/replay", json=body, headers=headers)
    assert reply.status_code == 200, reply.text
    return reply.json


def test_a_replay_tells_what_would_change_and_changes_nothing(house) -> None:
    make(house)
    make(house, rules=[{"action": "review"}])
    check = house.check(text=LEMONS, policy="desk.1", reference="a")
    house.check(url="https://none.example/", policy="desk.1", reference="a")
    assert replay(house, reference="a")["flips"] == []
    told = replay(house, reference="a", policy="desk")
    assert (told["replayed"], told["skipped"], told["next_cursor"]) == (1, 1, None)
    assert told["flips"] == [
        {
            "check": check["id"], "reference": "a", "url": None,
            "before": {"verdict": "refuted", "action": "flag", "rule": 0},
            "after": {"verdict": "refuted", "action": "review", "rule": 0},
            "reasons": [{"code": "policy", "statement": None}],
        }
    ]  # fmt: skip
    (strict,) = replay(house, reference="a", min_confidence=1.0)["flips"]
    assert strict["after"] == {"verdict": "not_enough_evidence", "action": "review", "rule": 1}
    assert house.client.get(f"/v1/checks/{check['id']}").json == check


def test_a_replay_is_of_the_caller_s_own_checks(house) -> None:
    assert house.client.post("/v1/replay", json={}).status_code == 401, "on the open API a reference is needed"
    ann, bob = house.key("check"), house.key("check")
    for number in range(3):
        house.check(text=f"{LEMONS} {number}", headers=ann)
    assert replay(house, bob, min_confidence=1.0)["replayed"] == 0
    first = replay(house, ann, min_confidence=1.0, limit=2)
    second = replay(house, ann, min_confidence=1.0, limit=2, cursor=first["next_cursor"])
    assert (first["replayed"], second["replayed"], second["next_cursor"]) == (2, 1, None)
    assert len({flip["check"] for flip in first["flips"] + second["flips"]}) == 3
