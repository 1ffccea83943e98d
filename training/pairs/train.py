"""Trains the pair model. Run: python -m training.pairs.train --models-dir DIR --out FILE [--stance-data FILE …]

--start FILE goes on from a network that was trained before: what an earlier run saved, or the weights that ship (.npz).
Whoever is killed and started again with the same options goes on where the last checkpoint stood (OUT.part), and has
nothing to do where OUT was finished.

Three parts of the corpus are held out (corpus.py): by one of them the best epoch is chosen, which is kept, and by
another it is judged.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import torch
from sklearn.metrics import average_precision_score, f1_score

from index.digests import sha256_of
from index.model.embedder import Embedder, default_embedder
from index.model.pair_weights import read_pair_weights
from index.model.weights import prepare_bundled_model
from index.pairs.rules import RulePairModel
from training.pairs.checkpoint import Checkpoint
from training.pairs.corpus import LABELS, Part, digest, families_of
from training.pairs.examples import NO_TARGET, STANCES, Encode, Example, own_examples, stance_examples
from training.pairs.frames import FRAMES, frame_examples, read_frames
from training.pairs.learning import Learning, Options
from training.pairs.ordinary import SENTENCES, ordinary_sentences, unrelated_examples
from training.pairs.packing import unpack
from training.pairs.premises import PREMISES, premise_examples, read_premises
from training.pairs.reader import PairReader, Tokens, read_pairs
from training.posts.corpus import POSTS, posts_of, read_posts
from training.posts.examples import post_examples, weighted
from training.sources import digests_of

DIFFERENT = LABELS.index("different")


def examples_of(part: Part, encode: Encode, seed: int, frames: bool = False) -> list[Example]:
    """All examples of a part of the project's own texts."""
    families = families_of(part)
    examples = own_examples(families, encode, seed)
    examples += unrelated_examples(families, ordinary_sentences(part), encode, seed)
    examples += premise_examples(read_premises(part))
    return examples + (frame_examples(read_frames(part), seed) if frames else [])


def train(
    reader: PairReader, learn: Tokens, choose: Tokens, options: Options, checkpoint: Checkpoint | None = None
) -> dict[str, float]:
    """Train in place, keep the epoch that is best on `choose`, return its figures there."""
    learning = Learning(reader, learn, options)
    if checkpoint is not None and (kept := checkpoint.load()):
        learning.restore(kept)
        print(f"goes on in epoch {learning.epoch + 1} at step {learning.step}", flush=True)
    while learning.epoch < options.epochs:
        started, before = time.monotonic(), learning.step * options.batch
        loss = learning.finish_epoch(checkpoint)
        speed = (learning.pairs - before) / (time.monotonic() - started)
        figures = validate(reader, choose)
        print(f"epoch {learning.epoch}: loss {loss:.3f}, {speed:.0f} pairs/s, {figures}", flush=True)
        learning.keep_best(figures["label accuracy"] + figures["stance accuracy"] + figures["same claim AP"], figures)
        if checkpoint is not None:
            checkpoint.save(learning.state())
    reader.load_state_dict(learning.best[2])
    return learning.best[1]


def validate(reader: PairReader, tokens: Tokens) -> dict[str, float]:
    """Figures on examples that were not learned from."""
    labels, stances = read_pairs(reader, tokens)
    return figures_of(tokens, labels, stances)


def figures_of(tokens: Tokens, labels: np.ndarray, stances: np.ndarray) -> dict[str, float]:
    """Accuracy and F1 of both heads, and average precision of 'same claim'."""
    gold = np.array([each.label for each in tokens.examples])
    gold_stance = np.array([each.stance for each in tokens.examples])
    languages = np.array([each.language for each in tokens.examples])
    own, judged = gold != NO_TARGET, gold_stance != NO_TARGET
    said = labels.argmax(1)
    figures = {
        "label accuracy": float(np.mean(said[own] == gold[own])),
        "same claim accuracy": float(np.mean((said[own] != DIFFERENT) == (gold[own] != DIFFERENT))),
        "same claim AP": average_precision(gold[own] != DIFFERENT, -different_odds(labels[own])),
        "stance accuracy": float(np.mean(stances[judged].argmax(1) == gold_stance[judged])),
    }
    for value, name in enumerate(LABELS):
        figures[f"F1 {name}"] = f1(gold[own], said[own], value)
    for language in ("de", "en"):
        part = own & (languages == language)
        figures[f"F1 denied {language}"] = f1(gold[part], said[part], LABELS.index("denied"))
    refuted = STANCES.index("refutes")
    figures["F1 refutes"] = f1(gold_stance[judged], stances[judged].argmax(1), refuted)
    kinds = np.array([each.kind for each in tokens.examples])
    posts = np.char.startswith(kinds, "post ")
    if posts.any():
        figures["same claim AP of posts"] = average_precision(gold[posts] != DIFFERENT, -different_odds(labels[posts]))
    right = {"frame": (said == DIFFERENT) == (gold == DIFFERENT), "premise": stances.argmax(1) == gold_stance}
    for kind, name in (("frame", "frames told apart"), ("premise", "stance of premises")):
        if (kinds == kind).any():
            figures[name] = float(right[kind][kinds == kind].mean())
    return {name: round(value, 4) for name, value in figures.items()}


