"""/v1/ratings as a caller sees it, and what a mapping does to matches, to checks and to past checks."""

from __future__ import annotations

from dataclasses import replace

from index.exchange.claimreview import read_review
from index.models import Rating
from service.store.corrections import CORRECTION

from ..conftest import LEMONS

TEXT = "Hot lemon water cures diabetes within seven days."
ODD = "Complete nonsense on stilts"


def add(house, claim: str = TEXT, words: str = ODD, url: str = "https://odd.example/1") -> None:
    statement = read_review({**LEMONS, "claimReviewed": claim, "url": url}).statement
    assert statement is not None
    house.application.statements.put_many([replace(statement, rating=Rating(words))])


def only_odd(house) -> None:
    """The lemons are rated by words that nobody mapped, and by nothing else."""
    (there,) = house.application.statements.select().statements
    house.application.statements.revise(there.id, replace(there, rating=Rating(ODD)))


def put(house, words: str = ODD, normalized: str = "false", **more):
    return house.writer.post("/v1/ratings/mappings", json={"words": words, "normalized": normalized, **more})


def test_unmapped_words_are_listed_with_what_stands_behind_them(house) -> None:
    add(house)
    shown = house.writer.get("/v1/ratings/unmapped").json
    assert (shown["words"], shown["statements"], shown["next_cursor"]) == (1, 1, None)
    (found,) = shown["ratings"]
    assert (found["words"], found["count"], found["publishers"]) == (
        ODD, 1, [{"site": "checks.example", "count": 1}],
    )  # fmt: skip
    assert [each["url"] for each in found["examples"]] == ["https://odd.example/1"]


def test_a_mapping_decides_at_once_in_checks_in_matches_and_in_lists(house) -> None:
    only_odd(house)
    assert house.check(text=TEXT)["verdict"]["code"] == "fact_check_found"
    made = put(house)
    assert (made.status_code, made.headers["Location"]) == (201, f"/v1/ratings/mappings/{made.json['id']}")
    assert (made.json["statements"], made.json["mapped_by"], made.json["publisher"]) == (1, "local", None)
    assert house.check(text=TEXT)["verdict"]["code"] == "refuted", "and no stored check is given instead"
    (statement,) = house.client.get("/v1/statements?rating=false").json["statements"]
    assert statement["rating"] == {
        "alternate_name": ODD, "rating_value": None, "best_rating": None, "worst_rating": None, "normalized": "false",
    }  # fmt: skip
    assert house.client.get("/v1/statements?rating=unmapped").json["statements"] == []
    assert house.writer.get("/v1/coverage").json["statements"]["unmapped"] == []
    status = house.application.index.status(wait=True)
    assert (status.ready, status.behind) == (True, 0)


def test_taken_back_it_decides_nothing_again(house) -> None:
    only_odd(house)
    where = put(house).headers["Location"]
    assert house.writer.get(where).json["words"] == ODD
    assert house.writer.delete(where).status_code == 204
    assert house.check(text=TEXT)["verdict"]["code"] == "fact_check_found"
    for method in ("GET", "DELETE"):
        gone = house.writer.open(where, method=method)
        assert (gone.status_code, gone.json["code"]) == (404, "not-found")


def test_past_checks_are_judged_anew_when_words_are_mapped_and_when_that_is_taken_back(house) -> None:
    only_odd(house)
    check = house.check(text=TEXT)
    house.application.schedules.plan(CORRECTION, CORRECTION, 60)
    house.work()
    where = put(house).headers["Location"]
    house.work()
    now = house.client.get(f"/v1/checks/{check['id']}").json
    assert (now["verdict"]["code"], [each["verdict"]["code"] for each in now["revisions"]]) == (
        "refuted", ["fact_check_found"],
    )  # fmt: skip
    assert "Since" in now["summary"]["revised"]
    assert "known here what a fact-check’s rating means" in now["summary"]["revised"]
    house.writer.delete(where)
    house.work()
    assert house.client.get(f"/v1/checks/{check['id']}").json["verdict"]["code"] == "fact_check_found"


