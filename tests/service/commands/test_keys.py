"""`gegencheck keys` as a person and a pipe use it."""

from __future__ import annotations

import json
from collections.abc import Callable

from click.testing import Result

Run = Callable[..., Result]


def test_keys_are_shown_once_and_revoked(run: Run) -> None:
    made = json.loads(run("keys", "create", "newsroom", "--scope", "check", "--days", "30", "--json").stdout)
    listed = run("keys", "list").stdout
    assert made["id"] in listed
    assert "newsroom" in listed
    shown = run("keys", "list", "--json").stdout
    assert made["secret"] not in shown
    assert [(key["name"], key["scopes"], key["revoked_at"]) for key in json.loads(shown)] == [
        ("newsroom", ["check"], None)
    ]
    assert run("keys", "revoke", made["id"]).exit_code == 0
    assert "revoked" in run("keys", "list").stdout
    assert run("keys", "revoke", "nobody").exit_code == 1


def test_the_first_key_says_what_it_changes(run: Run) -> None:
    first, second = (run("keys", "create", name, "--json") for name in ("one", "two"))
    assert "From now on the service answers nobody without one" in first.stderr
    assert "answers nobody" not in second.stderr
    assert json.loads(first.stdout).keys() == {"id", "secret"}, "what is piped stays JSON"


def test_a_key_is_rotated_and_its_webhook_secret_is_shown(run: Run) -> None:
    made = json.loads(run("keys", "create", "desk", "--json").stdout)
    other = json.loads(run("keys", "rotate", made["id"], "--overlap-hours", "1", "--json").stdout)
    assert (other["id"], other["secret"] != made["secret"]) == (made["id"], True)
    first, again = (run("keys", "webhook-secret", made["id"]).stdout for _ in range(2))
    assert first == again
    assert first.startswith("whsec_")
    public = run("keys", "webhook-secret", made["id"], "--public").stdout
    assert (public[:5], first[6:-1] in public) == ("whpk_", False)
    assert run("keys", "webhook-secret", made["id"], "--rotate").stdout != first
    for command in ("rotate", "webhook-secret"):
        assert run("keys", command, "nobody").exit_code == 1
