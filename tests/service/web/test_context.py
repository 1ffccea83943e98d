"""Who calls, and whose checks that one sees."""

from __future__ import annotations

from typing import Any

import pytest

from service.store.keys import Scope
from service.web.context import Caller, application, language


@pytest.mark.parametrize(
    ("caller", "sees"),
    [
        (Caller("", frozenset({Scope.CHECK, Scope.READ})), ""),
        (Caller("k1", frozenset({Scope.CHECK, Scope.READ})), "k1"),
        (Caller("k1", frozenset({Scope.WRITE})), "k1"),
        (Caller("k1", frozenset({Scope.ADMIN})), None),
        (Caller("", frozenset({Scope.ADMIN})), ""),  # no key, so it is nobody's administrator
    ],
)
def test_a_key_sees_its_own_checks_and_an_admins_those_of_all(caller: Caller, sees: str | None) -> None:
    assert caller.sees == sees


@pytest.mark.parametrize(("header", "spoken"), [("de-AT", "de"), ("de-CH", "de"), ("fr;q=0.9, de;q=0.5", "de"), ("fr", "en"), ("", "en")])  # fmt: skip
def test_the_answer_is_in_the_language_that_was_asked_for(house: Any, header: str, spoken: str) -> None:
    with house.app.test_request_context("/", headers={"Accept-Language": header}):
        assert language() == spoken
        assert application() is house.application
