"""`gegencheck keys`: create, list, rotate, revoke, and the secret that signs webhooks."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import click

from service.commands.opening import opened, opened_to_write, say, takes_settings
from service.config import Settings

FIRST_KEY = (
    "This is the first key. From now on the service answers nobody without one: its web page asks for a key too, and "
    "the link that `serve` prints lets no browser write any more. Browsers that are already connected keep working: "
    "`gegencheck keys list` shows them, and `keys revoke` ends one. "
    "Revoking the key does not undo this."
)


@click.group()
def keys() -> None:
    """Keys for the API: create, list, rotate, revoke; the secret that signs webhooks."""


@keys.command()
@click.argument("name")
@click.option("--scope", "scopes", multiple=True, default=("check", "read"), show_default=True,
              type=click.Choice(["check", "read", "write", "admin"]))  # fmt: skip
@click.option("--days", type=click.IntRange(1), help="Days until it expires; never, if left out.")
@click.option("--minute-limit", type=click.IntRange(0), help="API calls within a minute; 0: no limit.")
@click.option("--day-limit", type=click.IntRange(0), help="Checks within a day; 0: no limit.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@takes_settings("data_dir")
def create(
    settings: Settings, name: str, scopes: tuple[str, ...], days: int | None, as_json: bool,
    minute_limit: int | None, day_limit: int | None,
) -> None:  # fmt: skip
    """Create a key. It is shown once; only its hash is kept."""
    from service.store.keys import Limits
    from service.terminal_data import print_new_key

    limits = Limits(minute_limit, day_limit)
    expires_at = datetime.now(UTC) + timedelta(days=days) if days else None
    with opened_to_write(settings) as application:
        closes = not application.asks_who_calls()
        print_new_key(application.keys.create(name, scopes, expires_at, None, limits), as_json=as_json)
    if closes:
        say(FIRST_KEY)


@keys.command("list")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@takes_settings("data_dir")
def list_keys(settings: Settings, as_json: bool) -> None:
    """List the keys, without their secrets."""
    from service.terminal_data import print_keys

    with opened(settings) as application:
        print_keys(application.keys.list(), as_json=as_json)


@keys.command()
@click.argument("key_id")
@takes_settings("data_dir")
def revoke(settings: Settings, key_id: str) -> None:
    """Revoke a key: it is refused from now on."""
    with opened_to_write(settings) as application:
        application.keys.revoke(key_id)
    say(f"Revoked {key_id}.")


@keys.command()
@click.argument("key_id")
@click.option("--overlap-hours", type=click.IntRange(0, 168), default=0, show_default=True,
              help="Hours for which the former secret stays good.")  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@takes_settings("data_dir")
def rotate(settings: Settings, key_id: str, overlap_hours: int, as_json: bool) -> None:
    """Give a key another secret. It is shown once."""
    from service.terminal_data import print_new_key

    with opened_to_write(settings) as application:
        print_new_key(application.keys.rotate(key_id, overlap_hours * 3600), as_json=as_json)


@keys.command("webhook-secret")
@click.argument("key_id")
@click.option("--rotate", "is_new", is_flag=True, help="Make another one.")
@click.option("--overlap-hours", type=click.IntRange(0, 168), default=24, show_default=True,
              help="Hours for which webhooks are signed with the former one too.")  # fmt: skip
@click.option("--public", is_flag=True, help="Show what verifies them (v1a) and cannot sign, instead.")
@takes_settings("data_dir")
def webhook_secret(settings: Settings, key_id: str, is_new: bool, overlap_hours: int, public: bool) -> None:
    """Show the secret that signs a key's webhooks, for their receiver."""
    from service.webhook_keys import public_key

    with (opened_to_write if is_new else opened)(settings) as application:
        if is_new:
            application.keys.rotate_webhook_secret(key_id, overlap_hours * 3600)
        secret = application.keys.webhook_secret(key_id)
    click.echo(public_key(secret) if public else secret)
