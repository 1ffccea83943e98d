"""Erasing a subject: everything that is kept of the checks under a caller's reference, or of an address."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime

import sqlalchemy as sa

from index.errors import StoreUnavailable
from index.store.database import writing
from service.store.blobs import BlobStore
from service.store.checks import delete_checks
from service.store.database import overwrite_deleted
from service.store.tables import batch_items, checks, feedback, negatives

PART = 500  # checks deleted at once


@dataclass(frozen=True, slots=True)
class Erased:
    """How much there was: checks, items of batches that named the subject, and sentences on the negative list."""

    checks: int
    items: int
    negatives: int


def erase_subject(engine: sa.Engine, blobs: BlobStore, now: datetime, reference: str | None, url: str | None) -> Erased:
    """Erase everybody's checks with this reference or address, all at once, and overwrite them on the disk.

    Their findings, feedback, webhooks and pictures go along, and the sentences that their feedback put on the negative
    list.
    """
    named = [(checks.c.reference, batch_items.c.reference, reference), (checks.c.url, batch_items.c.url, url)]
    of_checks = sa.or_(*(of_check == value for of_check, _, value in named if value is not None))
    of_items = sa.or_(*(of_item == value for _, of_item, value in named if value is not None))
    with writing(engine) as connection:
        ids = list(connection.execute(sa.select(checks.c.id).where(of_checks)).scalars())
        ruled_out = 0
        for start in range(0, len(ids), PART):
            part = ids[start : start + PART]
            said = sa.select(feedback.c.id).where(feedback.c.check_id.in_(part))
            ruled_out += connection.execute(sa.delete(negatives).where(negatives.c.feedback.in_(said))).rowcount
            delete_checks(connection, blobs, part, now)
        forgotten = sa.update(batch_items).where(of_items).values(reference=None, url=None)
        items = connection.execute(forgotten).rowcount
    with suppress(StoreUnavailable):  # a busy database is overwritten by the next tidying instead
        overwrite_deleted(engine)
    return Erased(len(ids), items, ruled_out)
