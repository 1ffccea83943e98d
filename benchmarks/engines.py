"""The two engines side by side: MAP@5 on a set of the measuring data, and what building and searching take.

Milvus Lite stands for Milvus; an address given as MILVUS_URI is measured instead.
Run: python -m benchmarks.engines [DATA [SET]]   (skipped, visibly, where the measuring data is absent)
"""

from __future__ import annotations

import os
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.embedding import MODELS, mean_average_precision, read_rows
from benchmarks.growth import read_statements
from index.model.embedder import default_embedder
from index.models import Match
from index.pairs.reader import open_pair_model
from index.pairs.rules import RulePairModel
from index.retrieval.live_index import LiveIndex
from index.retrieval.opening import open_live_index
from index.store.statements import StatementStore

BEST = 5


def measure(
    live: LiveIndex, queries: list[dict[str, Any]], ids: list[str], *, rerank: bool
) -> tuple[float, list[float]]:
    """MAP@5, and the milliseconds that each query took."""
    index, times, scores = live.current(), [], np.full((len(queries), len(ids)), -np.inf, np.float32)
    places = {id: place for place, id in enumerate(ids)}
    for row, query in zip(scores, queries, strict=True):
        began = time.perf_counter()
        (matches,) = index.search([str(query["query"])], BEST, rerank=rerank)
        times.append(1000 * (time.perf_counter() - began))
        for rank, match in enumerate(matches):
            row[places[id_of(match)]] = -rank
    return mean_average_precision(queries, ids, scores), sorted(times)


def id_of(match: Match) -> str:
    """The data set's own id of a statement."""
    return match.statement.url.rpartition("/")[2]


def main() -> None:
    """Build both, search, print."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("GEGENCHECK_BENCHMARK_DATA", "../shared/data"))
    name = sys.argv[2] if len(sys.argv) > 2 else "de_posts"
    file = folder / "matching" / f"{name}.statements.jsonl.gz"
    if not file.is_file():
        print("skipped: there is no measuring data (name its folder)")
        return
    queries, statements = read_rows(folder / "matching" / f"{name}.queries.jsonl"), read_statements(file)
    ids = [statement.url.rpartition("/")[2] for statement in statements]
    embedder = default_embedder(MODELS)
    model = open_pair_model(MODELS, RulePairModel(embedder))
    with tempfile.TemporaryDirectory() as aside:
        store = StatementStore.open(f"sqlite:///{aside}/statements.db")
        store.put_many(statements)
        for engine, uri in (("embedded", ""), ("Milvus", os.environ.get("MILVUS_URI", f"{aside}/lite.db"))):
            live = open_live_index(store, embedder, model, Path(aside) / "index", None, uri)
            began = time.perf_counter()
            live.update()
            print(
                f"{engine}: {live.current().statements:,} statements in {time.perf_counter() - began:.0f} s", flush=True
            )
            for rerank in (False, True):
                score, times = measure(live, queries, ids, rerank=rerank)
                print(
                    f"  {'read' if rerank else 'proposed'}: MAP@5 {score:.4f}, "
                    f"p50 {times[len(times) // 2]:.0f} ms, p95 {times[int(0.95 * len(times))]:.0f} ms",
                    flush=True,
                )
            live.close()
        store.close()


if __name__ == "__main__":
    main()
