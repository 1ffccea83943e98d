"""The fast engine: multilingual-e5-small's layers in ONNX Runtime, on the four-bit blocks as they come.

The graph is built from the weights in memory, so nothing is exported or downloaded. Word embeddings stay in their
blocks, mapped from disk, and only the rows that a text needs are unpacked.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelUnavailable
from index.weights import BLOCK, MAX_TOKENS, Blocks

LAYERS, HEADS, WIDTH = 12, 12, 384
EPSILON = 1e-12
MICROSOFT = "com.microsoft"
ENGINE_ID = "q4-1"  # changes with anything that moves vectors


@dataclass(frozen=True)
class Weights:
    """The prepared folder's `fast/` part; `words` and `word_scales` are mapped, not read."""

    words: NDArray[np.uint8]
    word_scales: NDArray[np.float16]
    arrays: dict[str, NDArray[Any]]

    def matrix(self, name: str) -> Blocks:
        """A weight matrix, shape (outputs, inputs) when unpacked."""
        return Blocks(self.arrays[f"{name}.packed"], self.arrays[f"{name}.scales"])


def read_weights(folder: Path) -> Weights:
    """Read what index/weights.py wrote. Raises ModelUnavailable."""
    try:
        with np.load(folder / "fast" / "layers.npz") as archive:
            arrays = {name: archive[name] for name in archive.files}
        words = np.load(folder / "fast" / "words.npy", mmap_mode="r")
        scales = np.load(folder / "fast" / "word_scales.npy", mmap_mode="r")
    except (OSError, ValueError) as error:
        raise ModelUnavailable(f"The model in {folder} is damaged: remove that folder, it is prepared anew.") from error
    return Weights(words, scales, arrays)


class GraphBuilder:
    """Collects nodes and initialisers of an ONNX graph."""

    def __init__(self) -> None:
        self.nodes: list[Any] = []
        self.initialisers: list[Any] = []
        self.counter = 0

    def constant(self, value: NDArray[Any]) -> str:
        """Add an initialiser, return its name."""
        from onnx import numpy_helper

        self.counter += 1
        name = f"c{self.counter}"
        self.initialisers.append(numpy_helper.from_array(np.ascontiguousarray(value), name))
        return name

    def node(self, kind: str, inputs: Sequence[str], outputs: int = 1, domain: str = "", **attributes: Any) -> str:
        """Add a node, return its first output's name."""
        from onnx import helper

        self.counter += 1
        names = [f"n{self.counter}_{place}" for place in range(outputs)]
        self.nodes.append(helper.make_node(kind, list(inputs), names, domain=domain, **attributes))
        return names[0]

    def model(self, inputs: Sequence[Any], outputs: Sequence[Any]) -> bytes:
        """The finished model, serialised."""
        from onnx import helper

        graph = helper.make_graph(self.nodes, "e5", list(inputs), list(outputs), self.initialisers)
        opsets = [helper.make_opsetid("", 21), helper.make_opsetid(MICROSOFT, 1)]
        return bytes(helper.make_model(graph, opset_imports=opsets, ir_version=10).SerializeToString())


def add_linear(graph: GraphBuilder, source: str, blocks: Blocks) -> str:
    """x @ W.T on four-bit blocks; activations are rounded to int8 per block of 32 (accuracy level 4)."""
    halves = blocks.halves()
    packed = halves[:, :, 0::2] | (halves[:, :, 1::2] << 4)
    rows, count = blocks.scales.shape
    return graph.node(
        "MatMulNBits",
        [source, graph.constant(packed), graph.constant(blocks.scales.astype(np.float32).reshape(-1))],
        domain=MICROSOFT, K=count * BLOCK, N=rows, bits=4, block_size=BLOCK, accuracy_level=4,
    )  # fmt: skip


def joined(parts: Sequence[Blocks]) -> Blocks:
    """Several matrices on the same input as one."""
    return Blocks(np.concatenate([p.packed for p in parts]), np.concatenate([p.scales for p in parts]))


def add_layer(graph: GraphBuilder, weights: Weights, number: int, hidden: str, mask: str) -> str:
    """One transformer layer: attention and feed-forward, each with its residual and layer norm."""
    name = f"l{number}"
    array = weights.arrays
    qkv = add_linear(graph, hidden, joined([weights.matrix(f"{name}.{part}.w") for part in "qkv"]))
    qkv = graph.node("Add", [qkv, graph.constant(np.concatenate([array[f"{name}.{part}.b"] for part in "qkv"]))])
    split = graph.constant(np.array([WIDTH] * 3, np.int64))
    query = graph.node("Split", [qkv, split], outputs=3, axis=-1)
    key, value = query[:-1] + "1", query[:-1] + "2"
    mixed = graph.node("MultiHeadAttention", [query, key, value, "", mask], domain=MICROSOFT, num_heads=HEADS)
    out = add_linear(graph, mixed, weights.matrix(f"{name}.ao.w"))
    hidden = add_norm(graph, out, hidden, array, f"{name}.aln", f"{name}.ao.b")
    inner = add_linear(graph, hidden, weights.matrix(f"{name}.fi.w"))
    inner = graph.node("BiasGelu", [inner, graph.constant(array[f"{name}.fi.b"])], domain=MICROSOFT)
    out = add_linear(graph, inner, weights.matrix(f"{name}.fo.w"))
    return add_norm(graph, out, hidden, array, f"{name}.oln", f"{name}.fo.b")


