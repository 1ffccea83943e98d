"""`gegencheck accounts`: add, list, role, disable, enable, password, sessions."""

from __future__ import annotations

import sys

import click

from service.commands.opening import opened, opened_to_write, say, takes_settings
from service.config import Settings

ROLES = click.Choice(["reader", "editor", "admin"])
FIRST_ACCOUNT = (
    "This is the first account. From now on the service answers only people who sign in, and keys: its web page asks "
    "too, and the link that `serve` prints lets no browser write any more. Browsers that are already connected keep "
    "working: `gegencheck keys list` shows them, and `keys revoke` ends one. Disabling the account does not undo this."
)


@click.group()
def accounts() -> None:
    """Accounts of people who sign in: add, list, role, disable, enable, password, sessions."""


@accounts.command()
@click.argument("name")
@click.option("--role", "role", type=ROLES, default="reader", show_default=True, help="What the person may do.")
@click.option("--display-name", default="", help="The person's name as others read it; NAME, if left out.")
@takes_settings("data_dir")
def add(settings: Settings, name: str, role: str, display_name: str) -> None:
    """Add an account. Its password is asked for, or read from standard input; never put it on the command line."""
    from service.passwords import check_password, hash_password
    from service.store.accounts import Role, clean_name

    given = clean_name(name)
    password = read_password()
    check_password(password, given, display_name)
    with opened_to_write(settings) as application:
        closes = not application.asks_who_calls()
        made = application.accounts.create(given, Role(role), hash_password(password), display_name)
    say(f"Added {made.name} ({made.role}, {made.id}).")
    if closes:
        say(FIRST_ACCOUNT)


@accounts.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@takes_settings("data_dir")
def list_accounts(settings: Settings, as_json: bool) -> None:
    """List the accounts."""
    from service.terminal_accounts import print_accounts

    with opened(settings) as application:
        print_accounts(application.accounts.list(), as_json=as_json)


@accounts.command()
@click.argument("name")
@click.argument("role", type=ROLES)
@takes_settings("data_dir")
def role(settings: Settings, name: str, role: str) -> None:
    """Give somebody another role: reader, editor or admin. It holds at once."""
    from service.store.accounts import Role

    with opened_to_write(settings) as application:
        application.accounts.set_role(name, Role(role))
    say(f"{name} is {role} now.")
    if settings.oidc_roles:
        say("If the identity provider vouches for this person, the role is that of their groups at the next sign-in.")


@accounts.command()
@click.argument("name")
@takes_settings("data_dir")
def disable(settings: Settings, name: str) -> None:
    """Let nobody sign in to an account any more; its sessions end at once. What it did stays in the audit log."""
    with opened_to_write(settings) as application:
        application.accounts.disable(name)
    say(f"Disabled {name}.")


@accounts.command()
@click.argument("name")
@takes_settings("data_dir")
def enable(settings: Settings, name: str) -> None:
    """Let the person sign in again."""
    with opened_to_write(settings) as application:
        application.accounts.enable(name)
    say(f"Enabled {name}.")


@accounts.command()
@click.argument("name")
@takes_settings("data_dir")
def password(settings: Settings, name: str) -> None:
    """Give an account another password. Its sessions end, and tries that failed are forgotten."""
    from service.passwords import check_password, hash_password
    from service.store.sign_in_tries import Counted

    with opened_to_write(settings) as application:
        account = application.accounts.get(name)
        given = read_password()
        check_password(given, account.name, account.display_name)
        application.accounts.set_hash(name, hash_password(given))
        application.sign_in_tries.forget(Counted.name(account.name))
    say(f"{account.name} has another password. All their sessions have ended.")


@accounts.command()
@click.argument("name")
@click.option("--end", "ends", is_flag=True, help="End them all.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@takes_settings("data_dir")
def sessions(settings: Settings, name: str, ends: bool, as_json: bool) -> None:
    """List where somebody is signed in, or sign them out everywhere."""
    from service.terminal_accounts import print_sessions

    with (opened_to_write if ends else opened)(settings) as application:
        account = application.accounts.get(name)
        found = application.account_sessions.list(account.id)
        if ends:
            application.account_sessions.end_all(account.id)
    print_sessions(found, as_json=as_json)
    if ends:
        say(f"{account.name} is signed out everywhere.")


def read_password() -> str:
    """From the terminal, twice and unseen; else a line of standard input."""
    if sys.stdin.isatty():
        return str(click.prompt("Password", hide_input=True, confirmation_prompt=True, err=True))
    return sys.stdin.readline().rstrip("\r\n")
