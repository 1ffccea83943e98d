"""How far past checks were compared, what may match of them, and what they said before."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from service.models import CheckRequest, Verdict, VerdictCode
from service.store import corrections as module
from service.store.corrections import sequence_of

LEMONS = "Hot lemon water cures diabetes within seven days."
OTHER = "The council of Ulm met on Tuesday and talked about the new bridge over the river for hours."
ANEW = Verdict(VerdictCode.SUPPORTED, 0.5, 0)


@pytest.fixture
def store(house):
    return house.application.corrections


def ask(house, text: str, owner: str = "ann"):
    """A finished check."""
    check = house.application.checks.submit(CheckRequest(text=text), owner, None)
    house.work()
    return house.application.checks.get(check.id, owner)


def test_it_counts_on_from_where_the_statements_were(store) -> None:
    assert store.begin(7) == 1
    store.reach(3)
    assert store.begin(5) == 3, "and the goal before stays"
    assert (store.is_behind(3), store.is_behind(4)) == (False, True)
    store.reach(2)
    assert store.begin(7) == 3, "what was compared was compared"


def test_vectors_come_in_portions_whole_and_once(house, store, monkeypatch: pytest.MonkeyPatch) -> None:
    for n in range(3):
        ask(house, f"{LEMONS} {OTHER} On {n} May the mill in Ulm burned down to the ground.")
    dimensions = house.application.index.embedder.dimensions
    (whole,) = store.portions(dimensions)
    assert whole.vectors.shape == (len(whole.places), dimensions) == (9, dimensions)
    assert np.linalg.norm(whole.vectors, axis=1) == pytest.approx(np.ones(9), abs=0.01)
    monkeypatch.setattr(module, "AT_ONCE", 2)
    parts = list(store.portions(dimensions))
    assert [len(part.places) for part in parts] == [2, 2, 2, 2, 1]
    assert [place for part in parts for place in part.places] == list(whole.places)
    assert np.concatenate([part.vectors for part in parts]) == pytest.approx(whole.vectors)
    id = whole.places[0][0]
    assert store.portion_of(id, dimensions).places == tuple(place for place in whole.places if place[0] == id)


def test_vectors_of_another_length_are_left_out(house, store) -> None:
    ask(house, LEMONS)
    (portion,) = store.portions(house.application.index.embedder.dimensions + 1)
    assert (portion.places, portion.vectors.shape[0]) == ((), 0)


def test_where_statements_were_found_is_known_by_their_keys(house, store) -> None:
    check = ask(house, f"{OTHER} {LEMONS}")
    key = check.result.claims[1].evidence[0].match.statement.key
    assert (check.id, 1, key) in set(store.found_before([key, key + 1]))
    assert {row[0] for row in store.found_before([key], check.id)} == {check.id}
    assert list(store.found_before([key], "another")) == list(store.found_before([key + 1])) == []


def test_what_a_check_said_is_kept_beside_what_it_says_now(house, store) -> None:
    check = ask(house, LEMONS)
    house.clock.let_pass(60)
    past, findings = store.past(check.id)
    assert store.revise(past, replace(past.result, verdict=ANEW, findings=findings))
    now = house.application.checks.get(check.id, "ann")
    assert (now.result.verdict, now.finished_at) == (ANEW, check.finished_at)
    (earlier,) = now.earlier
    assert (earlier.result.verdict, earlier.result.claims) == (check.result.verdict, check.result.claims)
    assert earlier.result.article is None, "the page's text is kept once"
    assert (earlier.concluded_at, earlier.replaced_at) == (check.finished_at, now.revised_at)
    assert house.application.checks.findings(check.id, "ann") == findings
    assert store.revise(past, past.result) is False, "somebody else was first"
    assert len(house.application.checks.get(check.id, "ann").earlier) == 1


def test_of_very_many_changes_the_first_and_the_newest_are_kept(house, store) -> None:
    check = ask(house, LEMONS)
    said = [check.result.verdict]
    for n in range(module.MOST_EARLIER + 5):
        house.clock.let_pass(60)
        past, findings = store.past(check.id)
        said.insert(0, replace(ANEW, confidence=n / 100))
        assert store.revise(past, replace(past.result, verdict=said[0], findings=findings))
    now = house.application.checks.get(check.id, "ann")
    kept = [earlier.result.verdict for earlier in now.earlier]
    assert now.result.verdict == said[0]
    assert kept == [*said[1 : module.MOST_EARLIER], check.result.verdict]


def test_of_what_was_deleted_nothing_is_kept(house, store) -> None:
    check = ask(house, LEMONS)
    past, findings = store.past(check.id)
    store.revise(past, replace(past.result, verdict=ANEW, findings=findings))
    again, _ = store.past(check.id)
    house.application.checks.forget(check.id, "ann")
    assert store.past(check.id) is None
    assert store.revise(again, again.result) is False


def test_one_that_has_not_ended_has_no_past(house, store) -> None:
    check = house.application.checks.submit(CheckRequest(text=LEMONS), "ann", None)
    assert store.past(check.id) is None


@pytest.mark.parametrize(
    ("checkpoint", "sequence"), [("0a1b-000012", 12), ("x-1000000", 1_000_000), ("", 0), ("x-y", 0)]
)
def test_the_number_of_a_checkpoint(house, checkpoint: str, sequence: int) -> None:
    versions = replace(house.application.checker.versions(), index_checkpoint=checkpoint)
    assert sequence_of(versions) == sequence
