"""/v1/statements: our own JSON and ClaimReview, in and out, and in the search at once."""

from __future__ import annotations

import json

BLUE = {
    "claim_reviewed": "Lemons are blue.",
    "url": "https://checks.example/blue",
    "rating": {"alternate_name": "Falsch", "rating_value": 1, "best_rating": 5, "worst_rating": 1},
}
LD = "application/ld+json"


def found(house, text: str) -> list[str]:
    results = house.writer.post("/v1/match", json={"texts": [text], "limit": 1}).json["results"]
    return [match["statement"]["claim_reviewed"] for match in results[0]["matches"]]


def test_a_statement_is_created_found_changed_and_deleted(house) -> None:
    made = house.writer.post("/v1/statements", json={**BLUE, "date_published": "2021-05-03", "language": "de-CH"})
    assert made.status_code == 201
    where = made.headers["Location"]
    assert where == f"/v1/statements/{made.json['id']}"
    assert made.json["rating"]["normalized"] == "false"
    assert made.json["publisher"] == {"name": None, "site": "checks.example"}
    assert made.json["language"] == "de-ch"
    assert house.client.get(where).json == made.json
    assert found(house, "Lemons are blue.") == ["Lemons are blue."]

    changed = house.writer.put(where, json={**made.json, "claim_reviewed": "Pears are purple."})
    assert changed.status_code == 200
    assert changed.json == {**made.json, "claim_reviewed": "Pears are purple."}
    assert found(house, "Pears are purple.") == ["Pears are purple."]

    assert house.writer.delete(where).status_code == 204
    for reply in (house.client.get(where), house.writer.delete(where), house.writer.put(where, json=BLUE)):
        assert (reply.status_code, reply.json["code"]) == (404, "not-found")
    assert found(house, "Pears are purple.") != ["Pears are purple."]


def test_what_a_rating_means_is_worked_out_and_not_taken(house) -> None:
    rating = {"alternate_name": "Stimmt irgendwie halb", "normalized": "true"}
    made = house.writer.post("/v1/statements", json={**BLUE, "rating": rating}).json
    assert made["rating"]["normalized"] == "unmapped"


def test_the_language_is_worked_out_where_it_is_not_said(house) -> None:
    claim = "Zitronen sind blau und wachsen im Winter auf den Dächern der großen Städte."
    assert house.writer.post("/v1/statements", json={**BLUE, "claim_reviewed": claim}).json["language"] == "de"


def test_claimreview_goes_in_and_out(house, lemons) -> None:
    review = {**lemons, "claimReviewed": "The moon is hollow.", "url": "https://checks.example/moon"}
    made = house.writer.post("/v1/statements", data=json.dumps({**review, "datePublished": "soon"}), content_type=LD)
    assert made.status_code == 201
    assert made.json["claim_reviewed"] == "The moon is hollow."
    assert made.json["warnings"]
    where = made.headers["Location"]
    put = house.writer.put(where, data=json.dumps(review), content_type=LD)
    assert (put.status_code, put.json["date_published"]) == (200, "2021-05-03")
    shown = house.client.get(where, headers={"Accept": LD})
    assert shown.mimetype == LD
    assert (shown.json["@type"], shown.json["claimReviewed"]) == ("ClaimReview", "The moon is hollow.")


def test_what_is_no_claimreview_is_refused(house, lemons) -> None:
    for body in ({}, {**lemons, "url": None}, [], "x"):
        reply = house.writer.post("/v1/statements", data=json.dumps(body), content_type=LD)
        assert (reply.status_code, reply.json["code"]) == (400, "bad-request")
    assert house.application.statements.count() == 1


def test_statements_are_listed_filtered_and_turned_over(house) -> None:
    for number in range(5):
        house.writer.post("/v1/statements", json={**BLUE, "url": f"https://checks.example/{number}", "language": "en"})
    first = house.client.get("/v1/statements?limit=4")
    assert [statement["url"][-1] for statement in first.json["statements"]] == ["4", "3", "2", "1"]
    following = first.headers["Link"].split(">")[0].removeprefix("<")
    second = house.client.get(following)
    assert [statement["url"][-1] for statement in second.json["statements"]] == ["0", "s"]
    assert second.json["next_cursor"] is None
    assert "Link" not in second.headers

    def count(query: str) -> int:
        return len(house.client.get(f"/v1/statements?{query}").json["statements"])

    assert (count("query=blue"), count("query=diabetes"), count("query=blue diabetes")) == (5, 1, 0)
    assert (count("rating=false"), count("rating=true")) == (6, 0)
    assert (count("publisher=Example"), count("publisher=checks.example")) == (1, 6)
    assert (count("language=en"), count("language=de")) == (6, 0)


def test_a_list_as_claimreview_is_a_data_feed_that_can_be_imported(house) -> None:
    feed = house.client.get("/v1/statements", headers={"Accept": LD})
    assert feed.mimetype == LD
    assert feed.json["@type"] == "DataFeed"
    made = house.writer.post("/v1/statements/import", data=feed.data, content_type=LD)
    house.work()
    assert house.client.get(made.headers["Location"]).json["unchanged"] == 1


def test_one_idempotency_key_makes_one_statement(house) -> None:
    headers = {"Idempotency-Key": "k"}
    first, again = (house.writer.post("/v1/statements", json=BLUE, headers=headers) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 201)
    assert first.json == again.json
    other = house.writer.post("/v1/statements", json={**BLUE, "claim_reviewed": "Another."}, headers=headers)
    assert (other.status_code, other.json["code"]) == (422, "idempotency-key-reused")
    house.writer.delete(first.headers["Location"])
    assert house.writer.post("/v1/statements", json=BLUE, headers=headers).status_code == 201
    assert house.application.statements.count() == 2
