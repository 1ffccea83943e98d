"""How often a match is wrong on real posts: those of the measuring data whose statements are kept out of the index.

The split is that of the scoring script's --no-match. Every match of such a post counts as false, also where another
publisher's statement makes the same claim, so the figures are upper bounds. `--write` puts them beside the calibration,
for /docs/accuracy.
Run: python -m benchmarks.no_match [--write] [DATA]   (skipped, visibly, where the measuring data is absent)
"""

from __future__ import annotations

import argparse
import json
import os
import random
import tempfile
from dataclasses import asdict
from pathlib import Path

from benchmarks.embedding import MODELS, read_rows
from index.digests import note_shipped
from index.model.embedder import Embedder, default_embedder
from index.models import Rating, Statement
from index.pairs.protocol import Outside, PairModel
from index.pairs.reader import CALIBRATION_FILE, open_pair_model
from index.pairs.rules import RulePairModel
from index.retrieval.opening import open_live_index
from index.store.statements import StatementStore

SETS = {"de": ("de_posts", "CheckThat! 2025, task 2"), "en": ("en_snopes", "CheckThat! 2022, task 2A")}
SEED = 7


def measure(folder: Path, name: str, source: str, embedder: Embedder, model: PairModel) -> Outside:
    """Build an index without the statements of half of the posts, and search these posts."""
    posts = read_rows(folder / f"{name}.queries.jsonl")
    chosen = random.Random(SEED).sample(range(len(posts)), len(posts) // 2)  # noqa: S311 - reproducible, not secret
    left_out = {target for place in chosen for target in posts[place]["target_ids"]}
    rows = [row for row in read_rows(folder / f"{name}.statements.jsonl.gz") if row["id"] not in left_out]
    absent = [str(post["query"]) for post in posts if left_out.issuperset(post["target_ids"])]
    with tempfile.TemporaryDirectory() as aside:
        store = StatementStore.open(f"sqlite:///{aside}/statements.db")
        store.put_many(
            [
                Statement(
                    str(row["claim"]), f"https://pool.invalid/{row['id']}", Rating("False"), language=row.get("lang")
                )
                for row in rows
            ]
        )
        live = open_live_index(store, embedder, model, Path(aside) / "index")
        live.update()
        found = live.current().search(absent)
        store.close()
    false = sum(any(match.is_match for match in matches) for matches in found)
    return Outside(source, len(absent), len(rows), round(false / len(absent), 4))


def main() -> None:
    """Measure both languages, print, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--write", action="store_true", help=f"write them to {CALIBRATION_FILE}")
    parser.add_argument("data", nargs="?", default=os.environ.get("GEGENCHECK_BENCHMARK_DATA", "../shared/data"))
    given = parser.parse_args()
    folder = Path(given.data) / "matching"
    if not folder.is_dir():
        print("skipped: there is no measuring data (name its folder)")
        return
    embedder = default_embedder(MODELS)
    model = open_pair_model(MODELS, RulePairModel(embedder))
    calibration = json.loads(CALIBRATION_FILE.read_text(encoding="utf-8"))
    for language, (name, source) in SETS.items():
        found = measure(folder, name, source, embedder, model)
        print(f"{model.model_id}, {language}: {found}")
        calibration["measured"][language]["outside"] = asdict(found)
    if given.write:
        CALIBRATION_FILE.write_text(json.dumps(calibration, indent=2) + "\n", encoding="utf-8")
        note_shipped(CALIBRATION_FILE)


if __name__ == "__main__":
    main()
