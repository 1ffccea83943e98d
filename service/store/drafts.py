"""Drafts in the database. Only whoever began one sees it, unless it waits for release: then whoever may write does."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Any

import sqlalchemy as sa

from index.store.database import reading, writing
from service.asked_claims import AskedClaim
from service.clock import Clock
from service.drafts import Change, Draft, DraftAct, DraftState
from service.editing_errors import DraftChanged, ReleaseRefused
from service.errors import BadRequest, NotFound
from service.store.idempotency import IdempotencyKey, find_subject, remember_subject
from service.store.tables import drafts

NOTHING = "There is no such draft; it may have been published or thrown away, or belong to another key."
MAX_LANGUAGE = 35  # characters; what was typed stays in the content
MOST = 200  # of one person, or waiting, that are listed
WAITING = drafts.c.state == DraftState.WAITING.value


class DraftStore:
    """Drafts by their owners."""

    def __init__(self, engine: sa.Engine, clock: Clock) -> None:
        self.engine, self.clock = engine, clock

    def begin(self, asked: AskedClaim, owner: str) -> Draft:
        """A draft about a cluster of claims; the one that its owner has already, where there is one."""
        mine = (drafts.c.owner == owner) & (drafts.c.cluster == asked.id)
        with writing(self.engine) as connection:
            row = connection.execute(sa.select(drafts).where(mine)).mappings().first()
            if row is not None:
                return _draft(row)
            return self._insert(connection, self._new(owner, asked.claim, asked.language, Change(), asked.id))

    def add(
        self, owner: str, change: Change, state: DraftState = DraftState.BEGUN, once: IdempotencyKey | None = None
    ) -> Draft:
        """A draft of a change; what `once` made before, as long as that is there."""
        with writing(self.engine) as connection:
            if (known := find_subject(connection, once)) is not None and (row := _by_id(connection, known)) is not None:
                return _draft(row)
            made = replace(self._new(owner, *_named(change), change), state=state)
            if known is None:
                remember_subject(connection, once, made.id, made.created_at)
            return self._insert(connection, made)

    def rewrite(self, id: str, owner: str, change: Change, state: DraftState) -> Draft:
        """Write one's draft anew, and let it wait or not. Raises NotFound, BadRequest while it waits."""
        with writing(self.engine) as connection:
            found = _draft(_row(connection, id, owner))
            if found.state is DraftState.WAITING:
                raise BadRequest("This draft waits for release: withdraw it before you change it.")
            claim, language = _named(change)
            return _put(
                connection, replace(found, claim=claim or found.claim, language=language, change=change, state=state)
            )

    def withdraw(self, id: str, owner: str) -> Draft:
        """Take one's draft back that waits for release. Raises NotFound."""
        with writing(self.engine) as connection:
            return _put(connection, replace(_draft(_row(connection, id, owner)), state=DraftState.BEGUN))

    def refuse(self, id: str, by: str, reason: str | None) -> Draft:
        """Give a draft that waits back to its owner. Raises NotFound, ReleaseRefused for one's own."""
        with writing(self.engine) as connection:
            found = _of_another(connection, id, by)
            refused = {"state": DraftState.REFUSED, "decided_by": by, "decided_because": reason}
            return _put(connection, replace(found, **refused))  # type: ignore[arg-type]

    def list(self, owner: str) -> Sequence[Draft]:
        """Somebody's drafts, the newest first, at most MOST."""
        return self._select(drafts.c.owner == owner)

    def waiting(self) -> Sequence[Draft]:
        """Everybody's drafts that wait for release, the newest first, at most MOST."""
        return self._select(WAITING)

    def get(self, id: str, owner: str) -> Draft:
        """Somebody's draft. Raises NotFound."""
        with reading(self.engine) as connection:
            return _draft(_row(connection, id, owner))

    def get_waiting(self, id: str) -> Draft:
        """A draft that waits for release, whoever wrote it. Raises NotFound."""
        with reading(self.engine) as connection:
            return _waiting(connection, id)

    def to_release(self, id: str, by: str, tag: str) -> Draft:
        """A draft that waits, for somebody who read what it would do. Raises NotFound, ReleaseRefused, DraftChanged."""
        with reading(self.engine) as connection:
            found = _of_another(connection, id, by)
        if found.tag != tag:
            raise DraftChanged("This draft was changed since you read it: read it again, then decide.")
        return found

    def remove(self, id: str, owner: str) -> None:
        """Throw a draft away, or forget it once it is published. Raises NotFound."""
        with writing(self.engine) as connection:
            _row(connection, id, owner)
            connection.execute(sa.delete(drafts).where(drafts.c.id == id))

    def _select(self, some: sa.ColumnElement[bool]) -> Sequence[Draft]:
        query = sa.select(drafts).where(some).order_by(drafts.c.number.desc()).limit(MOST)
        with reading(self.engine) as connection:
            return [_draft(row) for row in connection.execute(query).mappings()]

    def _new(self, owner: str, claim: str, language: str | None, change: Change, cluster: str | None = None) -> Draft:
        return Draft(secrets.token_hex(12), owner, claim, language, cluster, self.clock.read().at, change)

    def _insert(self, connection: sa.Connection, made: Draft) -> Draft:
        connection.execute(sa.insert(drafts).values(_values(made)))
        return made


def _named(change: Change) -> tuple[str, str | None]:
    """The claim of a change and its language, as far as they were typed."""
    language = change.content.get("language")
    return str(change.content.get("claim_reviewed", "")), language if language and len(
        language
    ) <= MAX_LANGUAGE else None


def _by_id(connection: sa.Connection, id: str) -> Any:
    return connection.execute(sa.select(drafts).where(drafts.c.id == id)).mappings().one_or_none()


def _row(connection: sa.Connection, id: str, owner: str) -> Any:
    row = _by_id(connection, id)
    if row is None or row["owner"] != owner:
        raise NotFound(NOTHING)
    return row


def _waiting(connection: sa.Connection, id: str) -> Draft:
    row = _by_id(connection, id)
    if row is None or row["state"] != DraftState.WAITING.value:
        raise NotFound(NOTHING)
    return _draft(row)


def _of_another(connection: sa.Connection, id: str, by: str) -> Draft:
    found = _waiting(connection, id)
    if found.owner == by:
        raise ReleaseRefused("Nobody releases or refuses what they wrote themselves: somebody else has to.")
    return found


def _put(connection: sa.Connection, draft: Draft) -> Draft:
    connection.execute(sa.update(drafts).where(drafts.c.id == draft.id).values(_values(draft)))
    return draft


def _values(draft: Draft) -> dict[str, Any]:
    own = {each.name: getattr(draft, each.name) for each in fields(Draft) if each.name != "change"}
    change = {each.name: getattr(draft.change, each.name) for each in fields(Change)}
    return {
        **own,
        **change,
        "state": draft.state.value,
        "act": draft.change.act.value,
        "content": draft.change.content or None,
    }


def _draft(row: Any) -> Draft:
    change = {each.name: row[each.name] for each in fields(Change)}
    own = {each.name: row[each.name] for each in fields(Draft) if each.name != "change"}
    change |= {"content": row["content"] or {}, "act": DraftAct(row["act"])}
    return Draft(**{**own, "state": DraftState(row["state"])}, change=Change(**change))
