"""A BERT encoder as an ONNX graph in 8 bits, built from plain arrays. The only home of onnx.

`Encoder` takes token ids and lengths, adds the layers it is given, and ends in unit vectors or the logits of a pair.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.model.packed_weights import BLOCK, BlockMatrix, PackedWeights
from index.model.pair_weights import PairWeights
from index.model.quantization import (
    ZERO,
    Dense,
    Floats,
    Ranges,
    RoundedDense,
    input_steps,
    plan_wide,
    round_dense,
    shipped_ranges,
    without_inputs,
)

_CONTRIB = "com.microsoft"  # onnxruntime's own operators
# Surprise in nats of what every text has ("die", "of"), and what such a token counts all the same.
_COMMON, _LEAST_RARITY = 6.0, 0.2
_OPSET, _IR_VERSION = 24, 11  # 24 is the first whose Attention takes the texts' lengths


@dataclass(frozen=True, slots=True)
class Norm:
    """A layer norm."""

    gain: Floats
    bias: Floats


@dataclass(frozen=True, slots=True)
class TransformerLayer:
    """One transformer layer: attention and feed-forward, each with its residual and norm."""

    query: Dense
    key: Dense
    value: Dense
    attention_output: Dense
    attention_norm: Norm
    feed_forward: Dense
    output: Dense
    output_norm: Norm


class Encoder:
    """Collects the graph. Tensors are named by strings, as in ONNX; hidden states have shape (texts, tokens, width)."""

    def __init__(self, heads: int, epsilon: float) -> None:
        self._heads, self._epsilon = heads, epsilon
        self._nodes: list[Any] = []
        self._constants: list[Any] = []

    def add(self, operator: str, *inputs: str, domain: str = "", **attributes: Any) -> str:
        """Append a node with one output; the output's name."""
        from onnx import helper

        output = f"{operator}_{len(self._nodes)}"
        self._nodes.append(helper.make_node(operator, inputs, [output], output, domain=domain, **attributes))
        return output

    def constant(self, values: NDArray[Any] | np.generic) -> str:
        """Keep an array in the graph; its name."""
        from onnx import numpy_helper

        name = f"constant_{len(self._constants)}"
        self._constants.append(numpy_helper.from_array(np.asarray(values, order="C"), name))
        return name

    def embeddings(self, words: BlockMatrix, positions: Floats, norm: Norm) -> str:
        """Hidden states before the first layer, from the input `ids`; the words stay in their 4-bit blocks."""
        packed = words.nibbles[:, 0::2] | (words.nibbles[:, 1::2] << 4)
        word = self.add(
            "GatherBlockQuantized", self.constant(packed), "ids", self.constant(words.scales.astype(np.float32)),
            domain=_CONTRIB, bits=4, block_size=BLOCK, gather_axis=0, quantize_axis=1,
        )  # fmt: skip
        zero = self.constant(np.array([0]))
        tokens = self.add("Shape", "ids", start=1, end=2)
        place = self.add("Slice", self.constant(positions), zero, tokens, zero)
        return self._norm(self.add("Add", word, place), norm)

    def layer(self, x: str, layer: TransformerLayer, ranges: Ranges) -> str:
        """Hidden states after one more layer."""
        joined = np.concatenate([layer.query.weight, layer.key.weight, layer.value.weight])
        steps = input_steps(ranges.attention, joined)
        value_steps = input_steps(ranges.attended, layer.attention_output.weight, smoothing=0.5)
        value = Dense(layer.value.weight / value_steps[:, None], layer.value.bias / value_steps)
        codes = self._codes(self._scaled(x, steps))
        heads = [self._product(codes, round_dense(dense, steps)) for dense in (layer.query, layer.key, value)]
        attended = self.add(
            "Attention", *heads, "", "", "", "lengths", q_num_heads=self._heads, kv_num_heads=self._heads
        )
        codes = self._codes(attended)
        new = self._product(codes, round_dense(layer.attention_output, value_steps))
        x = self._norm(self.add("Add", x, new), layer.attention_norm)
        return self._norm(self.add("Add", x, self._feed_forward(x, layer, ranges)), layer.output_norm)

    def _feed_forward(self, x: str, layer: TransformerLayer, ranges: Ranges) -> str:
        steps = input_steps(ranges.feed_forward, layer.feed_forward.weight)
        wide = self._product(self._codes(self._scaled(x, steps)), round_dense(layer.feed_forward, steps))
        plan = plan_wide(ranges.wide)
        codes = self._codes(self.add("Gelu", wide), plan.step, plan.zero)
        rest = self._product(codes, round_dense(without_inputs(layer.output, plan.outliers)), plan.step, plan.zero)
        few = self.add("MatMul", x, self.constant(layer.feed_forward.weight[plan.outliers].T))
        few = self.add("Gelu", self.add("Add", few, self.constant(layer.feed_forward.bias[plan.outliers])))
        return self.add("Add", rest, self.add("MatMul", few, self.constant(layer.output.weight[:, plan.outliers].T)))

    def token_vectors(self, x: str) -> str:
        """Every token's hidden state as a unit vector, shape (texts, tokens, width)."""
        return self.add("LpNormalization", x, axis=2, p=2)

    def looked_up(self, table: Floats) -> str:
        """What a table says of each of `ids`, shape (texts, tokens)."""
        return self.add("Gather", self.constant(table), "ids")

    def pooled(self, x: str) -> str:
        """The mean over each text's tokens, as unit vectors of shape (texts, width)."""
        from onnx import TensorProto

        axis = self.constant(np.array([1]))
        inside = self.add("Less", self._places(x), self.add("Unsqueeze", "lengths", axis))
        shares = self.add("Unsqueeze", self.add("Cast", inside, to=TensorProto.FLOAT), axis)
        return self.add("LpNormalization", self.add("Squeeze", self.add("MatMul", shares, x), axis), axis=1, p=2)

    def side_means(self, x: str) -> str:
        """For pairs of texts: the opening token, the mean of either side, and how far these are apart, in a row.

        The input `claims` says how many tokens belong to the first text. Shape (pairs, 4 x width).
        """
        from onnx import TensorProto

        axis = self.constant(np.array([1]))
        place = self._places(x)
        inside = self.add("Less", place, self.add("Unsqueeze", "lengths", axis))
        first = self.add("Less", place, self.add("Unsqueeze", "claims", axis))
        second = self.add("And", inside, self.add("Not", first))
        means = []
        for side in (first, second):
            share = self.add("Cast", side, to=TensorProto.FLOAT)
            share = self.add("Div", share, self.add("ReduceSum", share, axis, keepdims=1))
            means.append(self.add("Squeeze", self.add("MatMul", self.add("Unsqueeze", share, axis), x), axis))
        opening = self.add("Gather", x, self.constant(np.array(0)), axis=1)
        return self.add("Concat", opening, *means, self.add("Abs", self.add("Sub", *means)), axis=1)

    def dense(self, x: str, dense: Dense) -> str:
        """A dense layer in float32, for the small ones at the end."""
        return self.add("Gemm", x, self.constant(dense.weight.T), self.constant(dense.bias))

    def finish(self, *outputs: str, inputs: Sequence[str] = ("lengths",)) -> bytes:
        """The serialised model. Inputs: `ids` int32 (texts, tokens), and `inputs`, each int64 (texts)."""
        from onnx import TensorProto, helper

        taken = [helper.make_tensor_value_info("ids", TensorProto.INT32, ["texts", "tokens"])]
        taken += [helper.make_tensor_value_info(name, TensorProto.INT64, ["texts"]) for name in inputs]
        given = [helper.make_tensor_value_info(name, TensorProto.FLOAT, None) for name in outputs]
        graph = helper.make_graph(self._nodes, "encoder", taken, given, self._constants)
        opsets = [helper.make_opsetid("", _OPSET), helper.make_opsetid(_CONTRIB, 1)]
        return bytes(helper.make_model(graph, opset_imports=opsets, ir_version=_IR_VERSION).SerializeToString())

    def _places(self, x: str) -> str:
        zero, one = self.constant(np.array(0)), self.constant(np.array(1))
        tokens = self.add("Squeeze", self.add("Shape", x, start=1, end=2))
        return self.add("Range", zero, tokens, one)

    def _norm(self, x: str, norm: Norm) -> str:
        return self.add(
            "LayerNormalization", x, self.constant(norm.gain), self.constant(norm.bias), epsilon=self._epsilon
        )

    def _scaled(self, x: str, steps: Floats) -> str:
        return self.add("Mul", x, self.constant(1 / steps))

    def _codes(self, x: str, step: float = 1.0, zero: int = ZERO) -> str:
        return self.add("QuantizeLinear", x, self.constant(np.float32(step)), self.constant(np.uint8(zero)))

    def _product(self, codes: str, dense: RoundedDense, step: float = 1.0, zero: int = ZERO) -> str:
        return self.add(
            "MatMulIntegerToFloat", codes, self.constant(dense.weights), self.constant(np.float32(step)),
            self.constant(dense.output_steps), self.constant(np.uint8(zero)), "", self.constant(dense.bias),
            domain=_CONTRIB,
        )  # fmt: skip


