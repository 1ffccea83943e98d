"""The trained network in the form that ships, 8 bits a weight, and back: what ships can be trained further."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import nn

from index.model.pair_weights import PairWeights, pack_matrix
from index.model.quantization import Dense, Ranges
from training.pairs.reader import PairReader

_PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
}
_NORMS = {"aln": "attention.output.LayerNorm", "oln": "output.LayerNorm"}


def pack(reader: PairReader, ranges: Sequence[Ranges]) -> PairWeights:
    """The trained layers and heads in the form that is shipped."""
    matrices, floats = {}, {}
    for number in range(reader.frozen, len(reader.layers)):
        layer = reader.layers[number]
        for short, name in _PARTS.items():
            dense = layer.get_submodule(name)
            matrices[f"l{number}.{short}.w"] = pack_matrix(array(dense.weight))
            floats[f"l{number}.{short}.b"] = array(dense.bias)
        for short, name in _NORMS.items():
            norm = layer.get_submodule(name)
            floats[f"l{number}.{short}.w"], floats[f"l{number}.{short}.b"] = array(norm.weight), array(norm.bias)
    heads = [Dense(array(head.weight), array(head.bias)) for head in (reader.label, reader.stance)]
    return PairWeights(matrices, floats, heads[0], heads[1], list(ranges))


def array(values: torch.Tensor) -> np.ndarray:
    """A parameter as float32."""
    return values.detach().float().numpy()


def unpack(weights: PairWeights, reader: PairReader) -> None:
    """Put what ships into a network of the same shape: as trained, but for what 8 bits lose."""
    for number in range(reader.frozen, len(reader.layers)):
        layer = reader.layers[number]
        for short, name in _PARTS.items():
            dense = layer.get_submodule(name)
            _set(dense, weights.matrices[f"l{number}.{short}.w"].floats(), weights.floats[f"l{number}.{short}.b"])
        for short, name in _NORMS.items():
            norm = layer.get_submodule(name)
            _set(norm, weights.floats[f"l{number}.{short}.w"], weights.floats[f"l{number}.{short}.b"])
    _set(reader.label, weights.label.weight, weights.label.bias)
    _set(reader.stance, weights.stance.weight, weights.stance.bias)


def _set(module: nn.Module, weight: np.ndarray, bias: np.ndarray) -> None:
    module.load_state_dict({"weight": torch.from_numpy(weight), "bias": torch.from_numpy(bias)})
