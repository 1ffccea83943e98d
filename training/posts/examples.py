"""Training examples from the posts: each beside its own statements, and beside what a search finds of others.

A claim is what the service would read of the post: all of it where it is short, else the windows of one to three
sentences that lie nearest to the statement.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path

from index.model.embedder import Embedder
from index.models import Pair
from index.pairs.protocol import PairModel
from index.retrieval.search import Proposed
from training.pairs.corpus import LABELS, Family
from training.pairs.examples import NO_TARGET, STANCES, Example
from training.pairs.judged import index_of
from training.posts.corpus import Does, Near, Post
from training.posts.proposals import find_twins, statement_rows

FOREIGN = 4  # statements of others a post: what a search confuses with its own
REACH = 60  # how far down a post's own statements are looked for
RIGHT_COPIES = 3  # of what is right, which is rare beside what only looks so

_STANCES = {Does.ASSERTED: "supports", Does.DENIED: "refutes", Does.REPORTED: "supports"}
# Whether the post also clashes with another number or another assertion, or agrees with what fits everything, is open.
_UNCLEAR = {Near.NUMBER, Near.ASSERTION, Near.GENERAL}


def post_examples(
    posts: Sequence[Post], families: Sequence[Family], model: PairModel, embedder: Embedder
) -> list[Example]:
    """Examples of `posts`, mined among their own statements and those of `families` alone."""
    if not posts:
        return []
    rows = statement_rows(posts, families)
    twins = find_twins(posts, rows, embedder)
    with tempfile.TemporaryDirectory() as folder:
        index = index_of(rows, model, embedder, Path(folder))
        found = index.propose([post.text for post in posts], REACH)
    return [
        each for post, row in zip(posts, found, strict=True) for each in (*_own(post, row), *_mined(post, row, twins))
    ]


def weighted(examples: Sequence[Example]) -> list[Example]:
    """Examples to learn from: those of the same claim several times."""
    same = [each for each in examples if each.label != LABELS.index("different")]
    return [*examples, *(RIGHT_COPIES - 1) * same]


def _own(post: Post, row: Sequence[Proposed]) -> Iterator[Example]:
    """The post beside its own statements, as far as a search finds them."""
    pairs = {each.statement.claim_reviewed: each.pair for each in row}
    for right in post.right:
        if right.text in pairs:
            stance = STANCES.index(_STANCES[right.does])
            yield _example(post, pairs[right.text], right.does, stance, right.does)
    for hard in post.hard:
        if hard.text in pairs:
            stance = NO_TARGET if hard.kind in _UNCLEAR else STANCES.index("neutral")
            yield _example(post, pairs[hard.text], "different", stance, hard.kind)


def _mined(post: Post, row: Sequence[Proposed], twins: dict[str, dict[str, str]]) -> Iterator[Example]:
    own = {each.text for each in (*post.right, *post.hard)} | twins[post.id].keys()
    foreign = [each.pair for each in row if each.statement.claim_reviewed not in own]
    for pair in foreign[:FOREIGN]:
        yield _example(post, pair, "different", STANCES.index("neutral"), "mined")


def _example(post: Post, pair: Pair, label: str, stance: int, kind: str) -> Example:
    return Example(pair.claim, pair.statement, LABELS.index(label), stance, f"post {kind}", post.language, post.id)
