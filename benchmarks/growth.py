"""How soon changes are found in a large index: ten statements, an import of 5,000, and 600 that nobody announces.

The index is the measuring data's fact-checks; their vectors are drawn, for what is measured does not depend on what
they say. What comes later (statements of another set) is embedded as always.
Run: python -m benchmarks.growth [DATA]   (skipped, visibly, where the measuring data is absent)
"""

from __future__ import annotations

import os
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from benchmarks.embedding import MODELS, read_rows
from index.model.embedder import Embedder, Vectors, default_embedder
from index.model.kept_tokens import TokenVectors
from index.model.passages import Passage, PassageVectors
from index.models import Rating, Statement
from index.pairs.rules import RulePairModel
from index.retrieval.live_index import LiveIndex
from index.retrieval.opening import open_live_index
from index.store.statements import StatementStore

BATCH = 500  # stored at a time, as an import does


class Drawing:
    """Draws the vectors of statements while `draws` is set, else encodes."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self.model_id, self.dimensions = embedder.model_id, embedder.dimensions
        self.draws = True
        self._random = np.random.default_rng(3)

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """See Embedder."""
        return self._embedder.encode_queries(texts)

    def encode_passages(self, passages: Sequence[Passage]) -> list[PassageVectors]:
        """See Embedder."""
        return self._embedder.encode_passages(passages)

    def encode_tokens(self, texts: Sequence[str], keep: bool = False) -> list[TokenVectors]:
        """See Embedder."""
        return self._embedder.encode_tokens(texts, keep)

    def encode_statements(self, texts: Sequence[str]) -> Vectors:
        """See Embedder."""
        if not self.draws:
            return self._embedder.encode_statements(texts)
        drawn = self._random.normal(size=(len(texts), self.dimensions)).astype(np.float32)
        return np.asarray(drawn / np.linalg.norm(drawn, axis=1, keepdims=True), np.float32)


class Watch:
    """Searches and asks whether the index is ready, again and again, while something else goes on."""

    def __init__(self, live: LiveIndex) -> None:
        self._live, self._ended = live, threading.Event()
        self.searches, self.longest, self.not_ready = 0, 0.0, 0
        self._thread = threading.Thread(target=self._look)

    def __enter__(self) -> Watch:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._ended.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._ended.wait(0.5):
            began = time.perf_counter()
            self._live.current().search(["Vaccines contain microchips."], 5, rerank=False)
            self.longest = max(self.longest, time.perf_counter() - began)
            self.searches += 1
            self.not_ready += not self._live.status().ready

    def __str__(self) -> str:
        return f"{self.searches} searches meanwhile, the longest {self.longest:.2f} s, {self.not_ready} times not ready"


@dataclass(frozen=True)
class Took:
    """How long something took, by the clock and of processor: the second tells what a busy machine hides."""

    seconds: float
    processor: float

    def __add__(self, other: Took) -> Took:
        return Took(self.seconds + other.seconds, self.processor + other.processor)

    def __str__(self) -> str:
        return f"{self.seconds:.2f} s ({self.processor:.2f} s of processor)"


def took(do: Callable[[], object]) -> Took:
    """What something takes, and all that goes on beside."""
    began, used = time.perf_counter(), time.process_time()
    do()
    return Took(time.perf_counter() - began, time.process_time() - used)


def read_statements(file: Path) -> list[Statement]:
    """The statements of one set."""
    return [
        Statement(
            str(row["claim"]),
            f"https://pool.invalid/{file.name}/{row['id']}",
            Rating("reviewed"),
            language=row.get("lang"),
        )
        for row in read_rows(file)
        if row.get("claim")
    ]


def put(store: StatementStore, given: Sequence[Statement]) -> None:
    """Store statements as an import does."""
    for start in range(0, len(given), BATCH):
        store.put_many(given[start : start + BATCH])


def find_all(live: LiveIndex, given: Sequence[Statement]) -> None:
    """Search each of the statements; each must be found first."""
    found = live.current().search([each.claim_reviewed for each in given], 1, rerank=False)
    missed = [
        each.claim_reviewed
        for each, matches in zip(given, found, strict=True)
        if matches[0].statement.claim_reviewed != each.claim_reviewed
    ]
    if missed:
        raise SystemExit(f"not found: {missed}")


def wait_until_current(live: LiveIndex) -> None:
    """Ask until nothing is behind."""
    while live.status().behind:
        time.sleep(0.05)


def measure(
    live: LiveIndex, other: LiveIndex, store: StatementStore, later: list[Statement], embedder: Drawing
) -> None:
    """Print what each kind of change takes."""
    ten, many, unannounced = later[:10], later[10:5010], later[5010:5610]
    put(store, ten)
    print(f"10 changes are found after {took(lambda: find_all(live, ten))}", flush=True)
    print(f"by another process after {took(lambda: find_all(other, ten))} more", flush=True)
    with Watch(other) as watch:
        stored = took(lambda: put(store, many))
        applied = took(live.update)
    print(f"5,000 changes: stored in {stored}, found after {stored + applied}; {watch}", flush=True)
    find_all(live, many[::500])
    with Watch(live) as watch:
        put(store, unannounced)
        caught_up = took(lambda: wait_until_current(live))
    print(f"600 that nobody announces are found after {caught_up}; {watch}", flush=True)
    find_all(live, unannounced[::60])
    embedder.draws = True
    put(store, later[5610:10610])
    print(f"5,000 changes, their embedding left out: {took(live.update)}", flush=True)
    embedder.draws = False
    print(f"a revision is found after {took(lambda: revise(live, store))}", flush=True)


def revise(live: LiveIndex, store: StatementStore) -> None:
    """Give the oldest statement other words, and find them."""
    (old,) = store.by_keys([1]).values()
    new = Statement("A llama was seen running the post office of Cuzco.", old.url, old.rating)
    store.revise(old.id, new)
    find_all(live, [new])


def main() -> None:
    """Build, measure, print."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("GEGENCHECK_BENCHMARK_DATA", "../shared/data"))
    file = folder / "matching" / "factchecks_all.statements.jsonl.gz"
    if not file.is_file():
        print("skipped: there is no measuring data (name its folder)")
        return
    statements = read_statements(file)
    later = read_statements(folder / "matching" / "en_snopes.statements.jsonl.gz")
    later = list({each.claim_reviewed: each for each in later}.values())
    embedder = Drawing(default_embedder(MODELS))
    with tempfile.TemporaryDirectory() as aside:
        store = StatementStore.open(f"sqlite:///{aside}/statements.db")
        live, other = (
            open_live_index(store, embedder, RulePairModel(embedder), Path(aside) / "index") for _ in range(2)
        )
        put(store, statements)
        built = took(live.update)
        embedder.draws = False
        embedder.encode_queries(["warm"])
        other.current()
        print(f"{live.current().statements:,} statements on {os.cpu_count()} cores, built in {built}", flush=True)
        measure(live, other, store, later, embedder)
        live.close()
        other.close()
        store.close()


if __name__ == "__main__":
    main()
