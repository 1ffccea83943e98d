"""Texts to unit vectors: the Embedder protocol and the implementations that encode."""

from __future__ import annotations

import hashlib
import json
import threading
from collections.abc import Callable, Sequence
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelUnavailable, reason_of, shown_name
from index.model.kept_tokens import KeptTokens, TokenVectors
from index.model.packed_weights import SHA256
from index.model.passages import Passage, PassageVectors, Reading, encode_separately, in_chunks, joined
from index.model.token_projection import project, shipped_projection
from index.model.weights import ENGINE_FILE, MAX_TOKENS, TOKENIZER_FILE, prepare_engine

if TYPE_CHECKING:
    from index.model.onnx_engine import OnnxEncoder

Vectors = NDArray[np.float32]


class Embedder(Protocol):
    """Turns texts into float32 unit vectors of shape (len(texts), dimensions)."""

    @property
    def model_id(self) -> str:
        """Names the weights and the way they are run; vectors of different ids must never be compared."""

    @property
    def dimensions(self) -> int:
        """The length of a vector."""

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts to be looked up."""

    def encode_passages(self, passages: Sequence[Passage]) -> list[PassageVectors]:
        """Vectors of texts to be looked up, each as a whole and by its windows."""

    def encode_statements(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts to be found."""

    def encode_tokens(self, texts: Sequence[str], keep: bool = False) -> list[TokenVectors]:
        """For each text the vectors of its tokens; texts to be looked up and to be found alike.

        With `keep` they may be kept for the next time: for statements, which are no secret and come again.
        """


# What e5 was trained to read before a text.
QUERY_PREFIX = "query: "
STATEMENT_PREFIX = "query: "

MAX_CHARACTERS = 10_000  # of a text: more than MAX_TOKENS tokens, save for letters that stand for whole phrases

_LEAST = 1e-9  # length of a vector, so that nothing is divided by none
_ENGINE = 2  # raised whenever the engine's vectors change


def readable(text: str) -> str:
    """What a tokenizer can take: no surrounding space, no lone surrogates, at most MAX_CHARACTERS."""
    return text.strip()[:MAX_CHARACTERS].encode("utf-8", "replace").decode("utf-8")


class BundledEmbedder:
    """multilingual-e5-small as prepared by `index.model.weights`, run by the fast engine. Safe in many threads."""

    dimensions = 384

    def __init__(self, folder: Path, projection: Vectors | None = None) -> None:
        """`projection`: what token vectors are multiplied by; None: nothing."""
        from index.model.onnx_engine import OnnxEncoder
        from index.model.tokenizer import open_tokenizer

        self._tokenizer = open_tokenizer(folder / TOKENIZER_FILE)
        self._encoder: OnnxEncoder = OnnxEncoder(folder / ENGINE_FILE, self.dimensions)
        (self._prefix,) = self._tokenizer.pieces([QUERY_PREFIX])
        self._projection = projection
        self._kept = KeptTokens()

    @property
    def model_id(self) -> str:
        """Names the weights, the engine and the prefixes."""
        prefixes = f"{QUERY_PREFIX.strip(': ')}-{STATEMENT_PREFIX.strip(': ')}"
        return f"multilingual-e5-small@{SHA256[:8]}+q4a8.{_ENGINE}+{prefixes}"

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts to be looked up."""
        return self._encode(QUERY_PREFIX, texts)

    def encode_passages(self, passages: Sequence[Passage]) -> list[PassageVectors]:
        """Vectors of texts to be looked up, each as a whole and by its windows; of long texts no token is left out."""
        room = MAX_TOKENS - len(self._prefix) - 2
        sentences = [self._tokenizer.pieces(map(readable, each.sentences)) for each in passages]
        chunks = [[self._marked(ids) for ids in in_chunks(some, room)] for some in sentences]
        alone = [
            [self._marked(ids[:room]) for ids in some] if each.windows else []
            for each, some in zip(passages, sentences, strict=True)
        ]
        read = iter(self._encoder.encode_tokens([*chain(*chunks)]))
        vectors = iter(self._encoder.encode([*chain(*alone)]))
        found = []
        for passage, some, own in zip(passages, chunks, alone, strict=True):
            encoded = [next(read) for _ in some]
            whole = Reading([vector for vector, *_ in encoded], [*map(len, some)])
            tokens = [self._tokens(*each) for _, *each in encoded]
            found.append(joined(passage, whole, tokens, Reading([next(vectors) for _ in own], [*map(len, own)])))
        return found

    def encode_statements(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts to be found."""
        return self._encode(STATEMENT_PREFIX, texts)

    def encode_tokens(self, texts: Sequence[str], keep: bool = False) -> list[TokenVectors]:
        """For each text the vectors of its tokens; with `keep` those of texts that come again are not made again."""
        return self._kept.get(texts, self._encode_tokens) if keep else self._encode_tokens(texts)

    def _encode_tokens(self, texts: Sequence[str]) -> list[TokenVectors]:
        return [self._tokens(*each[1:]) for each in self._encoder.encode_tokens(self._ids(QUERY_PREFIX, texts))]

    def _marked(self, ids: Sequence[int]) -> list[int]:
        return self._tokenizer.between_marks([*self._prefix, *ids])

    def _tokens(self, vectors: Vectors, rarity: Vectors) -> TokenVectors:
        rarity[: len(self._prefix) + 1] = rarity[-1:] = 0  # mere marks
        return TokenVectors(vectors if self._projection is None else project(vectors, self._projection), rarity)

    def _encode(self, prefix: str, texts: Sequence[str]) -> Vectors:
        return self._encoder.encode(self._ids(prefix, texts))

    def _ids(self, prefix: str, texts: Sequence[str]) -> list[list[int]]:
        return self._tokenizer.encode((prefix + readable(text) for text in texts), MAX_TOKENS)


