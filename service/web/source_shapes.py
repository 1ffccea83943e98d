"""What callers send and get about sources: one pydantic model a shape."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

from pydantic import AfterValidator, Field

from service.sources import MAX_PAGES, MOST_PAGES, Health, RunState, SourceKind
from service.web.fields import Address, Days, FullLine, Hours, Line, Whole, without_nul
from service.web.replies import ProblemShape, Shape
from service.web.requests import Body

MAX_LISTED = 1000  # publishers of an allowlist

Host = Annotated[str, Field(min_length=1, max_length=300), AfterValidator(without_nul)]
Secret = Annotated[str, Field(min_length=1, max_length=500, pattern=r"^[!-~]+$")]


class SourceBody(Body):
    """A source. What is left out gets the usual value for its kind."""

    kind: SourceKind = Field(SourceKind.FEED, strict=False)
    address: Address | None = Field(None, description="Needed for a feed or a sitemap.")
    name: FullLine | None = None
    every_hours: Hours | None = None
    licence: Line | None = Field(None, description="A note on the licence of the statements.")
    allowlist: list[Host] = Field(
        default=[], max_length=MAX_LISTED, description="Hosts of publishers whose reviews count."
    )
    path: Annotated[Line, Field(min_length=1)] | None = Field(None, description="Must occur in addresses of articles.")
    most_pages: Whole = Field(MOST_PAGES, ge=1, le=MAX_PAGES, description="Most articles that one run reads.")
    facts_only: bool = Field(False, description="Keep only claim, rating, date and link.")
    site: Host | None = Field(None, description="The publisher to ask Google for.")
    days: Days | None = Field(None, description="How many days back Google is asked at first.")
    key: Secret | None = Field(None, description="Your key for Google; it is never shown.")
    paused: bool = False


class SourceRunShape(Shape):
    """One run of a source. `unvetted` reviews, of publishers that are not on the allowlist, were not taken."""

    state: RunState
    started_at: datetime
    finished_at: datetime | None
    pages: int
    unchanged_pages: int
    unmarked_pages: int
    failed_pages: int
    added: int
    updated: int
    unchanged: int
    rejected: int
    unvetted: int
    notes: list[str]
    unvetted_publishers: dict[str, int]
    problem: ProblemShape | None


class PlanShape(Shape):
    """What is wanted of a source."""

    kind: SourceKind
    name: str
    address: str
    every_hours: int
    licence: str | None
    allowlist: list[str]
    path: str | None
    most_pages: int
    facts_only: bool
    site: str | None
    days: int | None
    preset: str | None
    confirmed_on: str | None = Field(description="The day or month when the address was last confirmed.")


class SourceShape(PlanShape):
    """A source, whether it works, and its newest runs. Its key is never shown."""

    id: str
    has_key: bool
    health: Health
    paused: bool
    created_at: datetime
    succeeded_at: datetime | None
    changed_at: datetime | None
    failing_since: datetime | None
    failures: int
    problem: ProblemShape | None
    runs: list[SourceRunShape]


class SourcesShape(Shape):
    """All sources, each with its newest run."""

    sources: list[SourceShape]


class PresetShape(PlanShape):
    """A source that a preset would add; nothing is read before that."""

    articles: int = Field(description="About how many there are in all.")
    first_run_seconds: int = Field(description="About how long the first run takes.")
    seen: str = Field(description="How the address was confirmed.")


class PresetsShape(Shape):
    """The sources of each preset."""

    presets: dict[str, list[PresetShape]]
