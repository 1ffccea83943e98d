"""Vector search alone on synthetic vectors: time a query, hit@10 against exact, memory.

The vectors are drawn like sentence embeddings lie: many clusters of uneven size inside a narrow cone.
Run: python -m benchmarks.vectors [100000 1000000]
"""

from __future__ import annotations

import os
import resource
import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np

from index.retrieval.vectors import PROBES, FaissVectors

DIMENSIONS = 384
QUERIES = 200


def draw(count: int, seed: int) -> np.ndarray:
    """Unit vectors in clusters: a common direction, a cluster's own, and noise."""
    random = np.random.default_rng(seed)
    shape = np.random.default_rng(1)
    cone = shape.normal(size=DIMENSIONS).astype(np.float32) * 1.4
    centres = shape.normal(size=(5000, DIMENSIONS)).astype(np.float32) * 0.7
    weights = shape.pareto(1.5, 5000) + 0.05
    chosen = random.choice(5000, count, p=weights / weights.sum())
    rows = cone + centres[chosen] + random.normal(size=(count, DIMENSIONS)).astype(np.float32) * 0.5
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True))


def exact_best(queries: np.ndarray, count: int) -> list[set[int]]:
    """Keys of each query's ten nearest, compared with every vector, block by block."""
    best: list[list[tuple[float, int]]] = [[] for _ in queries]
    for start in range(0, count, 50_000):
        block = draw_block(start)
        for row, similarities in zip(best, queries @ block.T, strict=True):
            top = np.argpartition(-similarities, 10)[:10]
            row += [(float(similarities[n]), start + int(n) + 1) for n in top]
            row.sort(reverse=True)
            del row[10:]
    return [{key for _, key in row} for row in best]


def draw_block(start: int) -> np.ndarray:
    """The 50,000 vectors that begin at a place: drawn again wherever they are needed, never kept."""
    return draw(50_000, seed=100 + start)


def resident() -> float:
    """This process's resident memory now, in MB."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * resource.getpagesize() / 1e6


def measure(count: int) -> None:
    """One size: build, search, save, load."""
    before = resident()
    vectors = FaissVectors(DIMENSIONS)
    started = time.perf_counter()
    for start in range(0, count, 50_000):
        vectors.add(range(start + 1, start + 50_001), draw_block(start))
    built = time.perf_counter() - started
    queries = draw(QUERIES, seed=9)
    times, hits, used = [], 0, 0.0
    best = exact_best(queries, count)
    for query, nearest in zip(queries, best, strict=True):
        began, before_it = time.perf_counter(), time.process_time()
        (found,) = vectors.search(query[None], 10)
        times.append(1000 * (time.perf_counter() - began))
        used += 1000 * (time.process_time() - before_it)
        hits += len({hit.key for hit in found} & nearest)
    with tempfile.TemporaryDirectory() as folder:
        vectors.save(Path(folder) / "v")
        size = (Path(folder) / "v").stat().st_size / 1e6
        began = time.perf_counter()
        FaissVectors.load(Path(folder) / "v")
        loaded = time.perf_counter() - began
    times.sort()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
    cells = f"{PROBES} cells looked into" if vectors.is_approximate else "all compared"
    print(
        f"{count:,} vectors ({cells}), {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}: "
        f"p50 {statistics.median(times):.1f} ms, p95 {times[int(0.95 * len(times))]:.1f} ms, "
        f"{used / QUERIES:.1f} ms of processor; "
        f"hit@10 {hits / (10 * QUERIES):.4f} of exact; built in {built:.0f} s, {size:.0f} MB on disk, "
        f"loaded in {loaded:.1f} s; resident {resident() - before:.0f} MB more, peak {peak:.0f} MB",
        flush=True,
    )


if __name__ == "__main__":
    for size in [int(argument) for argument in sys.argv[1:]] or [100_000, 1_000_000]:
        measure(size)
