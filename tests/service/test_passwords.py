"""Passwords: long and uncommon ones alone, kept as argon2id, and known by whoever knows them."""

from __future__ import annotations

import time

import pytest

from service import passwords
from service.account_errors import WeakPassword
from service.passwords import check_password, hash_password, is_outdated, is_password

GOOD = "hydrant velvet compass lantern"


@pytest.mark.parametrize("good", [GOOD, "Lp8#xq0vTz3!", "Hauptstadt-Kaffee-Regen", "ü" * 3 + " Möwen Kreide Zwölf"])
def test_a_password_that_nobody_guesses_is_good(good: str) -> None:
    check_password(good, "ann", "Ann Meier")


@pytest.mark.parametrize(
    "weak",
    [
        "", "hydrantvelv", "x" * 1001, "passwordpassword", "123456789012", "qwertzuiop12", "aaaaaaaaaaaaaaaa",
        "gegencheck2026", "Gegencheck!2026", "rosamunde.pilcher1", "Faktencheck123",
    ],
)  # fmt: skip
def test_what_is_short_or_common_or_says_who_one_is_is_weak(weak: str) -> None:
    with pytest.raises(WeakPassword) as raised:
        check_password(weak, "rosamunde.pilcher", "Rosamunde Pilcher")
    assert raised.value.problems[0].pointer == "/password"


def test_it_is_kept_as_argon2id_with_the_librarys_defaults_and_a_salt_of_its_own() -> None:
    first, second = hash_password(GOOD), hash_password(GOOD)
    assert first.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert first != second
    assert is_password(GOOD, first)
    assert is_password(GOOD, second)
    assert not is_password(f"{GOOD} ", first)
    assert is_password("Mo\u0308wenkreide", hash_password("M\u00f6wenkreide")), "however the keyboard writes it"
    assert not is_outdated(first)
    assert is_outdated(first.replace("t=3", "t=2"))


@pytest.mark.parametrize("wrong", ["", "\0", "\ud800", GOOD + "x" * 5000])
def test_nothing_is_nobodys_password(wrong: str) -> None:
    assert not is_password(wrong, None)
    assert not is_password(passwords.NOBODYS, None)
    assert not is_password(wrong, "no hash")


def test_a_long_password_takes_no_longer_to_judge_than_a_short_one() -> None:
    """Signs that may stand for letters are the worst: the library tries them together, on all of the password."""

    def seconds(password: str) -> float:
        start = time.process_time()
        check_password(password)
        return time.process_time() - start

    worst = "4@8({[<369&!1|0$5+7%2z" * 40
    seconds(worst[:12])  # the library reads its lists
    short = min(seconds(worst[: passwords.LOOKED_AT]) for _ in range(3))
    assert min(seconds(worst) for _ in range(3)) < 2 * short


def test_few_are_hashed_or_judged_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each takes 64 MB, or time: whoever sends many at once waits, and is told so in the end."""
    monkeypatch.setattr(passwords, "PATIENCE_SECONDS", 0.01)
    for _ in range(passwords.AT_ONCE):
        passwords._turns.acquire()
    try:
        with pytest.raises(passwords.ServiceBusy):
            is_password(GOOD, None)
        with pytest.raises(passwords.ServiceBusy):
            check_password(GOOD)
    finally:
        for _ in range(passwords.AT_ONCE):
            passwords._turns.release()
    assert not is_password(GOOD, None)
    for _ in range(passwords.AT_ONCE + passwords.WAITING):
        passwords._line.acquire()
    try:
        with pytest.raises(passwords.ServiceBusy):
            is_password(GOOD, None)
    finally:
        for _ in range(passwords.AT_ONCE + passwords.WAITING):
            passwords._line.release()
