"""Corrections in the database: what past checks may have missed, what they say now, and what they said before.

Changes of the statements are compared with all checks in their order. Before that is begun its goal is committed: a
check that ends from then on and was made with an older index is noted as late, in the transaction that ends it, so that
none falls between two comparisons.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from index.store.database import reading, writing
from service.clock import Clock
from service.findings import VECTOR, SentenceFindings
from service.models import Check, CheckResult, CheckState, Earlier
from service.store.bell import Bell
from service.store.callbacks import Event, tell
from service.store.check_rows import DECISION, RESULT, check_of, result_json
from service.store.findings import forget_findings, read_findings, store_findings
from service.store.policies import decision_columns
from service.store.tables import batch_items, checks, corrections, earlier_verdicts, findings, late_checks, sentences
from service.versions import Versions

CORRECTION = "correction"  # the kind of its jobs, and the name of their schedule
AT_ONCE = 5000  # sentences
KEYS_AT_ONCE = 500  # SQLite limits the variables of one query
# What a check keeps of what it said before: the first, and the newest of the others. Whoever publishes fact-checks can
# change one as often as they like.
MOST_EARLIER = 20
COLUMNS = sentences.c
SEARCHED = sa.select(COLUMNS.check_id, COLUMNS.place, COLUMNS.vector, COLUMNS.farthest).where(
    COLUMNS.searched.is_(True)
)


@dataclass(frozen=True, slots=True)
class Portion:
    """Sentences of finished checks: whose they are, and their vectors, one row each.

    `farthest` is how similar the farthest statement was that was proposed for each.
    """

    places: tuple[tuple[str, int], ...]  # the check's id, and the place of the sentence in it
    vectors: NDArray[np.float32]
    farthest: NDArray[np.float32]


class CorrectionStore:
    """How far past checks were corrected, and their corrections. `bell` rings when there is something to deliver."""

    def __init__(self, engine: sa.Engine, bell: Bell, clock: Clock) -> None:
        self.engine, self.bell, self.clock = engine, bell, clock

    # ------------------------------------------------------------ how far it is

    def begin(self, goal: int) -> int:
        """Note that changes up to one are about to be compared; returns up to which they were already."""
        with writing(self.engine) as connection:
            reached, before = connection.execute(sa.select(corrections.c.reached, corrections.c.goal)).one()
            if goal > before:
                connection.execute(sa.update(corrections).values(goal=goal))
        return int(reached)

    def reach(self, sequence: int) -> None:
        """Note that changes up to one were compared with all checks."""
        further = corrections.c.reached < sequence
        with writing(self.engine) as connection:
            connection.execute(sa.update(corrections).where(further).values(reached=sequence))

    def is_behind(self, sequence: int) -> bool:
        """Whether there is anything to compare. It costs no lock."""
        with reading(self.engine) as connection:
            reached = connection.execute(sa.select(corrections.c.reached)).scalar_one()
            return reached < sequence or connection.execute(sa.select(late_checks).limit(1)).first() is not None

    def periods_until(self) -> date | None:
        """The last day up to which the periods of statements were followed."""
        with reading(self.engine) as connection:
            day = connection.execute(sa.select(corrections.c.periods_until)).scalar_one()
        return date.fromisoformat(day) if day else None

    def note_periods(self, until: date) -> None:
        """Note that the periods of statements were followed up to a day."""
        with writing(self.engine) as connection:
            connection.execute(sa.update(corrections).values(periods_until=until.isoformat()))

    def late(self) -> list[str]:
        """The ids of checks that ended after a comparison had begun, and were made with an older index."""
        with reading(self.engine) as connection:
            return list(connection.execute(sa.select(late_checks.c.check_id)).scalars())

    def caught_up(self, id: str) -> None:
        """Note that a late check was compared by itself."""
        with writing(self.engine) as connection:
            connection.execute(sa.delete(late_checks).where(late_checks.c.check_id == id))

    # ------------------------------------------------------------ what may match

    def portions(self, dimensions: int) -> Iterator[Portion]:
        """The searched sentences of all finished checks that have vectors of this length."""
        last: tuple[str, int] | None = None
        columns = sentences.c
        while True:
            query = SEARCHED
            if last is not None:
                query = query.where(sa.tuple_(columns.check_id, columns.place) > sa.tuple_(*map(sa.literal, last)))
            with reading(self.engine) as connection:
                rows = connection.execute(query.order_by(columns.check_id, columns.place).limit(AT_ONCE)).all()
            if not rows:
                return
            last = (rows[-1].check_id, rows[-1].place)
            yield _portion(rows, dimensions)

    def portion_of(self, id: str, dimensions: int) -> Portion:
        """The same of one check."""
        with reading(self.engine) as connection:
            return _portion(connection.execute(SEARCHED.where(sentences.c.check_id == id)).all(), dimensions)

    def found_before(self, keys: Sequence[int], id: str | None = None) -> Iterator[tuple[str, int, int]]:
        """Where statements of these keys were found: check, place of the sentence, key. `id` narrows it to a check."""
        columns = findings.c
        for start in range(0, len(keys), KEYS_AT_ONCE):
            some = columns.statement_key.in_(keys[start : start + KEYS_AT_ONCE])
            query = sa.select(columns.check_id, columns.sentence, columns.statement_key).where(some)
            if id is not None:
                query = query.where(columns.check_id == id)
            with reading(self.engine) as connection:
                yield from [tuple(row) for row in connection.execute(query)]

    # ------------------------------------------------------------ judging anew

    def past(self, id: str) -> tuple[Check, tuple[SentenceFindings, ...]] | None:
        """A finished check with what it was concluded from; None where it was deleted or has not finished."""
        with reading(self.engine) as connection:
            row = _row(connection, id)
            if row is None:
                return None
            return check_of(row, row["finished_at"]), read_findings(connection, id)

    def revise(self, before: Check, result: CheckResult) -> bool:
        """Let a check say something else from now on, and tell whoever wants to know; what it said is kept beside.

        False, and nothing is stored, where it was deleted or judged anew since it was read.
        """
        now = self.clock.read().at
        with writing(self.engine) as connection:
            row = _row(connection, before.id)
            if row is None or row["revised_at"] != before.revised_at:
                return False
            _keep_earlier(connection, row, now)
            values = {
                "result": result_json(result),
                "verdict": result.verdict.code.value if result.verdict else None,
                "revised_at": now,
                **decision_columns(connection, row["policy"], result),
            }
            connection.execute(sa.update(checks).where(checks.c.id == before.id).values(**values))
            forget_findings(connection, [before.id])
            store_findings(connection, before.id, result.findings)
            _tell_of(connection, before.id, now)
        self.bell.ring()
        return True


# ---------------------------------------------------------------- in a transaction


def note_if_late(connection: sa.Connection, check_id: str, versions: Versions | None) -> None:
    """Note a check that ends now and was made with an older index than is being compared with the others."""
    if versions is None:
        return
    goal = connection.execute(sa.select(corrections.c.goal)).scalar()
    if goal is not None and sequence_of(versions) < goal:
        connection.execute(sa.insert(late_checks).values(check_id=check_id))


def sequence_of(versions: Versions) -> int:
    """The last change of the statements that a check knew; in another store's numbers it would be the same change."""
    number = versions.index_checkpoint.rpartition("-")[2]
    return int(number) if number.isascii() and number.isdecimal() else 0


