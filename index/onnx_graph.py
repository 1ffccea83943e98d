"""The embedder's transformer as an ONNX graph, built from plain arrays. The only home of onnx."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.packed_weights import BLOCK, BlockMatrix, ModelSizes, PackedWeights

_CONTRIB = "com.microsoft"  # onnxruntime's own operators: fused attention and norms, 4-bit matrices


class GraphBuilder:
    """Collects nodes and constants of a BERT encoder. Tensors are named by strings, as in ONNX itself."""

    def __init__(self) -> None:
        self._nodes: list[Any] = []
        self._constants: list[Any] = []
        self._count = 0

    def add(self, operator: str, inputs: Sequence[str], domain: str = "", **attributes: Any) -> str:
        """Append a node with one output; its output's name."""
        from onnx import helper

        self._count += 1
        output = f"{operator.lower()}_{self._count}"
        self._nodes.append(helper.make_node(operator, list(inputs), [output], output, domain=domain, **attributes))
        return output

    def constant(self, values: NDArray[Any]) -> str:
        """Keep an array in the graph; its name."""
        from onnx import numpy_helper

        self._count += 1
        name = f"constant_{self._count}"
        self._constants.append(numpy_helper.from_array(np.ascontiguousarray(values), name))
        return name

    def linear(self, x: str, weight: BlockMatrix, bias: NDArray[np.float32]) -> str:
        """x @ weight.T + bias; activations are rounded to 8 bits in blocks of 32, each with its own scale."""
        rows, columns = weight.nibbles.shape
        pairs = weight.nibbles.reshape(rows, columns // BLOCK, BLOCK // 2, 2)
        packed = pairs[..., 0] | (pairs[..., 1] << 4)
        inputs = [
            x, self.constant(packed), self.constant(weight.scales.astype(np.float32)),
            "", "", self.constant(bias),
        ]  # fmt: skip
        return self.add("MatMulNBits", inputs, _CONTRIB, K=columns, N=rows, bits=4, block_size=BLOCK, accuracy_level=4)

    def add_norm(self, x: str, y: str, gain: NDArray[np.float32], bias: NDArray[np.float32], epsilon: float) -> str:
        """Layer norm of x + y."""
        inputs = [x, y, self.constant(gain), self.constant(bias)]
        return self.add("SkipLayerNormalization", inputs, _CONTRIB, epsilon=epsilon)

    def save(self, path: Path, inputs: Sequence[Any], outputs: Sequence[Any]) -> None:
        """Write the model."""
        import onnx
        from onnx import helper

        graph = helper.make_graph(self._nodes, "encoder", list(inputs), list(outputs), self._constants)
        opsets = [helper.make_opsetid("", 20), helper.make_opsetid(_CONTRIB, 1)]
        onnx.save(helper.make_model(graph, opset_imports=opsets, ir_version=9), str(path))


def add_embeddings(graph: GraphBuilder, weights: PackedWeights, ids: str) -> str:
    """Hidden states before the first layer, of shape (texts, tokens, hidden)."""
    words = weights.matrices["emb.word"]
    pairs = words.nibbles.reshape(len(words.nibbles), -1, 2)
    packed = pairs[..., 0] | (pairs[..., 1] << 4)
    word = graph.add(
        "GatherBlockQuantized",
        [graph.constant(packed), ids, graph.constant(words.scales.astype(np.float32))],
        _CONTRIB, bits=4, block_size=BLOCK, gather_axis=0, quantize_axis=1,
    )  # fmt: skip
    sizes = weights.sizes
    places = weights.floats["emb.pos"].reshape(sizes.positions, sizes.hidden)
    kind = weights.floats["emb.type"].reshape(sizes.types, sizes.hidden)[0]
    shape = graph.add("Shape", [ids], start=1, end=2)
    zero, one = graph.constant(np.array([0], np.int64)), graph.constant(np.array([1], np.int64))
    place = graph.add("Slice", [graph.constant(places + kind), zero, shape, zero])
    place = graph.add("Unsqueeze", [place, zero])
    del one
    gain, bias = weights.floats["emb.ln.w"], weights.floats["emb.ln.b"]
    return graph.add_norm(word, place, gain, bias, sizes.norm_epsilon)


def add_layer(graph: GraphBuilder, weights: PackedWeights, number: int, x: str, lengths: str) -> str:
    """One transformer layer on hidden states x."""
    sizes, matrices, floats = weights.sizes, weights.matrices, weights.floats
    name = f"l{number}"
    joined = BlockMatrix(
        np.concatenate([matrices[f"{name}.{part}.w"].nibbles for part in "qkv"]),
        np.concatenate([matrices[f"{name}.{part}.w"].scales for part in "qkv"]),
    )
    qkv = graph.linear(x, joined, np.concatenate([floats[f"{name}.{part}.b"] for part in "qkv"]))
    from onnx import helper

    parts = [f"{name}_{part}" for part in "qkv"]
    graph._nodes.append(helper.make_node("Split", [qkv], parts, f"{name}_split", axis=2, num_outputs=3))
    attended = graph.add("MultiHeadAttention", [*parts, "", lengths], _CONTRIB, num_heads=sizes.heads)
    out = graph.linear(attended, matrices[f"{name}.ao.w"], floats[f"{name}.ao.b"])
    x = graph.add_norm(x, out, floats[f"{name}.aln.w"], floats[f"{name}.aln.b"], sizes.norm_epsilon)
    wide = graph.linear(x, matrices[f"{name}.fi.w"], floats[f"{name}.fi.b"])
    wide = graph.add("Gelu", [wide])
    out = graph.linear(wide, matrices[f"{name}.fo.w"], floats[f"{name}.fo.b"])
    return graph.add_norm(x, out, floats[f"{name}.oln.w"], floats[f"{name}.oln.b"], sizes.norm_epsilon)


def save_embedder(weights: PackedWeights, path: Path) -> None:
    """Write the whole embedder: `ids` (texts, tokens), `mask` likewise -> unit `vectors` (texts, hidden)."""
    from onnx import TensorProto, helper

    graph = GraphBuilder()
    x = add_embeddings(graph, weights, "ids")
    for number in range(weights.sizes.layers):
        x = add_layer(graph, weights, number, x, "mask")
    share = graph.add("Cast", ["mask"], to=TensorProto.FLOAT)
    share = graph.add("Unsqueeze", [share, graph.constant(np.array([1], np.int64))])
    total = graph.add("Squeeze", [graph.add("MatMul", [share, x]), graph.constant(np.array([1], np.int64))])
    graph._nodes.append(helper.make_node("LpNormalization", [total], ["vectors"], axis=1, p=2))
    both = ["texts", "tokens"]
    graph.save(
        path,
        [
            helper.make_tensor_value_info("ids", TensorProto.INT32, both),
            helper.make_tensor_value_info("mask", TensorProto.INT32, both),
        ],
        [helper.make_tensor_value_info("vectors", TensorProto.FLOAT, ["texts", weights.sizes.hidden])],
    )
