"""Permits and places: what is taken is given back, once."""

from __future__ import annotations

import pytest

from service.errors import ServiceBusy, TooManyRequests
from service.web.permits import SLOW_BYTES_PER_SECOND, Permit, Places


def test_a_key_has_its_share_and_others_have_the_rest() -> None:
    places = Places(3, 2, "uploads")
    first, _ = places.take("ann"), places.take("ann")
    with pytest.raises(TooManyRequests, match="2 uploads") as refused:
        places.take("ann")
    assert refused.value.retry_after >= 1
    places.take("bob")
    with pytest.raises(ServiceBusy, match="3 uploads") as refused:
        places.take("cleo")
    assert refused.value.retry_after >= 1
    first()
    places.take("cleo")


class Arriving:
    """A body of a given pace."""

    def __init__(self, pace: float | None) -> None:
        self._pace, self.turned_away = pace, False

    def pace(self) -> float | None:
        return self._pace

    def turn_away(self) -> None:
        self.turned_away = True


SLOW, SLOWER, FAST, TOO_EARLY = 9_000.0, 8_000.0, SLOW_BYTES_PER_SECOND * 2.0, None


def test_whoever_sends_slowest_makes_room_for_a_newcomer() -> None:
    bodies = [Arriving(SLOW), Arriving(SLOWER), Arriving(FAST)]
    places = Places(5, 3, "bodies")
    give_back = [places.take("ann", body) for body in bodies]
    places.take("ann", Arriving(TOO_EARLY))
    assert [body.turned_away for body in bodies] == [False, True, False]
    give_back[1]()  # its request ends too; the place is somebody else's by then
    places.take("ann", Arriving(TOO_EARLY))
    assert [body.turned_away for body in bodies] == [True, True, False]
    with pytest.raises(TooManyRequests):
        places.take("ann", Arriving(TOO_EARLY))


def test_the_slowest_of_all_keys_makes_room_where_all_places_are_taken() -> None:
    anns, bobs = Arriving(SLOWER), Arriving(SLOW)
    places = Places(2, 2, "bodies")
    places.take("ann", anns)
    places.take("bob", bobs)
    places.take("cleo", Arriving(TOO_EARLY))
    assert [anns.turned_away, bobs.turned_away] == [True, False]


@pytest.mark.parametrize("pace", [FAST, TOO_EARLY])
def test_nobody_who_keeps_a_pace_is_turned_away(pace: float | None) -> None:
    body = Arriving(pace)
    places = Places(1, 1, "bodies")
    places.take("ann", body)
    with pytest.raises(ServiceBusy):
        places.take("bob", Arriving(TOO_EARLY))
    assert not body.turned_away


def test_a_place_is_given_back_when_its_user_fails() -> None:
    places = Places(1, 1, "uploads")
    with pytest.raises(KeyError), places.place("ann"):
        raise KeyError
    with places.place("bob"):
        pass
    assert not places._taken


def test_a_permit_lets_go_once_and_also_of_what_came_too_late() -> None:
    given: list[str] = []
    permit = Permit()
    permit.hold(lambda: given.append("first"))
    assert permit.holds
    permit.close()
    permit.close()
    permit.hold(lambda: given.append("late"))
    assert given == ["first", "late"]
    assert not permit.holds