def with_earlier(connection: sa.Connection, found: Iterable[Check]) -> tuple[Check, ...]:
    """Checks with what they said before they were judged anew."""
    given = tuple(found)
    revised = [check.id for check in given if check.revised_at is not None]
    if not revised:
        return given
    columns = earlier_verdicts.c
    query = sa.select(earlier_verdicts).where(columns.check_id.in_(revised)).order_by(columns.number.desc())
    earlier: dict[str, list[Earlier]] = {}
    for row in connection.execute(query).mappings():
        earlier.setdefault(row["check_id"], []).append(_earlier(row))
    return tuple(replace(check, earlier=tuple(earlier.get(check.id, ()))) for check in given)


def forget_earlier(connection: sa.Connection, check_ids: Sequence[str]) -> None:
    """Delete what checks said before that are being deleted."""
    for table in (earlier_verdicts, late_checks):
        connection.execute(sa.delete(table).where(table.c.check_id.in_(check_ids)))


def _keep_earlier(connection: sa.Connection, row: Any, now: datetime) -> None:
    columns = earlier_verdicts.c
    numbers = sa.select(sa.func.max(columns.number)).where(columns.check_id == row["id"])
    number = (connection.execute(numbers).scalar() or 0) + 1
    result = RESULT.validate_json(row["result"])
    values = {
        "check_id": row["id"],
        "number": number,
        "concluded_at": row["revised_at"] or row["finished_at"],
        "replaced_at": now,
        "result": result_json(replace(result, article=None, times=())),
        "decision": row["decision"],
    }
    connection.execute(sa.insert(earlier_verdicts).values(**values))
    surplus = (columns.check_id == row["id"]) & (columns.number > 1) & (columns.number <= number + 1 - MOST_EARLIER)
    connection.execute(sa.delete(earlier_verdicts).where(surplus))


def _tell_of(connection: sa.Connection, id: str, now: datetime) -> None:
    """Queue what is told of a check that was judged anew: to whoever asked about it, alone or in a batch."""
    in_batches = sa.select(batch_items.c.batch_id).where(batch_items.c.check_id == id)
    tell(connection, Event.CHECK_REVISED, [id, *connection.execute(in_batches).scalars()], now, about=id)


def _row(connection: sa.Connection, id: str) -> Any:
    finished = (checks.c.id == id) & (checks.c.state == CheckState.FINISHED.value)
    return connection.execute(sa.select(checks).where(finished)).mappings().one_or_none()


def _earlier(row: Any) -> Earlier:
    decision = DECISION.validate_json(row["decision"]) if row["decision"] else None
    return Earlier(RESULT.validate_json(row["result"]), row["concluded_at"], row["replaced_at"], decision)


def _portion(rows: Sequence[Any], dimensions: int) -> Portion:
    kept = [row for row in rows if len(row.vector) == dimensions * VECTOR.itemsize]
    vectors = np.frombuffer(b"".join(bytes(row.vector) for row in kept), VECTOR).reshape(len(kept), dimensions)
    farthest = np.array([row.farthest or 0.0 for row in kept], np.float32)
    return Portion(tuple((row.check_id, row.place) for row in kept), vectors.astype(np.float32), farthest)
