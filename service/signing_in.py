"""Signing in by name and password: tries are counted, and whoever fails learns nothing but that."""

from __future__ import annotations

from dataclasses import dataclass

from service.account_errors import SignInRefused
from service.bootstrap import Application
from service.passwords import check_password, hash_password, is_outdated, is_password
from service.store.accounts import Account, fold_name
from service.store.sign_in_tries import Counted

REFUSED = "Name or password is wrong."
CURRENT_REFUSED = "The current password is wrong."


@dataclass(frozen=True, slots=True)
class Attempt:
    """Who wants to be whom, from where; `known`: the mark of a browser in which this person has signed in before."""

    name: str
    password: str
    address: str
    known: str | None = None


def sign_in(application: Application, attempt: Attempt) -> Account:
    """The account, where the password is right. Raises SignInRefused, TooManyRequests, ServiceBusy.

    A name that nobody has, a disabled account and a wrong password take as long, and nothing tells them apart.
    """
    tries, accounts = application.sign_in_tries, application.accounts
    counted = counted_by(attempt)
    tries.begin(counted)
    found = accounts.find_hash(attempt.name)
    if not is_password(attempt.password, found[1] if found else None) or found is None:
        raise SignInRefused(REFUSED)
    account, kept = found
    if not accounts.note_sign_in(account.id, kept):
        raise SignInRefused(REFUSED)
    tries.succeed(counted)
    if is_outdated(kept):
        accounts.keep_hash(account.id, hash_password(attempt.password), kept)
    return account


def change_password(application: Application, account: Account, attempt: Attempt, new: str) -> None:
    """Give the person another password; all their sessions end. Raises like `sign_in`, and WeakPassword.

    Who sits at a browser that somebody left signed in does not know the one before.
    """
    check_password(new, account.name, account.display_name)
    counted = counted_by(attempt)
    application.sign_in_tries.begin(counted)
    found = application.accounts.find_hash(account.name)
    if not is_password(attempt.password, found[1] if found else None):
        raise SignInRefused(CURRENT_REFUSED)
    if application.accounts.set_hash(account.name, hash_password(new), found[1] if found else None) is None:
        raise SignInRefused(CURRENT_REFUSED)
    application.sign_in_tries.succeed(counted)


def counted_by(attempt: Attempt) -> list[Counted]:
    """By what a try is counted."""
    if attempt.known is not None:
        return [Counted.browser(attempt.known)]
    return [Counted.name(fold_name(attempt.name)), Counted.address(attempt.address)]
