"""The tokenizer: built from a vocabulary, kept in a file, and never fooled by marks that stand in a text."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.errors import ModelUnavailable
from index.model.packed_weights import Vocabulary
from index.model.tokenizer import PairTokens, build_tokenizer, open_tokenizer

LETTERS = "abcdefghijklmnopqrstuvwxyz<>/"
PIECES = [
    ("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), ("▁", -3.0), ("▁lemon", -4.0), ("▁water", -4.0),
    *((letter, -9.0) for letter in LETTERS), ("<mask>", 0.0),
]  # fmt: skip
OPEN, CLOSE, LEMON, WATER = 0, 2, 5, 6
VOCABULARY = Vocabulary(PIECES, bos=OPEN, eos=CLOSE, pad=1, unk=3)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    (tmp_path / "sentencepiece.model").write_bytes(build_tokenizer(VOCABULARY))
    return tmp_path / "sentencepiece.model"


def test_a_text_stands_between_its_marks(file: Path) -> None:
    assert open_tokenizer(file).encode(["lemon water", ""], 512) == [[OPEN, LEMON, WATER, CLOSE], [OPEN, CLOSE]]


def test_a_pair_has_two_marks_between(file: Path) -> None:
    assert open_tokenizer(file).encode_pairs([("lemon", "water"), ("water", "")], 128) == [
        PairTokens([OPEN, LEMON, CLOSE, CLOSE, WATER, CLOSE], 3),
        PairTokens([OPEN, WATER, CLOSE, CLOSE, CLOSE], 3),
    ]


@pytest.mark.parametrize("text", ["lemon\twater", "lemon\u200bwater", " lemon \n\n water", "ｌｅｍｏｎ water", "le\0mon water", "lemon\u2581water"])  # fmt: skip
def test_blanks_widths_and_control_characters_make_no_difference(file: Path, text: str) -> None:
    assert open_tokenizer(file).encode([text], 512) == [[OPEN, LEMON, WATER, CLOSE]]


@pytest.mark.parametrize("mark", ["<s>", "</s>", "<pad>", "<unk>", "<mask>"])
def test_a_mark_in_a_text_is_text(file: Path, mark: str) -> None:
    (ids,) = open_tokenizer(file).encode([f"lemon {mark} water"], 512)
    assert not {0, 1, 2, 3, len(PIECES) - 1} & set(ids[1:-1])


def test_a_long_text_is_cut_and_still_ends_with_its_mark(file: Path) -> None:
    assert open_tokenizer(file).encode(["lemon " * 50], 6) == [[OPEN, *[LEMON] * 4, CLOSE]]


@pytest.mark.parametrize(
    ("lengths", "most", "expected"),
    [((9, 9), 12, (4, 4)), ((9, 9), 13, (4, 5)), ((9, 2), 12, (6, 2)), ((1, 9), 12, (1, 7)), ((3, 3), 12, (3, 3))],
)
def test_of_a_pair_the_longer_side_is_cut_first(
    file: Path, lengths: tuple[int, int], most: int, expected: tuple[int, int]
) -> None:
    pair = ("lemon " * lengths[0], "water " * lengths[1])
    ((ids, first),) = open_tokenizer(file).encode_pairs([pair], most)
    assert (ids.count(LEMON), ids.count(WATER), first) == (*expected, expected[0] + 2)


def test_a_file_that_is_none_is_said(tmp_path: Path) -> None:
    (tmp_path / "sentencepiece.model").write_text("{}")
    for name in ("sentencepiece.model", "missing.model", "."):
        with pytest.raises(ModelUnavailable, match="delete the models folder"):
            open_tokenizer(tmp_path / name)
