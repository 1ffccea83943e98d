"""What weights were made from: noted beside them, still the same, and missed by name where it is not here."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pytest

from index.model.pair_weights import PAIR_WEIGHTS_FILE
from index.pairs.rules import BIAS, WEIGHTS
from service.pipeline.checkworthiness import WEIGHTS_FILE
from training import sources
from training.sources import MADE_FROM, RULES_FILE, changed_since, complaints, files_of, given_files, read_sources

RECORD = Path(sources.__file__).parent / "pairs" / "model.json"


@pytest.mark.parametrize("weights", MADE_FROM, ids=lambda path: path.name)
def test_the_weights_that_ship_were_made_from_the_files_as_they_are(weights: Path) -> None:
    assert len(read_sources(weights).repository) >= 20
    assert changed_since(weights) == []


def test_the_rules_weigh_as_the_fit_said() -> None:
    assert json.loads(RULES_FILE.read_text(encoding="utf-8")) == {"bias": BIAS, "weights": list(WEIGHTS)}


def test_what_the_pair_model_learned_from_elsewhere_is_noted_by_its_digest() -> None:
    learned = json.loads(RECORD.read_text(encoding="utf-8"))["stance_data"]
    elsewhere = read_sources(PAIR_WEIGHTS_FILE).elsewhere
    assert sorted(elsewhere) == sorted(learned)
    assert all(len(digest) == 64 for digest in elsewhere.values())


def test_files_are_told_by_their_content(tmp_path: Path) -> None:
    (tmp_path / "texts").mkdir()
    (tmp_path / "texts" / "a.tsv").write_bytes(b"words")
    (tmp_path / "texts" / "b.txt").write_bytes(b"other words")
    assert files_of(["texts/*.tsv"], tmp_path) == {"texts/a.tsv": hashlib.sha256(b"words").hexdigest()}


def test_a_file_that_is_other_new_or_gone_since_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    weights = tmp_path / "weights.json"
    monkeypatch.setitem(MADE_FROM, weights, ("training/sentences/??.tsv",))
    sources.note_sources(weights, {"far.jsonl": "0" * 64})
    assert (changed_since(weights), read_sources(weights).elsewhere) == ([], {"far.jsonl": "0" * 64})
    monkeypatch.setitem(MADE_FROM, weights, ("training/sentences/de*.tsv",))
    assert changed_since(weights) == ["training/sentences/de.validation.tsv", "training/sentences/en.tsv"]
    table = json.loads((tmp_path / "sources.json").read_text())
    table["weights.json"]["repository"]["training/sentences/de.tsv"] = "1" * 64
    (tmp_path / "sources.json").write_text(json.dumps(table))
    assert "training/sentences/de.tsv" in changed_since(weights)


def test_what_is_missing_is_said_with_where_it_comes_from(tmp_path: Path) -> None:
    right, other = tmp_path / "fm2_dev.jsonl.gz", tmp_path / "fm2_test.jsonl.gz"
    right.write_bytes(b"right")
    other.write_bytes(b"other")
    noted = {
        right.name: hashlib.sha256(b"right").hexdigest(),
        other.name: "1" * 64,
        "feversymmetric_test.jsonl.gz": "2" * 64,
    }
    said = list(complaints([right, other, tmp_path / "feversymmetric_test.jsonl.gz"], noted))
    assert len(said) == 2
    assert "fm2_test.jsonl.gz is another file" in said[0]
    assert "is missing" in said[1]
    assert "https://github.com/TalSchuster/FeverSymmetric" in said[1]
    assert "2" * 64 in said[1]


def test_a_folder_stands_for_the_judged_posts_in_it() -> None:
    noted = {"de_posts.qrels.jsonl": "", "de_posts.queries.jsonl": "", "fm2_dev.jsonl.gz": ""}
    assert given_files([Path("a/fm2_dev.jsonl.gz"), Path("b/judged")], noted) == [
        Path("a/fm2_dev.jsonl.gz"), Path("b/judged/de_posts.qrels.jsonl"), Path("b/judged/de_posts.queries.jsonl"),
    ]  # fmt: skip


def test_training_does_not_begin_without_what_it_was_given(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("sys.argv", ["sources", str(tmp_path / "fm2_dev.jsonl.gz")])
    assert sources.main() == 1
    said = capsys.readouterr().out
    assert "make train STANCE_DATA=" in said
    assert "fm2_test.jsonl.gz is left out" in said
    monkeypatch.setattr("sys.argv", ["sources"])
    assert sources.main() == 0


def test_shipped_weights_name_what_they_were_made_from() -> None:
    assert "training/sentences/de.tsv" in read_sources(WEIGHTS_FILE).repository
    assert "training/pairs/premises/de.jsonl" in read_sources(PAIR_WEIGHTS_FILE).repository
