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


def test_a_sentence_of_another_key_s_check_is_for_admins_alone(house) -> None:
    mine, writer, admin = house.key("check", "write"), house.key("read", "write"), house.key("admin")
    check = house.check(text=LEMONS, headers=mine)
    own = {"text": "Written by hand.", "statement": statement_of(check)}
    by_hand = house.client.post("/v1/negatives", json=own, headers=mine).json["id"]

    def decide(headers) -> str:
        said = {"kind": "wrong_match", "claim": 0}
        remark = house.client.post(f"/v1/checks/{check['id']}/feedback", json=said, headers=mine).json
        decided = house.client.patch(f"/v1/feedback/{remark['id']}", json={"status": "accepted"}, headers=headers)
        assert decided.status_code == 200
        listed = house.client.get("/v1/negatives", headers=admin).json["negatives"]
        return next(each["id"] for each in listed if each["feedback"] == remark["id"])

    by_owner, by_admin = decide(mine), decide(admin)
    sees = {
        "mine": (mine, {by_hand, by_owner}),
        "writer": (writer, {by_hand}),
        "admin": (admin, {by_hand, by_owner, by_admin}),
    }
    for name, (headers, ids) in sees.items():
        listed = house.client.get("/v1/negatives", headers=headers).json["negatives"]
        assert {each["id"] for each in listed} == ids, name
        for id in (by_hand, by_owner, by_admin):
            assert house.client.get(f"/v1/negatives/{id}", headers=headers).status_code == (200 if id in ids else 404)
    assert house.client.delete(f"/v1/negatives/{by_owner}", headers=writer).status_code == 404
    assert house.client.delete(f"/v1/negatives/{by_owner}", headers=mine).status_code == 204
