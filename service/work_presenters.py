"""The JSON shapes of what is kept beside checks: batches, imports and previews, deliveries, feedback, keys and more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

from service.presenters import Json, present_check, present_moment, present_statement, problem_fields
from service.store.batch_items import ItemState

if TYPE_CHECKING:
    from index.exchange.previewing import Preview
    from index.exchange.reports import Note
    from service.negatives import Negative
    from service.store.audit import Entry
    from service.store.batches import Batch, BatchItem
    from service.store.deliveries import Delivery
    from service.store.feedback import Feedback
    from service.store.imports import Import
    from service.store.keys import Key


def present_batch(batch: Batch) -> Json:
    """A batch and how many of its items stand where."""
    counts: dict[str, Any] = {state.value: batch.counts[state] for state in ItemState}
    return {
        "id": batch.id,
        "state": batch.state.value,
        "created_at": present_moment(batch.created_at),
        "finished_at": present_moment(batch.finished_at),
        "counts": {"total": sum(counts.values()), **counts},
    }


def present_delivery(delivery: Delivery) -> Json:
    """A delivery and what became of it."""
    return {
        "id": delivery.id,
        "type": delivery.event.value,
        "subject": delivery.subject,
        "url": delivery.url,
        "state": delivery.state.value,
        "created_at": present_moment(delivery.created_at),
        "tries": delivery.tries,
        "tried_at": present_moment(delivery.tried_at),
        "status": delivery.status,
        "problem": delivery.problem,
    }


def present_key(key: Key) -> Json:
    """A key without its secret."""
    return {
        "id": key.id,
        "name": key.name,
        "scopes": list(key.scopes),
        "created_at": present_moment(key.created_at),
        "expires_at": present_moment(key.expires_at),
        "revoked_at": present_moment(key.revoked_at),
        "last_used_at": present_moment(key.last_used_at),
        "origin": key.origin,
        "requests_per_minute": key.limits.requests_per_minute,
        "checks_per_day": key.limits.checks_per_day,
    }


def present_item(item: BatchItem, language: str) -> Json:
    """An item of a batch with its check, or why there is none."""
    check = present_check(item.check, language) if item.check else None
    problem = check["problem"] if check else None
    if item.refusal is not None:
        problem = {**problem_fields(item.refusal.code, item.refusal.detail, language), "stage": None}
    return {
        "place": item.place,
        "state": item.state.value,
        "url": item.url,
        "reference": item.reference,
        "problem": problem,
        "check": check,
    }


def present_import(found: Import, language: str) -> Json:
    """An import and its report."""
    problem = None
    if found.problem_code:
        problem = problem_fields(found.problem_code, found.problem_detail or "", language)
    return {
        "id": found.id,
        "state": found.state.value,
        "created_at": present_moment(found.created_at),
        "finished_at": present_moment(found.finished_at),
        "url": found.url,
        "read": found.read,
        "added": found.report.added,
        "updated": found.report.updated,
        "unchanged": found.report.unchanged,
        "rejected": present_notes(found.report.rejected),
        "rejected_count": found.rejected_count,
        "warnings": present_notes(found.report.warnings),
        "warnings_count": found.warnings_count,
        "searchable": found.searchable,
        "problem": problem,
    }


def present_preview(seen: Preview) -> Json:
    """A preview as JSON."""
    return {
        "usable": seen.usable,
        "first": [{"line": line, "statement": present_statement(each)} for line, each in seen.first],
        "ratings": [
            {"words": each.words, "normalized": each.normalized.value, "count": each.count} for each in seen.ratings
        ],
        "rejected": present_notes(seen.rejected),
        "rejected_count": seen.rejected_count,
        "warnings": present_notes(seen.warnings),
        "warnings_count": seen.warnings_count,
    }


def present_entry(entry: Entry, names: Mapping[str, str] = MappingProxyType({})) -> Json:
    """An entry of the audit log; `names` are those of accounts by their ids."""
    return {
        "number": entry.number,
        "at": present_moment(entry.at),
        "actor": entry.actor,
        "actor_name": names.get(entry.actor),
        "action": entry.action,
        "subject": entry.subject,
        "outcome": entry.outcome,
        "begun_by": entry.begun_by,
        "digest": entry.digest,
    }


def present_negative(negative: Negative) -> Json:
    """An entry of the negative list."""
    return {
        "id": negative.id,
        "text": negative.text,
        "statement": negative.statement,
        "created_at": present_moment(negative.created_at),
        "note": negative.note,
        "feedback": negative.feedback,
    }


def present_feedback(made: Feedback) -> Json:
    """What somebody said about a check, and what was decided."""
    return {
        "id": made.id,
        "check": made.check_id,
        "kind": made.kind.value,
        "claim": made.claim,
        "comment": made.comment,
        "created_at": present_moment(made.created_at),
        "status": made.status.value,
        "note": made.note,
        "decided_at": present_moment(made.decided_at),
    }


def present_notes(notes: Iterable[Note]) -> list[Json]:
    """What is wrong with reviews, by line."""
    return [{"line": note.line, "reason": note.reason} for note in notes]
