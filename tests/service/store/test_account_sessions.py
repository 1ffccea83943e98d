"""Sessions: random, kept as hashes, with two ends; what ended opens nothing again."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa

from index.store.database import writing
from service.store.account_sessions import MAX_SESSIONS, end_every_session
from service.store.accounts import Role
from service.store.tables import account_sessions

HOUR = 3600


@pytest.fixture
def ann(house):
    return house.application.accounts.create("ann", Role.EDITOR, "hash")


@pytest.fixture
def sessions(house):
    return house.application.account_sessions


def test_a_session_is_found_by_its_secret_alone_and_its_secret_is_not_kept(house, sessions, ann) -> None:
    secret = sessions.open(ann.id, "Firefox, Linux")
    found, account = sessions.find(secret)
    assert (found.account_id, found.browser, account) == (ann.id, "Firefox, Linux", ann)
    assert len(secret) == 43  # 32 bytes in base64
    for wrong in ("", found.id, secret[:-1], f"{secret}x", "ü"):
        assert sessions.find(wrong) is None
    with house.application.statements.engine.connect() as connection:
        kept = connection.execute(sa.select(account_sessions)).mappings().one()
    assert secret not in map(str, kept.values())


def test_one_that_nobody_uses_ends_after_twelve_hours_and_any_after_a_week(house, sessions, ann) -> None:
    used, unused = sessions.open(ann.id, ""), sessions.open(ann.id, "")
    for _ in range(14):
        house.clock.let_pass(11.9 * HOUR)
        assert sessions.find(used) is not None
    assert sessions.find(unused) is None
    house.clock.let_pass(2 * HOUR)  # 168.6 hours
    assert (sessions.find(used), sessions.list(ann.id)) == (None, [])


def test_the_second_before_the_end_is_good_and_the_end_is_not(house, sessions, ann) -> None:
    secret = sessions.open(ann.id, "")
    seen = sessions.find(secret)[0].seen_at
    ahead = (seen + timedelta(hours=12) - house.clock.read().at).total_seconds()
    house.clock.let_pass(ahead - 30)
    assert [each.id for each in sessions.list(ann.id)] != []
    house.clock.let_pass(31)
    assert sessions.find(secret) is None


def test_what_ended_by_itself_is_forgotten(house, sessions, ann) -> None:
    sessions.open(ann.id, "")
    house.clock.let_pass(13 * HOUR)
    fresh = sessions.open(ann.id, "")
    house.tidy()
    with house.application.statements.engine.connect() as connection:
        assert len(connection.execute(sa.select(account_sessions)).all()) == 1
    assert sessions.find(fresh) is not None


def test_signing_in_again_ends_the_session_that_the_browser_came_with(sessions, ann) -> None:
    first = sessions.open(ann.id, "")
    second = sessions.open(ann.id, "", instead_of=first)
    assert second != first
    assert (sessions.find(first), sessions.find(second) is not None) == (None, True)


def test_sessions_are_ended_one_by_one_or_all_others_and_never_somebody_elses(house, sessions, ann) -> None:
    bob = house.application.accounts.create("bob", Role.READER, "hash")
    own, other, third, bobs = (sessions.open(id, "") for id in (ann.id, ann.id, ann.id, bob.id))
    sessions.end(ann.id, sessions.find(bobs)[0].id)
    assert sessions.find(bobs) is not None
    sessions.end(ann.id, sessions.find(other)[0].id)
    assert sessions.find(other) is None
    assert sessions.end_all(ann.id, but=sessions.find(own)[0].id) == 1
    assert [sessions.find(each) is not None for each in (own, third, bobs)] == [True, False, True]


def test_one_account_has_so_many_sessions_and_the_one_used_longest_ago_ends_for_one_more(house, sessions, ann) -> None:
    made = []
    for _ in range(MAX_SESSIONS + 1):
        made.append(sessions.open(ann.id, ""))
        house.clock.let_pass(61)
    assert [sessions.find(each) is not None for each in made] == [False] + [True] * MAX_SESSIONS


def test_after_a_restore_nobody_is_signed_in(house, sessions, ann) -> None:
    secret = sessions.open(ann.id, "")
    with writing(house.application.statements.engine) as connection:
        end_every_session(connection)
    assert sessions.find(secret) is None
