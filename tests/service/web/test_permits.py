"""Permits and places: what is taken is given back, once."""

from __future__ import annotations

import pytest

from service.errors import ServiceBusy, TooManyRequests
from service.web.permits import Permit, Places


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
