"""One job: a webhook, signed and sent (Standard Webhooks), tried again for a day and more until it is received."""

from __future__ import annotations

import json
import logging
import random
from datetime import datetime

from service.bootstrap import Application
from service.errors import NotFound, PageUnavailable
from service.presenters import Json, present_check, present_moment
from service.store.callbacks import Event
from service.store.deliveries import Delivery
from service.store.jobs import Job
from service.webhook_keys import sign_v1a
from service.work.held import Work
from service.work.kinds import Retries
from service.work_presenters import present_batch, present_import

log = logging.getLogger(__name__)

# About 26 hours in all: eleven tries within the first hour and a half, then one an hour.
RETRIES = Retries(most=44, first_seconds=5, longest_seconds=3600)
GONE = 410  # by this a receiver says that it wants no more


def work_on_delivery(application: Application, work: Work) -> None:
    """Send what the job is about once, and note how that went. Raises StoreUnavailable."""
    job = work.job
    delivery = application.deliveries.begin(job)
    if delivery is None:
        return
    secrets = application.keys.webhook_secrets(delivery.owner)
    if not secrets:
        application.deliveries.failed(job, None, "The key that asked for it was revoked.", None)
        return
    try:
        data = told(application, delivery)
    except NotFound:
        application.deliveries.failed(job, None, "What it tells of was deleted.", None)
        return
    status, problem = None, ""
    try:
        headers = signed(delivery, data, secrets, application.clock.read().at)
        status = application.fetcher.post(delivery.url, data, headers)
        problem = "" if 200 <= status < 300 else f"The receiver answered with {status}."
    except PageUnavailable as fault:
        problem = str(fault)
    if not problem and status is not None:
        application.deliveries.received(job, status)
        return
    last = status == GONE or job.failed >= RETRIES.most
    pause = None if last else RETRIES.pause(job.failed, random.random())  # noqa: S311 - no secret
    log.info("a webhook was not received, try %d of %d", job.failed + 1, RETRIES.most + 1)
    application.deliveries.failed(job, status, problem, pause)


def give_up_delivery(application: Application, job: Job, code: str, detail: str) -> None:
    """End a delivery as dead. Raises StoreUnavailable."""
    application.deliveries.failed(job, None, f"{code}: {detail}", None)


def told(application: Application, delivery: Delivery) -> bytes:
    """The body of a delivery: the same at each try. Raises NotFound where what it tells of is gone."""
    body = {
        "type": delivery.event.value,
        "timestamp": present_moment(delivery.created_at),
        "data": subject_of(application, delivery),
    }
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def subject_of(application: Application, delivery: Delivery) -> Json:
    """What a delivery tells of, as the API shows it. Raises NotFound."""
    if delivery.event is Event.BATCH_FINISHED:
        return present_batch(application.batches.get(delivery.subject, delivery.owner))
    if delivery.event is Event.IMPORT_FINISHED:
        return present_import(application.imports.get(delivery.subject, delivery.owner), delivery.language)
    return present_check(application.checks.get(delivery.subject, delivery.owner), delivery.language)


def signed(delivery: Delivery, data: bytes, secrets: tuple[str, ...], now: datetime) -> dict[str, str]:
    """The headers that say whose this is: for each secret that is good now, one signature by it and one by its pair."""
    from standardwebhooks import Webhook

    timestamp = int(now.timestamp())
    signatures = [Webhook(secret).sign(delivery.id, now, data.decode()) for secret in secrets]
    signatures += [sign_v1a(secret, delivery.id, timestamp, data) for secret in secrets]
    return {
        "content-type": "application/json",
        "webhook-id": delivery.id,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": " ".join(signatures),
    }
