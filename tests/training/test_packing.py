"""The trained network in the form that ships, and back."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from index.model.pair_weights import read_pair_weights, write_pair_weights
from training.pairs.export import measure_ranges
from training.pairs.packing import pack, unpack
from training.pairs.reader import PairReader, Tokens, read_pairs

from .tiny import EXAMPLES


def test_what_ships_can_be_trained_further(folder: Path, tmp_path: Path) -> None:
    torch.manual_seed(3)
    reader, tokens = PairReader(folder, frozen=1), Tokens(EXAMPLES, folder)
    write_pair_weights(pack(reader, measure_ranges(reader, tokens)), tmp_path / "weights.npz")
    torch.manual_seed(4)
    again = PairReader(folder, frozen=1)
    assert not torch.equal(again.label.weight, reader.label.weight)
    unpack(read_pair_weights(tmp_path / "weights.npz"), again)
    for name, value in reader.state_dict().items():
        # Half a step of 127, of the largest in a block of 32.
        assert (again.state_dict()[name] - value).abs().max() <= 0.006 * value.abs().max(), name
    for before, after in zip(read_pairs(reader, tokens), read_pairs(again, tokens), strict=True):
        assert after == pytest.approx(before, abs=0.1)
