"""Past checks beside the statements of today: what would flip, why, and that nothing is changed."""

from __future__ import annotations

from typing import Any

LEMONS = "Hot lemon water cures diabetes within seven days."
TUNNEL = "The old tunnel under the river was sealed in spring."


def replay(house: Any, **body: Any) -> Any:
    reply = house.client.post("/v1/replay", json={"reference": "a", **body})
    assert reply.status_code == 200, reply.text
    return reply.json


def lemons(house: Any) -> Any:
    (statement,) = house.application.statements.by_keys([1]).values()
    return statement


def test_with_the_same_index_nothing_flips(house: Any) -> None:
    house.check(text=LEMONS, reference="a")
    house.check(text=TUNNEL, reference="a")
    told = replay(house, index="newest")
    assert (told["replayed"], told["skipped"], told["flips"], told["changes"]) == (2, 0, [], [])


def test_a_statement_that_came_later_flips_a_check_and_is_named(house: Any) -> None:
    check = house.check(text=TUNNEL, reference="a")
    assert replay(house)["flips"] == []
    house.add_statement(claim_reviewed=TUNNEL, url="https://checks.example/tunnel")
    assert replay(house)["flips"] == [], "what was found then stays"
    told = replay(house, index="newest")
    (flip,) = told["flips"]
    assert (flip["before"]["verdict"], flip["after"]["verdict"]) == ("not_enough_evidence", "refuted")
    (reason,) = flip["reasons"]
    assert reason["code"] == "newly_found"
    assert house.application.statements.get(reason["statement"]).claim_reviewed == TUNNEL
    assert told["changes"] == [
        {
            "before": {"verdict": "not_enough_evidence", "action": None},
            "after": {"verdict": "refuted", "action": None},
            "checks": 1,
        }
    ]
    assert house.client.get(f"/v1/checks/{check['id']}").json == check, "nothing is changed"


def test_a_statement_that_was_deleted_one_that_was_rated_anew_and_one_that_was_ruled_out(house: Any) -> None:
    from dataclasses import replace

    from index.models import NormalizedRating, Rating

    house.check(text=LEMONS, reference="a")
    statement = lemons(house)
    true = replace(statement, rating=Rating("True", normalized=NormalizedRating.TRUE))
    house.application.statements.put_many([true])
    house.application.index.update()
    (flip,) = replay(house, index="newest")["flips"]
    assert (flip["after"]["verdict"], flip["reasons"]) == (
        "supported",
        [{"code": "rating_changed", "statement": statement.id}],
    )
    made = house.application.negatives.add(LEMONS, statement.id, "")
    (flip,) = replay(house, index="newest")["flips"]
    assert (flip["after"]["verdict"], flip["reasons"][0]["code"]) == ("not_enough_evidence", "ruled_out")
    house.application.negatives.remove(made.id)
    house.application.statements.delete(statement.id)
    house.application.index.update()
    (flip,) = replay(house, index="newest")["flips"]
    assert (flip["after"]["verdict"], flip["reasons"][0]["code"]) == ("not_enough_evidence", "statement_gone")


def test_a_threshold_and_a_policy_are_named_as_reasons(house: Any) -> None:
    house.writer.post("/v1/policies", json={"name": "desk", "rules": [{"action": "flag"}], "otherwise": "allow"})
    house.check(text=LEMONS, reference="a")
    (flip,) = replay(house, min_confidence=1.0)["flips"]
    assert [each["code"] for each in flip["reasons"]] == ["threshold"]
    (flip,) = replay(house, policy="desk")["flips"]
    assert flip["reasons"] == [{"code": "policy", "statement": None}]


def test_searching_again_is_bounded_and_the_cursor_leads_on(house: Any) -> None:
    for number in range(12):
        house.check(text=f"{TUNNEL} {number}", reference="a")
    first = replay(house, index="newest", limit=100)
    assert (first["replayed"], bool(first["next_cursor"])) == (10, True)
    rest = replay(house, index="newest", limit=100, cursor=first["next_cursor"])
    assert (rest["replayed"], rest["next_cursor"]) == (2, None)


def test_what_other_models_judged_is_not_searched_again(house: Any) -> None:
    check = house.check(text=LEMONS, reference="a")
    house.application.index.current().pair_model.calibration_id = "another"
    told = replay(house, index="newest")
    assert (told["replayed"], told["skipped"]) == (0, 1)
    assert replay(house, min_confidence=1.0)["replayed"] == 1
    assert check["verdict"]["code"] == "refuted"


def test_an_index_that_nobody_knows_is_refused(house: Any) -> None:
    refused = house.client.post("/v1/replay", json={"reference": "a", "index": "older"})
    assert (refused.status_code, refused.json["errors"][0]["pointer"]) == (400, "/index")
