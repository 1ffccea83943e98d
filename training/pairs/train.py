"""Trains the pair model. Run: python -m training.pairs.train --models-dir DIR --out FILE [--stance-data FILE …]

Three parts of the corpus are held out (corpus.py): by one of them the best epoch is chosen, which is kept, and by
another it is judged.
"""

from __future__ import annotations

import argparse
import random
import time
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from sklearn.metrics import average_precision_score, f1_score
from torch import nn

from index.model.embedder import default_embedder
from index.model.weights import prepare_bundled_model
from training.pairs.corpus import LABELS, Part, digest, families_of
from training.pairs.examples import NO_TARGET, STANCES, Encode, Example, own_examples, stance_examples
from training.pairs.frames import FRAMES, frame_examples, read_frames
from training.pairs.ordinary import SENTENCES, ordinary_sentences, unrelated_examples
from training.pairs.premises import PREMISES, premise_examples, read_premises
from training.pairs.reader import PairReader, Tokens, precision, read_pairs
from training.sources import digests_of

DIFFERENT = LABELS.index("different")


@dataclass(frozen=True)
class Options:
    """What makes a model, kept with it."""

    frozen: int = 4
    rank: int = 0  # of adapters that are trained instead of whole layers
    leave_out: str = ""  # a kind of examples that is not learned from, to measure what it is worth
    epochs: int = 2
    pairs: int = 52_000  # at most, of an epoch; each epoch draws its own
    stance_copies: int = 2  # of the further stance data beside one of our own texts, which are ten times as many
    frames: int = 0  # 1: learn from the frames too, which takes more passes than two cores give in two hours
    batch: int = 16
    rate: float = 1.5e-4
    head_rate: float = 1e-3
    stance_weight: float = 0.7
    seed: int = 7


def examples_of(part: Part, encode: Encode, seed: int, frames: bool = False) -> list[Example]:
    """All examples of a part of the project's own texts."""
    families = families_of(part)
    examples = own_examples(families, encode, seed)
    examples += unrelated_examples(families, ordinary_sentences(part), encode, seed)
    examples += premise_examples(read_premises(part))
    return examples + (frame_examples(read_frames(part), seed) if frames else [])


def train(reader: PairReader, learn: Tokens, choose: Tokens, options: Options) -> dict[str, float]:
    """Train in place, keep the epoch that is best on `choose`, return its figures there."""
    heads = [*reader.label.parameters(), *reader.stance.parameters()]
    layers = [each for each in reader.layers.parameters() if each.requires_grad]
    groups = [{"params": layers, "lr": options.rate}, {"params": heads, "lr": options.head_rate}]
    optimiser = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)
    pairs = min(options.pairs, len(learn.ids))
    steps = options.epochs * (pairs // options.batch + 1)
    warm_up = max(steps // 10, 1)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / warm_up, max(0.02, (steps - step) / (steps - warm_up + 1)))
    )
    draw = random.Random(options.seed)  # noqa: S311 - reproducible, not secret
    best: tuple[float, dict[str, float], dict[str, torch.Tensor]] = (-1.0, {}, {})
    for epoch in range(options.epochs):
        started, total = time.monotonic(), 0.0
        reader.train()
        for rows in learn.shuffled(options.batch, draw, pairs):
            loss = loss_of(reader, learn, rows, options.stance_weight)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(layers + heads, 1.0)
            optimiser.step()
            schedule.step()
            total += loss.item() * len(rows)
        speed = pairs / (time.monotonic() - started)
        figures = validate(reader, choose)
        print(f"epoch {epoch + 1}: loss {total / pairs:.3f}, {speed:.0f} pairs/s, {figures}", flush=True)
        score = figures["label accuracy"] + figures["stance accuracy"] + figures["same claim AP"]
        if score > best[0]:
            best = (score, figures, {name: value.clone() for name, value in reader.state_dict().items()})
    reader.load_state_dict(best[2])
    return best[1]


def loss_of(reader: PairReader, tokens: Tokens, rows: list[int], stance_weight: float) -> torch.Tensor:
    """Cross entropy of both heads, each over the pairs that have its target."""
    with precision(reader.device):
        label, stance = reader(*tokens.tensors(rows))
    loss = torch.zeros((), device=reader.device)
    for logits, targets, weight in (
        (label, [tokens.examples[row].label for row in rows], 1.0),
        (stance, [tokens.examples[row].stance for row in rows], stance_weight),
    ):
        wanted = torch.tensor(targets, device=reader.device)
        if (wanted != NO_TARGET).any():
            share = (wanted != NO_TARGET).float().mean()
            loss = loss + weight * share * nn.functional.cross_entropy(logits.float(), wanted, ignore_index=NO_TARGET)
    return loss


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


def main() -> None:
    """Train and save."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models-dir", type=Path, required=True, help="where the bundled weights are prepared")
    parser.add_argument("--out", type=Path, required=True, help="file for the trained network (.pt)")
    parser.add_argument("--stance-data", type=Path, nargs="*", default=[], help="further stance data (JSON lines)")
    for name, value in asdict(Options()).items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(value), default=value)
    given = vars(parser.parse_args())
    models_dir, out, stance_data = given.pop("models_dir"), given.pop("out"), given.pop("stance_data")
    options = Options(**given)

    torch.manual_seed(options.seed)
    folder = prepare_bundled_model(models_dir, print)
    encode = default_embedder(models_dir).encode_statements
    frames = bool(options.frames)
    learn = examples_of(Part.LEARN, encode, options.seed, frames)
    learn += options.stance_copies * stance_examples(stance_data, encode)
    learn = [each for each in learn if each.kind != options.leave_out]
    choose, judge = (examples_of(part, encode, options.seed, frames) for part in (Part.CHOOSE, Part.JUDGE))
    print(f"{len(learn)} pairs to learn from, {len(choose)} to choose by; data {digest()[:12]}", flush=True)
    reader = PairReader(folder, options.frozen, options.rank).to("cuda" if torch.cuda.is_available() else "cpu")
    train(reader, Tokens(learn, folder), Tokens(choose, folder), options)
    figures = validate(reader, Tokens(judge, folder))
    reader.merge_adapters()
    made_from = {
        "data": digest(),
        "sentences": digest(SENTENCES, "*.tsv"),
        "premises": digest(PREMISES),
        "frames": digest(FRAMES) if frames else None,
        "stance_data": digests_of(stance_data),
    }
    torch.save({"state": reader.state_dict(), "options": asdict(options), "figures": figures, **made_from}, out)
    print(f"saved {out}: {figures}")


if __name__ == "__main__":
    main()
