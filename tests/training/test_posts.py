"""The corpus of posts, and what a search proposes for it: what is right, what only looks so, and nothing of a twin."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from index.pairs.rules import RulePairModel
from training.pairs.corpus import Part, read_families
from training.pairs.proposals import Proposal
from training.posts.corpus import Does, Form, Hard, Near, Post, Right, part_of_post, posts_of, read_posts
from training.posts.proposals import POSTED, post_proposals

from ..index.conftest import WordEmbedder

TOLD = "Unbelievable folks the mayor sold the town bridge to a circus and nobody asked us so tell your friends"
RIGHT = "The mayor sold the town bridge to a circus."
HARD = tuple(
    Hard(text, "en", kind)
    for kind, text in zip(
        Near,
        [
            "The governor sold the town hall to a circus.",
            "The mayor called the circus a disgrace to the town.",
            "The mayor closed the town bridge to all lorries.",
            "The mayor sold the town bus to a circus.",
            "The mayor sold three town bridges to a circus.",
            "Mayors sell the property of towns.",
        ],
        strict=True,
    )
)
WITH = Post("with", "en", Form.PLAIN, "towns", TOLD, (Right(RIGHT, "en", Does.ASSERTED),), HARD)
WITHOUT = Post("without", "en", Form.PLAIN, "towns", "I went to the circus beside the old bridge today.", (), HARD[:5])


def proposed(*posts: Post) -> list[Proposal]:
    embedder = WordEmbedder(dimensions=256)
    return post_proposals(posts, posts, read_families()[:20], RulePairModel(embedder), embedder, 5)


def test_a_post_is_taken_with_its_right_statement_and_without_it() -> None:
    found = proposed(WITH)
    assert {each.family for each in found} == {f"{POSTED}with"}
    assert [each.pair.statement for each in found if each.same] == [RIGHT]
    assert {each.number for each in found if each.own} == {5}
    assert RIGHT not in {each.pair.statement for each in found if each.number == 6}
    assert {each.text for each in HARD} & {each.pair.statement for each in found if each.own and not each.same}


def test_a_post_without_a_right_statement_matches_nothing() -> None:
    found = [each for each in proposed(WITH, WITHOUT) if each.family == f"{POSTED}without"]
    assert found
    assert not any(each.same for each in found)


def test_another_post_s_twin_of_what_is_right_counts_neither_way() -> None:
    twin = Post("twin", "en", Form.PLAIN, "towns", "Circus!", (Right(f"{RIGHT[:-1]}!", "en", Does.ASSERTED),), ())
    found = [each for each in proposed(WITH, twin) if each.family == f"{POSTED}with"]
    assert RIGHT in {each.pair.statement for each in found}
    assert f"{RIGHT[:-1]}!" not in {each.pair.statement for each in found}


def row(**changes: object) -> str:
    shown = {
        "id": "x", "language": "en", "form": "plain", "topic": "towns", "text": TOLD,
        "right": [{"text": RIGHT, "language": "en", "stance": "denied"}],
        "hard": [{"text": each.text, "language": "en", "kind": each.kind.value} for each in HARD],
    }  # fmt: skip
    return json.dumps({**shown, **changes})


def test_a_line_becomes_a_post(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text(row() + "\n\n")
    assert read_posts(tmp_path) == [
        Post("x", "en", Form.PLAIN, "towns", TOLD, (Right(RIGHT, "en", Does.DENIED),), HARD)
    ]


@pytest.mark.parametrize(
    "changes",
    [
        {"form": "poem"},
        {"right": [{"text": RIGHT, "language": "en", "stance": "sung"}]},
        {"hard": [{"text": RIGHT, "language": "en"}]},
        {"hard": None},
    ],
)
def test_a_malformed_line_is_named(tmp_path: Path, changes: dict[str, object]) -> None:
    (tmp_path / "a.jsonl").write_text(f"{row()}\n{row(**changes)}\n")
    with pytest.raises(ValueError, match=r"a\.jsonl:2"):
        read_posts(tmp_path)


def test_every_post_that_ships_is_whole() -> None:
    posts = read_posts()
    assert len({post.id for post in posts}) == len({post.text for post in posts}) == len(posts) > 0
    assert all(28 <= len(post.text.split()) <= 260 for post in posts)
    assert all(len(post.hard) == len(Near) and len(post.right) <= 3 for post in posts)
    assert {each.language for post in posts for each in (*post.right, *post.hard)} == {"de", "en"}


def test_the_id_alone_says_what_a_post_is_for() -> None:
    posts = read_posts()
    shares = Counter(post.part for post in posts)
    assert all(post.part is part_of_post(post.id) for post in posts)
    assert all(shares[part] for part in Part)
    assert posts_of(posts, Part.JUDGE) == [post for post in posts if post.part is Part.JUDGE]
