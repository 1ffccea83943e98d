"""`gegencheck ratings`: list, map, unmap."""

from __future__ import annotations

import click

from index.models import NormalizedRating
from service.commands.opening import opened, opened_to_write, takes_settings
from service.config import Settings

MEANINGS = [each.value for each in NormalizedRating if each is not NormalizedRating.UNMAPPED]


@click.group()
def ratings() -> None:
    """What publishers' rating words mean: list, map, unmap."""


@ratings.command("list")
@click.option("--mapped", is_flag=True, help="Show what was mapped here instead of what is not mapped.")
@click.option("--limit", default=20, show_default=True, type=click.IntRange(1, 200))
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object per line.")
@takes_settings("data_dir")
def list_ratings(settings: Settings, mapped: bool, limit: int, as_json: bool) -> None:
    """Show the rating words that are not mapped, the most frequent first, with publishers and two examples."""
    from service.terminal_ratings import print_mappings, print_unmapped

    with opened(settings) as application:
        (print_mappings if mapped else print_unmapped)(application, limit, as_json=as_json)


@ratings.command("map")
@click.argument("words")
@click.argument("rating", type=click.Choice(MEANINGS))
@click.option("--publisher", metavar="SITE", help="Only for the publisher with this site (example.org).")
@click.option("--json", "as_json", is_flag=True, help="Print as JSON.")
@takes_settings("data_dir")
def map_rating(settings: Settings, words: str, rating: str, publisher: str | None, as_json: bool) -> None:
    """Say what rating words mean. It holds at once for all statements; past checks follow while the service runs."""
    from index.exchange.local_ratings import names_a_site
    from service.terminal_ratings import map_words

    if not words.strip():
        raise click.UsageError("Name the rating words.")
    if publisher is not None and not names_a_site(publisher):
        raise click.UsageError("Name the publisher by its site, such as example.org.")
    with opened_to_write(settings) as application:
        map_words(application, words, NormalizedRating(rating), publisher, as_json=as_json)


@ratings.command("unmap")
@click.argument("mapping_id", metavar="ID")
@takes_settings("data_dir")
def unmap_rating(settings: Settings, mapping_id: str) -> None:
    """Take a mapping back: its words mean again what they would without it."""
    from service.terminal_ratings import unmap_words

    with opened_to_write(settings) as application:
        unmap_words(application, mapping_id)
