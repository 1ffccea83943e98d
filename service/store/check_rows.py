"""One row of the checks' table to a Check and back, and the digests by which the same question is recognised."""

from __future__ import annotations

import hashlib
import math
import secrets
from datetime import datetime
from typing import Any

from pydantic import TypeAdapter

from service.actions import PolicyDecision
from service.models import Check, CheckRequest, CheckResult, CheckState, Stage
from service.versions import Versions

RESULT: TypeAdapter[CheckResult] = TypeAdapter(CheckResult)
DECISION: TypeAdapter[PolicyDecision] = TypeAdapter(PolicyDecision)
PICTURE, PICTURE_AT = "pict", "purl"  # kinds of rows: a supplied picture, one to be fetched
WITH_PICTURES = {"urlp": "url", "htmp": "html"}  # pages whose pictures are read as well
PROGRESS_SECONDS = 0.25  # how often a worker writes down the stages of what it works on


def versions_digest(versions: Versions) -> str:
    """A digest of everything that shapes a result besides the page."""
    ruled = [versions.negatives] if versions.negatives else []
    named = (
        versions.index_checkpoint,
        versions.embedder,
        versions.pair,
        versions.thresholds,
        versions.program or "",
        *ruled,
    )
    return digest(*named, *sorted([*versions.weights.values(), *versions.cues.values()]))


def result_json(result: CheckResult) -> str:
    """A result as its row keeps it; the findings have rows of their own."""
    return RESULT.dump_json(result, exclude={"findings"}).decode()


def asked_digest(request: CheckRequest) -> str:
    """A digest of what is asked: the address alone for a page to fetch, everything supplied for the rest."""
    if request.text is not None:
        return digest("text", request.language or "", request.text)
    if request.html is not None:
        named = "html with pictures" if request.reads_pictures else "html"
        return digest(named, request.language or "", request.url or "", request.html)
    if request.picture is not None:
        return digest("picture", request.language or "", hashlib.sha256(request.picture).hexdigest())
    if request.wants_picture:
        return digest("picture at", request.language or "", request.url or "")
    return digest(request.url or "")


def digest(*parts: str) -> str:
    whole = hashlib.sha256()
    for part in parts:
        raw = part.encode("utf-8", "surrogatepass")
        whole.update(len(raw).to_bytes(8) + raw)
    return whole.hexdigest()


def new_id() -> str:
    return secrets.token_hex(16)


def kind_of(request: CheckRequest) -> str:
    """What a row calls what was asked for."""
    if request.is_picture:
        return PICTURE if request.picture is not None else PICTURE_AT
    if request.reads_pictures:
        return "urlp" if request.html is None else "htmp"
    return "text" if request.text is not None else "html" if request.html is not None else "url"


def new_row(request: CheckRequest, owner: str, created_at: datetime, id: str | None = None) -> dict[str, Any]:
    """The row of a check that has just been asked for; a picture lies in a blob, under the same `id`."""
    kind = kind_of(request)
    return {
        "id": id or new_id(),
        "owner": owner,
        "kind": kind,
        "url": request.url,
        "language": request.language,
        "reference": request.reference,
        "policy": request.policy,
        "payload": request.text if request.text is not None else request.html,
        "digest": asked_digest(request),
        "page": None,
        "fetched_at": None,
        "begun_at": None,
        "state": CheckState.QUEUED.value,
        "stage": None,
        "created_at": created_at,
        "finished_at": None,
        "versions": None,
        "result": None,
        "verdict": None,
        "took": None,
        "revised_at": None,
        "decision": None,
        "action": None,
    }


def request_of(row: Any) -> CheckRequest:
    kind = WITH_PICTURES.get(row["kind"], row["kind"])
    supplied: dict[str, Any] = {kind: row["payload"] or ""} if kind in ("text", "html") else {}
    if kind != row["kind"]:
        supplied["reads_pictures"] = True
    if kind in (PICTURE, PICTURE_AT):
        supplied = {"picture": b""} if kind == PICTURE else {"wants_picture": True}
    about = {name: row[name] for name in ("url", "language", "reference", "policy")}
    return CheckRequest(**about, **supplied)


def check_of(row: Any, now: datetime) -> Check:
    """The check of a row; a copy whose time has not come as one that is being worked on."""
    early = seconds_until_shown(row, now) < math.inf
    result = RESULT.validate_json(row["result"]) if row["result"] else CheckResult()
    stage = Stage(row["stage"]) if row["stage"] else None
    return Check(
        id=row["id"],
        owner=row["owner"],
        request=request_of(row),
        state=CheckState.RUNNING if early else CheckState(row["state"]),
        created_at=row["created_at"],
        stage=_stage_reached(row, result, now) if early else stage,
        finished_at=None if early else row["finished_at"],
        result=CheckResult() if early else result,
        decision=DECISION.validate_json(row["decision"]) if row["decision"] and not early else None,
        revised_at=None if early else row["revised_at"],
    )


def _stage_reached(row: Any, result: CheckResult, now: datetime) -> Stage | None:
    """The stage that a worker would have noted by now of the run that a copy is of: a copy without one would show."""
    waited = (row["finished_at"] - row["created_at"]).total_seconds() - sum(time.seconds for time in result.times)
    noted = (now - row["created_at"]).total_seconds() // PROGRESS_SECONDS * PROGRESS_SECONDS
    left = noted - max(waited, 0.0)
    if left <= 0:
        return None
    for time in result.times:
        left -= time.seconds
        if left < 0:
            return time.stage
    return result.times[-1].stage if result.times else None


def as_begun(row: Any) -> Check:
    """The check of a row as it is when it was just asked for."""
    request = request_of(row)
    return Check(row["id"], row["owner"], request, CheckState.QUEUED, row["created_at"])


def seconds_until_shown(row: Any, now: datetime) -> float:
    """For how long a copy still keeps its result back (reuse.py says why); infinite where it keeps nothing back."""
    if row["state"] != CheckState.FINISHED.value or not row["created_at"] <= now < row["finished_at"]:
        return math.inf  # also where the clock was put back since
    return float((row["finished_at"] - now).total_seconds())
