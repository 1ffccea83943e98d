"""Which earlier check answers a request, and how another's check of a page becomes one of the owner's own.

Only pages that the service itself fetched are shared. What a caller gets of another's run is a copy that says nothing
of the other: it has its own id and times, and shows its result only once the time has passed that the run took, for
an answer out of turn would tell that somebody else had read the page.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa

from service.models import CheckRequest, CheckResult, CheckState
from service.store.check_rows import RESULT, asked_digest, digest, kind_of, new_id, result_json, versions_digest
from service.store.corrections import note_if_late
from service.store.findings import copy_findings
from service.store.policies import decision_columns
from service.store.tables import checks
from service.versions import Versions

# Put together once: that takes longer than answering them, and both are asked before anybody is let in or refused.
# A copy whose time has not come is not finished yet. Where the clock was put back since, it has.
NOW = sa.bindparam("now", type_=checks.c.finished_at.type)
SHOWN = (checks.c.state == CheckState.FINISHED.value) & ((checks.c.finished_at <= NOW) | (checks.c.created_at > NOW))
ADDRESS: sa.BindParameter[str] = sa.bindparam("address")
LED_HERE = (checks.c.page == ADDRESS) | ((checks.c.digest == ADDRESS) & checks.c.page.is_not(None))
FETCHED = SHOWN & LED_HERE
MADE_ALIKE = checks.c.begun_at.between(sa.bindparam("since", type_=checks.c.begun_at.type), NOW) & (
    checks.c.versions == sa.bindparam("versions")
)
OWN = checks.c.owner == sa.bindparam("owner")
OWN_FIRST = (OWN.desc(), checks.c.finished_at.desc())
NEWEST_OF_PAGE = (
    sa.select(checks)
    .where(FETCHED, checks.c.kind == sa.bindparam("kind"), MADE_ALIKE)
    .where(checks.c.language.is_not_distinct_from(sa.bindparam("language")))
    .order_by(*OWN_FIRST)
    .limit(1)
)
NEWEST_SUPPLIED = (
    sa.select(checks)
    .where(SHOWN, MADE_ALIKE, checks.c.digest == sa.bindparam("asked"), OWN)
    .order_by(*OWN_FIRST)
    .limit(1)
)
PAGES = checks.c.kind.in_(("url", "urlp"))
NEWEST_SEEN = sa.select(checks).where(FETCHED, PAGES, OWN).order_by(checks.c.finished_at.desc()).limit(1)


@dataclass(frozen=True, slots=True)
class Freshness:
    """What an earlier check must have been made with, and how long ago it may have begun."""

    versions: Versions
    fresh_seconds: int


def find_reusable(
    connection: sa.Connection, request: CheckRequest, owner: str, reuse: Freshness | None, now: datetime
) -> Any:
    """The newest finished check that answers this request, the owner's own first; None where there is none.

    Supplied text and HTML count for their owner alone. A page counts for everybody where the service itself fetched
    it, under the address asked for or the one fetched in the end: never under what the page says of itself. One from
    the future was begun while the clock was wrong, so nobody knows how old it is.
    """
    if reuse is None:
        return None
    since = now - timedelta(seconds=reuse.fresh_seconds)
    asked = {"now": now, "since": since, "versions": versions_digest(reuse.versions), "owner": owner}
    if request.is_shared and request.url is not None:
        page = {"address": digest(request.url), "language": request.language, "kind": kind_of(request)}
        query, asked = NEWEST_OF_PAGE, {**asked, **page}
    else:
        query, asked = NEWEST_SUPPLIED, {**asked, "asked": asked_digest(request)}
    return connection.execute(query, asked).mappings().one_or_none()


def find_seen(connection: sa.Connection, url: str, owner: str, now: datetime) -> Any:
    """The owner's newest finished check of a page that the service fetched, under the address asked for or the one it
    led to; None where there is none."""
    asked = {"now": now, "address": digest(url), "owner": owner}
    return connection.execute(NEWEST_SEEN, asked).mappings().one_or_none()


def is_own(row: Any, request: CheckRequest, owner: str) -> bool:
    """Whether a row answers the request as it stands; else it is copied."""
    alike = row["reference"] == request.reference and row["policy"] == request.policy
    return bool(row["owner"] == owner and alike)


def add_copy(connection: sa.Connection, row: Any, request: CheckRequest, owner: str, now: datetime) -> dict[str, Any]:
    """Store a finished check anew as this owner's own, made now; only the time when its run began stays."""
    own = {**row, "id": new_id(), "owner": owner, "reference": request.reference, "created_at": now, "finished_at": now}
    if row["owner"] != owner:
        own["finished_at"] = now + time_taken(row)
    if request.is_shared and request.url is not None:
        own |= {"url": request.url, "digest": asked_digest(request), "result": _readdressed(row["result"], request.url)}
    own |= {"policy": request.policy, **decided(connection, request, row), "revised_at": None}
    connection.execute(sa.insert(checks).values(**own))
    copy_findings(connection, row["id"], own["id"])
    note_if_late(connection, own["id"], RESULT.validate_json(row["result"]).versions)
    return own


def answer_with(connection: sa.Connection, id: str, request: CheckRequest, row: Any, now: datetime) -> None:
    """End a check that has not run by what another one found."""
    taken = {name: row[name] for name in ("state", "versions", "page", "fetched_at", "begun_at", "result", "verdict")}
    if request.is_shared and request.url is not None:
        taken["result"] = _readdressed(row["result"], request.url)
    taken["took"] = time_taken(row).total_seconds()  # its own times tell how long it waited
    taken |= decided(connection, request, row)
    own = {**taken, "stage": None, "payload": None, "finished_at": now}
    connection.execute(sa.update(checks).where(checks.c.id == id).values(**own))
    copy_findings(connection, row["id"], id)
    note_if_late(connection, id, RESULT.validate_json(row["result"]).versions)


def decided(connection: sa.Connection, request: CheckRequest, row: Any) -> dict[str, str | None]:
    """What the policy of a request decides about another check's result."""
    result = RESULT.validate_json(row["result"]) if request.policy is not None else CheckResult()
    return decision_columns(connection, request.policy, result)


def time_taken(row: Any) -> timedelta:
    """How long the run took that a row tells of. A copy was asked for after its page was fetched."""
    if row["took"] is not None:
        return timedelta(seconds=row["took"])
    began_at = max(row["created_at"], row["fetched_at"]) if row["fetched_at"] else row["created_at"]
    taken: timedelta = row["finished_at"] - began_at
    return max(taken, timedelta(0))


def _readdressed(stored: str, url: str) -> str:
    """A result without the link by which the other owner had come to the page."""
    result = RESULT.validate_json(stored)
    if result.article is None:
        return stored
    return result_json(replace(result, article=replace(result.article, url=url)))
