"""Erasing a subject: everything of it goes, whoever asked, and nothing of anybody else."""

from __future__ import annotations

import sqlalchemy as sa

from service.store.erasing import Erased, erase_subject

SENTENCE = "Hot lemon water cures diabetes within seven days."
PAGE = "https://news.example/lemons"


def erase(house, reference: str | None = None, url: str | None = None) -> Erased:
    now, blobs = house.application.clock.read().at, house.application.checks.blobs
    return erase_subject(house.application.statements.engine, blobs, now, reference, url)


def ask(house, key: dict[str, str], **body: str):
    return house.check(headers=key, **body)


def test_all_checks_with_a_reference_go_whichever_key_asked_and_others_stay(house) -> None:
    ann, bob = house.key("check"), house.key("check")
    for key in (ann, bob):
        ask(house, key, text=SENTENCE, reference="customer 7")
    kept = ask(house, ann, text=SENTENCE, reference="customer 70")
    assert erase(house, "customer 7") == Erased(2, 0, 0)
    for key in (ann, bob):
        assert house.client.get("/v1/checks?reference=customer%207", headers=key).json["checks"] == []
    assert house.client.get(f"/v1/checks/{kept['id']}", headers=ann).status_code == 200
    assert erase(house, "customer 7") == Erased(0, 0, 0)


def test_batches_forget_what_they_said_of_it_and_go_on(house) -> None:
    key = house.key("check")
    items = [{"text": SENTENCE, "reference": "customer 7"}, {"text": "Lemons are fruit.", "reference": "customer 8"}]
    batch = house.client.post("/v1/batches", json={"items": items}, headers=key).json
    assert erase(house, "customer 7") == Erased(1, 1, 0)
    house.work()
    shown = house.client.get(f"/v1/batches/{batch['id']}/items", headers=key).json["items"]
    assert [(each["reference"], each["state"]) for each in shown] == [(None, "cancelled"), ("customer 8", "finished")]
    assert house.client.get(f"/v1/batches/{batch['id']}", headers=key).json["state"] == "finished"


def test_sentences_that_its_feedback_ruled_out_go_along(house) -> None:
    key = house.key("check", "write")
    check = ask(house, key, text=SENTENCE, reference="customer 7")
    said = {"kind": "wrong_match", "claim": 0}
    remark = house.client.post(f"/v1/checks/{check['id']}/feedback", json=said, headers=key).json
    house.client.patch(f"/v1/feedback/{remark['id']}", json={"status": "accepted"}, headers=key)
    assert len(house.client.get("/v1/negatives", headers=key).json["negatives"]) == 1
    assert erase(house, "customer 7") == Erased(1, 0, 1)
    assert house.client.get("/v1/negatives", headers=key).json["negatives"] == []
    assert house.client.get("/v1/feedback", headers=key).json["feedback"] == []


def test_an_address_is_erased_too_and_nothing_of_it_is_left_in_the_database(house) -> None:
    key = house.key("check")
    ask(house, key, url=PAGE)
    assert erase(house, url=PAGE).checks == 1
    assert erase(house, "nobody", PAGE) == Erased(0, 0, 0)
    with house.application.statements.engine.connect() as connection:
        for table in sa.inspect(connection).get_table_names():
            rows = connection.execute(sa.text(f'SELECT * FROM "{table}"')).all()  # noqa: S608 - our own names
            assert PAGE not in str(rows), table
