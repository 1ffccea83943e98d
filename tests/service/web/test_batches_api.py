"""/v1/batches as a caller sees it."""

from __future__ import annotations

import threading

import pytest

PAGE = "https://news.example/lemons"
SENTENCE = "Hot lemon water cures diabetes within seven days."


def make(house, *items, headers=None, **more):
    return house.client.post("/v1/batches", json={"items": list(items), **more}, headers=headers)


def items_of(house, batch, headers=None):
    return house.client.get(f"/v1/batches/{batch['id']}/items", headers=headers).json["items"]


def test_pages_and_texts_are_checked_and_keep_order_and_references(house) -> None:
    house.publish(PAGE, SENTENCE, "So it was told on the radio in the morning.")
    made = make(
        house, {"url": PAGE, "reference": "a"}, {"text": SENTENCE, "reference": "b"}, {"url": "https://no.example/"}
    )
    assert made.status_code == 202
    batch = made.json
    assert made.headers["Location"] == f"/v1/batches/{batch['id']}"
    assert (batch["state"], batch["finished_at"]) == ("queued", None)
    assert batch["counts"] == {"total": 3, "queued": 3, "running": 0, "finished": 0, "failed": 0, "cancelled": 0}
    house.work()
    done = house.client.get(made.headers["Location"]).json
    assert done["state"] == "finished"
    assert done["counts"] == {"total": 3, "queued": 0, "running": 0, "finished": 2, "failed": 1, "cancelled": 0}
    items = items_of(house, batch)
    assert [(item["place"], item["reference"], item["state"]) for item in items] == [
        (0, "a", "finished"), (1, "b", "finished"), (2, None, "failed"),
    ]  # fmt: skip
    assert [item["check"]["verdict"]["code"] for item in items[:2]] == ["refuted", "refuted"]
    assert items[2]["problem"] == items[2]["check"]["problem"]
    assert items[0]["check"] == house.client.get(f"/v1/checks/{items[0]['check']['id']}").json
    assert house.client.get("/v1/checks?reference=a").json["checks"] == [items[0]["check"]]


@pytest.mark.parametrize(
    ("item", "code"),
    [
        ({"url": "http://127.0.0.1/admin"}, "address-refused"),
        ({"url": "javascript:alert(1)"}, "address-refused"),
        ({"url": ""}, "address-refused"),
        ({"url": "https://news.example/" + "x" * 5000}, "address-refused"),
        ({"url": "http://169.254.169.254/latest"}, "address-refused"),
        ({"text": " \n\t"}, "bad-request"),
        ({"text": ""}, "bad-request"),
    ],
)
def test_what_cannot_be_checked_fails_alone(house, item, code: str) -> None:
    batch = make(house, item, {"text": SENTENCE}).json
    assert (batch["counts"]["failed"], batch["counts"]["queued"]) == (1, 1)
    house.work()
    failed, other = items_of(house, batch)
    assert (failed["state"], failed["check"], failed["problem"]["code"]) == ("failed", None, code)
    assert failed["url"] == item.get("url")
    assert other["state"] == "finished"
    assert house.fetcher.fetched == []


@pytest.mark.parametrize(
    ("items", "pointer"),
    [
        ([], "/items"),
        ([{"text": "x"}] * 1001, "/items"),
        ([{"text": "x"}, {}], "/items/1"),
        ([{"text": "x", "url": PAGE}], "/items/0"),
        ([{"text": "x"}, {"text": 7}], "/items/1/text"),
        ([{"text": "x", "html": "<p>"}], "/items/0/html"),
        ([{"text": "x", "reference": "y" * 501}], "/items/0/reference"),
        (["x"], "/items/0"),
    ],
)
def test_a_body_that_is_no_batch_is_refused_as_a_whole(house, items, pointer: str) -> None:
    reply = house.client.post("/v1/batches", json={"items": items})
    assert (reply.status_code, reply.json["errors"][0]["pointer"]) == (400, pointer)
    assert house.application.jobs.count() == 0


