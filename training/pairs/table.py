"""Proposals as columns, which the calibration is fitted on: whose each is, what it is for, and what decides."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from index.pairs.differences import find_differences
from index.pairs.reader import ReaderPairModel, post_features, reading_features, same_claim_odds
from training.pairs.corpus import Part, part_of
from training.pairs.judged import JUDGED
from training.pairs.proposals import ORDINARY, Proposal
from training.posts.corpus import part_of_post
from training.posts.proposals import POSTED

NO_POST = (0.0,) * 10


@dataclass(frozen=True)
class Table:
    """Proposals as columns; `numbers` tells which text a row belongs to, `posts` whether it counts as a post.

    `judging` are those that nothing is fitted to. `features` are those of sentences; `of_posts` those of posts, zeros
    in other rows.
    """

    numbers: np.ndarray
    families: np.ndarray
    languages: np.ndarray
    own: np.ndarray
    posts: np.ndarray
    judging: np.ndarray
    same: np.ndarray
    features: np.ndarray
    of_posts: np.ndarray

    @property
    def judged(self) -> np.ndarray:
        """Which rows are of real posts that people judged."""
        return np.char.startswith(self.families, JUDGED)

    @property
    def ordinary(self) -> np.ndarray:
        """Which rows are of ordinary sentences."""
        return np.char.startswith(self.families, ORDINARY)

    @property
    def posted(self) -> np.ndarray:
        """Which rows are of our own posts."""
        return np.char.startswith(self.families, POSTED)

    @property
    def ours(self) -> np.ndarray:
        """Which rows are of families."""
        return ~self.judged & ~self.ordinary & ~self.posted

    def part(self, rows: np.ndarray) -> Table:
        """Only some rows."""
        return Table(*(getattr(self, name)[rows] for name in self.__dataclass_fields__))


def tabulate(proposals: Sequence[Proposal], model: ReaderPairModel) -> Table:
    """The proposals, read by the model."""
    pairs = [each.pair for each in proposals]
    odds = same_claim_odds(model.logits(pairs)[0])
    background = usual_background(proposals)
    differences = [find_differences(pair.claim, pair.statement) for pair in pairs]
    features = [
        reading_features(pair, odd, pair.similarity or 0.0, differing, background)
        for pair, odd, differing in zip(pairs, odds, differences, strict=True)
    ]
    of_posts = [
        post_features(pair, float(odd), pair.standing, differing) if pair.standing else NO_POST
        for pair, odd, differing in zip(pairs, odds, differences, strict=True)
    ]
    rows = [
        (
            each.number,
            each.family,
            each.text.language,
            each.own,
            each.pair.standing is not None,
            judges(each),
            float(each.same),
        )
        for each in proposals
    ]
    columns = (np.array(column) for column in zip(*rows, strict=True))
    return Table(*columns, features=np.array(features, float), of_posts=np.array(of_posts, float))


def judges(proposal: Proposal) -> bool:
    """Whether nothing may be fitted to it. Judged posts are too few to be parted: theirs are cross-validated."""
    if proposal.family.startswith(JUDGED):
        return False
    if proposal.family.startswith(POSTED):
        return part_of_post(proposal.family.removeprefix(POSTED)) is Part.JUDGE
    name = proposal.text.text if proposal.family.startswith(ORDINARY) else proposal.family
    return part_of(name) is Part.JUDGE


def usual_background(proposals: Sequence[Proposal]) -> float:
    """How similar other statements are to a text, on average."""
    return float(np.mean([each.pair.background for each in proposals if each.pair.background is not None]))
