"""Judged posts: each as it is, and without its right statements."""

from __future__ import annotations

import gzip
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from index.pairs.rules import RulePairModel
from training.pairs.judged import FIRST, JUDGED, READ, files_in, judged_proposals, read_posts
from training.pairs.proposals import Proposal

from ..index.conftest import WordEmbedder

POST = "The mayor sold the town bridge to a circus. Nobody asked us, and nobody ever will, so tell your friends."
RIGHT = "The mayor sold the town bridge to a circus."
TARGET = "A circus bought the town bridge from the mayor."
OTHERS = [f"The mayor of town{n} sold a bridge to a museum." for n in range(30)]


def write(path: Path, rows: Sequence[Mapping[str, object]]) -> None:
    lines = "\n".join(json.dumps(row) for row in rows) + "\n"
    path.write_bytes(gzip.compress(lines.encode()) if path.suffix == ".gz" else lines.encode())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    statements = [{"id": n, "claim": claim, "lang": "en"} for n, claim in enumerate([RIGHT, TARGET, *OTHERS])]
    write(tmp_path / "posts.statements.jsonl.gz", statements)
    queries = [
        {"query_id": "a", "query": POST, "target_ids": [1]},
        {"query_id": "b", "query": "Somewhere a bridge was sold, says town3.", "target_ids": []},
        {"query_id": "never judged", "query": POST, "target_ids": [1]},
    ]
    write(tmp_path / "posts.queries.jsonl", queries)
    labels = [("a", 0, "D"), *(("a", n, "N") for n in range(1, 32)), *(("b", n, "U") for n in range(32))]
    write(tmp_path / "posts.qrels.jsonl", [{"q": post, "s": n, "label": label} for post, n, label in labels])
    return tmp_path


def proposed(folder: Path) -> list[Proposal]:
    embedder = WordEmbedder(dimensions=256)
    return judged_proposals(folder, RulePairModel(embedder), embedder, 10)


def test_the_judged_ones_of_the_first_statements_carry_their_label(folder: Path) -> None:
    found = [each for each in proposed(folder) if each.own]
    assert {each.family for each in found} == {f"{JUDGED}posts a", f"{JUDGED}posts b"}
    assert len(found) == 2 * FIRST
    assert [each.pair.statement for each in found if each.same] == [RIGHT]


def test_where_a_post_names_no_language_its_set_does(folder: Path) -> None:
    for part in ("qrels", "queries"):
        (folder / f"posts.{part}.jsonl").rename(folder / f"en_posts.{part}.jsonl")
    write(folder / "de_posts.queries.jsonl", [{"query_id": "a", "query": POST, "lang": "fr"}])
    judgements = folder / "en_posts.qrels.jsonl"
    assert {each.language for each in read_posts(judgements, folder / "en_posts.queries.jsonl")} == {"en"}
    assert [each.language for each in read_posts(judgements, folder / "de_posts.queries.jsonl")] == ["fr"]


def test_without_its_right_statements_a_post_has_no_match(folder: Path) -> None:
    found = [each for each in proposed(folder) if not each.own]
    assert {each.family for each in found} == {f"{JUDGED}posts a"}  # none of the other's was right
    assert READ - 2 <= len(found) <= READ
    assert not {each.pair.statement for each in found} & {RIGHT, TARGET}
    assert not any(each.same for each in found)


def test_the_background_is_that_of_what_remains(folder: Path) -> None:
    found = [each for each in proposed(folder) if each.family.endswith(" a")]
    (with_it,) = {each.pair.background for each in found if each.own}
    (without,) = {each.pair.background for each in found if not each.own}
    assert with_it is not None
    assert without is not None
    assert without <= with_it + 1e-6


def test_without_its_right_statements_a_post_is_nearest_to_others(folder: Path) -> None:
    found = [each for each in proposed(folder) if each.family.endswith(" a")]
    standing, without = (
        [each.pair.standing for each in found if each.own is own and each.pair.standing] for own in (True, False)
    )
    assert max(each.max_sim.value for each in without) < max(each.max_sim.value for each in standing)
    assert max(each.max_sim.deviations for each in without) < max(each.max_sim.deviations for each in standing)


def test_each_way_of_taking_a_post_is_a_text_of_its_own(folder: Path) -> None:
    found = proposed(folder)
    assert {(each.number, each.family[-1], each.own) for each in found} == {
        (10, "a", True), (11, "a", False), (12, "b", True),
    }  # fmt: skip
    assert {each.family[-1] for each in found if each.pair.standing} == {"a"}  # the other is too short for a post


def test_judgements_without_statements_are_left_out_and_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "posts.statements.jsonl.gz").unlink()
    assert proposed(folder) == []
    assert "posts: left out" in capsys.readouterr().out


def test_the_files_of_a_folder_are_named_for_the_record(folder: Path) -> None:
    (folder / "notes.txt").write_text("not one of them")
    assert [path.name for path in files_in(folder)] == [
        "posts.qrels.jsonl", "posts.queries.jsonl", "posts.statements.jsonl.gz",
    ]  # fmt: skip
