"""Webhooks as their receivers get them: signed, verified by the library, tried for a day, under one id."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from standardwebhooks import Webhook, WebhookVerificationError

from service.store.callbacks import DeliveryState
from service.webhook_keys import public_key
from service.work.delivering import RETRIES

HOOK = "https://desk.example/hook"
SENTENCE = "Hot lemon water cures diabetes within seven days."


@pytest.fixture
def desk(house):
    """A key whose checks call back, its headers at hand."""
    house.headers = {**house.key("check"), "Accept-Language": "de"}
    (key,) = house.application.keys.list()
    house.owner = key.id
    return house


def ask(desk, path: str = "/v1/checks", **body):
    made = desk.client.post(path, json={"callback_url": HOOK, **body}, headers=desk.headers)
    assert made.status_code in (200, 202), made.text
    return made.json


def deliveries(desk):
    return desk.application.deliveries.select(desk.owner).deliveries


def test_a_receiver_gets_the_check_and_can_verify_it(desk) -> None:
    desk.fetcher.answers[HOOK] = 204
    check = ask(desk, text=SENTENCE, wait=0)
    desk.work()
    ((url, body, headers),) = desk.fetcher.posted
    (secret,) = desk.application.keys.webhook_secrets(desk.owner)
    told = Webhook(secret).verify(body, headers)
    assert (url, told["type"]) == (HOOK, "check.finished")
    assert told["data"] == desk.client.get(f"/v1/checks/{check['id']}", headers=desk.headers).json
    assert told["data"]["verdict"]["language"] == "de"
    (delivery,) = deliveries(desk)
    assert (headers["webhook-id"], delivery.state) == (delivery.id, DeliveryState.DELIVERED)
    assert datetime.fromisoformat(told["timestamp"]) <= datetime.now(UTC)
    for changed in (body + b" ", body.replace(b"refuted", b"supported")):
        with pytest.raises(WebhookVerificationError):
            Webhook(secret).verify(changed, headers)


def test_a_batch_is_told_as_it_is_shown(desk) -> None:
    desk.fetcher.answers[HOOK] = 200
    batch = ask(desk, "/v1/batches", items=[{"text": SENTENCE}, {"url": "ftp://x"}])
    desk.work()
    ((_, body, _),) = desk.fetcher.posted
    told = json.loads(body)
    assert (told["type"], told["data"]["id"], told["data"]["state"]) == ("batch.finished", batch["id"], "finished")
    assert told["data"] == desk.client.get(f"/v1/batches/{batch['id']}", headers=desk.headers).json


def test_an_import_is_told_as_it_is_shown_whether_it_failed_or_not(desk, lemons) -> None:
    desk.fetcher.answers[HOOK] = 200
    desk.headers = desk.key("check", "read", "write")
    path = "/v1/statements/import?callback_url=https%3A%2F%2Fdesk.example%2Fhook"
    for content in ([lemons], {"url": "https://gone.example/feed"}):
        made = desk.client.post(path, json=content, headers=desk.headers)
        assert made.status_code == 202
        desk.work()
        _, body, _ = desk.fetcher.posted[-1]
        told = json.loads(body)
        shown = desk.client.get(made.headers["Location"], headers=desk.headers).json
        assert (told["type"], told["data"]) == ("import.finished", shown)
    assert [json.loads(each[1])["data"]["state"] for each in desk.fetcher.posted] == ["finished", "failed"]


@pytest.mark.parametrize("answer", [199, 302, 400, 429, 500, None])
def test_what_is_not_received_is_sent_again_the_same_under_the_same_id(desk, answer: int | None) -> None:
    if answer is not None:
        desk.fetcher.answers[HOOK] = answer
    ask(desk, text=SENTENCE, wait=0)
    desk.work()
    assert deliveries(desk)[0].state is DeliveryState.WAITING
    desk.fetcher.answers[HOOK] = 200
    desk.clock.let_pass(10)
    desk.work()
    (first, second), (delivery,) = desk.fetcher.posted, deliveries(desk)
    assert first[1] == second[1]
    assert first[2]["webhook-id"] == second[2]["webhook-id"] == delivery.id
    assert int(second[2]["webhook-timestamp"]) - int(first[2]["webhook-timestamp"]) >= 10
    assert (delivery.state, delivery.tries) == (DeliveryState.DELIVERED, 2)


def test_it_is_tried_for_a_day_and_then_listed_as_dead(desk) -> None:
    desk.fetcher.answers[HOOK] = 500
    ask(desk, text=SENTENCE, wait=0)
    began = desk.clock.read().at
    desk.work()
    while deliveries(desk)[0].state is DeliveryState.WAITING:
        desk.clock.let_pass(1800)
        desk.work()
    (dead,) = deliveries(desk)
    assert dead.state is DeliveryState.DEAD
    assert dead.tries == len(desk.fetcher.posted) == RETRIES.most + 1
    assert dead.tried_at - began > timedelta(hours=20)
    assert dead.problem == "The receiver answered with 500."


def test_the_pauses_grow_to_an_hour_and_last_a_day_in_all() -> None:
    usual = [RETRIES.pause(failed, 0.5) for failed in range(RETRIES.most)]
    assert usual == sorted(usual)
    assert 24 * 3600 < sum(usual) < 30 * 3600
    assert sum(usual[:8]) < 1800, "a receiver that restarts is not waited for long"
    assert len({RETRIES.pause(30, chance) for chance in (0.0, 0.3, 0.9)}) == 3, "no two come back together"


def test_a_receiver_that_wants_no_more_gets_no_more(desk) -> None:
    desk.fetcher.answers[HOOK] = 410
    ask(desk, text=SENTENCE, wait=0)
    desk.work()
    assert deliveries(desk)[0].state is DeliveryState.DEAD


def test_each_secret_that_is_good_signs_twice_and_the_public_key_verifies_one_of_them(desk) -> None:
    desk.fetcher.answers[HOOK] = 200
    former = desk.application.keys.webhook_secret(desk.owner)
    secret = desk.application.keys.rotate_webhook_secret(desk.owner, overlap_seconds=60)
    ask(desk, text=SENTENCE, wait=0)
    desk.work()
    _, body, headers = desk.fetcher.posted[-1]
    signatures = headers["webhook-signature"].split(" ")
    assert [each.partition(",")[0] for each in signatures] == ["v1", "v1", "v1a", "v1a"]
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    for each, signature in zip((secret, former), signatures[2:], strict=True):
        key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public_key(each).removeprefix("whpk_")))
        key.verify(base64.b64decode(signature.removeprefix("v1a,")), signed)


def test_of_a_revoked_key_nothing_is_signed(desk) -> None:
    ask(desk, text=SENTENCE, wait=0)
    desk.application.keys.revoke(desk.owner)
    desk.work()
    (dead,) = deliveries(desk)
    assert (dead.state, dead.problem) == (DeliveryState.DEAD, "The key that asked for it was revoked.")
    assert desk.fetcher.posted == []


def test_that_its_worker_dies_again_and_again_does_not_end_it(desk) -> None:
    """A check may be what kills its worker, a webhook is not."""
    desk.fetcher.answers[HOOK] = 200
    ask(desk, text=SENTENCE, wait=0)
    assert desk.worker.run_once()
    for _ in range(5):
        desk.application.jobs.put_back(desk.application.jobs.claim("w", ["webhook"]))
    desk.work()
    assert deliveries(desk)[0].state is DeliveryState.DELIVERED


def test_a_delivery_is_gone_with_its_check(desk) -> None:
    check = ask(desk, text=SENTENCE, wait=0)
    desk.worker.run_once()
    desk.client.delete(f"/v1/checks/{check['id']}", headers=desk.headers)
    assert desk.work() == 0
    assert (desk.fetcher.posted, deliveries(desk)) == ([], ())