def different_odds(labels: np.ndarray) -> np.ndarray:
    """The log odds of 'different' against the three labels that make the same claim."""
    same = np.delete(labels, DIFFERENT, axis=1)
    largest = same.max(axis=1, keepdims=True)
    return labels[:, DIFFERENT] - (largest[:, 0] + np.log(np.exp(same - largest).sum(axis=1)))


def average_precision(wanted: np.ndarray, score: np.ndarray) -> float:
    """Mean precision at each wanted pair, in order of the score; 0 where none is wanted."""
    return float(average_precision_score(wanted, score)) if wanted.any() else 0.0


def f1(gold: np.ndarray, said: np.ndarray, value: int) -> float:
    """F1 of one class; 0 where there is none."""
    return float(f1_score(gold == value, said == value, zero_division=0.0))


def of_posts(part: Part, embedder: Embedder) -> list[Example]:
    """The examples of a part of the posts, mined among their own statements and the families' of the same part."""
    return post_examples(posts_of(read_posts(), part), families_of(part), RulePairModel(embedder), embedder)


def learned_from(options: Options, stance_data: Sequence[Path], embedder: Embedder) -> list[Example]:
    """Everything to learn from."""
    encode = embedder.encode_statements
    learn = examples_of(Part.LEARN, encode, options.seed, bool(options.frames))
    learn += options.stance_copies * stance_examples(stance_data, encode)
    if options.post_copies:
        learn += options.post_copies * weighted(of_posts(Part.LEARN, embedder))
    return [each for each in learn if each.kind != options.leave_out]


def held_out(part: Part, options: Options, embedder: Embedder) -> list[Example]:
    """What is chosen or judged by: posts only where they are learned from, for searching for theirs takes minutes."""
    examples = examples_of(part, embedder.encode_statements, options.seed, bool(options.frames))
    return examples + (of_posts(part, embedder) if options.post_copies else [])


def begin(folder: Path, options: Options, start: Path | None) -> PairReader:
    """The network before the first step: e5's own, or what an earlier training made of it."""
    torch.manual_seed(options.seed)
    reader = PairReader(folder, options.frozen, options.rank)
    if start is not None and start.suffix == ".npz":
        unpack(read_pair_weights(start), reader)
    elif start is not None:
        reader.load_state_dict(torch.load(start, map_location="cpu", weights_only=True)["state"])
    return reader.to("cuda" if torch.cuda.is_available() else "cpu")


def parse() -> argparse.Namespace:
    """The options; those of a model by their names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models-dir", type=Path, required=True, help="where the bundled weights are prepared")
    parser.add_argument("--out", type=Path, required=True, help="file for the trained network (.pt)")
    parser.add_argument("--start", type=Path, help="a network that was trained before (.pt or .npz)")
    parser.add_argument("--stance-data", type=Path, nargs="*", default=[], help="further stance data (JSON lines)")
    for name, value in asdict(Options()).items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(value), default=value)
    return parser.parse_args()


def is_finished(out: Path, made_from: Mapping[str, Any]) -> bool:
    """Whether an earlier run, of several in a row, came to its end."""
    if not out.exists():
        return False
    saved = torch.load(out, map_location="cpu", weights_only=True)
    return all(saved.get(name) == value for name, value in made_from.items())


def main() -> None:
    """Train and save."""
    given = parse()
    options = Options(**{name: getattr(given, name) for name in asdict(Options())})
    folder = prepare_bundled_model(given.models_dir, print)
    embedder = default_embedder(given.models_dir)
    learn = learned_from(options, given.stance_data, embedder)
    choose, judge = (held_out(part, options, embedder) for part in (Part.CHOOSE, Part.JUDGE))
    print(f"{len(learn)} pairs to learn from, {len(choose)} to choose by; data {digest()[:12]}", flush=True)
    made_from = {
        "data": digest(),
        "sentences": digest(SENTENCES, "*.tsv"),
        "premises": digest(PREMISES),
        "frames": digest(FRAMES) if options.frames else None,
        "posts": digest(POSTS) if options.post_copies else None,
        "stance_data": digests_of(given.stance_data),
        "start": sha256_of(given.start) if given.start else None,
        "options": asdict(options),
    }
    if is_finished(given.out, made_from):
        print(f"{given.out} was made from all this already")
        return
    reader = begin(folder, options, given.start)
    checkpoint = Checkpoint(given.out.with_name(f"{given.out.name}.part"), made_from)
    train(reader, Tokens(learn, folder), Tokens(choose, folder), options, checkpoint)
    figures = validate(reader, Tokens(judge, folder))
    reader.merge_adapters()
    torch.save({"state": reader.state_dict(), "figures": figures, **made_from}, given.out)
    checkpoint.remove()
    print(f"saved {given.out}: {figures}")


if __name__ == "__main__":
    main()
