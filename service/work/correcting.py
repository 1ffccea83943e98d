"""Past checks are judged anew beside statements that appeared or changed since.

The vectors of new statements are compared with those of all sentences that were searched; of those near enough the pair
model reads what stands beside them, as in a check.
"""

from __future__ import annotations

import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

import numpy as np
from numpy.typing import NDArray

from index.retrieval.fresh import FreshIndex
from index.retrieval.search import StatementIndex
from index.store.walking import changed_keys, reread_keys, retired_keys
from service.bootstrap import Application
from service.findings import SentenceFindings
from service.models import Check, CheckResult
from service.store.corrections import Portion, sequence_of
from service.thresholds import DEFAULTS
from service.work.held import Work

log = logging.getLogger(__name__)

# Least similarity of a sentence and a statement, for the pair model to be asked. RESULTS, "Correction".
MIN_SIMILARITY = 0.83
MARGIN = 0.005  # by how much it must be nearer than the farthest one that the check was offered. RESULTS, there
# Of the statements near to a sentence, as many as a check would read. A feed can bring any number that say the same.
MAX_NEAR = 32
PIECE = 100_000  # statements whose vectors are held at a time, in 16 bits: 77 MB
COLUMNS = 2000  # statements that are multiplied at a time

TOGETHER = 32  # checks that are searched for at a time: seconds at most, before somebody asks whether to go on

Touched = dict[str, dict[int, set[int]]]  # by check and place of the sentence, the keys of statements that may match


@dataclass(frozen=True, slots=True)
class Fresh:
    """Statements that appeared or changed: their vectors, one row a key, and the numbers of their changes."""

    keys: NDArray[np.int64]
    vectors: NDArray[np.float16]
    sequences: Mapping[int, int]


@dataclass(frozen=True, slots=True)
class Unknowing:
    """A check that did not know some statements: by the place of each sentence that they may match, their keys."""

    check: Check
    findings: tuple[SentenceFindings, ...]
    unknown: Mapping[int, Sequence[int]]

    @property
    def asked(self) -> tuple[CheckResult, tuple[SentenceFindings, ...], Mapping[int, Sequence[int]]]:
        """What the reviser takes."""
        return self.check.result, self.findings, self.unknown


def correct(application: Application, work: Work) -> int:
    """Judge past checks anew beside all that changed since; how many say something else now. Raises IndexFault."""
    corrections = application.corrections
    if not corrections.is_behind(application.statements.checkpoint().sequence):
        return 0  # without loading the index
    index = application.index.current()
    if not index.view.is_whole:
        return 0  # after a restore it is built from nothing: what is not in yet would count as compared
    goal = index.view.checkpoint.sequence
    reached = corrections.begin(goal)
    revised = correct_where_found(application, index, reached, goal, work)
    for fresh in fresh_statements(application, index, reached, goal):
        touched: Touched = defaultdict(lambda: defaultdict(set))
        for portion in corrections.portions(index.embedder.dimensions):
            work.go_on()
            add_near(touched, portion, fresh)
        add_found(touched, corrections.found_before(list(fresh.sequences)))
        revised += revise_all(application, index, touched, fresh.sequences, work)
        corrections.reach(max(fresh.sequences.values()))
    corrections.reach(goal)
    revised += correct_late(application, index, goal, work)
    log.info("past checks corrected: %d say something else", revised)
    return revised


def correct_where_found(
    application: Application, index: StatementIndex, after: int, until: int, work: Work, id: str | None = None
) -> int:
    """The same for statements that can only matter where they were found: of which no more than the normalized rating
    changed, so that they match what they matched before, or which were taken out of use and match nothing.

    `id` narrows it to a check. Again and again this comes to the same, so nothing is noted of how far it came.
    """
    changed = reread_keys(application.statements, after, until) | retired_keys(application.statements, after, until)
    touched: Touched = defaultdict(lambda: defaultdict(set))
    add_found(touched, application.corrections.found_before(list(changed), id))
    return revise_all(application, index, touched, changed, work)


