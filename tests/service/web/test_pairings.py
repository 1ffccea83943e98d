"""Pairings: a code that is hard to guess, short-lived and good for one use, told by a steady clock."""

from __future__ import annotations

import pytest

from service.errors import KeyReused, NotFound, TooManyRequests
from service.store.idempotency import IdempotencyKey
from service.web.pairings import LETTERS, LIFE_SECONDS, MAX_PENDING, MAX_PENDING_EACH, MAX_WRONG, Pairings, read_code

ORIGIN = "chrome-extension://abcdefghijklmnopabcdefghijklmnop"


class Watch:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def pairings(watch: Watch) -> Pairings:
    return Pairings(watch)


def test_a_pairing_that_was_allowed_is_taken_once(pairings: Pairings) -> None:
    id, begun = pairings.begin("Firefox", ORIGIN)
    assert pairings.decide(begun.code, allow=True).name == "Firefox"
    taken = pairings.take(id, ORIGIN)
    assert taken is not None
    assert (taken.name, taken.origin) == ("Firefox", ORIGIN)
    with pytest.raises(NotFound):
        pairings.take(id, ORIGIN)


def test_nobody_takes_one_that_waits_or_was_refused(pairings: Pairings) -> None:
    id, begun = pairings.begin("Firefox", ORIGIN)
    assert pairings.take(id, ORIGIN) is None
    pairings.decide(begun.code, allow=False)
    with pytest.raises(NotFound):
        pairings.take(id, ORIGIN)


def test_a_decision_is_made_once(pairings: Pairings) -> None:
    _, begun = pairings.begin("Firefox", ORIGIN)
    pairings.decide(begun.code, allow=True)
    assert pairings.find(begun.code) is None
    for allow in (True, False):
        with pytest.raises(NotFound):
            pairings.decide(begun.code, allow=allow)


def test_another_extension_cannot_take_it(pairings: Pairings) -> None:
    id, begun = pairings.begin("Firefox", ORIGIN)
    pairings.decide(begun.code, allow=True)
    with pytest.raises(NotFound):
        pairings.take(id, ORIGIN.replace("a", "b"))
    assert pairings.take(id, ORIGIN) is not None


@pytest.mark.parametrize("allowed", [False, True])
def test_it_ends_after_ten_minutes_allowed_or_not(pairings: Pairings, watch: Watch, allowed: bool) -> None:
    id, begun = pairings.begin("Firefox", ORIGIN)
    watch.at += LIFE_SECONDS - 1
    assert pairings.find(begun.code) is not None
    if allowed:
        pairings.decide(begun.code, allow=True)
    watch.at += 1
    assert pairings.find(begun.code) is None
    with pytest.raises(NotFound):
        pairings.take(id, ORIGIN)


def test_who_asks_too_often_is_told_to_wait(pairings: Pairings, watch: Watch) -> None:
    id, _ = pairings.begin("Firefox", ORIGIN)
    assert pairings.take(id, ORIGIN) is None
    with pytest.raises(TooManyRequests) as told:
        pairings.take(id, ORIGIN)
    assert told.value.retry_after == 2
    watch.at += 1
    assert pairings.take(id, ORIGIN) is None


def test_after_ten_wrong_codes_none_is_looked_at_for_ten_minutes(pairings: Pairings, watch: Watch) -> None:
    _, begun = pairings.begin("Firefox", ORIGIN)
    for _ in range(MAX_WRONG):
        with pytest.raises(NotFound):
            pairings.decide("BBBB-BBBB", allow=True)
    with pytest.raises(TooManyRequests) as told:
        pairings.decide(begun.code, allow=True)
    assert told.value.retry_after == LIFE_SECONDS
    watch.at += LIFE_SECONDS
    _, again = pairings.begin("Firefox", ORIGIN)
    pairings.decide(again.code, allow=True)


def test_one_extension_has_three_under_way_and_its_newest_count(pairings: Pairings) -> None:
    codes = [pairings.begin("Firefox", ORIGIN)[1].code for _ in range(MAX_PENDING_EACH + 1)]
    assert [pairings.find(code) is None for code in codes] == [True, False, False, False]


def test_only_so_many_wait_in_all(pairings: Pairings, watch: Watch) -> None:
    origins = [f"moz-extension://7a0c1bd1-6d5e-4f43-9d0e-2f9f3b8c5a{number:02}" for number in range(MAX_PENDING + 1)]
    for origin in origins[:-1]:
        pairings.begin("Firefox", origin)
    watch.at += 60
    with pytest.raises(TooManyRequests) as told:
        pairings.begin("Firefox", origins[-1])
    assert told.value.retry_after == LIFE_SECONDS - 60
    watch.at += LIFE_SECONDS
    pairings.begin("Firefox", origins[-1])


def test_codes_are_eight_letters_that_spell_no_word(pairings: Pairings) -> None:
    codes = [pairings.begin("x", f"moz-extension://{number}")[1].code for number in range(MAX_PENDING)]
    assert len(set(codes)) == MAX_PENDING
    assert all(len(code) == 9 and code[4] == "-" and set(code) <= {*LETTERS, "-"} for code in codes)
    assert not set(LETTERS) & set("AEIOU01"), "20 letters, 2.56e10 codes"
    assert len(LETTERS) == 20


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("bcdf ghjk", "BCDF-GHJK"), (" BCDFGHJK ", "BCDF-GHJK"), ("bcdf-ghjk", "BCDF-GHJK"),
        ("", ""), ("BCDF-GHJ", ""), ("BCDF-GHJKL", ""), ("BCDF-GHJA", ""), ("ßßßßßßßß", ""), ("B" * 5000, ""),
    ],
)  # fmt: skip
def test_codes_are_read_as_people_type_them(typed: str, read: str) -> None:
    assert read_code(typed) == read


# ---------------------------------------------------------------- Idempotency-Key


def key(name: str = "once", request: bytes = b"Firefox") -> IdempotencyKey:
    return IdempotencyKey.of("", "pairings", name, request)


def test_one_key_gives_one_pairing_as_long_as_it_is_pending(pairings: Pairings, watch: Watch) -> None:
    first = pairings.begin("Firefox", ORIGIN, key())
    watch.at += 60
    assert pairings.begin("Firefox", ORIGIN, key()) == first
    assert pairings.seconds_left(first[1]) == LIFE_SECONDS - 60
    assert pairings.begin("Firefox", ORIGIN, key("twice"))[0] != first[0] != pairings.begin("Firefox", ORIGIN)[0]
    pairings.decide(first[1].code, allow=True)
    assert pairings.begin("Firefox", ORIGIN, key())[0] == first[0]
    assert pairings.take(first[0], ORIGIN) is not None


def test_a_key_with_another_request_is_refused(pairings: Pairings) -> None:
    pairings.begin("Firefox", ORIGIN, key())
    with pytest.raises(KeyReused):
        pairings.begin("Chrome", ORIGIN, key(request=b"Chrome"))


def test_nobody_gets_anothers_pairing_by_its_key(pairings: Pairings, watch: Watch) -> None:
    first, _ = pairings.begin("Firefox", ORIGIN, key())
    second, _ = pairings.begin("Firefox", f"{ORIGIN}x", key())
    assert first != second
    assert Pairings(watch).begin("Firefox", ORIGIN, key())[0] != first, "another process knows nothing of it"
