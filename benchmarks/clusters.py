"""Which statements are linked into clusters: of judged pairs how many rightly, and how many statements have others.

Two right statements of one post are taken for one claim; a right one beside a near miss of the same post for two.
Neither need be so: a post may make two claims.
Run: python -m benchmarks.clusters [DATA] [ASKED]   (skipped, visibly, where the measuring data is absent)
"""

from __future__ import annotations

import os
import random
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Sequence
from itertools import combinations, product
from pathlib import Path

from benchmarks.embedding import MODELS, read_rows
from index.model.embedder import default_embedder
from index.models import Rating, Statement
from index.pairs.reader import open_pair_model
from index.pairs.rules import RulePairModel
from index.retrieval.clusters import cluster_of, same_claims
from index.retrieval.opening import open_live_index
from index.retrieval.search import StatementIndex
from index.store.statements import StatementStore

ASKED = 200  # statements of which each is asked for the others of its cluster

Two = tuple[Statement, Statement]


def main() -> None:
    """Put the statements in, compare, print."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else os.environ.get("GEGENCHECK_BENCHMARK_DATA", "../shared/data"))
    asked = int(sys.argv[2]) if len(sys.argv) > 2 else ASKED
    file, judged = (folder / "matching" / f"de_posts.{name}" for name in ("statements.jsonl.gz", "qrels.jsonl"))
    if not file.is_file():
        print("skipped: there is no measuring data (name its folder)")
        return
    embedder = default_embedder(MODELS)
    with tempfile.TemporaryDirectory() as aside:
        store = StatementStore.open(f"sqlite:///{aside}/statements.db")
        store.put_many(
            [
                Statement(str(row["claim"]), f"https://pool.invalid/{row['id']}", Rating("x"), language=row.get("lang"))
                for row in read_rows(file)
            ]
        )
        model = open_pair_model(MODELS, RulePairModel(embedder))
        live = open_live_index(store, embedder, model, Path(aside) / "index")
        live.update()
        index = live.current()
        made = {each.url.rpartition("/")[2]: each for each in store.by_keys(range(1, index.statements + 1)).values()}
        measure(index, *pairs_of(judged, made))
        ask(index, random.Random(7).sample(list(made.values()), asked))  # noqa: S311 - to measure with
        live.close()
        store.close()


def pairs_of(file: Path, made: dict[str, Statement]) -> tuple[list[Two], list[Two]]:
    """Pairs that say the same, and pairs that do not, each once."""
    rows: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for row in read_rows(file):
        rows[str(row["q"])][str(row["label"])].append(str(row["s"]))
    same = {two for row in rows.values() for two in combinations(sorted(row["S"]), 2)}
    other = {(min(two), max(two)) for row in rows.values() for two in product(row["S"], row["N"])} - same
    return [[(made[one], made[two]) for one, two in sorted(pairs)] for pairs in (same, other)]  # type: ignore[return-value]


def measure(index: StatementIndex, same: Sequence[Two], other: Sequence[Two]) -> None:
    """Print how many of each kind are linked."""
    right, wrong = len(same_claims(index, same)), len(same_claims(index, other))
    foreign = sum(one.language != two.language for one, two in same_claims(index, same))
    print(f"{right} of {len(same)} pairs that say the same are linked ({foreign} in two languages)")
    print(
        f"{wrong} of {len(other)} others: precision {right / max(right + wrong, 1):.3f}, recall {right / len(same):.3f}"
    )


def ask(index: StatementIndex, statements: Sequence[Statement]) -> None:
    """Print how many have another that says the same, and how long a statement takes."""
    began, used = time.perf_counter(), time.process_time()
    found = [cluster_of(index, each) for each in statements]
    seconds, processor = time.perf_counter() - began, time.process_time() - used
    each = f"{1000 * seconds / len(statements):.0f} ms ({1000 * processor / len(statements):.0f} of processor)"
    print(
        f"of {len(statements)} among {index.statements:,} statements {sum(map(bool, found))} are in a cluster; {each}"
    )
    for statement, others in [row for row in zip(statements, found, strict=True) if row[1]][:20]:
        print(f"- {statement.claim_reviewed[:100]} = {' = '.join(other.claim_reviewed[:100] for other in others)}")


if __name__ == "__main__":
    main()
