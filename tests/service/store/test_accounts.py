"""Accounts: names that nobody shares, roles that hold at once, and none given away to whoever comes by its name."""

from __future__ import annotations

import pytest

from service.errors import BadRequest, NotFound
from service.store.accounts import MAX_NAME, Person, Role, clean_name
from service.store.keys import Scope

ISSUER = "https://id.example"


@pytest.fixture
def accounts(house):
    return house.application.accounts


def test_an_account_is_made_once_under_a_name(accounts) -> None:
    assert not accounts.any_made()
    made = accounts.create(" Ann.Meier ", Role.EDITOR, "hash", "  Ann \n Meier\x07 ")
    assert (made.name, made.display_name, made.role, made.issuer) == ("ann.meier", "Ann Meier", Role.EDITOR, None)
    assert made.id.startswith("acc_")
    assert accounts.any_made()
    assert accounts.list() == [made] == [accounts.get("ANN.MEIER")]
    assert accounts.names() == {made.id: "ann.meier"}
    for same in ("ann.meier", "ANN.Meier", "\uff41nn.meier"):  # a full-width letter is a letter
        with pytest.raises(BadRequest, match="already"):
            accounts.create(same, Role.ADMIN, "other")
    assert accounts.find_hash("ann.meier") == (made, "hash")


@pytest.mark.parametrize(
    "name", ["", " ", "ann meier", "-ann", "~ann", "ann/../x", "<b>", "a" * (MAX_NAME + 1), "a\0b"]
)
def test_what_cannot_be_a_name_is_refused(name: str) -> None:
    with pytest.raises(BadRequest):
        clean_name(name)


def test_the_roles_have_the_scopes_of_keys() -> None:
    assert Role.READER.scopes == {Scope.CHECK, Scope.READ}
    assert Role.EDITOR.scopes == {Scope.CHECK, Scope.READ, Scope.WRITE}
    assert Role.ADMIN.scopes == set(Scope)


def test_role_password_and_being_disabled_hold_at_once(house, accounts) -> None:
    ann = accounts.create("ann", Role.READER, "hash")
    sessions = house.application.account_sessions
    secret = sessions.open(ann.id, "")
    accounts.set_role("ann", Role.ADMIN)
    assert sessions.find(secret)[1].role is Role.ADMIN
    accounts.set_hash("ann", "other")
    assert (accounts.find_hash("ann")[1], sessions.find(secret)) == ("other", None)
    secret = sessions.open(ann.id, "")
    accounts.disable("ann")
    assert (accounts.find_hash("ann"), sessions.find(secret)) == (None, None)
    first = accounts.get("ann").disabled_at
    accounts.disable("ann")
    assert accounts.get("ann").disabled_at == first is not None
    accounts.enable("ann")
    assert accounts.find_hash("ann")[1] == "other"
    assert sessions.find(secret) is None, "what ended stays ended"
    for act in (accounts.disable, accounts.enable, accounts.get, lambda name: accounts.set_role(name, Role.READER)):
        with pytest.raises(NotFound):
            act("bob")


def test_whom_a_provider_vouches_for_has_one_account_however_they_are_called(accounts) -> None:
    first = accounts.join(Person(ISSUER, "1", "bea", "Bea"))
    assert (first.role, first.issuer, first.name) == (Role.READER, ISSUER, "bea")
    again = accounts.join(Person(ISSUER, "1", "beatrice", "Beatrice"))
    assert (again.id, again.name, again.display_name) == (first.id, "bea", "Beatrice")
    assert accounts.join(Person("https://other.example", "1", "bea", "")).id != first.id


def test_a_role_that_the_provider_names_counts_at_each_sign_in_and_else_the_one_given_here(accounts) -> None:
    def role(named: Role | None) -> Role:
        return accounts.join(Person(ISSUER, "1", "bea", "Bea", named)).role

    assert [role(each) for each in (Role.ADMIN, Role.READER, Role.EDITOR)] == [Role.ADMIN, Role.READER, Role.EDITOR]
    accounts.set_role("bea", Role.ADMIN)
    assert role(None) is Role.ADMIN


def test_an_account_with_a_password_is_not_given_away_to_whoever_has_its_name_elsewhere(accounts) -> None:
    ann = accounts.create("ann", Role.ADMIN, "hash")
    other = accounts.join(Person(ISSUER, "1", "Ann", "Ann"))
    third = accounts.join(Person(ISSUER, "2", "ann", "Ann"))
    assert (other.name, third.name) == ("ann~2", "ann~3")
    assert {ann.id, other.id, third.id} == {each.id for each in accounts.list()}
    assert (other.role, accounts.find_hash("ann~2")) == (Role.READER, None)
    with pytest.raises(BadRequest, match="identity provider"):
        accounts.set_hash("ann~2", "hash")


@pytest.mark.parametrize(
    ("given", "name"),
    [("auth0|123", "auth0-123"), ("<script>", "script"), ("   ", "person"), ("x" * 200, "x" * 56), ("~~", "person")],
)
def test_any_name_of_a_provider_becomes_one_that_may_be(accounts, given: str, name: str) -> None:
    assert accounts.join(Person(ISSUER, "1", given, "")).name == clean_name(name) == name