def test_an_import_goes_by_it_and_warns_no_more(house) -> None:
    row = f"claim,url,rating,publisher\nDucks are banned in Ulm.,https://odd.example/2,{ODD},Odd\n"

    def preview():
        return house.writer.post(
            "/v1/statements/preview", data=row, headers={"Content-Type": "text/csv", "X-Requested-With": "t"}
        ).json

    before = preview()
    assert (before["ratings"][0]["normalized"], before["warnings_count"]) == ("unmapped", 1)
    put(house)
    after = preview()
    assert (after["ratings"], after["warnings_count"]) == ([{"words": ODD, "normalized": "false", "count": 1}], 0)
    made = house.writer.post(
        "/v1/statements/import", data=row, headers={"Content-Type": "text/csv", "X-Requested-With": "t"}
    )
    house.work()
    report = house.writer.get(f"/v1/imports/{made.json['id']}").json
    assert (report["added"], report["warnings_count"]) == (1, 0)
    assert house.client.get("/v1/statements?rating=false&query=Ulm").json["statements"]


def test_one_for_a_publisher_is_for_it_alone(house) -> None:
    add(house)
    assert put(house, publisher="other.example").json["statements"] == 0
    made = put(house, normalized="satire", publisher="Checks.example").json
    assert (made["publisher"], made["statements"]) == ("checks.example", 1)
    listed = house.writer.get("/v1/ratings/mappings").json["mappings"]
    assert [(each["publisher"], each["normalized"], each["statements"]) for each in listed] == [
        ("checks.example", "satire", 1), ("other.example", "false", 0),
    ]  # fmt: skip


def test_a_request_sent_twice_maps_once(house) -> None:
    add(house)
    body, headers = {"words": ODD, "normalized": "false"}, {"Idempotency-Key": "one"}
    first = house.writer.post("/v1/ratings/mappings", json=body, headers=headers)
    put(house, normalized="mixed")
    again = house.writer.post("/v1/ratings/mappings", json=body, headers=headers)
    assert (again.json["id"], again.json["normalized"]) == (first.json["id"], "mixed"), "as it is now"
    other = house.writer.post("/v1/ratings/mappings", json={**body, "words": "x"}, headers=headers)
    assert (other.status_code, other.json["code"]) == (422, "idempotency-key-reused")
    house.writer.delete(first.headers["Location"])
    assert house.writer.post("/v1/ratings/mappings", json=body, headers=headers).status_code == 404


def test_lists_come_in_pages(house) -> None:
    for number in range(3):
        add(house, f"Claim {number} about ducks.", f"Odd {'x' * number}", f"https://odd.example/{number}")
        put(house, f"Other {'x' * number}")
    for path, name in (("/v1/ratings/unmapped", "ratings"), ("/v1/ratings/mappings", "mappings")):
        first = house.writer.get(f"{path}?limit=2")
        assert len(first.json[name]) == 2
        assert first.headers["Link"] == f'<{path}?limit=2&cursor={first.json["next_cursor"]}>; rel="next"'
        rest = house.writer.get(f"{path}?limit=2&cursor={first.json['next_cursor']}").json
        assert (len(rest[name]), rest["next_cursor"]) == (1, None)


def test_what_cannot_be_a_mapping_is_refused(house) -> None:
    for body in (
        {}, {"words": "x"}, {"words": " ", "normalized": "false"}, {"words": "x", "normalized": "unmapped"},
        {"words": "x", "normalized": "falsch"}, {"words": "x", "normalized": "false", "publisher": "https://a.example/"},
        {"words": "x", "normalized": "false", "more": 1}, {"words": "x" * 20_001, "normalized": "false"},
    ):  # fmt: skip
        refused = house.writer.post("/v1/ratings/mappings", json=body)
        assert (refused.status_code, refused.json["code"]) == (400, "bad-request"), body
    assert house.writer.get("/v1/ratings/unmapped?limit=0").status_code == 400


def test_it_takes_the_right_to_write_and_is_noted(house) -> None:
    key = house.key("write")
    body = {"words": ODD, "normalized": "false"}
    assert house.client.post("/v1/ratings/mappings", json=body, headers=house.key("check", "read")).status_code == 403
    made = house.client.post("/v1/ratings/mappings", json=body, headers=key).json
    assert made["mapped_by"] in {each.id for each in house.application.keys.list()}
    house.client.delete(f"/v1/ratings/mappings/{made['id']}", headers=key)
    noted = [(each.action, each.subject, each.outcome) for each in house.application.audit.select().entries]
    assert noted[:4] == [
        ("DELETE /v1/ratings/mappings/<id>", made["id"], "204"),
        ("DELETE /v1/ratings/mappings/<id>", made["id"], "begun"),
        ("POST /v1/ratings/mappings", made["id"], "201"),
        ("POST /v1/ratings/mappings", "", "begun"),
    ]