def correct_late(application: Application, index: StatementIndex, goal: int, work: Work) -> int:
    """The same for checks that ended meanwhile and knew less."""
    corrections, revised = application.corrections, 0
    for id in corrections.late():
        past = corrections.past(id)
        versions = past[0].result.versions if past else None
        if versions is not None:
            revised += correct_where_found(application, index, sequence_of(versions), goal, work, id)
            portion = corrections.portion_of(id, index.embedder.dimensions)
            for fresh in fresh_statements(application, index, sequence_of(versions), goal):
                touched: Touched = defaultdict(lambda: defaultdict(set))
                add_near(touched, portion, fresh)
                add_found(touched, corrections.found_before(list(fresh.sequences), id))
                revised += revise_all(application, index, touched, fresh.sequences, work)
        corrections.caught_up(id)
    return revised


# ---------------------------------------------------------------- what may match


def fresh_statements(application: Application, index: StatementIndex, after: int, until: int) -> Iterator[Fresh]:
    """The statements that changed between two numbers, in pieces, in the order of their changes."""
    changed = iter(changed_keys(application.statements, after, until).items())
    while piece := dict(islice(changed, PIECE)):
        keys = list(piece)
        rows = [index.vectors(keys[n : n + COLUMNS]).astype(np.float16) for n in range(0, len(keys), COLUMNS)]
        yield Fresh(np.array(keys, np.int64), np.concatenate(rows), piece)


def add_near(touched: Touched, portion: Portion, fresh: Fresh) -> None:
    """Add the sentences of a portion that fresh statements are near to, each with the nearest of them."""
    least = np.maximum(portion.farthest + MARGIN, MIN_SIMILARITY)[:, None]
    nearest = np.full((len(portion.places), MAX_NEAR), -1, np.float32)
    keys = np.zeros(nearest.shape, np.int64)
    for start in range(0, len(fresh.keys), COLUMNS):
        similar = portion.vectors @ fresh.vectors[start : start + COLUMNS].astype(np.float32).T
        rows = np.flatnonzero((similar >= least).any(axis=1))
        known = np.concatenate([nearest[rows], similar[rows]], axis=1)
        kept = np.argpartition(known, -MAX_NEAR, axis=1)[:, -MAX_NEAR:]
        before = np.take_along_axis(keys[rows], np.minimum(kept, MAX_NEAR - 1), axis=1)
        keys[rows] = np.where(kept < MAX_NEAR, before, fresh.keys[start + np.maximum(kept - MAX_NEAR, 0)])
        nearest[rows] = np.take_along_axis(known, kept, axis=1)
    for row, column in np.argwhere(nearest >= least).tolist():
        check, place = portion.places[row]
        touched[check][place].add(int(keys[row, column]))


def add_found(touched: Touched, found: Iterable[tuple[str, int, int]]) -> None:
    """Add the sentences for which statements were found that changed since."""
    for check, place, key in found:
        touched[check][place].add(key)


# ---------------------------------------------------------------- judging anew


def revise_all(
    application: Application, index: StatementIndex, touched: Touched, sequences: Mapping[int, int], work: Work
) -> int:
    """Judge checks anew; how many say something else now. What they ask for is searched for many of them together."""
    fresh, revised = FreshIndex.of(index, sequences), 0
    waiting = iter(touched.items())
    while some := list(islice(waiting, TOGETHER)):
        work.go_on()
        pasts = [past for id, places in some if (past := unknowing(application, id, places, sequences))]
        texts = [text for each in pasts for text in application.reviser.texts(*each.asked, index)]
        fresh.look_up(texts, DEFAULTS.match.candidates)
        for each in pasts:
            work.go_on()
            revised += revise_one(application, fresh, each)
    return revised


def unknowing(
    application: Application, id: str, places: Mapping[int, set[int]], sequences: Mapping[int, int]
) -> Unknowing | None:
    """A check with the statements that it did not know; None where it knew them all, or is gone."""
    past = application.corrections.past(id)
    if past is None or past[0].result.versions is None:
        return None
    known = sequence_of(past[0].result.versions)
    unknown = {place: new for place, keys in places.items() if (new := newer(keys, sequences, known))}
    return Unknowing(*past, unknown) if unknown else None


def revise_one(application: Application, index: StatementIndex, past: Unknowing) -> bool:
    """Judge a check anew beside statements that it did not know; whether it says something else now."""
    result = application.reviser.revise(*past.asked, index)
    return result is not None and application.corrections.revise(past.check, result)


def newer(keys: Iterable[int], sequences: Mapping[int, int], known: int) -> Sequence[int]:
    """The keys of statements that changed after what was known."""
    return sorted(key for key in keys if sequences[key] > known)
