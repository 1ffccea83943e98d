"""Secrets: made once, the same for all who share the database."""

from __future__ import annotations

import secrets
import threading

import pytest

from service.store.secrets import SecretStore


def test_it_is_made_once_and_stays(house) -> None:
    store = SecretStore(house.application.statements.engine)
    assert store.get_or_make("a", lambda: b"\0first") == b"\0first"
    assert store.get_or_make("a", lambda: b"second") == b"\0first"
    assert store.get_or_make("b", lambda: b"other") == b"other"


def test_of_many_who_come_at_once_one_makes_it(house, open_other) -> None:
    stores = [SecretStore(open_other().application.statements.engine) for _ in range(3)]
    got: list[bytes] = []
    threads = [
        threading.Thread(target=lambda store=store: got.append(store.get_or_make("a", lambda: secrets.token_bytes(8))))
        for store in stores * 3
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert (len(got), len(set(got))) == (9, 1)


def test_a_secret_that_cannot_be_made_is_not_stored(house) -> None:
    store = SecretStore(house.application.statements.engine)
    with pytest.raises(ZeroDivisionError):
        store.get_or_make("a", lambda: bytes(1 // 0))
    assert store.get_or_make("a", lambda: b"later") == b"later"
