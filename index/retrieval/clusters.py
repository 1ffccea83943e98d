"""Clusters: statements that say the same, of several publishers and in several languages, linked and never merged.

A link follows from the index each time it is asked for: nothing of it is stored with the statements. Two that say the
same nearly word for word are linked; of others that are near the pair model reads both ways. A number, date or name
that differs, or a negation, is never looked over.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import combinations

import numpy as np

from index.models import DifferenceKind, Pair, Statement
from index.pairs.differences import find_differences
from index.pairs.memory import texts_remembered
from index.pairs.rules import OTHER_CLAIM
from index.retrieval.engine import Query
from index.retrieval.search import StatementIndex, asserts, searched_claim

DIVIDING = OTHER_CLAIM | {DifferenceKind.NEGATION}

Two = tuple[Statement, Statement]


def clustered(index: StatementIndex, rows: Sequence[Sequence[Statement]]) -> list[list[int]]:
    """For each statement of a row the place of the first in it that says the same; its own where none before does.

    Everything is compared with the first of a cluster, so that no chain leads from one claim to another. Raises
    IndexUnavailable.
    """
    found = same_claims(index, [two for row in rows for two in combinations(row, 2)])
    same = {(one.key, other.key) for one, other in found}
    return [places_of_first(row, same) for row in rows]


def places_of_first(row: Sequence[Statement], same: set[tuple[int, int]]) -> list[int]:
    """The place of each statement's cluster in a row, given the keys of those that say the same."""
    places: list[int] = []
    for place, statement in enumerate(row):
        firsts = (n for n in range(place) if places[n] == n and (row[n].key, statement.key) in same)
        places.append(next(firsts, place))
    return places


def cluster_of(index: StatementIndex, statement: Statement) -> list[Statement]:
    """Other statements that say the same as one, the nearest first. Raises IndexUnavailable."""
    vector = index.vectors([statement.key])
    if not vector.any():
        return []
    (near,) = index.view.propose([Query(searched_claim(statement), vector)], index.thresholds.pool)
    order = np.argsort(-near.similarities[0], kind="stable")
    keys = [near.keys[n] for n in order if near.similarities[0, n] >= index.thresholds.same_claim_from]
    keys = [key for key in keys if key != statement.key][: index.thresholds.reads]
    others = index.lookup(keys)
    two = [(statement, others[key]) for key in keys if key in others]
    return [other for _, other in same_claims(index, two)]


@texts_remembered()
def same_claims(index: StatementIndex, pairs: Sequence[Two]) -> list[Two]:
    """Those pairs of statements that say the same, in their order. Raises IndexUnavailable."""
    numbers, near = index.thresholds, similarities(index, pairs)
    alike = [each for each in pairs if near[keys_of(each)] >= numbers.same_claim_from and not divided(each)]
    unsure = [each for each in alike if near[keys_of(each)] < numbers.same_statement]
    odds = dict(zip(map(keys_of, unsure), read_both_ways(index, unsure), strict=True))
    return [each for each in alike if odds.get(keys_of(each), np.inf) >= numbers.same_claim_odds]


def similarities(index: StatementIndex, pairs: Iterable[Two]) -> dict[tuple[int, int], float]:
    """How similar the statements of each pair are, by their keys; 0 where the index holds one of them not."""
    wanted = [keys_of(each) for each in pairs]
    keys = sorted({key for each in wanted for key in each})
    rows = dict(zip(keys, index.vectors(keys), strict=True)) if keys else {}
    return {each: float(rows[each[0]] @ rows[each[1]]) for each in wanted}


def read_both_ways(index: StatementIndex, pairs: Sequence[Two]) -> list[float]:
    """The log odds that both statements of a pair make the same claim, of both ways to read it the lower ones.

    Where the pair model does not read, nothing speaks for it.
    """
    if not pairs or not index.pair_model.is_reader:
        return [-np.inf] * len(pairs)
    texts = [(searched_claim(one), searched_claim(other)) for one, other in pairs]
    both = [Pair(*each) for one, other in texts for each in ((one, other), (other, one))]
    odds = [-np.inf if each.odds is None else each.odds for each in index.judge(both)]
    return [min(each) for each in zip(odds[::2], odds[1::2], strict=True)]


def divided(pair: Two) -> bool:
    """Whether the statements of a pair differ in what makes them two claims, or one of them makes none."""
    if not all(map(asserts, pair)):
        return True
    found = find_differences(searched_claim(pair[0]), searched_claim(pair[1]))
    return any(each.kind in DIVIDING for each in found)


def keys_of(pair: Two) -> tuple[int, int]:
    """The keys of both statements."""
    return pair[0].key, pair[1].key
