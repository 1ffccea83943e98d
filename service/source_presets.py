"""The sources that the program knows by name, each with the day on which its address was last seen to be right.

None is ever read unless somebody asks for it.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

from service.sources import HOUR, MOST_PAGES, SourceKind, SourcePlan

SECONDS_A_PAGE = 4  # the pause of two to four seconds, and the page itself


@dataclass(frozen=True, slots=True)
class Preset:
    """A source of a preset: about how many `articles` there are in all; `seen` says how its address was confirmed."""

    plan: SourcePlan
    articles: int
    seen: str
    first_run_seconds: int | None = None  # of a source that is one file; of others it follows from the articles

    @property
    def seconds(self) -> int:
        """About how long its first run takes."""
        return self.first_run_seconds or min(self.articles, self.plan.most_pages) * SECONDS_A_PAGE

    @property
    def minutes(self) -> int:
        """The same in whole minutes."""
        return max(round(self.seconds / 60), 1)


@cache
def preset_names() -> tuple[str, ...]:
    """The names of all presets."""
    return tuple(_table())


@cache
def presets_of(name: str) -> tuple[Preset, ...]:
    """The sources of a preset. Raises KeyError."""
    return tuple(_preset(name, row) for row in _table()[name])


def _preset(name: str, row: dict[str, Any]) -> Preset:
    plan = SourcePlan(
        kind=SourceKind(row["kind"]),
        address=row["address"],
        name=row["name"],
        every_seconds=row.get("every_hours", 6) * HOUR,
        licence=row.get("licence"),
        allowlist=known_hosts() if row.get("known_publishers") else tuple(row.get("allowlist", ())),
        path=row.get("path"),
        facts_only=row.get("facts_only", False),
        fallback=row.get("fallback"),
        preset=name,
        most_pages=row.get("most_pages", MOST_PAGES),
        confirmed_on=row.get("confirmed_on"),
    )
    return Preset(plan, row["articles"], row["seen"], row.get("first_run_seconds"))


@cache
def known_hosts() -> tuple[str, ...]:
    """Hosts of publishers that known_publishers.json names, with its date and where each was named."""
    table = json.loads(files("service").joinpath("known_publishers.json").read_bytes())
    return tuple(host for publisher in table["publishers"] for host in publisher["hosts"])


@cache
def _table() -> dict[str, list[dict[str, Any]]]:
    table: dict[str, list[dict[str, Any]]] = json.loads(files("service").joinpath("source_presets.json").read_bytes())
    return table
