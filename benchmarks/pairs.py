"""Speed of the pair model, and of a search with and without it.

Pairs of about 60 tokens a second, several times over; then single texts (the posts of the measuring data) searched in
an index, with the most promising pairs read and with none, in turns.
Run: python -m benchmarks.pairs --data-dir DIR [DATA]   (the search is skipped, visibly, where the data is absent)
"""

from __future__ import annotations

import argparse
import os
import statistics
import time
from pathlib import Path

from benchmarks.embedding import ROUNDS, read_rows
from index.errors import IndexFault
from index.models import Pair
from index.retrieval.search import StatementIndex
from service.bootstrap import build
from service.config import Settings
from training.pairs.corpus import read_families

PAIRS = 400
WORDS = 18  # a side: with German and English in equal parts about 60 tokens a pair
WARM_UP = 5


def sample_pairs() -> list[Pair]:
    """Pairs of the training texts, WORDS words a side."""
    words = " ".join(text.text for family in read_families() for text in family.texts).split()
    sides = [" ".join(words[start : start + WORDS]) for start in range(0, len(words) - WORDS, WORDS)]
    return [Pair(sides[n % len(sides)], sides[(n + 1) % len(sides)], 0.9) for n in range(PAIRS)]


def measure_reading(index: StatementIndex) -> None:
    """Pairs a second."""
    pairs = sample_pairs()
    rates = []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        index.judge(pairs)
        rates.append(len(pairs) / (time.perf_counter() - started))
    print(f"{index.pair_model.model_id}: {statistics.median(rates):.0f} pairs/s ({min(rates):.0f}–{max(rates):.0f})")


def measure_search(index: StatementIndex, texts: list[str]) -> None:
    """Milliseconds for one text, p50 and p95."""
    seconds: dict[bool, list[float]] = {True: [], False: []}
    for nth, text in enumerate(texts):
        for rerank, taken in seconds.items():
            started = time.perf_counter()
            index.search([text], rerank=rerank)
            if nth >= WARM_UP:
                taken.append(1000 * (time.perf_counter() - started))
    for rerank, taken in seconds.items():
        p50, p95 = statistics.median(taken), statistics.quantiles(taken, n=20)[-1]
        print(f"one text, rerank {rerank}: p50 {p50:.1f} ms, p95 {p95:.1f} ms ({len(taken)} texts)")


def main() -> None:
    """Measure both and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data-dir", required=True, type=Path, help="a data folder with statements and an index")
    parser.add_argument("data", nargs="?", default=os.environ.get("GEGENCHECK_BENCHMARK_DATA", "../shared/data"))
    options = parser.parse_args()
    application = build(Settings(data_dir=options.data_dir))
    try:
        index = application.index.current()
    except IndexFault as fault:
        raise SystemExit(f"The index in {options.data_dir} is not ready: {fault}") from None
    measure_reading(index)
    posts = Path(options.data) / "matching" / "de_posts.queries.jsonl"
    if posts.is_file():
        measure_search(index, [str(row["query"]) for row in read_rows(posts)])
    else:
        print("the search is skipped: there is no measuring data (name its folder)")
    application.close()


if __name__ == "__main__":
    main()
