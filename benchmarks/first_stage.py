"""What each part of the first stage is worth: MAP@5 with one part at a time left out or changed.

Decided by the first column: families of training/pairs that are neither learned from nor judge, each text against all
families' statements; the others are real data, for the record.
Run: python -m benchmarks.first_stage [DATA]   (skips the sets that are absent)
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from benchmarks.embedding import MODELS, SETS, mean_average_precision, read_rows
from index.model.embedder import BundledEmbedder, Vectors
from index.model.weights import prepare_engine
from index.models import Rating, Statement
from index.pairs.words import main_language
from index.retrieval.lexical import KeywordIndex
from index.retrieval.queries import clean_query, passage_of
from index.retrieval.search import standardised
from index.thresholds import SEARCH
from training.pairs.corpus import Part, read_families
from training.pairs.proposals import posted_texts


@dataclass(frozen=True)
class Data:
    """Queries with the ids of what they should find, and the statements by id."""

    name: str
    queries: list[dict[str, object]]
    statements: dict[str, str]


@dataclass(frozen=True)
class Way:
    """One way to search."""

    passages: bool = False  # statements encoded as e5's passages rather than as queries
    clean: bool = True
    windows: bool = True
    keywords: float = SEARCH.keyword_weight


AS_SHIPPED = Way()
WAYS = {
    "as shipped": AS_SHIPPED,
    "statements as “passage: ”": replace(AS_SHIPPED, passages=True),
    "queries as they come": replace(AS_SHIPPED, clean=False),
    "no windows": replace(AS_SHIPPED, windows=False),
    "no keywords": replace(AS_SHIPPED, keywords=0.0),
    "keywords .1": replace(AS_SHIPPED, keywords=0.1),
    "keywords .5": replace(AS_SHIPPED, keywords=0.5),
    "keywords 1.0": replace(AS_SHIPPED, keywords=1.0),
}


class Encoder(BundledEmbedder):
    """The bundled one, with e5's other prefix as well."""

    def encode_as_passages(self, texts: Sequence[str]) -> Vectors:
        """Vectors of texts to be found, the way e5 was trained for question answering."""
        return self._encode("passage: ", texts)


def own_data() -> Data:
    """Asserting and denying texts of held-out families that do not judge, against the statements of all."""
    families = read_families()
    statements = {f"{family.id}-{lang}": own for family in families for lang, own in family.statement.items()}
    queries: list[dict[str, object]] = [
        {"query": text.text, "target_ids": [f"{family.id}-{language}" for language in family.statement]}
        for family, text in posted_texts(
            [family for family in families if family.part in (Part.CHOOSE, Part.CALIBRATE)]
        )
        if text.label in ("asserted", "denied")
    ]
    return Data("own", queries, statements)


def real_data(folder: Path, name: str) -> Data:
    """One set of the measuring data."""
    rows = read_rows(folder / f"{name}.statements.jsonl.gz")
    return Data(name, read_rows(folder / f"{name}.queries.jsonl"), {str(row["id"]): row["claim"] for row in rows})


def keywords_of(claims: Sequence[str]) -> KeywordIndex:
    """A keyword index in memory, keys from 1 on in the order of the claims."""
    index = KeywordIndex.create()
    index.put(
        Statement(claim, "", Rating(""), language=main_language(claim), key=place)
        for place, claim in enumerate(claims, 1)
    )
    index.commit()
    return index


def fused(similarities: Vectors, words: KeywordIndex, text: str, weight: float) -> Vectors:
    """The score of every statement for one text, as `StatementIndex` fuses it over the nearest of both sides."""
    best = similarities[1:].max(axis=0) if len(similarities) > 1 else similarities[0]
    mixed = (similarities[0] + best) / 2
    hits = {hit.key - 1: hit.score for hit in words.search(text, SEARCH.pool)}
    near = {int(place) for row in similarities for place in np.argpartition(-row, SEARCH.pool)[: SEARCH.pool]}
    places = sorted(near | hits.keys())
    found = np.full(len(mixed), -np.inf, np.float32)
    scores = np.array([hits.get(place, 0.0) for place in places])
    found[places] = standardised(mixed[places]) + weight * standardised(scores)
    return found


def score(data: Data, way: Way, encoder: Encoder, vectors: Vectors, words: KeywordIndex) -> float:
    """MAP@5 of one way on one set."""
    rows = []
    for query in data.queries:
        text = clean_query(str(query["query"])) if way.clean else str(query["query"])
        parts = passage_of(text).texts() if way.windows else [text]
        rows.append(fused(encoder.encode_queries(parts) @ vectors.T, words, text, way.keywords))
    return mean_average_precision(data.queries, list(data.statements), np.array(rows))


def main() -> None:
    """Print a table of all ways and sets."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("GEGENCHECK_BENCHMARK_DATA", "../shared/data"))
    encoder = Encoder(prepare_engine(MODELS))
    found = [name for name in SETS if (folder / "matching" / f"{name}.queries.jsonl").is_file()]
    if not found:
        print("the real sets are skipped: there is no measuring data (name its folder)")
    for data in [own_data(), *(real_data(folder / "matching", name) for name in found)]:
        claims = list(data.statements.values())
        vectors = {False: encoder.encode_statements(claims), True: encoder.encode_as_passages(claims)}
        words = keywords_of(claims)
        print(f"{data.name}: {len(data.queries)} queries, {len(claims)} statements", flush=True)
        for name, way in WAYS.items():
            print(f"  {name}: MAP@5 {score(data, way, encoder, vectors[way.passages], words):.4f}", flush=True)


if __name__ == "__main__":
    main()
