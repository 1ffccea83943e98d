"""Signing in: whoever fails learns nothing, and guessing gets slower."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

import pytest
from people import PASSWORD, kept_password

from service import signing_in
from service.account_errors import SignInRefused, WeakPassword
from service.errors import TooManyRequests
from service.passwords import hash_password, is_password
from service.signing_in import Attempt, change_password, sign_in
from service.store.accounts import Person, Role

HERE, WRONG = "192.0.2.7", "wrong"
NEW = "orchid gravel trombone sail"


@pytest.fixture
def ann(house):
    return house.application.accounts.create("ann", Role.EDITOR, kept_password(), "Ann")


def refused(house, name: str, password: str = WRONG, address: str = HERE, known: str | None = None) -> str:
    with pytest.raises(SignInRefused) as raised:
        sign_in(house.application, Attempt(name, password, address, known))
    return str(raised.value)


def test_the_right_password_signs_in_and_that_is_noted(house, ann) -> None:
    assert ann.signed_in_at is None
    assert sign_in(house.application, Attempt(" ANN ", PASSWORD, HERE)).id == ann.id
    assert house.application.accounts.get("ann").signed_in_at is not None


def test_unknown_disabled_and_wrong_are_told_apart_by_nothing(house, ann) -> None:
    accounts = house.application.accounts
    accounts.create("dora", Role.READER, kept_password())
    accounts.disable("dora")
    accounts.join(Person("https://id.example", "1", "bea", "Bea"))
    said = {
        refused(house, "ann"),
        refused(house, "nobody"),
        refused(house, "dora", PASSWORD),
        refused(house, "bea", ""),
    }
    assert said == {"Name or password is wrong."}


def test_an_unknown_name_takes_as_long_as_a_wrong_password(house, ann) -> None:
    """Both make one hash; anything else is too little to be seen beside it."""

    def seconds(name: str, number: int) -> float:
        start = time.perf_counter()
        refused(house, name, address=f"192.0.2.{number}")
        return time.perf_counter() - start

    refused(house, "warm")  # the first one makes nobody's hash
    known = [seconds("ann", number) for number in range(4)]
    unknown = [seconds(f"nobody{number}", number) for number in range(4)]
    # The machine is shared: fivefold would be seen all the same, where no hash is made it is a hundredfold.
    assert 0.2 < statistics.median(known) / statistics.median(unknown) < 5


@pytest.mark.parametrize("name", ["ann", "nobody"])
def test_guessing_a_name_has_to_wait_whether_it_exists_or_not(house, ann, name: str) -> None:
    for number in range(5):
        refused(house, name, address=f"192.0.2.{number}")
    with pytest.raises(TooManyRequests) as raised:
        sign_in(house.application, Attempt(name, PASSWORD, "198.51.100.1"))
    assert 1 <= raised.value.retry_after <= 5
    assert name not in str(raised.value)


def test_while_a_name_waits_no_password_is_looked_at(house, ann, monkeypatch: pytest.MonkeyPatch) -> None:
    """Or guessing would go on, and each guess would cost us a hash."""
    looked: list[str] = []
    monkeypatch.setattr(signing_in, "is_password", lambda password, kept: looked.append(password) or False)
    for _ in range(5):
        refused(house, "ann")
    with pytest.raises(TooManyRequests):
        sign_in(house.application, Attempt("ann", PASSWORD, HERE))
    assert looked == ["wrong"] * 5


def test_a_stranger_keeps_nobody_out_of_a_browser_that_they_know(house, ann) -> None:
    for _ in range(5):
        refused(house, "ann")
    for seconds in (6, 11, 21):  # until the wait is longer than a busy machine takes for two passwords
        house.clock.let_pass(seconds)
        refused(house, "ann")
    assert sign_in(house.application, Attempt("ann", PASSWORD, HERE, known="a mark")).id == ann.id
    with pytest.raises(TooManyRequests):
        sign_in(house.application, Attempt("ann", PASSWORD, HERE))


def test_a_wait_ends(house, ann) -> None:
    for _ in range(5):
        refused(house, "ann")
    house.clock.let_pass(6)
    assert sign_in(house.application, Attempt("ann", PASSWORD, HERE)).id == ann.id
    assert refused(house, "ann") == "Name or password is wrong.", "it begins from zero"


def test_a_password_kept_with_less_effort_is_kept_anew(house) -> None:
    from argon2 import PasswordHasher

    accounts = house.application.accounts
    weak = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1).hash(PASSWORD)
    accounts.create("ann", Role.READER, weak)
    sign_in(house.application, Attempt("ann", PASSWORD, HERE))
    kept = accounts.find_hash("ann")[1]
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert is_password(PASSWORD, kept)


def test_changing_it_takes_the_one_before_and_a_good_new_one(house, ann) -> None:
    held = house.application
    secret = held.account_sessions.open(ann.id, "")
    with pytest.raises(WeakPassword):
        change_password(held, ann, Attempt("ann", PASSWORD, HERE), "short")
    with pytest.raises(SignInRefused):
        change_password(held, ann, Attempt("ann", "wrong", HERE), NEW)
    assert held.account_sessions.find(secret) is not None
    change_password(held, ann, Attempt("ann", PASSWORD, HERE), NEW)
    assert held.account_sessions.find(secret) is None
    assert refused(house, "ann", PASSWORD) == "Name or password is wrong."
    assert sign_in(held, Attempt("ann", NEW, HERE)).id == ann.id


def test_who_comes_with_a_password_that_is_replaced_meanwhile_does_not_get_in(house, ann, monkeypatch) -> None:
    """Looking at a password takes a while: somebody may take it away, or the account, before that is done."""
    accounts = house.application.accounts
    first = kept_password()

    def replaced(meanwhile: Callable[[], object]) -> None:
        def judge(password: str, kept: str | None) -> bool:
            right = is_password(password, kept)
            meanwhile()
            return right

        monkeypatch.setattr(signing_in, "is_password", judge)

    other = hash_password(NEW)
    for meanwhile in (lambda: accounts.set_hash("ann", other), lambda: accounts.disable("ann")):
        replaced(meanwhile)
        assert refused(house, "ann", PASSWORD) == "Name or password is wrong."
        accounts.enable("ann")
        accounts.set_hash("ann", first)
        with pytest.raises(SignInRefused):
            change_password(house.application, ann, Attempt("ann", PASSWORD, HERE), "another gravel trombone sail")
        assert accounts.get("ann").signed_in_at is None
        accounts.enable("ann")
        assert accounts.find_hash("ann")[1] in (first, other), "what was chosen meanwhile stays"
        accounts.set_hash("ann", first)


def test_at_a_browser_left_signed_in_nobody_guesses_the_password_by_changing_it(house, ann) -> None:
    for _ in range(5):
        with pytest.raises(SignInRefused):
            change_password(house.application, ann, Attempt("ann", "wrong", HERE, known="mark"), NEW)
    with pytest.raises(TooManyRequests):
        change_password(house.application, ann, Attempt("ann", PASSWORD, HERE, known="mark"), NEW)


def test_the_hash_of_one_password_is_not_that_of_another(house, ann) -> None:
    assert not is_password(NEW, house.application.accounts.find_hash("ann")[1])
    assert is_password(NEW, hash_password(NEW))
