"""Drafts as JSON, and a statement as the API takes it again."""

from __future__ import annotations

from datetime import UTC, datetime

from index.models import Rating, Statement
from service.drafts import Change, Draft, DraftAct, DraftState
from service.presenters_drafts import content_of_statement, present_draft

DRAFT = Draft(
    "d", "acc_1", "Enten fliegen.", "de", "c1", datetime(2026, 11, 30, tzinfo=UTC),
    Change({"claim_reviewed": "Enten fliegen."}, DraftAct.WRITE, "s1", "v", "Gefragt."), DraftState.REFUSED, "acc_2", "Nein.",
)  # fmt: skip


def test_a_draft_says_who_wrote_it_what_it_would_do_and_why_it_came_back() -> None:
    assert present_draft(DRAFT, {"acc_1": "Ann"}) == {
        "id": "d", "claim": "Enten fliegen.", "language": "de", "asked": "c1", "created_at": "2026-11-30T00:00:00.000Z",
        "owner": "acc_1", "owner_name": "Ann", "state": "refused", "act": "write", "statement": "s1",
        "content": {"claim_reviewed": "Enten fliegen."}, "reason": "Gefragt.", "refused_because": "Nein.", "tag": DRAFT.tag,
    }  # fmt: skip


def test_a_statement_goes_into_a_draft_without_its_id() -> None:
    content = content_of_statement(Statement("Enten fliegen.", "https://x.example/", Rating("Falsch"), id="s1", key=3))
    assert content["claim_reviewed"] == "Enten fliegen."
    assert not {"id", "key"} & content.keys()
