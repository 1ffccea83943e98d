"""Claims that nobody verified, in the rows of the sentences that were searched: which say the same, and who had them.

A sentence knows its cluster: None as long as nobody looked, "" where it is in none, because it is no claim or a
statement matched. So whatever becomes of a check becomes of this: deleted with it, anew when it is judged anew.
Checks are counted and never named, and no words are shown that less than MIN_APART callers or fetched pages had.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import sqlalchemy as sa
from numpy.typing import NDArray

from index.store.database import reading, writing
from service.asked_claims import MIN_APART, AskedClaim, AskedPage, AskedState
from service.clock import Clock
from service.errors import NotFound
from service.findings import VECTOR
from service.models import CheckResult, CheckState
from service.store.check_rows import RESULT
from service.store.tables import checks, dismissed_clusters, sentences

GATHERING = "gathering"  # the kind of its jobs, and the name of their schedule
AT_ONCE = 200  # checks
NONE = ""  # in the place of a cluster
COLUMNS = sentences.c
NOTHING = "There is no such claim; a statement may match by now, or its checks were deleted."
UNSEEN = COLUMNS.cluster.is_(None)


@dataclass(frozen=True, slots=True)
class UnseenSentence:
    """A sentence that nobody looked at: `claim` is its place among the claims that are shown, if it is among them."""

    place: int
    begins: int
    ends: int
    claim: int | None
    vector: bytes


@dataclass(frozen=True, slots=True)
class Unseen:
    """A finished check with sentences that nobody looked at."""

    id: str
    result: CheckResult
    sentences: tuple[UnseenSentence, ...]


@dataclass(frozen=True, slots=True)
class Leader:
    """The sentence that a cluster is compared by."""

    cluster: str
    check_id: str
    begins: int
    ends: int
    wording: str


class AskedClaimStore:
    """Clusters of claims in the database. `min_checks` is how many checks must have had one before anybody sees it."""

    def __init__(self, engine: sa.Engine, clock: Clock, min_checks: int) -> None:
        self.engine, self.clock, self.min_checks = engine, clock, min_checks

    # ------------------------------------------------------------ putting together

    def unseen(self) -> list[str]:
        """The ids of some checks with sentences that nobody looked at."""
        with reading(self.engine) as connection:
            return list(
                connection.execute(sa.select(COLUMNS.check_id).where(UNSEEN).distinct().limit(AT_ONCE)).scalars()
            )

    def leaders(self, dimensions: int) -> tuple[list[Leader], NDArray[np.float16]]:
        """One sentence of each cluster, with their vectors, one row each; those of another length are left out."""
        order = sa.func.row_number().over(partition_by=COLUMNS.cluster, order_by=(COLUMNS.check_id, COLUMNS.place))
        held = ("cluster", "check_id", "begins", "ends", "wording", "vector")
        placed = sa.select(*(COLUMNS[name] for name in held), order.label("number")).where(COLUMNS.cluster > NONE)
        inner = placed.subquery()
        found, vectors = list[Leader](), list[bytes]()
        with reading(self.engine) as connection:
            for row in connection.execute(sa.select(inner).where(inner.c.number == 1)):
                if len(row.vector) == dimensions * VECTOR.itemsize:
                    found.append(Leader(row.cluster, row.check_id, row.begins, row.ends, row.wording))
                    vectors.append(bytes(row.vector))
        return found, np.frombuffer(b"".join(vectors), VECTOR).reshape(len(found), dimensions)

    def read(self, id: str) -> Unseen | None:
        """A check with the sentences that nobody looked at; None where it is gone."""
        query = sa.select(sentences).where(COLUMNS.check_id == id, UNSEEN).order_by(COLUMNS.place)
        with reading(self.engine) as connection:
            result, rows = _result(connection, id), connection.execute(query).all()
        if result is None:
            return None
        unseen = (UnseenSentence(row.place, row.begins, row.ends, row.claim, bytes(row.vector)) for row in rows)
        return Unseen(id, result, tuple(unseen))

    def text_of(self, leader: Leader) -> str:
        """What a leader says; "" where its check is gone."""
        with reading(self.engine) as connection:
            result = _result(connection, leader.check_id)
        return result.article.text[leader.begins : leader.ends] if result and result.article else ""

    def put(self, id: str, placed: Sequence[tuple[int, str, str | None]]) -> None:
        """Note the clusters and the wordings of sentences by their places, where nobody did meanwhile."""
        with writing(self.engine) as connection:
            for place, cluster, wording in placed:
                mine = (COLUMNS.check_id == id) & (COLUMNS.place == place) & UNSEEN
                connection.execute(sa.update(sentences).where(mine).values(cluster=cluster, wording=wording))

    def drop_strays(self) -> None:
        """Forget what was said of clusters that are gone."""
        there = sa.select(COLUMNS.check_id).where(COLUMNS.cluster == dismissed_clusters.c.cluster)
        with reading(self.engine) as connection:
            stray = sa.select(dismissed_clusters.c.cluster).where(~there.exists()).limit(1)
            if connection.execute(stray).first() is None:
                return
        with writing(self.engine) as connection:
            connection.execute(sa.delete(dismissed_clusters).where(~there.exists()))

    # ------------------------------------------------------------ showing

    def select(self, state: AskedState = AskedState.OPEN, cursor: str | None = None, limit: int = 20) -> AskedPage:
        """A page of clusters, those that most checks had first, then the newest."""
        skipped = int(cursor) if cursor is not None else 0
        shown = self._shown()
        dismissed = sa.select(dismissed_clusters.c.cluster)
        asked = shown.c.cluster.in_(dismissed) if state is AskedState.DISMISSED else shown.c.cluster.not_in(dismissed)
        ordered = sa.select(shown).where(asked).order_by(shown.c.checks.desc(), shown.c.newest.desc(), shown.c.cluster)
        with reading(self.engine) as connection:
            rows = connection.execute(ordered.offset(skipped).limit(limit + 1)).all()
            claims = tuple(_claim(connection, row, state) for row in rows[:limit])
        return AskedPage(claims, str(skipped + limit) if len(rows) > limit else None)

    def get(self, id: str) -> AskedClaim:
        """A cluster, as far as anybody may see it. Raises NotFound."""
        shown = self._shown()
        put_aside = sa.select(dismissed_clusters.c.cluster).where(dismissed_clusters.c.cluster == id)
        with reading(self.engine) as connection:
            row = connection.execute(sa.select(shown).where(shown.c.cluster == id)).one_or_none() if id else None
            if row is None:
                raise NotFound(NOTHING)
            dismissed = connection.execute(put_aside).first() is not None
            return _claim(connection, row, AskedState.DISMISSED if dismissed else AskedState.OPEN)

    def mark(self, id: str, state: AskedState, by: str) -> AskedClaim:
        """Put a cluster aside, or take it back into the list. Raises NotFound."""
        self.get(id)
        with writing(self.engine) as connection:
            connection.execute(sa.delete(dismissed_clusters).where(dismissed_clusters.c.cluster == id))
            if state is AskedState.DISMISSED:
                values = {"cluster": id, "dismissed_by": by, "dismissed_at": self.clock.read().at}
                connection.execute(sa.insert(dismissed_clusters).values(**values))
        return self.get(id)

    def _shown(self) -> sa.Subquery:
        """The clusters that enough checks had, each with its most frequent wording that several had apart."""
        # A page counts where the service itself fetched it: what somebody handed over may be seen by nobody else.
        counts = (
            sa.func.count(COLUMNS.check_id.distinct()).label("checks"),
            sa.func.count(checks.c.owner.distinct()).label("callers"),
            sa.func.count(checks.c.page.distinct()).label("pages"),
        )
        joined = sentences.join(checks, checks.c.id == COLUMNS.check_id)
        ours = (COLUMNS.cluster > NONE) & (checks.c.finished_at <= self.clock.read().at)  # a copy may be kept back
        apart = (sa.func.count(checks.c.owner.distinct()) >= MIN_APART) | (
            sa.func.count(checks.c.page.distinct()) >= MIN_APART
        )
        first = sa.func.row_number().over(
            partition_by=COLUMNS.cluster,
            order_by=(sa.func.count(COLUMNS.check_id.distinct()).desc(), COLUMNS.wording),
        )
        wordings = (
            sa.select(COLUMNS.cluster, COLUMNS.wording, first.label("number"))
            .select_from(joined)
            .where(ours)
            .group_by(COLUMNS.cluster, COLUMNS.wording)
            .having(apart)
            .subquery()
        )
        groups = (
            sa.select(COLUMNS.cluster, *counts, sa.func.max(checks.c.created_at).label("newest"))
            .select_from(joined)
            .where(ours)
            .group_by(COLUMNS.cluster)
            .having(sa.func.count(COLUMNS.check_id.distinct()) >= self.min_checks)
            .subquery()
        )
        matched = groups.join(wordings, (wordings.c.cluster == groups.c.cluster) & (wordings.c.number == 1))
        return sa.select(groups, wordings.c.wording).select_from(matched).subquery()


def new_cluster() -> str:
    """The name of another cluster."""
    return secrets.token_hex(12)


def _claim(connection: sa.Connection, row: Any, state: AskedState) -> AskedClaim:
    """A cluster with the words of any check that had its wording: they are the same in all."""
    query = sa.select(COLUMNS.check_id, COLUMNS.begins, COLUMNS.ends).where(
        COLUMNS.cluster == row.cluster, COLUMNS.wording == row.wording
    )
    one = connection.execute(query.order_by(COLUMNS.check_id).limit(1)).one()
    result = _result(connection, one.check_id)
    article = result.article if result else None
    text, language = (article.text[one.begins : one.ends], article.language) if article else ("", None)
    return AskedClaim(row.cluster, text, language, row.checks, row.callers, row.pages, row.newest.date(), state)


def _result(connection: sa.Connection, id: str) -> CheckResult | None:
    finished = (checks.c.id == id) & (checks.c.state == CheckState.FINISHED.value)
    stored = connection.execute(sa.select(checks.c.result).where(finished)).scalar_one_or_none()
    return RESULT.validate_json(stored) if stored else None
