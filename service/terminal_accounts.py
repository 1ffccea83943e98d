"""What the command line prints of accounts and their sessions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import click

from service.presenters import present_moment
from service.terminal import language, print_json
from service.wording import format_date, say

if TYPE_CHECKING:
    from service.store.account_sessions import Session
    from service.store.accounts import Account


def print_accounts(accounts: Sequence[Account], *, as_json: bool) -> None:
    """Accounts, one a line, or as JSON."""
    if as_json:
        print_json([present_account(each) for each in accounts])
        return
    speak = language()
    for each in accounts:
        seen = format_date(each.signed_in_at.date(), speak) if each.signed_in_at else say(speak, "accounts.never")
        way = each.issuer or say(speak, "accounts.by_password")
        off = (
            say(speak, "accounts.disabled", date=format_date(each.disabled_at.date(), speak))
            if each.disabled_at
            else ""
        )
        parts = (f"{each.name}  {each.role.value}", each.display_name, way, seen, off)
        click.echo(" · ".join(part for part in parts if part))


def print_sessions(sessions: Sequence[Session], *, as_json: bool) -> None:
    """Sessions, one a line, or as JSON."""
    if as_json:
        print_json([present_session(each) for each in sessions])
        return
    speak = language()
    for each in sessions:
        days = {"since": format_date(each.created_at.date(), speak), "seen": format_date(each.seen_at.date(), speak)}
        name = each.browser or say(speak, "account.session.unnamed")
        click.echo(f"{name} · {say(speak, 'account.session.times', **days)}")


def present_account(account: Account) -> dict[str, Any]:
    """An account as JSON."""
    return {
        "id": account.id,
        "name": account.name,
        "display_name": account.display_name,
        "role": account.role.value,
        "issuer": account.issuer,
        "created_at": present_moment(account.created_at),
        "disabled_at": account.disabled_at and present_moment(account.disabled_at),
        "signed_in_at": account.signed_in_at and present_moment(account.signed_in_at),
    }


def present_session(session: Session) -> dict[str, Any]:
    """A session as JSON; its secret is known to its browser alone."""
    return {
        "id": session.id,
        "browser": session.browser,
        "created_at": present_moment(session.created_at),
        "seen_at": present_moment(session.seen_at),
        "ends_at": present_moment(session.ends_at),
    }
