"""An import of a million statements: how long it takes, how much memory it holds, and what a kill costs.

`gegencheck statements import` with vectors that are drawn from each text instead of encoded, then once more and killed
(SIGKILL) twice: half way through the file and half way through the index. What is printed of memory, of each tenth of
the way: the most that was resident, pages of files included, which the system takes back when it needs them; and the
most of the process's own (RssAnon), looked at twice a second.
Run: python -m benchmarks.million [STATEMENTS]
"""

from __future__ import annotations

import json
import os
import random
import resource
import subprocess
import sys
import tempfile
import threading
import time
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import numpy as np

from index.exchange.columns import AS_THEY_ARE
from index.model.embedder import Vectors
from index.model.kept_tokens import TokenVectors
from index.model.passages import Passage, PassageVectors
from index.pairs.rules import RulePairModel
from index.retrieval.opening import open_live_index
from index.store.statements import StatementStore
from service.bootstrap import assemble
from service.config import Settings
from service.pipeline.fetch import HttpFetcher
from service.terminal_data import Advance
from service.terminal_imports import import_source

STATEMENTS = 1_000_000
WORDS = 20_000  # that the claims are made of
LENGTHS = (8, 24)  # words of a claim
PARTS = ("Reading", "Embedding")
KILLS = (("Reading", 0.5), ("Embedding", 0.5))
TENTHS = 10
LOOKED_FOR = 500  # statements that must be found at the end, by their own texts


class DrawnEmbedder:
    """Draws each text's vector, always the same one: what is measured does not depend on what texts say."""

    model_id, dimensions = "drawn", 384

    def encode_queries(self, texts: Sequence[str]) -> Vectors:
        """See Embedder."""
        rows = [np.random.default_rng(zlib.crc32(text.encode())).standard_normal(384, np.float32) for text in texts]
        drawn = np.array(rows, np.float32).reshape(-1, self.dimensions)
        unit: Vectors = drawn / np.linalg.norm(drawn, axis=1, keepdims=True)
        return unit

    encode_statements = encode_queries

    def encode_passages(self, passages: Sequence[Passage]) -> list[PassageVectors]:
        """See Embedder: whole texts alone."""
        return [PassageVectors(self.encode_queries([each.text])) for each in passages]

    def encode_tokens(self, texts: Sequence[str], keep: bool = False) -> list[TokenVectors]:
        """See Embedder: no pair is read here."""
        raise NotImplementedError


def main() -> None:
    """Import, kill, go on; or be the process that is killed."""
    if len(sys.argv) > 3:
        import_all(Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3]))
        return
    wanted = int(sys.argv[1]) if len(sys.argv) > 1 else STATEMENTS
    with tempfile.TemporaryDirectory() as aside:
        file = Path(aside) / "statements.ndjson"
        with file.open("w") as lines:
            lines.writelines(json.dumps(review) + "\n" for review in reviews(wanted))
        print(f"{wanted:,} statements, {file.stat().st_size / 1e6:,.0f} MB, {os.cpu_count()} cores", flush=True)
        whole = run(Path(aside) / "whole", file, wanted, None)
        print(f"in one go: {whole:.1f} s", flush=True)
        killed = [run(Path(aside) / "killed", file, wanted, at) for at in (*KILLS, None)]
        print(f"killed twice: {' + '.join(f'{took:.1f}' for took in killed)} s = {sum(killed):.1f} s")


def reviews(wanted: int) -> Iterator[dict[str, object]]:
    """Reviews of made-up words, no two alike; their words are as unevenly common as a language's."""
    drawn = random.Random(7)  # noqa: S311 - to measure with
    letters = "abcdefghijklmnoprstuvwz"
    words = ["".join(drawn.choices(letters, k=drawn.randint(2, 11))) for _ in range(WORDS)]
    weights = np.cumsum(1 / np.arange(1, WORDS + 1)).tolist()
    for number in range(wanted):
        claim = " ".join(drawn.choices(words, cum_weights=weights, k=drawn.randint(*LENGTHS))).capitalize()
        yield {
            "@type": "ClaimReview",
            "url": f"https://check{number % 40}.example/{number}",
            "claimReviewed": f"{claim}.",
            "reviewRating": {"@type": "Rating", "alternateName": "False"},
            "author": {"@type": "Organization", "name": f"Check {number % 40}"},
            "inLanguage": ("de", "en", "fr")[number % 3],
        }


