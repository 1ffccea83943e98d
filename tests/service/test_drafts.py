"""What a draft would do has a name of its own, so that nobody releases something else than they read."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from service.drafts import Change, Draft, DraftAct

CHANGE = Change({"claim_reviewed": "Enten fliegen.", "rating": {"alternate_name": "Falsch"}}, reason="Gefragt.")
DRAFT = Draft("d", "ann", "Enten fliegen.", "de", None, datetime(2026, 11, 30, tzinfo=UTC), CHANGE)


@pytest.mark.parametrize(
    "changes",
    [{"content": {}}, {"act": DraftAct.RETIRE}, {"statement_id": "s"}, {"version": "v"}, {"reason": None}],
)
def test_another_change_has_another_tag(changes: dict[str, object]) -> None:
    assert replace(DRAFT, change=replace(CHANGE, **changes)).tag != DRAFT.tag


def test_who_wrote_it_and_the_order_of_fields_are_no_part_of_that() -> None:
    content = dict(reversed(CHANGE.content.items()))
    assert replace(DRAFT, owner="bob", change=replace(CHANGE, content=content)).tag == DRAFT.tag