def add_norm(graph: GraphBuilder, new: str, old: str, array: dict[str, NDArray[Any]], norm: str, bias: str) -> str:
    """LayerNorm(new + bias + old)."""
    parts = [graph.constant(array[f"{norm}.w"]), graph.constant(array[f"{norm}.b"]), graph.constant(array[bias])]
    return graph.node("SkipLayerNormalization", [new, old, *parts], domain=MICROSOFT, epsilon=EPSILON)


def build_graph(weights: Weights, layers: Sequence[int] = range(LAYERS)) -> bytes:
    """Embedded tokens (texts, tokens, 384) and a 0/1 mask (texts, tokens) to the last hidden states."""
    from onnx import TensorProto, helper

    graph = GraphBuilder()
    hidden = "embedded"
    for number in layers:
        hidden = add_layer(graph, weights, number, hidden, "mask")
    graph.nodes.append(helper.make_node("Identity", [hidden], ["hidden"]))
    shape = ["texts", "tokens", WIDTH]
    inputs = [
        helper.make_tensor_value_info("embedded", TensorProto.FLOAT, shape),
        helper.make_tensor_value_info("mask", TensorProto.INT32, ["texts", "tokens"]),
    ]
    return graph.model(inputs, [helper.make_tensor_value_info("hidden", TensorProto.FLOAT, shape)])


def open_session(model: bytes, threads: int | None = None) -> Any:
    """An ONNX Runtime session on the CPU. Raises ModelUnavailable."""
    import onnxruntime as ort

    options = ort.SessionOptions()
    options.intra_op_num_threads = threads or os.cpu_count() or 1
    options.log_severity_level = 3
    # Spinning threads would take the cores from the other requests.
    options.add_session_config_entry("session.intra_op.allow_spinning", "0")
    try:
        return ort.InferenceSession(model, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # the library raises its own, unrelated classes
        raise ModelUnavailable(f"ONNX Runtime cannot run the model: {type(error).__name__}.") from error


class OnnxEncoder:
    """Texts to mean-pooled unit vectors, on the prepared folder."""

    def __init__(self, folder: Path) -> None:
        from tokenizers import Tokenizer

        self.weights = read_weights(folder)
        try:
            self.tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        except Exception as error:  # the library raises plain Exception
            raise ModelUnavailable(f"The tokenizer in {folder} is damaged: remove that folder.") from error
        self.tokenizer.enable_truncation(MAX_TOKENS)
        self.session = open_session(build_graph(self.weights))

    def tokens(self, texts: Sequence[str]) -> list[list[int]]:
        """Token ids of each text, special tokens included."""
        clean = [text.replace("\0", " ").encode("utf-8", "replace").decode("utf-8") for text in texts]
        return [encoding.ids for encoding in self.tokenizer.encode_batch(clean)]

    def embedded(self, ids: NDArray[np.int64]) -> NDArray[np.float32]:
        """Word, position and type embeddings, normalised: shape (texts, tokens, 384)."""
        array = self.weights.arrays
        unique, place = np.unique(ids, return_inverse=True)
        words = Blocks(self.weights.words[unique], self.weights.word_scales[unique]).values()
        positions = array["emb.pos"].reshape(-1, WIDTH)[: ids.shape[1]] + array["emb.type"][:WIDTH]
        total = words[place.reshape(ids.shape)] + positions
        centred = total - total.mean(-1, keepdims=True)
        scaled = centred / np.sqrt((centred**2).mean(-1, keepdims=True) + EPSILON)
        return np.asarray(scaled * array["emb.ln.w"] + array["emb.ln.b"], np.float32)

    def encode(self, texts: Sequence[str], batch_tokens: int = 1024) -> NDArray[np.float32]:
        """Unit vectors of shape (len(texts), 384), in the order of the texts."""
        tokens = self.tokens(texts)
        vectors = np.zeros((len(texts), WIDTH), np.float32)
        for rows in batches_by_length([len(ids) for ids in tokens], batch_tokens):
            longest = max(len(tokens[row]) for row in rows)
            ids = np.ones((len(rows), longest), np.int64)
            mask = np.zeros((len(rows), longest), np.int32)
            for place, row in enumerate(rows):
                ids[place, : len(tokens[row])] = tokens[row]
                mask[place, : len(tokens[row])] = 1
            (hidden,) = self.session.run(["hidden"], {"embedded": self.embedded(ids), "mask": mask})
            pooled = np.einsum("btd,bt->bd", hidden, mask.astype(np.float32))
            vectors[rows] = pooled / np.linalg.norm(pooled, axis=1, keepdims=True)
        return vectors


def batches_by_length(lengths: Sequence[int], batch_tokens: int) -> list[list[int]]:
    """Rows in batches of similar length with at most `batch_tokens` tokens, padding included."""
    batches: list[list[int]] = []
    for row in sorted(range(len(lengths)), key=lengths.__getitem__):
        if batches and lengths[row] * (len(batches[-1]) + 1) <= batch_tokens:
            batches[-1].append(row)
        else:
            batches.append([row])
    return batches
