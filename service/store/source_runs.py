"""The runs of sources: one is open at a time, the last ones are kept."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

import sqlalchemy as sa

from index.store.database import reading, writing
from service.clock import Clock
from service.sources import RunState, SourceRun, Tally
from service.store.source_tables import source_runs

KEPT_RUNS = 50
MAX_NOTES = 20
MAX_UNVETTED = 200  # hosts that are named


class RunStore:
    """Runs in the database."""

    def __init__(self, engine: sa.Engine, clock: Clock) -> None:
        self.engine, self.clock = engine, clock

    def begin(self, source_id: str) -> SourceRun:
        """The run of a source that was begun and not ended, or a new one."""
        with writing(self.engine) as connection:
            of_source = source_runs.c.source_id == source_id
            is_open = source_runs.c.state == RunState.RUNNING.value
            row = connection.execute(sa.select(source_runs).where(of_source, is_open)).mappings().first()
            if row is None:
                nothing = {"tally": asdict(Tally()), "notes": [], "unvetted": {}}
                begun = {"source_id": source_id, "state": RunState.RUNNING.value, "started_at": self.clock.read().at}
                made = connection.execute(sa.insert(source_runs).values(**begun, **nothing))
                number = made.inserted_primary_key[0]  # type: ignore[index]
                row = connection.execute(sa.select(source_runs).where(source_runs.c.number == number)).mappings().one()
                old = sa.select(source_runs.c.number).where(of_source).order_by(source_runs.c.number.desc())
                kept = list(connection.execute(old.limit(KEPT_RUNS)).scalars())
                connection.execute(sa.delete(source_runs).where(of_source, source_runs.c.number < min(kept)))
        return run_of(row)

    def note(self, run: SourceRun) -> None:
        """Keep how far a run is."""
        with writing(self.engine) as connection:
            connection.execute(_update(run, tally=asdict(run.tally), **_remarks(run)))

    def end(self, run: SourceRun, problem: tuple[str, str] | None = None) -> None:
        """End a run, as failed where there is a problem (its code and what happened)."""
        code, detail = problem or (None, None)
        state = RunState.FAILED if problem else RunState.FINISHED
        values = {"state": state.value, "finished_at": self.clock.read().at, "tally": asdict(run.tally)}
        with writing(self.engine) as connection:
            connection.execute(_update(run, **values, **_remarks(run), problem_code=code, problem_detail=detail))

    def forget(self, run: SourceRun) -> None:
        """Delete a run whose source is gone."""
        with writing(self.engine) as connection:
            connection.execute(sa.delete(source_runs).where(source_runs.c.number == run.number))

    def newest(self, source_id: str, most: int) -> tuple[SourceRun, ...]:
        """The newest runs of a source."""
        with reading(self.engine) as connection:
            return runs_of(connection, source_id, most)


def runs_of(connection: sa.Connection, source_id: str, most: int) -> tuple[SourceRun, ...]:
    """The newest runs of a source, the newest first."""
    of_source = source_runs.c.source_id == source_id
    query = sa.select(source_runs).where(of_source).order_by(source_runs.c.number.desc()).limit(most)
    return tuple(run_of(row) for row in connection.execute(query).mappings()) if most else ()


def run_of(row: Any) -> SourceRun:
    """A run as it is kept."""
    same = {name: row[name] for name in SourceRun.__slots__ if name not in ("state", "tally", "notes")}
    return SourceRun(**same, state=RunState(row["state"]), tally=Tally(**row["tally"]), notes=tuple(row["notes"]))


def _update(run: SourceRun, **values: Any) -> sa.Update:
    return sa.update(source_runs).where(source_runs.c.number == run.number).values(**values)


def _remarks(run: SourceRun) -> dict[str, Any]:
    most = sorted(run.unvetted.items(), key=lambda pair: (-pair[1], pair[0]))[:MAX_UNVETTED]
    return {"notes": list(run.notes[:MAX_NOTES]), "unvetted": dict(most)}
