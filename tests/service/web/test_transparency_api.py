"""/v1/transparency: what was decided, by the fields of the EU's database, and nothing of people."""

from __future__ import annotations

import csv
import io
import json
from dataclasses import replace
from datetime import date

import pytest
from doubles import picture_saying

from service.transparency import present_reasons

LEMONS = "Hot lemon water cures diabetes within seven days."
PAGE = "https://news.example/secret-lemons"
POLICY = {
    "name": "desk",
    "rules": [
        {"name": "sure", "action": "flag"},
        {"action": "review", "verdicts": ["not_enough_evidence"]},
    ],
    "otherwise": "allow",
}


def decided(house):
    """A flagged page, a text to look at, a check that failed, one that nothing was decided about."""
    house.writer.post("/v1/policies", json=POLICY)
    house.publish(PAGE, LEMONS, "So Jane Doe told it on the radio in the morning.")
    flagged = house.check(url=PAGE, policy="desk", reference="ticket of Jane Doe")
    open_ = house.check(text="The town hall of Ulm has nine floors and a roof.", policy="desk")
    failed = house.check(url="https://none.example/", policy="desk")
    house.check(text=LEMONS)
    return flagged, open_, failed


def test_what_was_flagged_is_told_by_the_fields_of_the_database(house) -> None:
    flagged, _, _ = decided(house)
    (row,) = house.writer.get("/v1/transparency").json["statements"]
    statement = flagged["policy"]["statement"]
    assert row == {
        "puid": flagged["id"],
        "decision_visibility": ["DECISION_VISIBILITY_OTHER"],
        "decision_visibility_other": "flag",
        "decision_ground": "DECISION_GROUND_INCOMPATIBLE_CONTENT",
        "incompatible_content_ground": "Policy desk.1",
        "incompatible_content_explanation": flagged["policy"]["rationale"],
        "incompatible_content_illegal": "No",
        "category": "STATEMENT_CATEGORY_NEGATIVE_EFFECTS_ON_CIVIC_DISCOURSE_OR_ELECTIONS",
        "category_specification": ["KEYWORD_MISINFORMATION_DISINFORMATION"],
        "content_type": ["CONTENT_TYPE_TEXT"],
        "content_language": "EN",
        "content_date": (flagged["article"]["date_published"] or flagged["created_at"])[:10],
        "application_date": flagged["finished_at"][:10],
        "decision_facts": "Verdict on the claim: refuted, confidence "
        f"{flagged['claims'][0]['verdict']['confidence']:.2f}, based on the verified statement {statement}.",
        "source_type": "SOURCE_VOLUNTARY",
        "automated_detection": "Yes",
        "automated_decision": "AUTOMATED_DECISION_FULLY",
    }
    for secret in ("Jane", "secret", "lemon", "ticket"):
        assert secret not in json.dumps(row)


def test_what_a_person_looks_at_is_told_apart(house) -> None:
    _, open_, failed = decided(house)
    rows = house.writer.get("/v1/transparency?action=review").json["statements"]
    assert [(row["puid"], row["automated_decision"]) for row in rows] == [
        (failed["id"], "AUTOMATED_DECISION_PARTIALLY"), (open_["id"], "AUTOMATED_DECISION_PARTIALLY"),
    ]  # fmt: skip
    assert (rows[0]["content_language"], rows[0]["decision_facts"]) == (None, "No single claim was decisive.")
    assert rows[1]["decision_facts"].endswith("No fact-check was decisive.")
    assert house.writer.get("/v1/transparency?action=allow").status_code == 400


def test_the_same_comes_as_csv_page_by_page(house) -> None:
    decided(house)
    shown = house.writer.get("/v1/transparency?action=review").json["statements"]
    first = house.writer.get("/v1/transparency.csv?action=review&limit=1")
    assert first.mimetype == "text/csv"
    (link,) = first.headers["Link"].split(";")[:1]
    second = house.writer.get(link.strip("<>"))
    rows = [row for each in (first, second) for row in csv.DictReader(io.StringIO(each.text))]
    assert [row["puid"] for row in rows] == [row["puid"] for row in shown]
    assert list(rows[0]) == list(shown[0])
    assert json.loads(rows[0]["category_specification"]) == shown[0]["category_specification"]


def test_a_key_sees_its_own_decisions_and_nobody_sees_everybody_s(house) -> None:
    decided(house)
    assert house.client.get("/v1/transparency").status_code == 401
    assert house.client.get("/v1/transparency", headers=house.key("check")).json["statements"] == []


def test_a_picture_is_an_image(house) -> None:
    house.writer.post("/v1/policies", json=POLICY)
    data = {
        "file": (io.BytesIO(picture_saying("Hot lemon water cures", "diabetes within seven days.")), "picture.png"),
        "wait": "0",
        "policy": "desk",
    }
    reply = house.writer.post("/v1/checks", data=data, headers={"X-Requested-With": "test"})
    assert reply.status_code == 202, reply.text
    house.work()
    (row,) = house.writer.get("/v1/transparency").json["statements"]
    assert row["content_type"] == ["CONTENT_TYPE_IMAGE"]


@pytest.mark.parametrize("said", ["1999-12-31", "2037-01-01"])
def test_a_day_that_the_database_refuses_or_that_is_to_come_is_not_the_content_s(house, said: str) -> None:
    house.writer.post("/v1/policies", json=POLICY)
    house.publish(PAGE, LEMONS, "So Jane Doe told it on the radio in the morning.")
    (shown,) = decided_on(house, house.check(url=PAGE, policy="desk"), date_published=date.fromisoformat(said))
    assert shown["content_date"] == shown["application_date"]


def test_a_language_without_two_letters_is_left_open_and_a_long_explanation_cut(house) -> None:
    house.writer.post("/v1/policies", json=POLICY)
    check = house.check(text=LEMONS, policy="desk")
    (shown,) = decided_on(house, check, language="gsw-CH")
    assert shown["content_language"] is None
    long = replace(kept(house, check), decision=replace(kept(house, check).decision, rule_name="sure " * 1000))
    assert len(present_reasons(long, "en")["incompatible_content_explanation"]) <= 2000


def kept(house, check):
    return house.application.checks.get(check["id"], None)


def decided_on(house, check, **changes):
    """How a check is told whose article says something else."""
    stored = kept(house, check)
    article = replace(stored.result.article, **changes)
    return [present_reasons(replace(stored, result=replace(stored.result, article=article)), "en")]
