"""Calibrations on site in the database: the newest that was not taken back counts, in every process, for its model."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

from index.pairs.site import AS_SHIPPED, SiteCalibration

LEMONS = "Hot lemon water cures diabetes within seven days."
MODEL: Any = SimpleNamespace(model_id="m", calibration_id="m-1")
OTHER: Any = SimpleNamespace(model_id="m", calibration_id="m-2")
FIRST, SECOND = SiteCalibration(0.9, -0.1), SiteCalibration(1.1, -0.4)


def test_the_newest_counts_for_its_model_until_it_is_taken_back(house: Any) -> None:
    store = house.application.calibrations
    assert (store.site_of(MODEL), store.in_force(), store.revert()) == (AS_SHIPPED, None, None)
    store.apply(FIRST, MODEL, {"right": 30})
    made = store.apply(SECOND, MODEL, {"right": 31})
    assert (made.number, made.site, made.report) == (2, SECOND, {"right": 31})
    assert (store.site_of(MODEL), store.site_of(OTHER)) == (SECOND, AS_SHIPPED)
    assert store.revert().number == 2
    assert store.site_of(MODEL) == FIRST
    assert store.revert().number == 1
    assert (store.site_of(MODEL), store.revert()) == (AS_SHIPPED, None)
    assert [each.reverted_at is not None for each in store.list()] == [True, True]


def test_another_process_searches_with_it_at_once_and_checks_record_it(house: Any, open_other: Any) -> None:
    other = open_other()
    before = other.application.index.current()
    assert other.application.index.current() is before
    (shipped,) = before.search([LEMONS])[0]
    house.application.calibrations.apply(SECOND, before.pair_model, {})
    after = other.application.index.current()
    assert after is other.application.index.current(), "the same object as long as nothing changes"
    assert after.site == SECOND
    (found,) = after.search([LEMONS])[0]
    assert found.confidence != shipped.confidence
    assert abs(found.confidence - SECOND.confidence(shipped.confidence)) < 1e-6
    check = other.check(text=LEMONS)
    stored = other.application.checks.get(check["id"], None)
    assert stored.result.versions.values["site"] == {"slope": 1.1, "offset": -0.4}
    house.application.calibrations.revert()
    assert other.application.index.current() is before
    again = other.application.checks.get(other.check(text=LEMONS)["id"], None)
    assert again.result.versions.values["site"] == {"slope": 1.0, "offset": 0.0}
    assert again.id != stored.id, "what was judged by other numbers is not given again"


def test_past_checks_are_corrected_and_replayed_by_their_own_numbers(house: Any) -> None:
    check = house.check(text=LEMONS, reference="a")
    model = house.application.index.current().pair_model
    house.application.calibrations.apply(SiteCalibration(1.0, -9.0), model, {})
    told = house.client.post("/v1/replay", json={"reference": "a", "index": "newest"}).json
    assert (told["replayed"], told["flips"]) == (1, [])
    house.add_statement(claim_reviewed=LEMONS, url="https://checks.example/again")
    house.work()
    stored = house.application.checks.get(check["id"], None)
    assert stored.result.versions.values["site"] == {"slope": 1.0, "offset": 0.0}
    assert stored.result.verdict.code.value == "refuted"
    assert house.check(text=LEMONS)["verdict"]["code"] == "not_enough_evidence"
