"""The service with its index in a Milvus: statements, searches, imports and faults over HTTP."""

from __future__ import annotations

import json

import pytest


@pytest.fixture
def elsewhere(settings, open_other, tmp_path):
    return open_other(milvus_uri=str(tmp_path / "lite.db"))


def matched(house, text: str) -> list[str]:
    results = house.client.post("/v1/match", json={"texts": [text]}).json["results"]
    return [match["statement"]["claim_reviewed"] for match in results[0]["matches"]]


def test_statements_are_found_there(elsewhere, settings, lemons) -> None:
    elsewhere.application.index.update()
    assert elsewhere.client.get("/readyz").json["index"]["behind"] == 0
    elsewhere.add_statement(claim_reviewed="The moon is hollow.", url="https://checks.example/moon")
    assert matched(elsewhere, "The moon is hollow.")[0] == "The moon is hollow."
    lines = [json.dumps({**lemons, "claimReviewed": f"Pear number {number} is purple."}) for number in range(80)]
    made = elsewhere.application.imports.submit("ann", "\n".join(lines).encode(), "application/x-ndjson")
    assert elsewhere.work() == 1
    assert elsewhere.application.imports.get(made.id, "ann").report.added == 80
    assert matched(elsewhere, "Pear number 17 is purple.")[0] == "Pear number 17 is purple."
    assert elsewhere.application.index.is_sound()
    assert elsewhere.check(text="Pear number 17 is purple.")["index"]["statements"] >= 81


def test_a_milvus_that_is_not_there_is_said(open_other) -> None:
    house = open_other(milvus_uri="http://127.0.0.1:9")
    reply = house.client.get("/readyz")
    assert (reply.status_code, reply.json["code"]) == (503, "index-not-ready")
    assert "check GEGENCHECK_MILVUS_URI" in reply.json["detail"]
    reply = house.client.post("/v1/match", json={"texts": ["The moon is hollow."]})
    assert (reply.status_code, reply.json["code"]) == (503, "index-not-ready")
