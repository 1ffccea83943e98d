"""What a search proposes for our posts, as for judged ones: each post beside its own statements and beside all others.

The index holds the statements of every post and every family. A post is taken twice, once without what is right.
"""

from __future__ import annotations

import tempfile
from collections import ChainMap
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from index.model.embedder import Embedder
from index.pairs.protocol import PairModel
from training.pairs.corpus import Family
from training.pairs.examples import TWIN
from training.pairs.judged import READ, JudgedPost, index_of, proposals_for
from training.pairs.proposals import Proposal
from training.posts.corpus import Does, Post

POSTED = "post "  # begins the family of a post
LABELS = {Does.ASSERTED: "S", Does.DENIED: "D", Does.REPORTED: "S"}  # a reported claim is the same claim, too
WRONG = "N"


def post_proposals(
    posts: Sequence[Post],
    searched: Sequence[Post],
    families: Sequence[Family],
    model: PairModel,
    embedder: Embedder,
    first_number: int,
) -> list[Proposal]:
    """What is found for `searched` among the statements of all `posts` and `families`, numbered from `first_number` on.

    Statements of others that may well make the same claim are left out.
    """
    rows = statement_rows(posts, families)
    wrong = {str(row["id"]): WRONG for row in rows}
    twins = find_twins(searched, rows, embedder)
    with tempfile.TemporaryDirectory() as folder:
        index = index_of(rows, model, embedder, Path(folder))
        judged = [as_judged(post, wrong, twins[post.id]) for post in searched]
        found = list(proposals_for(judged, POSTED.strip(), index, first_number, READ))
    return [each for each in found if each.pair.statement not in twins[each.family.removeprefix(POSTED)]]


def statement_rows(posts: Sequence[Post], families: Sequence[Family]) -> list[Mapping[str, Any]]:
    """All statements; those of a post are named after it, and come from as many publishers as there are posts."""
    rows: list[Mapping[str, Any]] = []
    for post in posts:
        for place, each in enumerate((*post.right, *post.hard)):
            rows.append({"id": f"{post.id}/{place}", "claim": each.text, "lang": each.language, "source": post.id})
    for family in families:
        for language, text in family.statement.items():
            rows.append({"id": f"{family.id}/{language}", "claim": text, "lang": language, "source": family.id})
    return rows


def as_judged(post: Post, wrong: dict[str, str], twins: Mapping[str, str]) -> JudgedPost:
    """A post with the label of every statement: what is right of its own, and nothing else."""
    own = {f"{post.id}/{place}": LABELS[each.does] for place, each in enumerate(post.right)}
    labels = ChainMap(own, wrong)
    return JudgedPost(post.id, post.text, post.language, labels, frozenset({*own, *twins.values()}))


def find_twins(
    posts: Sequence[Post], rows: Sequence[Mapping[str, Any]], embedder: Embedder
) -> dict[str, dict[str, str]]:
    """For each post the statements of others that lie as near as TWIN to one that is right for it: text to id."""
    vectors = embedder.encode_statements([row["claim"] for row in rows])
    place = {row["id"]: number for number, row in enumerate(rows)}
    found = {}
    for post in posts:
        own = [place[f"{post.id}/{number}"] for number in range(len(post.right))]
        near = (vectors[own] @ vectors.T >= TWIN).any(axis=0).nonzero()[0] if own else ()
        others = [rows[number] for number in near if rows[number]["source"] != post.id]
        found[post.id] = {row["claim"]: row["id"] for row in others}
    return found
