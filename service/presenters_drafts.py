"""The JSON shape of drafts, and the statement that one would make."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from index.models import Statement
from service.moments import present_moment
from service.presenters import Json, present_statement

if TYPE_CHECKING:
    from service.drafts import Content, Draft


def present_draft(draft: Draft, names: Mapping[str, str] | None = None) -> Json:
    """A draft, for whoever began it or may release it; `names` are those of accounts and keys."""
    change = draft.change
    return {
        "id": draft.id,
        "claim": draft.claim,
        "language": draft.language,
        "asked": draft.cluster,
        "created_at": present_moment(draft.created_at),
        "owner": draft.owner,
        "owner_name": (names or {}).get(draft.owner),
        "state": draft.state.value,
        "act": change.act.value,
        "statement": change.statement_id,
        "content": change.content,
        "reason": change.reason,
        "refused_because": draft.decided_because,
        "tag": draft.tag,
    }


def content_of_statement(statement: Statement) -> Content:
    """A statement as the API takes it."""
    return {name: value for name, value in present_statement(statement).items() if name != "id"}
