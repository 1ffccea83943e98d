"""`gegencheck accounts` as whoever runs the service uses it: no password on the command line."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from click.testing import Result

from service.cli import main
from service.store.account_sessions import SessionStore

Run = Callable[..., Result]
PASSWORD = "hydrant velvet compass lantern"


def add(run: Run, name: str = "ann", *options: str, password: str = PASSWORD) -> Result:
    return run("accounts", "add", name, *options, stdin=f"{password}\n")


def listed(run: Run) -> list[dict[str, object]]:
    return json.loads(run("accounts", "list", "--json").stdout)


def test_an_account_is_added_with_a_password_from_standard_input(run: Run) -> None:
    made = add(run, "Ann", "--role", "admin", "--display-name", "Ann Meier")
    assert made.exit_code == 0, made.output
    (ann,) = listed(run)
    assert (ann["name"], ann["role"], ann["display_name"], ann["issuer"]) == ("ann", "admin", "Ann Meier", None)
    assert PASSWORD not in made.output
    assert "argon2" not in run("accounts", "list", "--json").stdout
    assert "ann  admin · Ann Meier" in run("accounts", "list").stdout


def test_the_first_one_says_what_it_changes(run: Run) -> None:
    assert "From now on the service answers only people who sign in" in add(run).stderr
    assert "From now on" not in add(run, "bob").stderr
    assert "From now on" not in run("keys", "create", "crawler").stderr


@pytest.mark.parametrize("password", ["", "short", "passwordpassword"])
def test_a_weak_password_makes_no_account(run: Run, password: str) -> None:
    refused = add(run, password=password)
    assert refused.exit_code == 1
    assert "The password" in refused.stderr
    assert listed(run) == []


def test_no_command_takes_a_password_as_an_argument(run: Run) -> None:
    for name, command in main.commands["accounts"].commands.items():
        options = {option for parameter in command.params for option in parameter.opts}
        assert not any("password" in option for option in options), name
    assert run("accounts", "add", "ann", PASSWORD).exit_code == 2


def test_role_and_being_disabled_are_changed(run: Run) -> None:
    add(run)
    assert listed(run)[0]["role"] == "reader"
    assert run("accounts", "role", "ann", "editor").exit_code == 0
    assert run("accounts", "role", "ann", "owner").exit_code == 2
    assert run("accounts", "disable", "ann").exit_code == 0
    (ann,) = listed(run)
    assert (ann["role"], ann["disabled_at"] is not None) == ("editor", True)
    assert run("accounts", "enable", "ann").exit_code == 0
    assert listed(run)[0]["disabled_at"] is None
    for command in (
        ["role", "nobody", "editor"],
        ["disable", "nobody"],
        ["password", "nobody"],
        ["sessions", "nobody"],
    ):
        assert run("accounts", *command).exit_code == 1


def test_a_new_password_ends_sessions_and_what_commands_did_is_in_the_audit_log(run: Run) -> None:
    add(run)
    assert run("accounts", "password", "ann", stdin="too short\n").exit_code == 1
    assert run("accounts", "password", "ann", stdin="orchid gravel trombone sail\n").exit_code == 0
    entries = [json.loads(line) for line in run("audit", "list").stdout.splitlines()]
    done = [(each["actor"], each["action"], each["outcome"]) for each in entries if each["outcome"] != "begun"]
    assert done == [
        ("terminal", "accounts password", "done"),
        ("terminal", "accounts password", "failed"),
        ("terminal", "accounts add", "done"),
    ]


def test_sessions_are_listed_and_ended(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    add(run)
    assert run("accounts", "sessions", "ann", "--json").stdout.strip() == "[]"
    opened: list[str] = []
    real = SessionStore.list

    def with_one(held: SessionStore, account_id: str):
        """As if somebody had signed in."""
        if not opened:
            opened.append(held.open(account_id, "Firefox, Linux"))
        return real(held, account_id)

    monkeypatch.setattr(SessionStore, "list", with_one)
    (session,) = json.loads(run("accounts", "sessions", "ann", "--json").stdout)
    assert session["browser"] == "Firefox, Linux"
    assert opened[0] not in json.dumps(session)
    assert "Firefox, Linux · Signed in on" in run("accounts", "sessions", "ann", "--end").stdout
    assert json.loads(run("accounts", "sessions", "ann", "--json").stdout) == []