def build_embedder(weights: PackedWeights) -> bytes:
    """The bundled model from token ids to unit vectors of texts, those of their tokens, and how rare these are.

    Raises ModelUnavailable.
    """
    encoder, x = _encoded(weights, shipped_ranges())
    rarity = encoder.looked_up(token_rarity([score for _, score in weights.vocabulary.pieces]))
    return encoder.finish(encoder.pooled(x), encoder.token_vectors(x), rarity)


def token_rarity(log_probabilities: Sequence[float]) -> Floats:
    """How much each token of a vocabulary says: its surprise, less that of the words which every text has.

    The log probabilities are those of the unigram model that cuts words into tokens (Kudo 2018). They stand in for
    how rare a token is among the statements, which changes with each of them.
    """
    surprise = -np.asarray(log_probabilities, np.float32)
    return np.asarray(np.maximum(surprise - _COMMON, _LEAST_RARITY), np.float32)


def build_pair_reader(weights: PackedWeights, trained: PairWeights) -> bytes:
    """The pair model from the token ids of both sides to the logits of labels and of stances."""
    whole = replace(
        weights, matrices={**weights.matrices, **trained.matrices}, floats={**weights.floats, **trained.floats}
    )
    encoder, x = _encoded(whole, trained.ranges)
    seen = encoder.side_means(x)
    heads = [encoder.dense(seen, head) for head in (trained.label, trained.stance)]
    return encoder.finish(*heads, inputs=("lengths", "claims"))


