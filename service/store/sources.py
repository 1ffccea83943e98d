"""Sources in the database: what is wanted of each, how it is, and its schedule."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from index.store.database import reading, writing
from service.clock import Clock
from service.errors import BadRequest, FieldProblem, NotFound, SourcePaused
from service.sources import (
    MAX_EVERY_SECONDS,
    MAX_PAGES,
    MIN_EVERY_SECONDS,
    Source,
    SourceKind,
    SourcePlan,
    origin_of,
)
from service.store.idempotency import IdempotencyKey, find_subject, forget_subject, remember_subject
from service.store.schedules import ScheduleStore, drop_schedule, plan_schedule
from service.store.secrets import SecretStore, delete_secret, put_secret
from service.store.source_documents import DocumentStore
from service.store.source_runs import RunStore, runs_of
from service.store.source_tables import source_documents, source_runs, sources

SOURCE = "source"  # the kind of job that reads one
SHOWN_RUNS = 10
HEALTH = ("succeeded_at", "changed_at", "failing_since", "failures", "problem_code", "problem_detail", "told")


class SourceStore:
    """Sources, each with a schedule of its own name; what a paused one had is kept. `runs` and `documents` go along."""

    def __init__(self, engine: sa.Engine, clock: Clock, schedules: ScheduleStore, keys: SecretStore) -> None:
        self.engine, self.clock, self.schedules, self._keys = engine, clock, schedules, keys
        self.runs, self.documents = RunStore(engine, clock), DocumentStore(engine, clock)

    def add(self, plan: SourcePlan, key: str | None = None, once: IdempotencyKey | None = None) -> Source:
        """Keep a source; it is read as soon as a worker has time. The earlier one where `once` stands for it.

        Raises BadRequest where it is there already, KeyReused.
        """
        check_plan(plan, bool(key))
        with writing(self.engine) as connection:
            made = find_subject(connection, once)
            if made is None:
                made = self._enter(connection, plan, key)
                remember_subject(connection, once, made, self.clock.read().at)
            return _source(connection, _row(connection, made), SHOWN_RUNS)

    def add_missing(self, plans: Iterable[SourcePlan]) -> Sequence[Source]:
        """Keep those of these sources that are not there yet; returns them. Raises BadRequest."""
        with writing(self.engine) as connection:
            missing = [plan for plan in plans if _known(connection, plan) is None]
            for plan in missing:
                check_plan(plan, has_key=False)
            made = [self._enter(connection, plan, None) for plan in missing]
            return [_source(connection, _row(connection, id), 0) for id in made]

    def _enter(self, connection: sa.Connection, plan: SourcePlan, key: str | None) -> str:
        """The row with its schedule and its key, at once: without them nobody would ever read it."""
        if (known := _known(connection, plan)) is not None:
            raise BadRequest(f"This source is there already: {known}.", (FieldProblem("/address", "known"),))
        id = secrets.token_hex(6)
        row = {"id": id, "plan": _stored(plan), "created_at": self.clock.read().at, "has_key": bool(key)}
        connection.execute(sa.insert(sources).values(**row, failures=0, told=0))
        _keep_key(connection, id, key)
        plan_schedule(connection, id, SOURCE, plan.every_seconds)
        return id

    def list(self, runs: int = 1) -> Sequence[Source]:
        """All of them in the order in which they came, with their newest `runs`."""
        with reading(self.engine) as connection:
            rows = connection.execute(sa.select(sources).order_by(sources.c.created_at, sources.c.id)).mappings().all()
            return [_source(connection, row, runs) for row in rows]

    def get(self, id: str, runs: int = SHOWN_RUNS) -> Source:
        """The source with this id. Raises NotFound."""
        with reading(self.engine) as connection:
            return _source(connection, _row(connection, id), runs)

    def change(self, id: str, plan: SourcePlan, key: str | None = None) -> Source:
        """Want something else of a source; what was read stays, and so does its key unless another site is to be asked.

        Raises NotFound, BadRequest.
        """
        with writing(self.engine) as connection:
            held = _row(connection, id)
            keeps_key = held["has_key"] and origin_of(plan.address) == origin_of(_plan(held).address)
            has_key = bool(key) or keeps_key
            check_plan(plan, has_key)
            values = {"plan": _stored(plan), "has_key": has_key}
            connection.execute(sa.update(sources).where(sources.c.id == id).values(**values))
            if not keeps_key:
                delete_secret(connection, _key_name(id))
            _keep_key(connection, id, key)
            if held["paused_at"] is None:
                plan_schedule(connection, id, SOURCE, plan.every_seconds)
            return _source(connection, _row(connection, id), SHOWN_RUNS)

    def pause(self, id: str) -> Source:
        """Read it no more until `resume`. Raises NotFound."""
        with writing(self.engine) as connection:
            _row(connection, id)
            paused_at = sa.func.coalesce(sources.c.paused_at, self.clock.read().at)
            connection.execute(sa.update(sources).where(sources.c.id == id).values(paused_at=paused_at))
            drop_schedule(connection, id)
            return _source(connection, _row(connection, id), SHOWN_RUNS)

    def resume(self, id: str) -> Source:
        """Read it again, the first time soon. Raises NotFound."""
        with writing(self.engine) as connection:
            plan = _plan(_row(connection, id))
            connection.execute(sa.update(sources).where(sources.c.id == id).values(paused_at=None))
            plan_schedule(connection, id, SOURCE, plan.every_seconds)
            return _source(connection, _row(connection, id), SHOWN_RUNS)

    def refresh(self, id: str) -> Source:
        """Let it be read now. Raises NotFound, SourcePaused."""
        found = self.get(id)
        if found.paused_at is not None:
            raise SourcePaused("This source is paused: resume it first.")
        self.schedules.hurry(id)
        return found

    def remove(self, id: str) -> None:
        """Forget a source with its runs and its key; the statements that came from it stay. Raises NotFound."""
        with writing(self.engine) as connection:
            _row(connection, id)
            for table in (source_documents, source_runs):
                connection.execute(sa.delete(table).where(table.c.source_id == id))
            connection.execute(sa.delete(sources).where(sources.c.id == id))
            forget_subject(connection, [id])
            drop_schedule(connection, id)
            delete_secret(connection, _key_name(id))

    def key_of(self, id: str) -> str | None:
        """The key that its owner gave for it: for asking, never for showing."""
        held = self._keys.get(_key_name(id))
        return None if held is None else held.decode()

    def note_health(self, found: Source) -> None:
        """Keep how a source is."""
        values = {name: getattr(found, name) for name in HEALTH}
        with writing(self.engine) as connection:
            connection.execute(sa.update(sources).where(sources.c.id == found.id).values(**values))


def check_plan(plan: SourcePlan, has_key: bool) -> None:
    """Raises BadRequest, naming the fields that cannot be."""
    problems = []
    if not plan.name.strip():
        problems.append(FieldProblem("/name", "a source needs a name"))
    if not MIN_EVERY_SECONDS <= plan.every_seconds <= MAX_EVERY_SECONDS:
        problems.append(FieldProblem("/every_hours", "between 1 and 720"))
    if not 1 <= plan.most_pages <= MAX_PAGES:
        problems.append(FieldProblem("/most_pages", f"between 1 and {MAX_PAGES}"))
    if plan.kind is SourceKind.GOOGLE and not plan.site:
        problems.append(FieldProblem("/site", "Google is asked for the fact-checks of one publisher: name its site"))
    if plan.kind is SourceKind.GOOGLE and not has_key:
        problems.append(FieldProblem("/key", "Google's interface needs a key of your own"))
    if plan.kind is SourceKind.DATACOMMONS and not plan.allowlist:
        problems.append(FieldProblem("/allowlist", "anybody can write into this feed: name the publishers that count"))
    if problems:
        told = "; ".join(f"{problem.pointer.lstrip('/')}: {problem.detail}" for problem in problems)
        raise BadRequest(f"This source cannot be added: {told}.", tuple(problems))


def is_same(one: SourcePlan, other: SourcePlan) -> bool:
    """Whether two sources would read the same."""
    return (one.kind, one.address, one.site) == (other.kind, other.address, other.site)


def _row(connection: sa.Connection, id: str) -> Any:
    row = connection.execute(sa.select(sources).where(sources.c.id == id)).mappings().one_or_none()
    if row is None:
        raise NotFound(f"There is no source {id!r}: `gegencheck sources list` shows them.")
    return row


def _known(connection: sa.Connection, plan: SourcePlan) -> str | None:
    """The id of a source that reads the same already."""
    rows = connection.execute(sa.select(sources)).mappings()
    return next((row["id"] for row in rows if is_same(_plan(row), plan)), None)


def _source(connection: sa.Connection, row: Any, runs: int) -> Source:
    values: dict[str, Any] = {name: row[name] for name in ("id", "created_at", "has_key", "paused_at", *HEALTH)}
    return Source(plan=_plan(row), runs=runs_of(connection, row["id"], runs), **values)


def _plan(row: Any) -> SourcePlan:
    stored = dict(row["plan"])
    return SourcePlan(**{**stored, "kind": SourceKind(stored["kind"]), "allowlist": tuple(stored["allowlist"])})


def _stored(plan: SourcePlan) -> dict[str, Any]:
    return {**asdict(plan), "kind": plan.kind.value, "allowlist": list(plan.allowlist)}


def _keep_key(connection: sa.Connection, id: str, key: str | None) -> None:
    if key:
        put_secret(connection, _key_name(id), key.encode())


def _key_name(id: str) -> str:
    return f"source.{id}"
