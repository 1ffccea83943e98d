"""Texts to unit vectors: the Embedder protocol and the implementations that encode."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelUnavailable

Progress = Callable[[str], None]
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

    def encode_statements(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts to be found."""


class OnnxEmbedder:
    """The bundled multilingual-e5-small through index/onnx_engine.py."""

    # The model card asks for `query: ` and `passage: `; benchmarks/RESULTS.md has what either side gains.
    QUERY_PREFIX = "query: "
    STATEMENT_PREFIX = "query: "

    def __init__(self, folder: Path) -> None:
        from index.onnx_engine import ENGINE_ID, OnnxEncoder

        self.encoder = OnnxEncoder(folder)
        self.model_id = f"{folder.name}+{ENGINE_ID}+{self.STATEMENT_PREFIX.strip(': ')}"
        self.dimensions = 384

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts to be looked up."""
        return self.encoder.encode([self.QUERY_PREFIX + text for text in texts])

    def encode_statements(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts to be found."""
        return self.encoder.encode([self.STATEMENT_PREFIX + text for text in texts])


class SentenceTransformerEmbedder:
    """Any sentence-transformers model, by name or folder; needs the extra `models` (PyTorch)."""

    def __init__(self, name_or_path: str) -> None:
        os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
        try:
            from sentence_transformers import SentenceTransformer
        except ImportError as error:
            raise ModelUnavailable(
                "Other models than the bundled one need PyTorch: pip install 'gegencheck[models]'"
            ) from error
        try:
            self.model: Any = SentenceTransformer(name_or_path, device="cpu")
        except Exception as error:  # the library and the hub raise many unrelated classes
            raise ModelUnavailable(f"The model {name_or_path!r} cannot be loaded: {type(error).__name__}.") from error
        self.prompts = set(self.model.prompts)
        self.dimensions = int(self.model.get_sentence_embedding_dimension())
        shape = f"{name_or_path} {self.model!r}"
        self.model_id = f"{Path(name_or_path).name}-{hashlib.sha256(shape.encode()).hexdigest()[:8]}"

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts to be looked up; the model's own `query` prompt is used where it has one."""
        return self._encode(texts, "query")

    def encode_statements(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts to be found; the model's own `passage` or `document` prompt is used where it has one."""
        return self._encode(texts, "passage" if "passage" in self.prompts else "document")

    def _encode(self, texts: Sequence[str], prompt: str) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimensions), np.float32)
        clean = [text.encode("utf-8", "replace").decode("utf-8") for text in texts]
        name = prompt if prompt in self.prompts else None
        found = self.model.encode(clean, prompt_name=name, normalize_embeddings=True, show_progress_bar=False)
        return np.asarray(found, np.float32)


def default_embedder(models_dir: Path, progress: Progress | None = None) -> Embedder:
    """The bundled model, prepared on the first call. Raises ModelUnavailable."""
    from index.weights import prepare_bundled_model

    return OnnxEmbedder(prepare_bundled_model(models_dir, progress))


def open_embedder(setting: str, models_dir: Path, progress: Progress | None = None) -> Embedder:
    """The embedder that the setting names; "" is the bundled one. Raises ModelUnavailable."""
    return SentenceTransformerEmbedder(setting) if setting else default_embedder(models_dir, progress)
