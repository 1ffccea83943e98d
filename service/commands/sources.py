"""`gegencheck sources`: add, list, refresh, change, pause, resume, remove."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import click

from service.commands.opening import opened, opened_to_write, say, takes_settings
from service.config import Settings
from service.source_presets import preset_names
from service.sources import SourceKind

KINDS = [kind.value for kind in SourceKind]


def takes_plan(command: Callable[..., Any]) -> Callable[..., Any]:
    """Give a command the flags that say what is wanted of a source."""
    for option in reversed(
        [
            click.option("--name", help="What people call it; its host, if left out."),
            click.option("--every-hours", type=click.IntRange(1, 720), help="Hours between two runs (6)."),
            click.option("--licence", help="A note on the licence of the statements."),
            click.option("--allow", "allowlist", multiple=True, metavar="HOST",
                         help="Host whose reviews count; may be repeated. Left out: the source's own site."),
            click.option("--path", help="Only articles with this in their address."),
            click.option("--most-pages", type=click.IntRange(1, 5000), help="Most articles that one run reads (100)."),
            click.option("--site", help="The publisher to ask Google for."),
            click.option("--days", type=click.IntRange(1, 36500), help="How many days back Google is asked."),
        ]
    ):  # fmt: skip
        command = option(command)
    return command


@click.group()
def sources() -> None:
    """Where statements come from: add, list, refresh, change, pause, resume, remove."""


@sources.command()
@click.argument("address", required=False)
@click.option("--preset", type=click.Choice(preset_names()), help="Add a list of known sources instead of an address.")
@click.option("--kind", type=click.Choice(KINDS), default="feed", show_default=True, help="How it is read.")
@click.option("--key-file", type=click.File("r"), help="File with your key for Google; - reads standard input.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@takes_plan
@takes_settings("data_dir")
def add(
    settings: Settings, address: str | None, preset: str | None, kind: str, key_file: Any, as_json: bool, **wanted: Any
) -> None:
    """Add a source, or the sources of a preset. They are read on a schedule while the service or a worker runs."""
    from service.terminal_sources import add_preset, add_source, print_sources

    needs_address = kind in ("feed", "sitemap")
    if (preset and address) or (not preset and not address and needs_address):
        raise click.UsageError("Name an address, or a preset.")
    key = key_file.read().strip() if key_file else None
    with opened_to_write(settings) as application:
        made = add_preset(application, preset, say) if preset else [add_source(application, kind, address, key, wanted)]
        print_sources(application, made, as_json=as_json)


@sources.command("list")
@click.option("--presets", is_flag=True, help="Show what the presets hold instead: from whom, how much, how long.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@takes_settings("data_dir")
def list_sources(settings: Settings, presets: bool, as_json: bool) -> None:
    """Show the sources, whether they work, and what their last runs brought."""
    from service.terminal_sources import print_presets, print_sources

    if presets:
        print_presets(as_json=as_json)
        return
    with opened(settings) as application:
        print_sources(application, application.sources.list(), as_json=as_json)


@sources.command()
@click.argument("source_id", metavar="[ID]", required=False)
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@takes_settings("data_dir")
def refresh(settings: Settings, source_id: str | None, as_json: bool) -> None:
    """Read a source now, or all that are not paused, and wait for it. Exit status 1: one could not be read."""
    from service.terminal_sources import print_sources, refresh_sources

    with opened_to_write(settings) as application:
        read = refresh_sources(application, source_id, say)
        print_sources(application, read, as_json=as_json)
    if any(source.failing_since for source in read):
        sys.exit(1)


@sources.command()
@click.argument("source_id", metavar="ID")
@click.option("--address", help="Where it is now.")
@click.option("--key-file", type=click.File("r"), help="File with your new key for Google; - reads standard input.")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@takes_plan
@takes_settings("data_dir")
def change(settings: Settings, source_id: str, key_file: Any, as_json: bool, **wanted: Any) -> None:
    """Change a source; what was read stays."""
    from service.terminal_sources import change_source, print_sources

    key = key_file.read().strip() if key_file else None
    with opened_to_write(settings) as application:
        print_sources(application, [change_source(application, source_id, key, wanted)], as_json=as_json)


@sources.command()
@click.argument("source_id", metavar="ID")
@takes_settings("data_dir")
def pause(settings: Settings, source_id: str) -> None:
    """Stop reading a source, until it is resumed."""
    with opened_to_write(settings) as application:
        application.sources.pause(source_id)
    say(f"Paused {source_id}.")


@sources.command()
@click.argument("source_id", metavar="ID")
@takes_settings("data_dir")
def resume(settings: Settings, source_id: str) -> None:
    """Read a paused source again."""
    with opened_to_write(settings) as application:
        application.sources.resume(source_id)
    say(f"Resumed {source_id}.")


@sources.command()
@click.argument("source_id", metavar="ID")
@takes_settings("data_dir")
def remove(settings: Settings, source_id: str) -> None:
    """Forget a source, its runs and its key. The statements that came from it stay."""
    with opened_to_write(settings) as application:
        application.sources.remove(source_id)
    say(f"Removed {source_id}. Its statements stay.")
