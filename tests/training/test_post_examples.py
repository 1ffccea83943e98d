"""What is learned from posts: their own statements, what only looks like them, and what a search confuses with them."""

from __future__ import annotations

from dataclasses import replace

from index.pairs.rules import RulePairModel
from training.pairs.corpus import LABELS, read_families
from training.pairs.examples import NO_TARGET, STANCES, Example
from training.posts.corpus import Does, Near, Post, Right
from training.posts.examples import FOREIGN, RIGHT_COPIES, post_examples, weighted

from ..index.conftest import WordEmbedder
from .test_posts import HARD, RIGHT, TOLD, WITH, WITHOUT


def examples(*posts: Post) -> list[Example]:
    embedder = WordEmbedder(dimensions=256)
    return post_examples(posts, read_families()[:20], RulePairModel(embedder), embedder)


def test_a_post_is_learned_from_beside_what_it_says_and_what_it_does_not() -> None:
    by_statement = {each.statement: each for each in examples(WITH)}
    right = by_statement[RIGHT]
    assert (LABELS[right.label], STANCES[right.stance], right.kind) == ("asserted", "supports", "post asserted")
    for hard in HARD:
        beside = by_statement[hard.text]
        assert (LABELS[beside.label], beside.kind) == ("different", f"post {hard.kind}")
        open_stance = hard.kind in (Near.NUMBER, Near.ASSERTION, Near.GENERAL)
        assert beside.stance == (NO_TARGET if open_stance else STANCES.index("neutral"))


def test_what_a_post_denies_or_reports_is_learned_as_that() -> None:
    for does, stance in ((Does.DENIED, "refutes"), (Does.REPORTED, "supports")):
        found = examples(replace(WITH, right=(Right(RIGHT, "en", does),)))
        [right] = [each for each in found if each.statement == RIGHT]
        assert (LABELS[right.label], STANCES[right.stance]) == (does, stance)


def test_statements_of_others_are_mined_but_never_a_twin_of_what_is_right() -> None:
    twin = Post("twin", "en", WITH.form, "towns", "Circus!", (Right(f"{RIGHT[:-1]}!", "en", Does.ASSERTED),), ())
    found = [each for each in examples(WITH, WITHOUT, twin) if each.family == "with"]
    mined = [each for each in found if each.kind == "post mined"]
    assert len(mined) == FOREIGN
    assert f"{RIGHT[:-1]}!" not in {each.statement for each in found}
    assert {LABELS[each.label] for each in mined} == {"different"}


def test_a_long_post_is_read_as_the_service_reads_it() -> None:
    long = replace(WITH, text=f"{'We had a wonderful long summer at the lake with all the kids. ' * 8}{TOLD}.")
    [right] = [each for each in examples(long) if each.statement == RIGHT]
    assert "sold the town bridge" in right.claim
    assert len(right.claim.split()) <= 60


def test_what_is_right_is_shown_more_often_than_what_is_not() -> None:
    found = examples(WITH)
    assert [each.statement for each in weighted(found)].count(RIGHT) == RIGHT_COPIES
    assert len(weighted(found)) == len(found) + RIGHT_COPIES - 1


def test_nothing_comes_of_no_posts() -> None:
    assert examples() == []
