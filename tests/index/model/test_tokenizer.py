"""The tokenizer: built from a vocabulary, kept in a file, and never fooled by marks that stand in a text."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.errors import ModelUnavailable
from index.model.packed_weights import Vocabulary
from index.model.tokenizer import build_tokenizer, open_tokenizer

LETTERS = "abcdefghijklmnopqrstuvwxyz<>/"
PIECES = [
    ("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("▁", -3.0), ("▁lemon", -4.0), ("▁water", -4.0),
    *((letter, -9.0) for letter in LETTERS), ("<mask>", 0.0),
]  # fmt: skip
VOCABULARY = Vocabulary(PIECES, bos=0, eos=2, pad=1, unk=3)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    build_tokenizer(VOCABULARY).save(str(tmp_path / "tokenizer.json"))
    return tmp_path / "tokenizer.json"


def test_a_text_stands_between_its_marks(file: Path) -> None:
    assert open_tokenizer(file, 512).encode("lemon water").tokens == ["<s>", "▁lemon", "▁water", "</s>"]


def test_a_pair_has_two_marks_between(file: Path) -> None:
    tokens = open_tokenizer(file, 512).encode("lemon", "water").tokens
    assert tokens == ["<s>", "▁lemon", "</s>", "</s>", "▁water", "</s>"]


@pytest.mark.parametrize("text", ["lemon\twater", "lemon\u200bwater", " lemon \n\n water", "ｌｅｍｏｎ water", "le\0mon water", "lemon\u2581water"])  # fmt: skip
def test_blanks_widths_and_control_characters_make_no_difference(file: Path, text: str) -> None:
    assert open_tokenizer(file, 512).encode(text).tokens[1:3] == ["▁lemon", "▁water"]


@pytest.mark.parametrize("mark", ["<s>", "</s>", "<pad>", "<unk>", "<mask>"])
def test_a_mark_in_a_text_is_text(file: Path, mark: str) -> None:
    ids = open_tokenizer(file, 512).encode(f"lemon {mark} water").ids
    assert not {0, 1, 2, len(PIECES) - 1} & set(ids[1:-1])


def test_a_long_text_is_cut_and_still_ends_with_its_mark(file: Path) -> None:
    tokens = open_tokenizer(file, 6).encode("lemon " * 50).tokens
    assert tokens == ["<s>", *["▁lemon"] * 4, "</s>"]


def test_a_file_that_is_none_is_said(tmp_path: Path) -> None:
    (tmp_path / "tokenizer.json").write_text("{}")
    for name in ("tokenizer.json", "missing.json"):
        with pytest.raises(ModelUnavailable, match="delete the models folder"):
            open_tokenizer(tmp_path / name, 512)
