"""/v1/negatives as a caller sees it, and what follows for checks, matches and feedback."""

from __future__ import annotations

LEMONS = "Hot lemon water cures diabetes within seven days."
NEARLY = "Hot lemon water cures diabetes within seven days, surely!"


def statement_of(check) -> str:
    return check["claims"][0]["evidence"][0]["statement"]["id"]


def rule_out(house, statement: str, text: str = LEMONS, **more):
    return house.writer.post("/v1/negatives", json={"text": text, "statement": statement, **more})


def test_what_was_ruled_out_matches_no_more_nor_what_is_nearly_the_same(house) -> None:
    before = house.check(text=LEMONS)
    made = rule_out(house, statement_of(before), note="Another thing.")
    assert (made.status_code, made.headers["Location"]) == (201, f"/v1/negatives/{made.json['id']}")
    for text in (LEMONS, NEARLY):
        after = house.check(text=text)
        assert after["verdict"]["code"] == "not_enough_evidence"
        assert not any(claim["evidence"] or claim["candidates"] for claim in after["claims"])
    assert after["versions"]["negatives"]
    assert before["versions"]["negatives"] is None
    (matches,) = (each["matches"] for each in house.client.post("/v1/match", json={"texts": [NEARLY]}).json["results"])
    assert [(each["is_match"], each["confidence"]) for each in matches] == [(False, 0.0)]
    assert house.check(text=f"Ten doctors say: {LEMONS}")["claims"][0]["evidence"], "another text matches"


def test_taken_off_the_list_it_matches_again(house) -> None:
    statement = statement_of(house.check(text=LEMONS))
    id = rule_out(house, statement).json["id"]
    assert house.writer.get(f"/v1/negatives/{id}").json["text"] == LEMONS
    assert house.writer.delete(f"/v1/negatives/{id}").status_code == 204
    assert house.writer.get(f"/v1/negatives/{id}").status_code == 404
    assert house.check(text=LEMONS)["verdict"]["code"] == "refuted"


def test_feedback_that_is_accepted_rules_out_and_taken_back_it_does_not(house) -> None:
    check = house.check(text=LEMONS)
    remark = house.client.post(f"/v1/checks/{check['id']}/feedback", json={"kind": "wrong_match", "claim": 0}).json
    for status, count in (("accepted", 1), ("accepted", 1), ("rejected", 0), ("accepted", 1), ("open", 0)):
        house.writer.patch(f"/v1/feedback/{remark['id']}", json={"status": status})
        listed = house.writer.get("/v1/negatives").json["negatives"]
        assert [(each["text"], each["feedback"]) for each in listed] == [(LEMONS, remark["id"])] * count


def test_other_feedback_rules_nothing_out(house) -> None:
    check = house.check(text=LEMONS)
    remark = house.client.post(f"/v1/checks/{check['id']}/feedback", json={"kind": "wrong_stance"}).json
    house.writer.patch(f"/v1/feedback/{remark['id']}", json={"status": "accepted"})
    assert house.writer.get("/v1/negatives").json["negatives"] == []


def test_pages_lead_to_each_other(house) -> None:
    statement = statement_of(house.check(text=LEMONS))
    for number in range(3):
        rule_out(house, statement, f"Text {number}.")
    first = house.writer.get(f"/v1/negatives?limit=2&statement={statement}")
    (link,) = first.headers["Link"].split(";")[:1]
    assert [each["text"] for each in house.writer.get(link.strip("<>")).json["negatives"]] == ["Text 0."]


def test_what_cannot_be_ruled_out_is_refused(house) -> None:
    blank = rule_out(house, "s", " ")
    assert (blank.status_code, blank.json["errors"][0]["pointer"]) == (400, "/text")
    assert rule_out(house, "none").status_code == 404
    assert house.writer.get("/v1/negatives").json["negatives"] == []


def test_texts_of_others_are_shown_only_to_whom_may_write(house) -> None:
    assert house.client.get("/v1/negatives").status_code == 401
    assert house.client.get("/v1/negatives", headers=house.key("check", "read")).status_code == 403
