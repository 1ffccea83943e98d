"""What the worker must know of a kind of job: who does it, how soon, how often it is tried, and how it is given up."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from service.bootstrap import Application
from service.store.jobs import Job, Lane, Outcome
from service.work.held import Work

# Does a job: gives how it ended, or None where that is stored already, or the job was put back.
Handle = Callable[[Application, Work], Outcome | None]
# Ends a job as failed, with a code and what happened, where it is still in this worker's hands.
GiveUp = Callable[[Application, Job, str, str], object]


@dataclass(frozen=True, slots=True)
class Retries:
    """How often a job that failed is tried again, and when: each pause twice the one before, none like another's."""

    most: int = 2
    first_seconds: float = 1.0
    longest_seconds: float = 60.0

    def pause(self, failed: int, chance: float) -> float:
        """Seconds before the next try after `failed` ones; `chance` from 0 to 1 takes up to half of them away.

        What failed together, because the database was gone say, does not come back all at once.
        """
        whole = min(self.first_seconds * 2.0 ** min(failed, 30), self.longest_seconds)
        return whole * (1 - chance / 2)


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of job. Interactive kinds share the worker's `workers` threads, bulk ones have one thread for them all.

    `harmless`: that it was interrupted says nothing of the job itself, so it is tried however often that happens.
    `advice` ends the sentence by which a job is given up; with `every_seconds` it comes again by itself.
    """

    name: str
    lane: Lane
    handle: Handle
    give_up: GiveUp
    limit_seconds: int
    advice: str
    retries: Retries = Retries()
    every_seconds: int = 0
    harmless: bool = False


class Registry(Mapping[str, Kind]):
    """The kinds of jobs that a worker does. Those of a kind that it does not know wait for one that does."""

    def __init__(self, *kinds: Kind) -> None:
        self._kinds = {kind.name: kind for kind in kinds}
        if len(self._kinds) < len(kinds):
            raise ValueError("two kinds of jobs have the same name")

    def __getitem__(self, name: str) -> Kind:
        return self._kinds[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._kinds)

    def __len__(self) -> int:
        return len(self._kinds)

    def names(self, lane: Lane) -> tuple[str, ...]:
        """The kinds of a lane."""
        return tuple(kind.name for kind in self._kinds.values() if kind.lane is lane)

    def scheduled(self) -> Iterator[Kind]:
        """Those that come again by themselves."""
        return (kind for kind in self._kinds.values() if kind.every_seconds)
