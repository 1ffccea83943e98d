"""Speed and search quality of the bundled embedder against plain sentence-transformers, in the same run.

The baseline is the bundled model's own sentence-transformers folder (fp32) with the same prefix, run by torch. Both
take turns, several times. Search quality is MAP@5 of cosine similarity alone.
Run: python -m benchmarks.embedding [DATA]  (skipped, visibly, where the data is absent)
"""

from __future__ import annotations

import gzip
import json
import os
import statistics
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from index.model.embedder import QUERY_PREFIX, BundledEmbedder, Vectors, readable
from index.model.weights import prepare_bundled_model, prepare_engine
from index.retrieval.queries import clean_query

MODELS = Path(__file__).parents[1] / "build" / "models"
SETS = ("de_posts", "en_snopes")
ROUNDS = 5
SPEED_TEXTS = 1000


class PlainSentenceTransformers:
    """What `pip install sentence-transformers` gives: fp32, batches of 32."""

    def __init__(self, folder: Path) -> None:
        from sentence_transformers import SentenceTransformer

        self._model: Any = SentenceTransformer(str(folder), device="cpu")

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """Unit vectors."""
        prefixed = [QUERY_PREFIX + readable(text) for text in texts]
        return np.asarray(self._model.encode(prefixed, normalize_embeddings=True, show_progress_bar=False), np.float32)


def read_rows(path: Path) -> list[dict[str, Any]]:
    """The objects of a JSON lines file, packed or not."""
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def mean_average_precision(queries: list[dict[str, Any]], ids: list[str], similarities: Vectors) -> float:
    """MAP@5 of the statements in order of their similarity."""
    scores = []
    for row, query in zip(similarities, queries, strict=True):
        wanted = set(map(str, query["target_ids"]))
        best = [ids[place] for place in np.argsort(-row)[:5]]
        hits = [rank for rank, found in enumerate(best, 1) if found in wanted]
        scores.append(sum(number / rank for number, rank in enumerate(hits, 1)) / min(len(wanted), 5))
    return statistics.mean(scores)


def measure_quality(data: Path, embedders: dict[str, Any]) -> None:
    """MAP@5 on both sets, for each embedder."""
    for name in SETS:
        queries = read_rows(data / "matching" / f"{name}.queries.jsonl")
        statements = read_rows(data / "matching" / f"{name}.statements.jsonl.gz")
        ids = [str(row["id"]) for row in statements]
        for label, embedder in embedders.items():
            started = time.perf_counter()
            found = embedder.encode_queries([row["claim"] for row in statements])
            seconds = time.perf_counter() - started
            asked = embedder.encode_queries([clean_query(row["query"]) for row in queries])
            score = mean_average_precision(queries, ids, asked @ found.T)
            print(f"{name} {label}: MAP@5 {score:.4f}, {len(ids) / seconds:.0f} statements/s", flush=True)


def measure_speed(texts: list[str], embedders: dict[str, Any]) -> None:
    """Texts a second and milliseconds for a single one; the embedders take turns."""
    rates: dict[str, list[float]] = {label: [] for label in embedders}
    singles: dict[str, list[float]] = {label: [] for label in embedders}
    for _ in range(ROUNDS):
        for label, embedder in embedders.items():
            started = time.perf_counter()
            embedder.encode_queries(texts)
            rates[label].append(len(texts) / (time.perf_counter() - started))
            for text in texts[:50]:
                started = time.perf_counter()
                embedder.encode_queries([text])
                singles[label].append(1000 * (time.perf_counter() - started))
    for label in embedders:
        low, high = min(rates[label]), max(rates[label])
        print(
            f"{label}: {statistics.median(rates[label]):.0f} texts/s ({low:.0f}-{high:.0f} in {ROUNDS} rounds), "
            f"one text p50 {statistics.median(singles[label]):.1f} ms, {os.cpu_count()} cores",
            flush=True,
        )


def main() -> None:
    """Print the figures."""
    data = Path(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("GEGENCHECK_BENCHMARK_DATA", "../shared/data"))
    if not (data / "matching").is_dir():
        print("skipped: there is no measuring data (name its folder)")
        return
    embedders = {
        "plain sentence-transformers fp32": PlainSentenceTransformers(prepare_bundled_model(MODELS)),
        "bundled engine": BundledEmbedder(prepare_engine(MODELS)),
    }
    texts = [row["claim"] for row in read_rows(data / "matching" / "de_posts.statements.jsonl.gz")[:SPEED_TEXTS]]
    measure_speed(texts, embedders)
    measure_quality(data, embedders)


if __name__ == "__main__":
    main()