def _encoded(weights: PackedWeights, ranges: Sequence[Ranges]) -> tuple[Encoder, str]:
    sizes, floats = weights.sizes, weights.floats
    encoder = Encoder(sizes.heads, sizes.norm_epsilon)
    positions = floats["emb.pos"].reshape(sizes.positions, sizes.hidden) + floats["emb.type"][: sizes.hidden]
    x = encoder.embeddings(weights.words, positions, Norm(floats["emb.ln.w"], floats["emb.ln.b"]))
    for layer, measured in zip(read_layers(weights), ranges, strict=True):
        x = encoder.layer(x, layer, measured)
    return encoder, x


def read_layers(weights: PackedWeights) -> Sequence[TransformerLayer]:
    """The transformer layers of the bundled model in float32."""

    def dense(name: str) -> Dense:
        return Dense(weights.matrices[f"{name}.w"].floats(), weights.floats[f"{name}.b"])

    def norm(name: str) -> Norm:
        return Norm(weights.floats[f"{name}.w"], weights.floats[f"{name}.b"])

    return [
        TransformerLayer(
            dense(f"{name}.q"), dense(f"{name}.k"), dense(f"{name}.v"), dense(f"{name}.ao"), norm(f"{name}.aln"),
            dense(f"{name}.fi"), dense(f"{name}.fo"), norm(f"{name}.oln"),
        )
        for name in (f"l{number}" for number in range(weights.sizes.layers))
    ]  # fmt: skip
