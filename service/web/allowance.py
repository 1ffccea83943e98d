"""What a key may ask for: counted for each call, said in each answer (IETF draft httpapi-ratelimit-headers)."""

from __future__ import annotations

from contextlib import suppress

from flask import Flask, Response, g

from index.errors import StoreUnavailable
from service.errors import TooManyRequests
from service.store.usage import Allowance, Quota
from service.web.context import application, caller

REQUESTS, CHECKS = "requests", "checks"
MINUTE, DAY = 60, 24 * 3600


def register_allowance(app: Flask) -> None:
    """Say in each answer what is left."""
    app.after_request(tell_allowance)


def spend_request() -> None:
    """Count a call of a key that has a limit. Raises TooManyRequests."""
    _spend(REQUESTS, 1)


def spend_checks(amount: int) -> None:
    """Count checks that a key asks for. Raises TooManyRequests."""
    _spend(CHECKS, amount)


def refuse_spent() -> None:
    """Raise TooManyRequests where nothing is left, before a body is read; nothing is counted."""
    quota = _quotas().get(REQUESTS)
    if quota is not None:
        left = application().usage.look(caller().owner, quota)
        if not left.left:
            _note(left)
            raise TooManyRequests(
                f"This key may make {quota.most:,} calls a minute. Send this again in {left.reset_seconds} seconds.",
                left.reset_seconds,
            )


def tell_allowance(reply: Response) -> Response:
    """`RateLimit-Policy` names the limits, `RateLimit` what is left of those that were counted."""
    noted: dict[str, Allowance] = g.get("allowances", {})
    if noted:
        quotas = _quotas().values()
        reply.headers["RateLimit-Policy"] = ", ".join(
            f'"{each.name}";q={each.most};w={each.window_seconds}' for each in quotas
        )
        reply.headers["RateLimit"] = ", ".join(
            f'"{name}";r={each.left};t={each.reset_seconds}' for name, each in noted.items()
        )
    return reply


def _spend(name: str, amount: int) -> None:
    quota = _quotas().get(name)
    if quota is None:
        return
    usage, owner = application().usage, caller().owner
    try:
        with suppress(StoreUnavailable):  # a disk that is full must not lock callers out of reading
            _note(usage.spend(owner, quota, amount))
    except TooManyRequests:
        _note(usage.look(owner, quota))
        raise


def _note(left: Allowance) -> None:
    if "allowances" not in g:
        g.allowances = {}
    g.allowances[left.quota.name] = left


def _quotas() -> dict[str, Quota]:
    """The limits of the caller's key; where it has none of its own, those of the settings."""
    if g.caller is None or not caller().owner:
        return {}
    limits, settings = caller().limits, application().settings
    a_minute = settings.requests_per_minute if limits.requests_per_minute is None else limits.requests_per_minute
    a_day = settings.checks_per_day if limits.checks_per_day is None else limits.checks_per_day
    quotas = (Quota(REQUESTS, a_minute, MINUTE), Quota(CHECKS, a_day, DAY))
    return {quota.name: quota for quota in quotas if quota.most}