class SentenceTransformerEmbedder:
    """Any sentence-transformers model, by name or folder, run by torch. Raises ModelUnavailable."""

    def __init__(self, name_or_path: str) -> None:
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise ModelUnavailable(
                f"The embedder {shown_name(name_or_path)!r} needs PyTorch: pip install 'gegencheck[models]'"
            ) from error
        try:
            self._model: Any = SentenceTransformer(name_or_path, device="cpu")
        except Exception as error:  # the library raises OSError, ValueError, RuntimeError and hub errors alike
            raise ModelUnavailable(
                f"The embedder {shown_name(name_or_path)!r} cannot be loaded ({reason_of(error)}): check the setting."
            ) from error
        self._lock = threading.Lock()  # torch already uses every core for one call
        self._name = name_or_path

    @property
    def model_id(self) -> str:
        """The name with a digest of the model's configuration."""
        described = json.dumps(
            [self._model[0].auto_model.config.to_dict(), self._model.prompts], sort_keys=True, default=str
        )
        return f"{self._name}@{hashlib.sha256(described.encode()).hexdigest()[:12]}"

    @property
    def dimensions(self) -> int:
        """The length of a vector."""
        return int(self._model.get_embedding_dimension())

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts to be looked up, with the model's own query prompt where it has one."""
        return self._encode(texts, "query")

    def encode_passages(self, passages: Sequence[Passage]) -> list[PassageVectors]:
        """Vectors of texts to be looked up; each window is read by itself, for not all models take a mean of tokens."""
        return encode_separately(self.encode_queries, passages)

    def encode_statements(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts to be found, with the model's own document prompt where it has one."""
        return self._encode(texts, "document")

    def encode_tokens(self, texts: Sequence[str], keep: bool = False) -> list[TokenVectors]:  # noqa: ARG002
        """For each text the vectors of its tokens, all of them equally rare; nothing is kept."""
        with self._lock:
            found = self._model.encode(
                [readable(text) for text in texts],
                prompt_name="query" if self._model.prompts.get("query") else None,
                output_value="token_embeddings", show_progress_bar=False,
            ) if texts else []  # fmt: skip
        rows = [np.asarray(each.cpu(), np.float32) for each in found]
        units = [row / np.maximum(np.linalg.norm(row, axis=1, keepdims=True), _LEAST) for row in rows]
        return [TokenVectors(each, np.ones(len(each), np.float32)) for each in units]

    def _encode(self, texts: Sequence[str], prompt: str) -> Vectors:
        if not texts:
            return np.empty((0, self.dimensions), np.float32)
        with self._lock:
            vectors = self._model.encode(
                [readable(text) for text in texts],
                prompt_name=prompt if self._model.prompts.get(prompt) else None,
                normalize_embeddings=True, show_progress_bar=False, convert_to_numpy=True,
            )  # fmt: skip
        return np.asarray(vectors, np.float32)


def default_embedder(models_dir: Path, progress: Callable[[str], None] | None = None) -> Embedder:
    """The bundled model, prepared on first use (some seconds; `progress` is told). Raises ModelUnavailable."""
    return BundledEmbedder(prepare_engine(models_dir, progress), shipped_projection())


def open_embedder(setting: str, models_dir: Path, progress: Callable[[str], None] | None = None) -> Embedder:
    """The embedder that a setting names: a sentence-transformers name or folder, "" for the bundled one."""
    return SentenceTransformerEmbedder(setting) if setting else default_embedder(models_dir, progress)