def run(folder: Path, file: Path, wanted: int, kill_at: tuple[str, float] | None) -> float:
    """Import in a process of its own, until it ends or has come so far in a part; how long that took."""
    began = time.perf_counter()
    child = subprocess.Popen(
        [sys.executable, "-m", __spec__.name, str(folder), str(file), str(wanted)], stdout=subprocess.PIPE, text=True
    )
    for line in child.stdout or ():
        part, share = line.split()[0], line.split()[-1]
        if part not in PARTS:
            print(f"  {line.rstrip()}", flush=True)
        elif kill_at and part == kill_at[0] and float(share) >= kill_at[1]:
            child.kill()
            print(f"  killed at {float(share):.0%} of {part}", flush=True)
            break
    if child.wait() and not kill_at:
        raise SystemExit("the import failed")
    return time.perf_counter() - began


def import_all(folder: Path, file: Path, wanted: int) -> None:
    """Import a file as the command does, then look for statements from all over it."""
    embedder = DrawnEmbedder()
    store = StatementStore.open(f"sqlite:///{folder}/gegencheck.db")
    settings = Settings(data_dir=folder, workers=0, readers=1)
    application = assemble(
        settings,
        store,
        HttpFetcher(settings),
        lambda: open_live_index(store, embedder, RulePairModel(embedder), folder / "index"),
    )
    report = import_source(application, str(file), AS_THEY_ARE, told)
    index = application.index.current()
    every = max(index.statements // LOOKED_FOR, 1)
    texts = [each.claim_reviewed for each in store.by_keys(range(1, index.statements + 1, every)).values()]
    began = time.perf_counter()
    found = index.search(texts, 1, rerank=False)
    took = (time.perf_counter() - began) / len(texts)
    missed = sum(each[0].statement.claim_reviewed != text for text, each in zip(texts, found, strict=True))
    print(f"{report.added:,} added, {report.unchanged:,} were there; {index.statements:,} can be searched")
    print(f"{missed} of {len(texts)} not found by their own texts, {1000 * took:.1f} ms each", flush=True)
    if index.statements != wanted:
        raise SystemExit(f"{wanted:,} statements were expected")
    application.close()


@contextmanager
def told(part: str) -> Iterator[Advance]:
    """Says how far a part is, and of each tenth of it how long it took and the most memory that there was."""
    began, used, tenth = time.perf_counter(), time.process_time(), 1
    forget_peak()
    own = OwnMemory()

    def advance(done: int, total: int) -> None:
        nonlocal tenth
        share = done / max(total, 1)
        print(part, share, flush=True)
        while tenth <= TENTHS and share >= tenth / TENTHS - 1e-9:
            seconds, processor = time.perf_counter() - began, time.process_time() - used
            print(
                f"- {part.lower()} {tenth}/10: {done:,} after {seconds:.1f} s ({processor:.1f} of processor), "
                f"{peak():,} MB at most, {own.most():,} MB of them its own, {memory('VmRSS'):,} MB now",
                flush=True,
            )
            forget_peak()
            tenth += 1

    yield advance
    own.end.set()


class OwnMemory:
    """Looks again and again how much memory this process has that is of no file."""

    def __init__(self) -> None:
        self.end, self._most = threading.Event(), 0
        threading.Thread(target=self._look, daemon=True).start()

    def most(self) -> int:
        """The most since the last time that this was asked, in MB."""
        found, self._most = max(self._most, memory("RssAnon")), 0
        return found

    def _look(self) -> None:
        while not self.end.wait(0.5):
            self._most = max(self._most, memory("RssAnon"))


def memory(name: str) -> int:
    """What /proc says of this process's memory, in MB."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) // 1024


def peak() -> int:
    """The most memory since `forget_peak`, in MB."""
    try:
        return memory("VmHWM")
    except OSError:
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def forget_peak() -> None:
    """Measure the most memory from now on, where the system lets one."""
    with suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5")


if __name__ == "__main__":
    main()
