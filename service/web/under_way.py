"""What is being read right now, imports and sources, and how far it is: for whoever looks at the sources."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from flask import Flask, current_app

from service.models import CheckState
from service.sources import RunState, Source, SourceKind
from service.store.imports import Import
from service.web.context import application

PACES = "gegencheck-paces"
MAX_KNOWN = 200
SURE_SECONDS = 15  # of looking on, before it is said how long the rest takes
SURE_SHARE = 0.02  # and so much of it must have been done meanwhile


class Phase(StrEnum):
    """What is done with it."""

    WAITING = "waiting"
    READING = "reading"
    INDEXING = "indexing"
    LISTING = "listing"
    ARTICLES = "articles"


@dataclass(frozen=True, slots=True)
class Step:
    """One import or one run of a source. `total` None: nobody knows; `name` None: a file that was sent."""

    id: str
    name: str | None
    phase: Phase
    done: int = 0
    total: int | None = None
    minutes_left: int | None = None


class Paces:
    """When each step was first seen and how far it was then; from that follows how long the rest takes."""

    def __init__(self) -> None:
        self._seen: dict[tuple[str, Phase], tuple[float, int]] = {}

    def minutes_left(self, step: Step, now: float) -> int | None:
        """About how long the rest of a step takes; None where that would be a guess."""
        key = (step.id, step.phase)
        while len(self._seen) >= MAX_KNOWN:
            del self._seen[next(iter(self._seen))]
        at, done = self._seen.setdefault(key, (now, step.done))
        more, seconds = step.done - done, now - at
        if step.total is None or seconds < SURE_SECONDS or more < max(SURE_SHARE * step.total, 1):
            return None
        return max(round((step.total - step.done) * seconds / more / 60), 1)


def register_paces(app: Flask) -> None:
    """Remember paces as long as this process runs."""
    app.extensions[PACES] = Paces()


def steps_under_way(sources: Sequence[Source]) -> list[Step]:
    """What is under way: imports in the order in which they came, then sources."""
    found = [*map(step_of_import, application().imports.under_way())]
    found += [step_of_run(source) for source in sources if source.runs and source.runs[0].state is RunState.RUNNING]
    paces: Paces = current_app.extensions[PACES]
    now = application().clock.read().steady
    return [
        Step(step.id, step.name, step.phase, step.done, step.total, paces.minutes_left(step, now)) for step in found
    ]


def step_of_import(found: Import) -> Step:
    """How far an import is: it waits, it is read, or what it brought is made searchable."""
    name = urlsplit(found.url).hostname if found.url else None
    if found.state is CheckState.QUEUED:
        return Step(found.id, name, Phase.WAITING)
    brought = found.report.added + found.report.updated
    if found.report.total:
        behind = min(application().index.status().behind, brought)
        return Step(found.id, name, Phase.INDEXING, brought - behind, brought or None)
    total = max(found.about, found.read) if found.about else None
    return Step(found.id, name, Phase.READING, found.read, total)


def step_of_run(source: Source) -> Step:
    """How far the run of a source is: of its articles it is known how many are left, of one large file nothing."""
    tally = source.runs[0].tally
    if source.plan.kind in (SourceKind.DATACOMMONS, SourceKind.GOOGLE):
        return Step(source.id, source.plan.name, Phase.READING, tally.added + tally.updated + tally.unchanged)
    done = tally.pages + tally.failed_pages
    waiting = application().sources.documents.waiting(source.id)
    total = done + min(waiting, max(source.plan.most_pages - done, 0))
    return Step(source.id, source.plan.name, Phase.ARTICLES if total else Phase.LISTING, done, total or None)
