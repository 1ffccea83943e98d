"""Whether matches stay right as the index grows: judged posts beside 500 statements, thousands, and all there are.

One index grows: the right statements of all posts and some others, then the rest of the set and fact-checks that have
nothing to do with it. At each size every post is searched, and the matches among its first five count. Pairs that
nobody judged come with the fact-checks, and some of them are right, for publishers check the same claims. So three
precisions are told: where these pairs count as wrong, where only those do that are not nearly the same as a right
statement of the post, and where none does. `--unjudged FILE` writes them down, to be read.
Run: python -m benchmarks.precision [--keep FOLDER] [--unjudged FILE] [DATA]   (skipped, visibly, where the measuring
data is absent; `--keep` keeps the vectors of the statements, which take ten minutes of processor time)
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import tempfile
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.embedding import MODELS, read_rows
from benchmarks.growth import put
from index.model.embedder import Embedder, Vectors, default_embedder
from index.model.kept_tokens import TokenVectors
from index.model.passages import Passage, PassageVectors
from index.models import Match, Publisher, Rating, Statement
from index.pairs.reader import open_pair_model
from index.pairs.rules import RulePairModel
from index.retrieval.opening import open_live_index
from index.retrieval.search import searched_claim
from index.store.statements import StatementStore
from training.pairs.judged import FIRST, RIGHT, JudgedPost, read_posts

FILLER = "factchecks_all"
SIZES = {"de_posts": (500, 7_337, 25_000, 100_000), "en_tweets": (500, 7_000, 25_000, 100_000)}
SEED = 7
AT_ONCE = 2_000  # statements that are encoded between two notes
TOGETHER = 16  # posts that are searched in one call
SAME = 0.93  # similarity from which two statements are mostly one claim: RESULTS, "Clusters"
ADDRESS = "https://pool.invalid/"


class Keeping:
    """An embedder that keeps the vectors of statements, in a folder too where there is one, and those of posts."""

    def __init__(self, embedder: Embedder, folder: Path | None) -> None:
        self._embedder = embedder
        self.model_id, self.dimensions = embedder.model_id, embedder.dimensions
        self._file = folder and folder / f"{hashlib.sha256(self.model_id.encode()).hexdigest()[:16]}.npz"
        self._passages: dict[Passage, PassageVectors] = {}
        self._known: dict[str, Vectors] = {}
        if self._file and self._file.is_file():
            with np.load(self._file) as kept:
                self._known = dict(zip(kept["names"].tolist(), kept["vectors"], strict=True))

    def know(self, texts: Sequence[str]) -> None:
        """Encode what is new, and keep it."""
        new = [text for text in dict.fromkeys(texts) if named(text) not in self._known]
        began = time.process_time()
        for start in range(0, len(new), AT_ONCE):
            some = new[start : start + AT_ONCE]
            self._known.update(zip(map(named, some), self._embedder.encode_statements(some), strict=True))
            print(f"encoded {start + len(some):,} of {len(new):,}, {time.process_time() - began:.0f} s", flush=True)
        if new and self._file:
            self._file.parent.mkdir(parents=True, exist_ok=True)
            np.savez(self._file, names=np.array([*self._known]), vectors=np.stack([*self._known.values()]))

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """See Embedder."""
        return self._embedder.encode_queries(texts)

    def encode_passages(self, passages: Sequence[Passage]) -> list[PassageVectors]:
        """See Embedder."""
        new = [each for each in passages if each not in self._passages]
        self._passages.update(zip(new, self._embedder.encode_passages(new), strict=True))
        return [self._passages[each] for each in passages]

    def encode_statements(self, texts: Sequence[str]) -> Vectors:
        """See Embedder."""
        if any(named(text) not in self._known for text in texts):
            return self._embedder.encode_statements(texts)
        return np.stack([self._known[named(text)] for text in texts])

    def encode_tokens(self, texts: Sequence[str], keep: bool = False) -> list[TokenVectors]:
        """See Embedder."""
        return self._embedder.encode_tokens(texts, keep)


def named(text: str) -> str:
    """A text by its digest."""
    return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Claimed:
    """A match among a post's first ones, with its label ("" where nobody judged it) and how near a right one it is."""

    post: str
    confidence: float
    label: str
    nearest_right: float
    statement: str
    text: str


@dataclass(frozen=True)
class Judging:
    """Judged posts, and the vectors of the right statements of each."""

    posts: Sequence[JudgedPost]
    prefix: str  # of a statement's address, before its own name in the set
    right: dict[str, Vectors] = field(default_factory=dict)

    def learn(self, statements: Sequence[Statement], embedder: Embedder) -> None:
        """Take the vectors of the right statements."""
        texts = {each.url.removeprefix(self.prefix): searched_claim(each) for each in statements}
        for post in self.posts:
            own = [texts[name] for name, label in post.labels.items() if label in RIGHT and name in texts]
            if own:
                self.right[post.id] = embedder.encode_statements(own)

    def claimed(self, found: Sequence[Sequence[Match]], embedder: Embedder) -> list[Claimed]:
        """The matches among the first statements of all posts."""
        return [
            Claimed(
                post.id,
                round(match.confidence, 3),
                post.labels.get(match.statement.url.removeprefix(self.prefix), ""),
                self._nearest(post.id, embedder.encode_statements([searched_claim(match.statement)])),
                match.statement.claim_reviewed,
                post.text,
            )
            for post, matches in zip(self.posts, found, strict=True)
            for match in matches[:FIRST]
            if match.is_match
        ]

    def _nearest(self, post: str, vectors: Vectors) -> float:
        return round(float((self.right[post] @ vectors.T).max()), 3) if post in self.right else 0.0


