"""Sources, their runs and presets as the API and the command line show them. A key is never among it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime
from typing import Any

from service.catalogue import say
from service.presenters import present_moment, problem_fields
from service.source_presets import Preset
from service.sources import HOUR, Source, SourcePlan, SourceRun

Json = dict[str, Any]


def present_source(source: Source, now: datetime, language: str) -> Json:
    """A source, how it is, and its newest runs."""
    problem = None
    if source.problem_code:
        problem = problem_fields(source.problem_code, source.problem_detail or "", language)
    return {
        "id": source.id,
        **present_plan(source.plan),
        "has_key": source.has_key,
        "health": source.health(now).value,
        "paused": source.paused_at is not None,
        "created_at": present_moment(source.created_at),
        "succeeded_at": present_moment(source.succeeded_at),
        "changed_at": present_moment(source.changed_at),
        "failing_since": present_moment(source.failing_since),
        "failures": source.failures,
        "problem": problem,
        "runs": [present_run(run, language) for run in source.runs],
    }


def present_plan(plan: SourcePlan) -> Json:
    """What is wanted of a source."""
    return {
        "kind": plan.kind.value,
        "name": plan.name,
        "address": plan.address,
        "every_hours": plan.every_seconds // HOUR,
        "licence": plan.licence,
        "allowlist": list(plan.allowlist),
        "path": plan.path,
        "most_pages": plan.most_pages,
        "facts_only": plan.facts_only,
        "site": plan.site,
        "days": plan.days,
        "preset": plan.preset,
        "confirmed_on": plan.confirmed_on,
    }


def present_run(run: SourceRun, language: str) -> Json:
    """One run of a source."""
    problem = problem_fields(run.problem_code, run.problem_detail or "", language) if run.problem_code else None
    return {
        "state": run.state.value,
        "started_at": present_moment(run.started_at),
        "finished_at": present_moment(run.finished_at),
        **asdict(run.tally),
        "notes": list(run.notes),
        "unvetted_publishers": run.unvetted,
        "problem": problem,
    }


def present_preset(preset: Preset) -> Json:
    """A source of a preset: what it would be, about how much and how long, and how its address was confirmed."""
    return {
        **present_plan(preset.plan),
        "articles": preset.articles,
        "first_run_seconds": preset.seconds,
        "seen": preset.seen,
    }


def size_words(preset: Preset, language: str) -> str:
    """About how much a preset's source brings, how much of it in one run, and how long the first one takes."""
    size = {"articles": preset.articles, "n": preset.minutes}
    if preset.first_run_seconds is None and preset.articles > preset.plan.most_pages:
        return say(language, "sources.preset.size_in_runs", most=preset.plan.most_pages, **size)
    return say(language, "sources.preset.size", **size)
