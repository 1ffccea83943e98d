"""The command line's own side of rating words: what is printed of them, and what a mapping sets off."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import click

from index.models import NormalizedRating
from service.presenters_ratings import present_mapped, present_words
from service.store.audit import TERMINAL
from service.store.corrections import CORRECTION
from service.terminal import language, print_json
from service.wording import format_date, format_number, say

if TYPE_CHECKING:
    from index.store.ratings import Mapped
    from service.bootstrap import Application


def print_unmapped(application: Application, limit: int, *, as_json: bool) -> None:
    """Rating words that are not mapped, one a paragraph, or one JSON object a line."""
    page, speak = application.ratings.unmapped(limit=limit), language()
    for found in page.ratings:
        if as_json:
            click.echo(json.dumps(present_words(found), ensure_ascii=False))
            continue
        click.echo(f"{format_number(found.count, speak):>8}  {' '.join(found.words.split())}")
        sites = (
            f"{site or say(speak, 'coverage.unknown')} ({format_number(n, speak)})" for site, n in found.publishers
        )
        click.secho(f"          {', '.join(sites)}", dim=True)
        for statement in found.examples:
            click.secho(f"          {' '.join(statement.claim_reviewed.split())} · {statement.url}", dim=True)
    if not as_json:
        left = page.words - len(page.ratings)
        click.echo(say(speak, "ratings.words", n=page.words) if page.words else say(speak, "ratings.none"))
        if left > 0:
            click.echo(say(speak, "coverage.others", n=left))


def print_mappings(application: Application, limit: int, *, as_json: bool) -> None:
    """What was mapped, one a line."""
    mapped = application.ratings.list(limit=limit).mapped
    for each in mapped:
        print_mapped(each, as_json=as_json, on_one_line=True)
    if not mapped and not as_json:
        click.echo(say(language(), "ratings.mapped.none"))


def map_words(
    application: Application, words: str, normalized: NormalizedRating, site: str | None, *, as_json: bool
) -> None:
    """Map words, let past checks be judged anew, and say for how many statements it decides."""
    mapped = application.ratings.map(words, normalized, TERMINAL, application.clock.read().at, site)
    application.schedules.hurry(CORRECTION)
    print_mapped(mapped, as_json=as_json)


def unmap_words(application: Application, id: str) -> None:
    """Take a mapping back, and let past checks be judged anew. Raises MappingNotFound."""
    application.ratings.unmap(id)
    application.schedules.hurry(CORRECTION)


def print_mapped(mapped: Mapped, *, as_json: bool, on_one_line: bool = False) -> None:
    """A mapping."""
    if as_json:
        shown = present_mapped(mapped)
        click.echo(json.dumps(shown, ensure_ascii=False)) if on_one_line else print_json(shown)
        return
    speak, mapping = language(), mapped.mapping
    where = say(speak, "ratings.for.one", site=mapping.site) if mapping.site else say(speak, "ratings.for.all")
    meaning = say(speak, f"rating.{mapping.normalized.value}")
    day, count = format_date(mapping.mapped_at.date(), speak), say(speak, "ratings.count", n=mapped.statements)
    words = " ".join(mapping.words.split())
    click.echo(f"{mapping.id}  {words} → {meaning} · {where} · {count} · {mapping.mapped_by}, {day}")
