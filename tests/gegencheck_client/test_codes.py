from __future__ import annotations

import pytest
from pydantic import ValidationError

from gegencheck_client.models import CheckState, Flip, VerdictCode


def test_a_code_of_the_list_is_that_one() -> None:
    assert VerdictCode("refuted") is VerdictCode.REFUTED
    assert VerdictCode.REFUTED.is_known


def test_a_code_of_a_later_service_is_kept_as_it_is() -> None:
    later = VerdictCode("half_refuted")
    assert later == "half_refuted"
    assert str(later) == "half_refuted"
    assert not later.is_known
    assert later not in list(VerdictCode)


def test_a_reply_with_a_later_code_is_read_and_written_again() -> None:
    outcome = {"verdict": "half_refuted", "action": None, "rule": None}
    read = Flip.model_validate(
        {"check": "1", "reference": None, "url": None, "before": outcome, "after": outcome, "reasons": []}
    )
    assert read.before.verdict == "half_refuted"
    assert read.model_dump(mode="json")["after"] == outcome


def test_what_is_no_text_is_no_code() -> None:
    with pytest.raises(ValueError, match="7"):
        CheckState(7)
    with pytest.raises(ValidationError):
        Flip.model_validate({"check": "1", "reference": None, "url": None, "before": {"verdict": 7}, "after": {}})
