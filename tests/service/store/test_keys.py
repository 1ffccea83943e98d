"""Keys: random, kept as hashes, refused once revoked or expired."""

from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa
from rows import set_where

from service.errors import BadRequest, NotFound
from service.store import tables
from service.store.keys import Scope


def test_a_key_is_found_by_its_secret_alone(house) -> None:
    keys = house.application.keys
    new = keys.create("desk", ["read", "check", "read"])
    found = keys.find(new.secret)
    assert (found.id, found.name, found.scopes) == (new.id, "desk", (Scope.CHECK, Scope.READ))
    prefix, id, secret = new.secret.split("_", 2)
    for wrong in (
        "",
        "x",
        new.id,
        f"{prefix}_{id}_",
        f"{prefix}_{id}_{secret[:-1]}",
        f"{prefix}_0_{secret}",
        "gck_",
        "ü",
    ):
        assert keys.find(wrong) is None


def test_secrets_hold_256_random_bits_and_are_kept_as_hashes(house, settings) -> None:
    secrets = {house.application.keys.create("k", ["read"]).secret for _ in range(20)}
    assert len(secrets) == 20
    assert all(len(secret.split("_", 2)[2]) == 43 for secret in secrets)  # 32 bytes in base64
    stored = b"".join(path.read_bytes() for path in settings.data_dir.glob("gegencheck.db*"))
    assert not any(secret.split("_", 2)[2].encode() in stored for secret in secrets)


def test_a_revoked_key_is_refused_and_stays_listed(house) -> None:
    keys = house.application.keys
    new = keys.create("desk", ["check"])
    keys.revoke(new.id)
    assert keys.find(new.secret) is None
    (listed,) = keys.list()
    first = listed.revoked_at
    keys.revoke(new.id)
    assert keys.list()[0].revoked_at == first is not None
    with pytest.raises(NotFound):
        keys.revoke("nothing")


def test_an_expired_key_is_refused(house) -> None:
    keys, now = house.application.keys, datetime.now(UTC)
    assert keys.find(keys.create("old", ["check"], now - timedelta(seconds=1)).secret) is None
    assert keys.find(keys.create("new", ["check"], now + timedelta(minutes=1)).secret) is not None


def test_use_is_noted(house) -> None:
    keys = house.application.keys
    new = keys.create("desk", ["check"])
    assert keys.list()[0].last_used_at is None
    keys.find(new.secret)
    assert datetime.now(UTC) - keys.list()[0].last_used_at < timedelta(seconds=5)


@pytest.mark.parametrize(("name", "scopes"), [("", ["read"]), ("  ", ["read"]), ("x", []), ("x", ["all"])])
def test_a_key_needs_a_name_and_known_scopes(house, name: str, scopes: list[str]) -> None:
    with pytest.raises(BadRequest):
        house.application.keys.create(name, scopes)
    assert not house.application.keys.any_made()


def test_once_made_a_key_counts_for_ever(house) -> None:
    keys = house.application.keys
    assert not keys.any_made()
    keys.revoke(keys.create("desk", ["check"]).id)
    assert keys.any_made()


def test_a_use_that_was_noted_while_the_clock_was_ahead_is_noted_anew(house) -> None:
    keys = house.application.keys
    secret = keys.create("desk", ["check"]).secret
    with house.application.statements.engine.begin() as connection:
        set_where(connection, sa.true(), tables.keys.c.last_used_at, datetime.now(UTC) + timedelta(days=40))
    assert keys.find(secret) is not None
    (key,) = keys.list()
    assert key.last_used_at <= datetime.now(UTC)


def test_keys_that_extensions_were_given_count_as_none_that_was_made(house) -> None:
    keys, origin = house.application.keys, "moz-extension://7a0c1bd1-6d5e-4f43-9d0e-2f9f3b8c5a10"
    assert not keys.is_paired(origin)
    new = keys.create("Firefox", ["check"], origin=origin)
    assert keys.find(new.secret).origin == origin
    assert (keys.any_made(), keys.is_paired(origin), keys.is_paired("moz-extension://other")) == (False, True, False)
    keys.revoke(new.id)
    assert not keys.is_paired(origin)
    keys.create("Firefox", ["check"], datetime.now(UTC) - timedelta(minutes=1), origin)
    assert not keys.is_paired(origin)
    keys.create("desk", ["check"])
    assert keys.any_made()


def test_a_rotated_key_has_another_secret_and_the_former_one_for_as_long_as_was_said(house) -> None:
    keys = house.application.keys
    first = keys.create("desk", ["check"])
    second = keys.rotate(first.id, overlap_seconds=3600)
    assert [keys.find(each.secret).id for each in (first, second)] == [first.id] * 2
    third = keys.rotate(first.id)
    assert [keys.find(each.secret) is not None for each in (first, second, third)] == [False, False, True]
    keys.revoke(first.id)
    assert keys.find(third.secret) is None
    for id in (first.id, "nobody"):
        with pytest.raises(NotFound):
            keys.rotate(id)


def test_a_webhook_secret_is_made_once_and_rotated_with_an_overlap(house) -> None:
    keys = house.application.keys
    key = keys.create("desk", ["check"])
    (first,) = keys.webhook_secrets(key.id)
    assert keys.webhook_secrets(key.id) == (first,)
    assert keys.webhook_secret(key.id) == first
    assert len(base64.b64decode(first.removeprefix("whsec_"))) == 32
    second = keys.rotate_webhook_secret(key.id, overlap_seconds=3600)
    assert keys.webhook_secrets(key.id) == (second, first)
    third = keys.rotate_webhook_secret(key.id)
    assert keys.webhook_secrets(key.id) == (third,)
    assert keys.webhook_secrets("nobody") == ()
    keys.revoke(key.id)
    assert keys.webhook_secrets(key.id) == ()
    for ask in (keys.webhook_secret, keys.rotate_webhook_secret):
        with pytest.raises(NotFound):
            ask(key.id)
