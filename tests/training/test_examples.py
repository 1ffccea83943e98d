"""Training examples: each pair carries the label and the stance that its text was written for."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from training.pairs.corpus import LABEL_OF_KIND, LABELS, Family, Text, read_families
from training.pairs.examples import NO_TARGET, STANCES, Example, own_examples, stance_examples


def encode(texts: Sequence[str]) -> np.ndarray:
    """Every text points somewhere else."""
    rows = [np.random.default_rng(int(hashlib.sha256(t.encode()).hexdigest()[:8], 16)).normal(size=16) for t in texts]
    return np.array([row / np.linalg.norm(row) for row in rows], np.float32)


def family(name: str, *kinds: str) -> Family:
    texts = tuple(
        Text(kind, "en", LABEL_OF_KIND[kind], f"{name} {kind} {number}.") for number, kind in enumerate(kinds)
    )
    return Family(name, "health", {"en": f"{name} statement."}, texts)


@pytest.fixture(scope="module")
def examples() -> list[Example]:
    kinds = ("paraphrase", "translation", "negation", "denial", "attribution", "question", "number", "near_miss")
    return own_examples([family("lemons", *kinds), family("bridges", *kinds)], encode, seed=1)


def of(examples: list[Example], kind: str) -> set[tuple[str, str | None]]:
    """Label and stance of the examples of a kind."""
    return {
        (LABELS[each.label], None if each.stance == NO_TARGET else STANCES[each.stance])
        for each in examples
        if each.kind == kind
    }


def test_each_kind_of_text_has_its_label_and_stance(examples: list[Example]) -> None:
    assert of(examples, "paraphrase") == {("asserted", "supports")}
    assert of(examples, "denial") == {("denied", "refutes")}
    assert of(examples, "attribution") == {("reported", "supports")}
    assert of(examples, "question") == {("reported", None)}
    assert of(examples, "number") == {("different", "refutes")}
    assert of(examples, "near_miss") == {("different", "neutral")}


def test_a_foreign_statement_makes_another_claim(examples: list[Example]) -> None:
    mined = [each for each in examples if each.kind == "mined"]
    assert mined
    assert {(LABELS[each.label], STANCES[each.stance]) for each in mined} == {("different", "neutral")}
    assert all(each.family not in each.statement for each in mined)


def test_two_denials_agree_and_a_paraphrase_denies_a_negation(examples: list[Example]) -> None:
    assert of(examples, "denial to denied") == {("asserted", "supports")}
    assert of(examples, "paraphrase to denied") == {("denied", "refutes")}


def test_chatter_around_a_text_changes_no_label(examples: list[Example]) -> None:
    longer = [each for each in examples if each.kind == "negation" and len(each.claim.split()) > 3]
    assert longer
    assert {LABELS[each.label] for each in longer} == {"denied"}


def test_the_same_seed_gives_the_same_examples() -> None:
    families = [family("a", "paraphrase", "negation"), family("b", "paraphrase", "negation")]
    assert own_examples(families, encode, seed=3) == own_examples(families, encode, seed=3)


def test_further_data_teaches_the_stance_alone(tmp_path: Path) -> None:
    rows = [
        {"premise": "A.", "hypothesis": "B.", "label": "contradiction", "lang": "en"},
        {"premise": "A.", "hypothesis": "C.", "label": "unknown"},
    ]
    with gzip.open(tmp_path / "more.jsonl.gz", "wt") as file:
        file.write("\n".join(map(json.dumps, rows)))
    (found,) = stance_examples([tmp_path / "more.jsonl.gz"], encode)
    assert (found.label, STANCES[found.stance]) == (NO_TARGET, "refutes")


def test_no_family_has_the_id_of_another() -> None:
    families = read_families()
    assert len(families) >= 165
    assert len({each.id for each in families}) == len(families)


@pytest.mark.parametrize(
    "line",
    [
        "{",
        '{"id": 1}',
        '{"id": "x", "topic": "t", "statement": {"en": "s"}, "texts": [{"kind": "denial", "language": "en", "label": "asserted", "text": "t"}]}',
    ],
)
def test_a_malformed_family_is_named_by_file_and_line(tmp_path: Path, line: str) -> None:
    (tmp_path / "bad.jsonl").write_text(f"\n{line}\n")
    with pytest.raises(ValueError, match=r"bad\.jsonl:2"):
        read_families(tmp_path)


def test_each_hypothesis_is_neutral_beside_a_premise_that_is_not_its_own(tmp_path: Path) -> None:
    rows = [{"premise": f"Premise {n}.", "hypothesis": f"Claim {n}.", "label": "entailment"} for n in range(5)]
    path = tmp_path / "more.jsonl"
    path.write_text("\n".join(map(json.dumps, rows)), encoding="utf-8")
    found = stance_examples([path], encode)
    neutral = [each for each in found if STANCES[each.stance] == "neutral"]
    assert [each.statement for each in neutral] == [f"Claim {n}." for n in range(5)]
    assert all(each.claim[-2] != each.statement[-2] for each in neutral)
    assert {each.label for each in found} == {NO_TARGET}


def test_names_that_change_places_make_another_claim_and_another_order_the_same() -> None:
    text = "The bank of Dublin that robbed the port of Lisbon closed in May 2026."
    hints = "He went from Dublin to Lisbon."
    made = Family("a", "money", {"en": text}, (Text("near_miss", "en", "different", hints),))
    found = own_examples([made], encode, seed=1)
    pairs = {(each.claim, LABELS[each.label]) for each in found if each.statement == text}
    assert ("The bank of Lisbon that robbed the port of Dublin closed in May 2026.", "different") in pairs
    assert ("In May 2026, the bank of Dublin that robbed the port of Lisbon closed.", "asserted") in pairs


def test_a_sentence_beside_itself_makes_its_own_claim_unless_it_is_denied_or_reported() -> None:
    some = read_families()[:40]
    light = [each for each in own_examples(some, encode, 3) if each.kind == "light"]
    assert {LABELS[each.label] for each in light} == {"asserted", "denied", "reported"}
    alike = [each for each in light if each.claim == each.statement]
    assert len(alike) > 20
    assert all((LABELS[each.label], STANCES[each.stance]) == ("asserted", "supports") for each in alike)


def test_another_number_is_another_claim_when_it_is_changed_lightly_too() -> None:
    found = own_examples([family("x", *["number"] * 20)], encode, 3)
    beside = [
        each for each in found if each.statement == "x statement." and each.claim.strip("!. …").startswith("x number")
    ]
    assert len(beside) > 20
    assert {LABELS[each.label] for each in beside} == {"different"}
