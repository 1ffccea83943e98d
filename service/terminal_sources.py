"""The command line's own side of sources: adding, reading them now, and what is printed."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import click

from service.presenters_sources import present_preset, present_source, size_words
from service.source_presets import Preset, preset_names, presets_of
from service.sources import HOUR, Health, RunState, Source, SourceKind
from service.terminal import language, print_json
from service.wording import format_date, say

if TYPE_CHECKING:
    from service.bootstrap import Application

LOOK_SECONDS = 0.5
COLOURS = {Health.GOOD: "green", Health.FAILING: "red", Health.STALE: "yellow"}

Say = Callable[[str], None]


def add_source(
    application: Application, kind: str, address: str | None, key: str | None, wanted: dict[str, Any]
) -> Source:
    """Keep one source. Raises BadRequest, AddressRefused."""
    from service.planning import planned

    plan = planned(SourceKind(kind), address, settled(wanted), application.settings.fetch_hosts)
    return application.sources.add(plan, key)


def change_source(application: Application, id: str, key: str | None, wanted: dict[str, Any]) -> Source:
    """Want something else of a source. Raises NotFound, BadRequest, AddressRefused."""
    from service.pipeline.addresses import clean_url

    plan = application.sources.get(id).plan
    changes = settled(wanted)
    if address := changes.get("address"):
        changes["address"] = clean_url(address, application.settings.fetch_hosts)
    return application.sources.change(id, replace(plan, **changes), key)


def settled(wanted: dict[str, Any]) -> dict[str, Any]:
    """The flags that were given, as a plan calls them."""
    given = {name: value for name, value in wanted.items() if value not in (None, ())}
    if hours := given.pop("every_hours", None):
        given["every_seconds"] = hours * HOUR
    return given


def add_preset(application: Application, name: str, say: Say) -> Sequence[Source]:
    """Keep the sources of a preset that are not there yet; say what will be read of each, and which ones are there."""
    made = application.sources.add_missing([preset.plan for preset in presets_of(name)])
    added = [source.plan for source in made]
    for preset in presets_of(name):
        told = size_words(preset, language()) if preset.plan in added else "is there already"
        say(f"{preset.plan.name}: {told}.")
    if made:
        say("They are read while `gegencheck serve` or `worker` runs; `gegencheck sources refresh` reads them now.")
    return made


def refresh_sources(application: Application, id: str | None, say: Say) -> list[Source]:
    """Read sources now and wait until that is done, whoever does it: this process, or a service that runs."""
    from service.work.kinds import Registry
    from service.work.registry import REFRESH
    from service.work.worker import Worker

    chosen = [application.sources.get(id)] if id else [s for s in application.sources.list() if s.paused_at is None]
    for source in chosen:
        application.sources.refresh(source.id)
    working = replace(application, settings=replace(application.settings, workers=1))  # also where a service has none
    worker = Worker(working, Registry(REFRESH))
    worker.start()
    try:
        for source in chosen:
            wait_for(application, source, say)
    finally:
        worker.stop()
    return [application.sources.get(source.id) for source in chosen]


def wait_for(application: Application, source: Source, say: Say) -> None:
    """Wait for the run of a source, saying how far it is. A site that asks to wait is not waited for."""
    told = -1
    while application.schedules.is_queued(source.id):
        run = next(iter(application.sources.runs.newest(source.id, 1)), None)
        if run is not None and run.state is RunState.RUNNING and run.tally.pages // 10 > told:
            told = run.tally.pages // 10
            say(f"{source.plan.name}: {run.tally.pages:,} articles read, {run.tally.added:,} statements added …")
        if application.schedules.waits_longer(source.id, 60):
            say(f"{source.plan.name}: the site asks to wait. The service goes on with it later.")
            return
        time.sleep(LOOK_SECONDS)


def print_sources(application: Application, sources: Sequence[Source], *, as_json: bool) -> None:
    """Sources, one a paragraph: what they are, how they are, and what the last run brought."""
    now = application.clock.read().at
    if as_json:
        print_json([present_source(source, now, language()) for source in sources])
        return
    speak = language()
    for source in sources:
        plan, health = source.plan, source.health(now)
        click.echo(f"{source.id}  {plan.name}  ", nl=False)
        click.secho(say(speak, f"sources.health.{health.value}"), fg=COLOURS.get(health))
        click.secho(f"  {plan.kind.value} · {plan.address}", dim=True)
        for run in source.runs[:1]:
            day = format_date(run.started_at.date(), speak)
            tally = {name: getattr(run.tally, name) for name in ("added", "updated", "pages", "failed_pages")}
            click.secho(f"  {day} · {say(speak, 'sources.run', **tally)}", dim=True)
            for host, count in list(run.unvetted.items())[:5]:
                click.secho(f"  {say(speak, 'sources.unvetted', host=host, n=count)}", fg="yellow")
        if source.problem_detail:
            click.secho(f"  {source.problem_detail}", fg="red")
    if not sources:
        click.echo(say(speak, "sources.none"))


def print_presets(*, as_json: bool) -> None:
    """What the presets hold: from whom, how much, how long, and when the address was last seen to be right."""
    held = {name: presets_of(name) for name in preset_names()}
    if as_json:
        print_json({name: [present_preset(each) for each in presets] for name, presets in held.items()})
        return
    for name, presets in held.items():
        click.echo(f"--preset {name}")
        for each in presets:
            click.echo(f"  {each.plan.name} · {preset_line(each)}")
            click.secho(f"    {each.plan.address}", dim=True)


def preset_line(preset: Preset) -> str:
    """About how much a preset's source brings and how long its first run takes, and when it was confirmed."""
    speak, plan = language(), preset.plan
    much = size_words(preset, speak)
    known = plan.confirmed_on
    confirmed = (
        say(speak, "sources.preset.confirmed", date=known) if known else say(speak, "sources.preset.unconfirmed")
    )
    return f"{much} · {confirmed}"
