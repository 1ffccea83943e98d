"""The pair corpus as it is read: malformed lines named, labels held to their kinds, families split by their ids alone."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from training.pairs.corpus import (
    Family,
    Part,
    Text,
    digest,
    families_of,
    family_pairs,
    part_of,
    place_of,
    read_families,
)

GOOD: dict[str, Any] = {
    "id": "bridge", "topic": "towns", "statement": {"de": "Die Brücke wurde verkauft.", "en": "The bridge was sold."},
    "texts": [
        {"kind": "paraphrase", "language": "en", "label": "asserted", "text": "They sold the bridge."},
        {"kind": "number", "language": "de", "label": "different", "text": "Zwei Brücken wurden verkauft."},
    ],
}  # fmt: skip


def write(folder: Path, *rows: Mapping[str, Any] | str) -> Path:
    lines = [row if isinstance(row, str) else json.dumps(row) for row in rows]
    (folder / "a.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return folder


def test_families_are_read_in_the_order_of_the_files(tmp_path: Path) -> None:
    (tmp_path / "b.jsonl").write_text(json.dumps({**GOOD, "id": "last"}), encoding="utf-8")
    (tmp_path / "notes.txt").write_text("not a family")
    found = read_families(write(tmp_path, GOOD, "", {**GOOD, "id": "second"}))
    assert [family.id for family in found] == ["bridge", "second", "last"]
    assert found[0].texts[0] == Text("paraphrase", "en", "asserted", "They sold the bridge.")


@pytest.mark.parametrize(
    "wrong",
    [
        "{", "[]", "7", json.dumps({**GOOD, "texts": [{"kind": "paraphrase"}]}),
        json.dumps({name: value for name, value in GOOD.items() if name != "topic"}),
        json.dumps({**GOOD, "texts": [{**GOOD["texts"][0], "kind": "unheard of"}]}),
        json.dumps({**GOOD, "texts": [{**GOOD["texts"][0], "label": "denied"}]}),
    ],
)  # fmt: skip
def test_a_malformed_line_is_named(tmp_path: Path, wrong: str) -> None:
    with pytest.raises(ValueError, match=r"^a\.jsonl:3: "):
        read_families(write(tmp_path, GOOD, "", wrong))


def test_every_text_meets_the_statement_in_each_language() -> None:
    family = Family("bridge", "towns", GOOD["statement"], tuple(Text(*text.values()) for text in GOOD["texts"]))
    pairs = list(family_pairs(family))
    assert [(pair.claim[:4], pair.statement_language, pair.label) for pair in pairs] == [
        ("They", "de", "asserted"), ("They", "en", "asserted"), ("Zwei", "de", "different"), ("Zwei", "en", "different"),
    ]  # fmt: skip
    assert {pair.family for pair in pairs} == {"bridge"}


def test_a_name_stands_where_its_hash_says() -> None:
    expected = int(hashlib.sha256(b"bridge").hexdigest()[:8], 16) / (2**32 - 1)
    assert place_of("bridge") == pytest.approx(expected)
    assert 0 <= min(place_of(f"family {number}") for number in range(100)) < 0.05


@pytest.mark.parametrize(
    ("name", "part"),
    [("lemons", Part.LEARN), ("violin", Part.CHOOSE), ("train", Part.CALIBRATE), ("bees", Part.JUDGE)],
)
def test_a_name_is_of_one_part(name: str, part: Part) -> None:
    assert part_of(name) is part


def test_parts_have_their_shares() -> None:
    drawn = [part_of(f"family {number}") for number in range(4000)]
    shares = {part: drawn.count(part) / len(drawn) for part in Part}
    assert shares == pytest.approx(
        {Part.CHOOSE: 0.03, Part.CALIBRATE: 0.06, Part.JUDGE: 0.06, Part.LEARN: 0.85}, abs=0.02
    )


def test_every_family_is_of_one_part_that_its_id_alone_decides() -> None:
    families = read_families()
    parts = {part: families_of(part) for part in Part}
    assert sorted(family.id for some in parts.values() for family in some) == sorted(family.id for family in families)
    assert all(len(parts[part]) >= 20 for part in Part)
    assert [family.part for family in families_of(Part.CALIBRATE, Part.JUDGE)].count(Part.JUDGE) == len(
        parts[Part.JUDGE]
    )


def test_the_digest_is_of_the_files_contents(tmp_path: Path) -> None:
    before = digest(write(tmp_path, GOOD))
    assert before == hashlib.sha256((tmp_path / "a.jsonl").read_bytes()).hexdigest()
    assert digest(write(tmp_path, GOOD, GOOD)) != before
    assert digest(tmp_path, "*.tsv") == hashlib.sha256(b"").hexdigest()
