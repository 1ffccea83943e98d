"""Packs a trained pair model for the engine: index/model/pair_weights.npz. Run: python -m training.pairs.export --help

Measures how large activations become on pairs, rounds the trained layers to 8 bits, and says how much the engine's
answers differ from the trained network's on the families that judge. What made the weights is recorded in model.json.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import numpy as np
import torch

from index.digests import note_shipped
from index.model.embedder import Embedder, default_embedder
from index.model.onnx_engine import OnnxPairReader
from index.model.onnx_graph import build_pair_reader
from index.model.packed_weights import find_packed_file, read_packed_file
from index.model.pair_weights import PAIR_WEIGHTS_FILE, PairWeights, write_pair_weights
from index.model.quantization import Ranges
from index.model.weights import prepare_bundled_model
from index.pairs.rules import RulePairModel
from training.embedder.ranges import Watch
from training.pairs.corpus import Part, families_of
from training.pairs.examples import Example, own_examples
from training.pairs.frames import frame_examples, read_frames
from training.pairs.packing import pack
from training.pairs.premises import premise_examples, read_premises
from training.pairs.reader import PairReader, Tokens, read_pairs
from training.pairs.train import examples_of, figures_of
from training.posts.corpus import posts_of, read_posts
from training.posts.examples import post_examples
from training.sources import note_sources

SEED = 7
MEASURED = 2000  # pairs that the ranges are measured on
FAMILIES_APART, POSTS_APART = 12, 4  # every so many of the learned ones gives some of them
RECORD = Path(__file__).with_name("model.json")


def measure_ranges(reader: PairReader, tokens: Tokens) -> list[Ranges]:
    """The largest absolute values of every layer's four inputs over pairs."""
    watched = [
        [
            Watch(layer.attention.self.query), Watch(layer.attention.output.dense),
            Watch(layer.intermediate.dense), Watch(layer.output.dense),
        ]
        for layer in reader.layers
    ]  # fmt: skip
    reader.eval()
    with torch.inference_mode():
        for rows in tokens.by_length(32):
            ids, sides = tokens.tensors(rows)
            for watch in (watch for layer in watched for watch in layer):
                watch.mask = sides > 0
            reader(ids, sides)
    return [Ranges(*(watch.largest.numpy().astype(np.float32) for watch in layer)) for layer in watched]


@contextmanager
def engine_of(weights: PairWeights, folder: Path) -> Iterator[OnnxPairReader]:
    """The engine on some weights, its graph in a file that is removed again."""
    path = folder / "pairs-tried.onnx"
    path.write_bytes(build_pair_reader(read_packed_file(find_packed_file()), weights))
    try:
        yield OnnxPairReader(path)
    finally:
        path.unlink()


def learned_sample(embedder: Embedder, frames: bool, posts: bool) -> list[Example]:
    """Some of what was learned from, which shows how large activations become."""
    seen = families_of(Part.LEARN)[::FAMILIES_APART]
    learned = own_examples(seen, embedder.encode_statements, SEED) + premise_examples(read_premises(Part.LEARN))
    learned += frame_examples(read_frames(Part.LEARN), SEED) if frames else []
    if posts:
        some = posts_of(read_posts(), Part.LEARN)[::POSTS_APART]
        learned += post_examples(some, seen, RulePairModel(embedder), embedder)
    random.Random(SEED).shuffle(learned)  # noqa: S311 - reproducible, not secret
    return learned[:MEASURED]


def record_of(saved: dict[str, Any], weights: Path, engine: dict[str, float]) -> dict[str, Any]:
    """What made the weights, and how good they are: to be kept beside the script that made them."""
    return {
        "sha256": hashlib.sha256(weights.read_bytes()).hexdigest(),
        "corpus": saved["data"],
        **{part: saved[part] for part in ("sentences", "premises", "frames", "posts", "start")},
        "stance_data": list(saved["stance_data"]),
        "options": saved["options"],
        "trained": saved["figures"],
        "engine": engine,
    }


def main() -> None:
    """Pack, compare, save."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models-dir", type=Path, required=True, help="where the bundled weights are prepared")
    parser.add_argument("--trained", type=Path, required=True, help="what training.pairs.train saved")
    parser.add_argument("--out", type=Path, default=PAIR_WEIGHTS_FILE)
    given = parser.parse_args()
    folder = prepare_bundled_model(given.models_dir, print)
    saved = torch.load(given.trained, map_location="cpu", weights_only=True)
    reader = PairReader(folder, saved["options"]["frozen"])
    reader.load_state_dict(saved["state"])

    embedder = default_embedder(given.models_dir)
    frames = bool(saved["options"]["frames"])
    learned = learned_sample(embedder, frames, bool(saved["options"]["post_copies"]))
    check = Tokens(examples_of(Part.JUDGE, embedder.encode_statements, SEED, frames), folder)
    labels, stances = read_pairs(reader, check)
    weights = pack(reader, measure_ranges(reader, Tokens(learned, folder)))
    write_pair_weights(weights, given.out)
    with engine_of(weights, given.models_dir) as engine:
        rounded = engine.read(check.ids, [sides.count(1) for sides in check.sides])
    same = np.mean(labels.argmax(1) == rounded[0].argmax(1)), np.mean(stances.argmax(1) == rounded[1].argmax(1))
    print(f"trained: {figures_of(check, labels, stances)}")
    figures = figures_of(check, *rounded)
    print(f"engine: {figures}")
    print(f"same label {same[0]:.4f}, same stance {same[1]:.4f}, {given.out.stat().st_size / 1e6:.1f} MB")
    if given.out == PAIR_WEIGHTS_FILE:
        note_shipped(PAIR_WEIGHTS_FILE)
        note_sources(PAIR_WEIGHTS_FILE, saved["stance_data"])
        record = json.dumps(record_of(saved, given.out, figures), indent=2)
        RECORD.write_text(record + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
