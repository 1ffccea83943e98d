"""How check-worthy a sentence is: named features (checkworthiness_cues.json) and its embedding, weighted.

training/sentences/fit.py makes the weights from sentences written for it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np

from index.digests import check_shipped
from index.model.embedder import Embedder, Vectors
from index.retrieval.queries import clean_query
from service.models import Feature
from service.thresholds import CLAIMS, ClaimThresholds

Encode = Callable[[Sequence[str]], Vectors]

HERE = Path(__file__).parent
WEIGHTS_FILE = HERE / "checkworthiness_weights.json"
CASED = {"name", "acronym", "you", "command"}  # capitals matter
WORDING = "wording"  # what the embedding as a whole adds, beside the named features
MAX_FEATURES = 5  # that are kept to explain a score
MIN_WEIGHT = 0.1  # of a feature that is worth naming, in log odds


# The embedder whose vectors the weights were fitted to; any other's would mean nothing to them.
EMBEDDER = "multilingual-e5-small@"


@dataclass(frozen=True)
class Weights:
    """Bias and weights of the features alone, of the features beside an embedding, and of the embedding."""

    features: np.ndarray
    with_embedding: np.ndarray
    embedding: np.ndarray


@dataclass(frozen=True, slots=True)
class Worth:
    """The probability that checking a sentence is worth while, and the features that decided, the strongest first."""

    score: float
    features: tuple[Feature, ...] = ()


def weigh_sentences(
    texts: Sequence[str],
    encode: Encode | None = None,
    encoded: Collection[int] | None = None,
    thresholds: ClaimThresholds = CLAIMS,
) -> list[Worth]:
    """How check-worthy each sentence is, and why; better with `encode` (unit vectors).

    `encoded` are the places of those that may be encoded, where that is not every one.
    """
    if not texts:
        return []
    weights = read_weights()
    rows = np.array([feature_vector(text) for text in texts])
    parts = np.hstack([rows * weights.features[1:], np.zeros((len(texts), 1))])
    scores = shares(weights.features[0] + parts.sum(axis=1))
    allowed = range(len(texts)) if encoded is None else encoded
    least = thresholds.min_encoded
    worth = [n for n, score in enumerate(scores) if score >= least and n in allowed] if encode else []
    if encode and worth:
        vectors = encode([clean_query(texts[n]) for n in worth])
        chosen = weights.with_embedding
        parts[worth] = np.column_stack([rows[worth] * chosen[1:], vectors @ weights.embedding])
        scores[worth] = shares(chosen[0] + parts[worth].sum(axis=1))
    return [
        Worth(float(score), strongest(part)) if words_of(text) >= thresholds.min_words else Worth(0.0)
        for text, score, part in zip(texts, scores, parts, strict=True)
    ]


def strongest(parts: np.ndarray) -> tuple[Feature, ...]:
    """The features that moved a score most, of what each added (log odds); the last is the embedding."""
    names = (*feature_names(), WORDING)
    order = np.argsort(-np.abs(parts), kind="stable")[:MAX_FEATURES]
    return tuple(Feature(names[n], round(float(parts[n]), 2)) for n in order if abs(parts[n]) >= MIN_WEIGHT)


def encoder_of(embedder: Embedder) -> Encode | None:
    """What gives a sentence's vector to the weights; None where the embedder is another one than theirs."""
    return embedder.encode_queries if embedder.model_id.startswith(EMBEDDER) else None


def feature_names() -> tuple[str, ...]:
    """The features in the order of the vector."""
    return (*patterns(), "few words", "many words", "no full stop")


def feature_vector(text: str) -> np.ndarray:
    """The features of a sentence: 0 or 1 each, the lengths between."""
    words = len(text.split())
    found = [float(pattern.search(text) is not None) for pattern in patterns().values()]
    ended = text.rstrip("\"“”»«’') ").endswith((".", "!", "?", ":", "…"))
    return np.array([*found, max(0.0, (8 - words) / 8), min(words, 30) / 30, float(not ended)])


def words_of(text: str) -> int:
    """How many words there are that a claim could be made of."""
    return len(re.findall(r"[^\W\d_]{2,}|\d[^\W\d_]\b", text))


def shares(scores: np.ndarray) -> np.ndarray:
    """Log odds as probabilities."""
    clipped: np.ndarray = 1 / (1 + np.exp(-np.clip(scores, -30, 30)))
    return clipped


@cache
def patterns() -> dict[str, re.Pattern[str]]:
    """The features that are words, by name."""
    table = json.loads((HERE / "checkworthiness_cues.json").read_text(encoding="utf-8"))
    return {name: re.compile(words, 0 if name in CASED else re.IGNORECASE) for name, words in table.items()}


@cache
def read_weights() -> Weights:
    """The weights that ship. Raises ModelUnavailable."""
    check_shipped(WEIGHTS_FILE)
    content = json.loads(WEIGHTS_FILE.read_text(encoding="utf-8"))
    return Weights(**{name: np.array(values) for name, values in content.items()})
