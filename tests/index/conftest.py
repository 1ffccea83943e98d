"""A store on a real SQLite file, statements by the dozen, and an embedder that hashes words."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from index.model.embedder import Vectors
from index.model.kept_tokens import TokenVectors
from index.model.passages import Passage, PassageVectors, encode_separately
from index.models import NormalizedRating, Publisher, Rating, Statement
from index.store.statements import StatementStore


class WordEmbedder:
    """Texts as bags of hashed words: equal words, equal vectors. Counts what it encodes."""

    def __init__(self, model_id: str = "words", dimensions: int = 64) -> None:
        self.model_id, self.dimensions = model_id, dimensions
        self.encoded = 0

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        return self._encode(texts)

    def encode_passages(self, passages: Sequence[Passage]) -> list[PassageVectors]:
        return encode_separately(self.encode_queries, passages)

    def encode_statements(self, texts: Sequence[str]) -> Vectors:
        self.encoded += len(texts)
        return self._encode(texts)

    def encode_tokens(self, texts: Sequence[str], keep: bool = False) -> list[TokenVectors]:
        rows = [self._encode(re.findall(r"\w+", text)) for text in texts]
        return [TokenVectors(row, np.ones(len(row), np.float32)) for row in rows]

    def _encode(self, texts: Sequence[str]) -> Vectors:
        vectors = np.zeros((len(texts), self.dimensions), np.float32)
        for row, text in zip(vectors, texts, strict=True):
            row[0] = 0.01
            for word in re.findall(r"\w+", text.lower()):
                row[int.from_bytes(hashlib.sha256(word.encode()).digest()[:4], "big") % self.dimensions] += 1
            row /= np.linalg.norm(row)
        return vectors


def make_statement(claim: str, url: str = "", rating: str = "False", **fields: object) -> Statement:
    """A statement with little typing."""
    return Statement(
        claim_reviewed=claim,
        url=url or f"https://checks.example/{hashlib.sha256(claim.encode()).hexdigest()[:8]}",
        rating=Rating(rating, normalized=NormalizedRating.FALSE),
        publisher=Publisher("Example Checks", "checks.example"),
        **{"language": "en", **fields},  # type: ignore[arg-type]
    )


def numbered(count: int, start: int = 0) -> list[Statement]:
    """Statements that differ in one word each."""
    return [
        make_statement(f"The council of town{n} bans rubber ducks in fountains.") for n in range(start, start + count)
    ]


@pytest.fixture
def database_url(database_kind: str, tmp_path: Path, request: pytest.FixtureRequest) -> str:
    if database_kind == "postgresql":
        made: str = request.getfixturevalue("postgresql").create()
        return made
    return f"sqlite:///{tmp_path / 'truth.db'}"


@pytest.fixture
def store(database_url: str) -> Iterator[StatementStore]:
    opened = StatementStore.open(database_url)
    yield opened
    opened.close()
