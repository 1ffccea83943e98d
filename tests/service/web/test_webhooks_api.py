"""callback_url and /v1/webhooks/deliveries as a caller sees them."""

from __future__ import annotations

import pytest

HOOK = "https://desk.example/hook"
SENTENCE = "Hot lemon water cures diabetes within seven days."
BODIES = {"/v1/checks": {"text": SENTENCE, "wait": 0}, "/v1/batches": {"items": [{"text": SENTENCE}]}}


@pytest.mark.parametrize("path", BODIES)
def test_a_callback_needs_a_key_whose_secret_signs(house, path: str) -> None:
    reply = house.client.post(path, json={**BODIES[path], "callback_url": HOOK})
    assert (reply.status_code, reply.json["code"]) == (401, "key-required")
    assert "callback_url needs a key" in reply.json["detail"]
    assert house.application.jobs.count() == 0


@pytest.mark.parametrize("path", BODIES)
@pytest.mark.parametrize(
    "url",
    ["http://127.0.0.1/", "http://169.254.169.254/", "ftp://desk.example/", "http://router.local/", "nothing", ""],
)
def test_a_callback_goes_where_pages_may_be_fetched_and_nowhere_else(house, path: str, url: str) -> None:
    reply = house.client.post(path, json={**BODIES[path], "callback_url": url}, headers=house.key("check"))
    assert (reply.status_code, reply.json["errors"][0]["pointer"]) == (400, "/callback_url")
    assert house.application.jobs.count() == 0


def test_what_was_delivered_and_what_was_not_is_listed_and_can_be_sent_again(house) -> None:
    key, other, admin = house.key("check"), house.key("check"), house.key("admin")
    house.fetcher.answers[HOOK] = 410
    for path, body in BODIES.items():
        house.client.post(path, json={**body, "callback_url": HOOK}, headers=key)
    house.work()
    listed = house.client.get("/v1/webhooks/deliveries?state=dead", headers=key).json
    assert sorted(each["type"] for each in listed["deliveries"]) == ["batch.finished", "check.finished"]
    (dead, _) = listed["deliveries"]
    assert (dead["state"], dead["status"], dead["tries"], dead["url"]) == ("dead", 410, 1, HOOK)
    assert house.client.get("/v1/webhooks/deliveries", headers=other).json["deliveries"] == []
    assert house.client.get("/v1/webhooks/deliveries", headers=admin).json == listed
    where = f"/v1/webhooks/deliveries/{dead['id']}"
    assert house.client.get(where, headers=other).status_code == 404
    assert house.client.post(f"{where}/resend", headers=other).status_code == 404
    house.fetcher.answers[HOOK] = 200
    assert house.client.post(f"{where}/resend", headers=key).json["state"] == "waiting"
    house.work()
    again = house.client.get(where, headers=key).json
    assert (again["id"], again["state"], again["tries"], again["problem"]) == (dead["id"], "delivered", 2, None)
    assert house.fetcher.posted[-1][2]["webhook-id"] == dead["id"]


def test_pages_lead_to_each_other(house) -> None:
    key = house.key("check")
    for n in range(3):
        house.client.post("/v1/checks", json={"text": f"Lemon {n}.", "wait": 0, "callback_url": HOOK}, headers=key)
    house.work()
    first = house.client.get("/v1/webhooks/deliveries?limit=2", headers=key).json
    second = house.client.get(f"/v1/webhooks/deliveries?limit=2&cursor={first['next_cursor']}", headers=key).json
    ids = {each["id"] for each in first["deliveries"] + second["deliveries"]}
    assert (len(ids), second["next_cursor"]) == (3, None)


def test_the_answer_does_not_show_where_it_is_told(house) -> None:
    """Who may see a check need not know whose machine hears of it."""
    made = house.client.post(
        "/v1/checks", json={"text": SENTENCE, "wait": 0, "callback_url": HOOK}, headers=house.key("check")
    )
    assert "desk.example" not in made.text


def test_while_a_receiver_is_away_no_more_webhooks_are_asked_for_than_may_wait(open_other) -> None:
    house = open_other(max_waiting_webhooks_per_key=2)
    house.add_statement()
    ann, bob = house.key("check"), house.key("check")
    hook = {"callback_url": "https://desk.example/hook"}  # which nobody answers

    def ask(text: str, headers: dict[str, str], **more: object):
        return house.client.post("/v1/checks", json={"text": text, "wait": 0, **more}, headers=headers)

    for text in ("One.", "Two."):
        assert ask(text, ann, **hook).status_code == 202
    house.work()
    refused = ask("Three.", ann, **hook)
    assert (refused.status_code, refused.json["code"]) == (429, "too-many-requests")
    assert int(refused.headers["Retry-After"]) >= 1
    batch = house.client.post("/v1/batches", json={"items": [{"text": "Four."}], **hook}, headers=ann)
    assert batch.status_code == 429
    assert ask("Three.", ann).status_code == 202, "without a webhook it is a check like others"
    assert ask("Three.", bob, **hook).status_code == 202, "another key has its own"


def test_pages_of_deliveries_lead_to_each_other(house) -> None:
    key = house.key("check")
    for path, body in BODIES.items():
        house.client.post(path, json={**body, "callback_url": HOOK}, headers=key)
    house.work()
    first = house.client.get("/v1/webhooks/deliveries?state=waiting&limit=1", headers=key)
    (link,) = first.headers["Link"].split(";")[:1]
    second = house.client.get(link.strip("<>"), headers=key)
    assert {each["type"] for each in (*first.json["deliveries"], *second.json["deliveries"])} == {
        "check.finished", "batch.finished",
    }  # fmt: skip
    assert "Link" not in second.headers


@pytest.mark.parametrize(("url", "status"), [("http://127.0.0.1/", 400), ("nothing", 400), (HOOK, 202)])
def test_an_import_calls_back_where_pages_may_be_fetched(house, url: str, status: int) -> None:
    reply = house.client.post(
        "/v1/statements/import", query_string={"callback_url": url}, json=[], headers=house.key("write")
    )
    assert reply.status_code == status
    assert house.application.jobs.count() == (1 if status == 202 else 0)


def test_an_import_of_a_browser_without_a_key_cannot_call_back(house) -> None:
    reply = house.writer.post("/v1/statements/import", query_string={"callback_url": HOOK}, json=[])
    assert (reply.status_code, reply.json["code"]) == (401, "key-required")
