"""Checks in pages: newest first, each once, whatever comes in meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest

from service.errors import BadRequest
from service.models import CheckRequest, VerdictCode
from service.store.check_lists import Wanted

TEXT = "Hot lemon water cures diabetes within seven days."


def ask(house, number: int, owner: str = "ann", reference: str | None = None) -> str:
    request = CheckRequest(text=f"The town has {number} lemons.", reference=reference)
    return house.application.checks.submit(request, owner, None).id


def listed(house, owner: str = "ann", limit: int = 2, **wanted) -> list[str]:
    """The ids of all pages in a row."""
    found, cursor = [], None
    while True:
        page = house.application.checks.select(owner, Wanted(**wanted), cursor, limit)
        assert 0 < len(page.checks) <= limit or cursor is None
        found += [check.id for check in page.checks]
        cursor = page.next_cursor
        if cursor is None:
            return found


@pytest.mark.parametrize("asked", [0, 1, 2, 3, 4])
def test_pages_hold_each_check_once_newest_first(house, asked: int) -> None:
    ids = [ask(house, number) for number in range(asked)]
    assert listed(house) == ids[::-1]
    assert listed(house, owner="bob") == []


def test_of_one_moment_each_is_shown_once(house) -> None:
    """Instants may be equal; ids are not."""
    moment = house.clock.read()
    house.application.checks.clock = type("Stopped", (), {"read": lambda self: moment})()
    ids = {ask(house, number) for number in range(5)}
    found = listed(house)
    assert (len(found), set(found)) == (5, ids)
    assert found == sorted(found, reverse=True)


def test_what_comes_in_meanwhile_moves_nothing(house) -> None:
    ids = [ask(house, number) for number in range(4)]
    first = house.application.checks.select("ann", Wanted(), None, 2)
    ask(house, 9)
    second = house.application.checks.select("ann", Wanted(), first.next_cursor, 2)
    assert [check.id for check in (*first.checks, *second.checks)] == ids[::-1]
    assert second.next_cursor is None


def test_it_is_narrowed_by_reference_and_time(house) -> None:
    old = ask(house, 1, reference="7")
    house.clock.let_pass(3600)
    between = house.clock.read().at
    new = ask(house, 2, reference="7")
    ask(house, 3, reference="8")
    ask(house, 4)
    assert listed(house, reference="7") == [new, old]
    assert listed(house, reference="7", since=between) == [new]
    assert listed(house, reference="7", until=between) == [old]
    created_at = house.application.checks.get(new, None).created_at
    assert listed(house, reference="7", since=created_at, until=created_at + timedelta(microseconds=1)) == [new]
    assert listed(house, reference="7", since=created_at, until=created_at) == []


def test_it_is_narrowed_by_verdict(house) -> None:
    refuted = house.check(text=TEXT)["id"]
    other = house.check(text="The town has 4711 plum trees, said the mayor.")["id"]
    house.client.post("/v1/checks", json={"text": "Not checked yet.", "wait": 0})
    assert listed(house, "", verdict=VerdictCode.REFUTED) == [refuted]
    assert listed(house, "", verdict=VerdictCode.NOT_ENOUGH_EVIDENCE) == [other]
    assert listed(house, "", verdict=VerdictCode.SUPPORTED) == []


def test_a_verdict_that_a_copy_keeps_back_is_not_told_by_the_list(house) -> None:
    """An answer out of turn would tell that another key had read the page."""
    url = "https://news.example/lemons"
    house.publish(url, TEXT, "So it was told on the radio in the morning.")
    house.fetcher.before = lambda url: house.clock.let_pass(500)
    house.check(url=url)
    reuse = house.client.post("/v1/checks", json={"url": url, "wait": 0}, headers=house.key("check")).json
    (owner,) = [key.id for key in house.application.keys.list()]
    assert reuse["state"] == "queued"
    assert listed(house, owner, verdict=VerdictCode.REFUTED) == []
    assert listed(house, owner) == [reuse["id"]]
    house.clock.let_pass(600)
    assert listed(house, owner, verdict=VerdictCode.REFUTED) == [reuse["id"]]


def test_a_cursor_that_leads_nowhere_is_refused(house) -> None:
    for cursor in (f"{'9' * 16}-{'0' * 32}", f"{'9' * 30}-0", "x-0", ""):
        if cursor.startswith("9999999999999999-"):
            assert house.application.checks.select("ann", Wanted(), cursor, 2).checks == ()
        else:
            with pytest.raises(BadRequest, match="cursor is not"):
                house.application.checks.select("ann", Wanted(), cursor, 2)
