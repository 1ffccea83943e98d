"""Drafts in the database: one of a claim for each person, seen by nobody else."""

from __future__ import annotations

from datetime import date

import pytest

from service.asked_claims import AskedClaim, AskedState
from service.drafts import Change, DraftAct, DraftState
from service.editing_errors import DraftChanged, ReleaseRefused
from service.errors import BadRequest, NotFound
from service.store.idempotency import IdempotencyKey

ASKED = AskedClaim("c1", "Enten fliegen.", "de", 3, 2, 0, date(2026, 11, 30), AskedState.OPEN)


def test_a_draft_is_begun_once_for_each_person(house) -> None:
    drafts = house.application.drafts
    made = drafts.begin(ASKED, "ann")
    assert (made.claim, made.language, made.cluster, made.owner) == ("Enten fliegen.", "de", "c1", "ann")
    assert drafts.begin(ASKED, "ann") == made
    assert drafts.begin(ASKED, "bob").id != made.id
    assert drafts.list("ann") == [made]
    assert drafts.get(made.id, "ann") == made


def test_nobody_else_sees_it_or_throws_it_away(house) -> None:
    drafts = house.application.drafts
    made = drafts.begin(ASKED, "ann")
    for act in (drafts.get, drafts.remove):
        with pytest.raises(NotFound):
            act(made.id, "bob")
    drafts.remove(made.id, "ann")
    assert drafts.list("ann") == []
    with pytest.raises(NotFound):
        drafts.remove(made.id, "ann")


CHANGE = Change({"claim_reviewed": "Enten fliegen.", "language": "de"}, DraftAct.WRITE, "s1", "tag", "Gefragt.")


def test_a_change_is_kept_as_it_was_written(house) -> None:
    drafts = house.application.drafts
    made = drafts.add("ann", CHANGE, DraftState.WAITING)
    assert (made.claim, made.language, made.change, made.state) == ("Enten fliegen.", "de", CHANGE, DraftState.WAITING)
    assert drafts.get(made.id, "ann") == drafts.get_waiting(made.id) == made
    assert drafts.waiting() == [made]
    assert drafts.add("bob", Change(act=DraftAct.RETIRE, statement_id="s1")).change.act is DraftAct.RETIRE


def test_what_waits_is_withdrawn_before_it_is_changed(house) -> None:
    drafts = house.application.drafts
    made = drafts.add("ann", CHANGE, DraftState.WAITING)
    with pytest.raises(BadRequest):
        drafts.rewrite(made.id, "ann", Change({}), DraftState.BEGUN)
    assert drafts.withdraw(made.id, "ann").state is DraftState.BEGUN
    with pytest.raises(NotFound):
        drafts.get_waiting(made.id)
    anew = drafts.rewrite(made.id, "ann", Change({"claim_reviewed": "Enten tauchen."}), DraftState.WAITING)
    assert (anew.claim, drafts.get_waiting(made.id)) == ("Enten tauchen.", anew)
    for act in (drafts.withdraw, drafts.get):
        with pytest.raises(NotFound):
            act(made.id, "bob")


def test_nobody_releases_or_refuses_their_own_or_what_they_did_not_read(house) -> None:
    drafts = house.application.drafts
    made = drafts.add("ann", CHANGE, DraftState.WAITING)
    for act in (lambda: drafts.to_release(made.id, "ann", made.tag), lambda: drafts.refuse(made.id, "ann", "No.")):
        with pytest.raises(ReleaseRefused):
            act()
    with pytest.raises(DraftChanged):
        drafts.to_release(made.id, "bob", "another tag")
    assert drafts.to_release(made.id, "bob", made.tag) == made
    refused = drafts.refuse(made.id, "bob", "Nein.")
    assert (refused.state, refused.decided_by, refused.decided_because) == (DraftState.REFUSED, "bob", "Nein.")
    assert drafts.list("ann") == [refused]
    assert drafts.waiting() == []


def test_the_same_request_makes_one_draft(house) -> None:
    drafts = house.application.drafts
    key = IdempotencyKey.of("ann", "call", "key", b"body")
    made = drafts.add("ann", CHANGE, DraftState.WAITING, key)
    assert drafts.add("ann", CHANGE, DraftState.WAITING, key) == made
    drafts.remove(made.id, "ann")
    assert drafts.add("ann", CHANGE, DraftState.WAITING, key).id != made.id
