"""Who needs four eyes, and what carrying out a change does, whoever asks for it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from flask import g

from index.errors import StatementChanged, StatementExists, StatementNotFound
from index.models import Statement
from index.store.changes import Writer
from index.store.rows import tag_of
from service.drafts import Change, DraftAct
from service.editing_errors import ReleaseRefused
from service.errors import BadRequest
from service.presenters_drafts import content_of_statement
from service.store.accounts import Role
from service.web.context import Caller
from service.web.releasing import based_on_present, carry_out, needs_release, planned, refuse_without_release, release

ANN = Writer("acc_ann", "Why", "acc_bob")


@pytest.fixture
def first(house: Any) -> Any:
    with house.app.test_request_context():
        g.caller = Caller("", frozenset())
        yield house.application.statements.select().statements[0]


@pytest.mark.parametrize(
    ("four_eyes", "person", "needed"), [(True, True, True), (True, False, False), (False, True, False)]
)
def test_people_need_it_where_the_house_wants_it(
    house: Any, first: Statement, four_eyes: bool, person: bool, needed: bool
) -> None:
    object.__setattr__(house.application, "settings", replace(house.application.settings, four_eyes=four_eyes))
    account = house.application.accounts.create("ann", Role.EDITOR, "hash") if person else None
    g.caller = Caller(account.id if account else "key_1", frozenset(), account=account)
    assert needs_release() is needed
    if needed:
        with pytest.raises(ReleaseRefused):
            refuse_without_release()
    else:
        refuse_without_release()


def test_a_change_of_a_version_that_is_gone_does_not_wait_where_nobody_could_release_it(
    house: Any, first: Statement
) -> None:
    content, old = content_of_statement(first), tag_of(first)
    changes = [Change(content, act, first.id, old) for act in (DraftAct.WRITE, DraftAct.RETIRE)]
    assert [based_on_present(each).version for each in changes] == [old, old]
    now = house.application.statements.revise(first.id, replace(first, headline="New"))
    for each in changes:
        with pytest.raises(StatementChanged):
            based_on_present(each)
        assert based_on_present(replace(each, version=None)).version == tag_of(now)
    house.application.statements.delete(first.id)
    with pytest.raises(StatementNotFound):
        based_on_present(changes[0])
    back, new = Change({}, DraftAct.RESTORE, first.id), Change(content)
    assert (based_on_present(back), based_on_present(new)) == (back, new)


def test_a_change_writes_what_it_holds(house: Any, first: Statement) -> None:
    content = {**content_of_statement(first), "headline": "New"}
    made = carry_out(house.application, Change(content, DraftAct.WRITE, first.id, tag_of(first)), ANN)
    assert (made.id, made.headline) == (first.id, "New")
    with pytest.raises(StatementChanged):
        carry_out(house.application, Change(content, DraftAct.WRITE, first.id, tag_of(first)), ANN)
    with pytest.raises(StatementExists):
        carry_out(house.application, Change(content), ANN)
    with pytest.raises(BadRequest):
        carry_out(house.application, Change({"claim_reviewed": "x"}), ANN)


def test_a_change_retires_and_restores(house: Any, first: Statement) -> None:
    retire, restore = (Change({}, act, first.id, tag_of(first)) for act in (DraftAct.RETIRE, DraftAct.RESTORE))
    assert carry_out(house.application, retire, ANN) == first
    assert house.application.statements.count() == 0
    with pytest.raises(StatementNotFound):
        carry_out(house.application, retire, ANN)
    assert planned(house.application, restore) == first
    assert carry_out(house.application, restore, ANN) == first
    assert house.application.statements.count() == 1


def test_only_a_person_releases(house: Any, first: Statement) -> None:
    with pytest.raises(ReleaseRefused):
        release("x", "tag")