def told(statements: int, posts: int, claimed: Sequence[Claimed]) -> str:
    """A line of figures; `posts` have a right statement."""
    right = [each for each in claimed if each.label in RIGHT]
    unjudged = [each for each in claimed if not each.label]
    twins = [each for each in unjudged if each.nearest_right >= SAME]
    found = {each.post for each in right}
    every = len(claimed)
    precisions = (len(right) / max(some, 1) for some in (every, every - len(twins), every - len(unjudged)))
    return (
        f"{statements:,} statements: found {len(found)} of {posts} ({len(found) / posts:.3f}); {every} matches, "
        f"{len(right)} right, {len(unjudged)} unjudged, {len(twins)} of them nearly a right one; precision "
        + " / ".join(f"{each:.3f}" for each in precisions)
    )


def in_order(sets: Sequence[str], right: set[str], folder: Path) -> list[Statement]:
    """The statements as they come into the index: what is right in the first set, its rest, then the other sets."""
    drawn = random.Random(SEED)  # noqa: S311 - reproducible, not secret
    rows = []
    for name in sets:
        own = [row for row in read_rows(folder / f"{name}.statements.jsonl.gz") if row.get("claim")]
        drawn.shuffle(own)
        rows += [(name, row) for row in own]
    rows.sort(key=lambda each: each[0] != sets[0] or str(each[1]["id"]) not in right)  # keeps the order otherwise
    return [statement_of(row, name) for name, row in rows]


def statement_of(row: dict[str, Any], name: str) -> Statement:
    """A row of a set; its address names it."""
    publisher = Publisher(row.get("source") or None)
    return Statement(str(row["claim"]), f"{ADDRESS}{name}/{row['id']}", Rating("reviewed"), publisher, row.get("lang"))


def measure(name: str, folder: Path, embedder: Keeping, aside: Path, most: int) -> list[Claimed]:
    """Print the figures of a set at each size, for `most` posts of it; the matches at the last one."""
    posts = read_posts(folder / f"{name}.qrels.jsonl", folder / f"{name}.queries.jsonl")
    posts = random.Random(SEED).sample(posts, min(most, len(posts)))  # noqa: S311
    has_own = (folder / f"{name}.statements.jsonl.gz").is_file()  # the tweets' statements are the filler itself
    sets = [name, FILLER] if has_own else [FILLER]
    judging = Judging(posts, f"{ADDRESS}{sets[0]}/")
    right = {each for post in posts for each, label in post.labels.items() if label in RIGHT}
    statements = in_order(sets, right, folder)
    embedder.know([searched_claim(each) for each in statements])
    judging.learn(statements[: len(right)], embedder)
    store = StatementStore.open(f"sqlite:///{aside / name}.db")
    live = open_live_index(store, embedder, open_pair_model(MODELS, RulePairModel(embedder)), aside / name)
    held, claimed = 0, []
    for size in SIZES[name]:
        put(store, statements[held:size])
        live.update()
        held, index, began = size, live.current(), time.process_time()
        found = [
            each
            for start in range(0, len(posts), TOGETHER)
            for each in index.search([post.text for post in posts[start : start + TOGETHER]])
        ]
        claimed = judging.claimed(found, embedder)
        took = (time.process_time() - began) / len(posts)
        print(f"{name}, {told(index.statements, len(judging.right), claimed)}; {took:.2f} s a post", flush=True)
    live.close()
    store.close()
    return claimed


def main() -> None:
    """Measure both sets, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--keep", type=Path, help="a folder for the vectors of statements")
    parser.add_argument("--unjudged", type=Path, help="a file for what matches in the largest index and nobody judged")
    parser.add_argument("--posts", type=int, default=10_000, help="only so many of each set, drawn")
    parser.add_argument("--sets", nargs="+", choices=list(SIZES), default=list(SIZES))
    parser.add_argument("data", nargs="?", default=os.environ.get("GEGENCHECK_BENCHMARK_DATA", "../shared/data"))
    given = parser.parse_args()
    folder = Path(given.data) / "matching"
    if not folder.is_dir():
        print("skipped: there is no measuring data (name its folder)")
        return
    embedder = Keeping(default_embedder(MODELS), given.keep)
    claimed = []
    with tempfile.TemporaryDirectory() as aside:
        for name in given.sets:
            claimed += measure(name, folder, embedder, Path(aside), given.posts)
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    if given.unjudged:
        unjudged = sorted((each for each in claimed if not each.label), key=lambda each: -each.confidence)
        lines = [json.dumps(asdict(each), ensure_ascii=False) for each in unjudged]
        given.unjudged.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