def test_a_thousand_items_are_taken(house) -> None:
    batch = make(house, *({"text": f"Lemon {n}.", "reference": str(n)} for n in range(1000))).json
    assert batch["counts"]["queued"] == 1000
    page = house.client.get(f"/v1/batches/{batch['id']}/items?limit=100&cursor=900").json
    assert [item["reference"] for item in page["items"]] == [str(n) for n in range(900, 1000)]
    assert page["next_cursor"] is None


def test_pages_of_items_lead_to_each_other(house) -> None:
    batch = make(house, *({"text": f"Lemon {n}."} for n in range(3))).json
    first = house.client.get(f"/v1/batches/{batch['id']}/items?limit=2")
    (link,) = first.headers["Link"].split(";")[:1]
    second = house.client.get(link.strip("<>"))
    assert [item["place"] for item in (*first.json["items"], *second.json["items"])] == [0, 1, 2]
    assert "Link" not in second.headers


def test_cancelling_leaves_what_is_finished(house) -> None:
    batch = make(house, *({"text": f"Lemon {n}."} for n in range(3))).json
    assert house.worker.run_once()
    reply = house.client.delete(f"/v1/batches/{batch['id']}")
    assert (reply.status_code, reply.data) == (204, b"")
    counts = house.client.get(f"/v1/batches/{batch['id']}").json["counts"]
    assert (counts["finished"], counts["cancelled"]) == (1, 2)
    assert house.work() == 0


def test_one_key_makes_one_batch(house) -> None:
    def ask(key: str, text: str = SENTENCE):
        return make(house, {"text": text}, headers={"Idempotency-Key": key})

    assert ask("a").json["id"] == ask("a").json["id"] != ask("b").json["id"]
    assert ask("a", "Another text.").status_code == 422


def test_nobody_sees_another_key_s_batch(house) -> None:
    ann, bob, admin = house.key("check"), house.key("check"), house.key("check", "admin")
    batch = make(house, {"text": SENTENCE}, headers=ann).json
    for headers, status in ((bob, 404), (admin, 200), (ann, 200)):
        for path in (f"/v1/batches/{batch['id']}", f"/v1/batches/{batch['id']}/items"):
            assert house.client.get(path, headers=headers).status_code == status
    assert house.client.delete(f"/v1/batches/{batch['id']}", headers=bob).status_code == 404
    assert make(house, {"text": SENTENCE}, headers=house.key("read")).status_code == 403


def test_too_many_items_are_refused_and_say_when_to_come_again(open_other) -> None:
    house = open_other(max_waiting_items=2, max_waiting_items_per_key=1)
    house.add_statement()
    ann, bob, cem = (house.key("check") for _ in range(3))
    assert make(house, {"text": "One."}, headers=ann).status_code == 202
    refused = make(house, {"text": "Two."}, headers=ann)
    assert (refused.status_code, refused.json["code"]) == (429, "too-many-requests")
    assert int(refused.headers["Retry-After"]) >= 1
    assert make(house, {"text": "Two."}, headers=bob).status_code == 202
    assert make(house, {"text": "Three."}, headers=cem).status_code == 503
    assert house.client.post("/v1/checks", json={"text": "Single.", "wait": 0}, headers=ann).status_code == 202


def test_without_an_index_nothing_is_accepted(empty_house) -> None:
    reply = make(empty_house, {"text": SENTENCE})
    assert (reply.status_code, reply.json["code"]) == (503, "index-not-ready")


def test_a_batch_never_keeps_a_single_check_waiting(house) -> None:
    """Each of its pages hangs: a person's check is answered all the same."""
    let_go = threading.Event()
    house.fetcher.before = lambda url: let_go.wait(60)
    for n in range(4):
        house.publish(f"{PAGE}/{n}", SENTENCE, "So it was told on the radio in the morning.")
    worker = house.worker
    worker.start()
    try:
        batch = make(house, *({"url": f"{PAGE}/{n}"} for n in range(4))).json
        while house.client.get(f"/v1/batches/{batch['id']}").json["counts"]["running"] == 0:
            let_go.wait(0.01)
        for n in range(3):
            check = house.client.post("/v1/checks", json={"text": f"{SENTENCE} {n}", "wait": 30}).json
            assert check["state"] == "finished"
        assert house.client.get(f"/v1/batches/{batch['id']}").json["counts"]["finished"] == 0
    finally:
        let_go.set()
        worker.stop()
