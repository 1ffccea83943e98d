"""Train the pair model: the top layers of multilingual-e5-small read (claim, statement) together, two heads judge.

The lower layers stay as they are, so their output is computed once per pair and kept; only the top layers and the heads
are trained and shipped. Two heads: what the claim does with the statement (asserted, denied, reported, different) and the
stance (supports, refutes, neutral). Other stance data with a licence that allows it (Fool-Me-Twice, FEVER-Symmetric) joins
by --stance-data. Run: python -m training.pairs.train --help
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import torch
from torch import nn

from training.pairs.corpus import (
    LABELS,
    Family,
    digest,
    family_pairs,
    held_out,
    mined_pairs,
    read_families,
    swapped_pairs,
)

STANCES = ("supports", "refutes", "neutral")
STANCE_OF_KIND = {
    "question": "neutral",
    "near_miss": "neutral",
    "unrelated": "neutral",
    "mined": "neutral",
    "number": "refutes",
    "date": "refutes",
    "name": "neutral",
}
STANCE_OF_LABEL = {"asserted": "supports", "reported": "supports", "denied": "refutes", "different": "neutral"}
STANCE_OF_NLI = {"entailment": "supports", "contradiction": "refutes", "neutral": "neutral"}
MAX_TOKENS = 128
NO_LABEL = -100


@dataclass(frozen=True)
class Options:
    """What makes a model, kept with it."""

    frozen_layers: int = 6
    epochs: int = 4
    batch: int = 32
    rate: float = 1e-4
    head_rate: float = 1e-3
    mined: int = 2
    stance_weight: float = 0.7
    seed: int = 7


@dataclass(frozen=True)
class Example:
    """One pair with its targets (NO_LABEL where a head learns nothing from it)."""

    claim: str
    statement: str
    label: int
    stance: int
    kind: str


def own_examples(families: Sequence[Family], neighbours: Sequence[Sequence[int]], options: Options) -> list[Example]:
    """Examples of the corpus: each family's pairs, swapped ones, and hard negatives mined from its neighbours."""
    pairs = [pair for family in families for pair in family_pairs(family)]
    pairs += [pair for family in families for pair in swapped_pairs(family, options.seed)]
    pairs += list(mined_pairs(families, neighbours))
    examples = []
    for pair in pairs:
        stance = STANCE_OF_KIND.get(pair.kind, STANCE_OF_LABEL[pair.label])
        examples.append(
            Example(pair.claim, pair.statement, LABELS.index(pair.label), STANCES.index(stance), pair.kind)
        )
    return examples


def stance_examples(paths: Sequence[Path]) -> list[Example]:
    """Examples that only the stance head learns from."""
    examples = []
    for path in paths:
        opener = gzip.open if path.suffix == ".gz" else open
        with opener(path, "rt", encoding="utf-8") as lines:
            for row in map(json.loads, lines):
                if row["label"] in STANCE_OF_NLI:
                    stance = STANCES.index(STANCE_OF_NLI[row["label"]])
                    examples.append(Example(row["premise"], row["hypothesis"], NO_LABEL, stance, "nli"))
    return examples


class PairReader(nn.Module):
    """The top layers and the heads, on the hidden states that the frozen layers made."""

    def __init__(self, layers: nn.ModuleList, width: int) -> None:
        super().__init__()
        self.layers = layers
        self.dropout = nn.Dropout(0.1)
        self.label = nn.Linear(4 * width, len(LABELS))
        self.stance = nn.Linear(4 * width, len(STANCES))

    def forward(self, hidden: torch.Tensor, first: torch.Tensor, second: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Logits of both heads. `hidden` is (pairs, tokens, width); `first`, `second` mask the two texts' tokens."""
        mask = (first | second)[:, None, None, :]
        bias = torch.zeros(mask.shape, dtype=hidden.dtype).masked_fill(~mask, torch.finfo(hidden.dtype).min)
        for layer in self.layers:
            hidden = layer(hidden, bias)
            hidden = hidden[0] if isinstance(hidden, tuple) else hidden
        a, b = mean_of(hidden, first), mean_of(hidden, second)
        pooled = self.dropout(torch.cat([hidden[:, 0], a, b, (a - b).abs()], dim=1))
        return self.label(pooled), self.stance(pooled)


def mean_of(hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    """The mean of the hidden states under a mask."""
    weights = mask[:, :, None].to(hidden.dtype)
    return (hidden * weights).sum(1) / weights.sum(1).clamp(min=1)


class Prepared:
    """Examples with their tokens and the frozen layers' output, kept in half precision."""

    def __init__(self, examples: Sequence[Example], tokenizer, model, frozen: int) -> None:
        self.examples = examples
        encoded = tokenizer(
            [e.claim for e in examples], [e.statement for e in examples], truncation="longest_first",
            max_length=MAX_TOKENS, return_token_type_ids=False,
        )  # fmt: skip
        self.ids = encoded["input_ids"]
        self.first = [[place == 0 for place in encoded.sequence_ids(row)] for row in range(len(examples))]
        self.second = [[place == 1 for place in encoded.sequence_ids(row)] for row in range(len(examples))]
        self.hidden: list[np.ndarray] = [np.empty(0)] * len(examples)
        order = sorted(range(len(examples)), key=lambda row: len(self.ids[row]))
        for start in range(0, len(order), 64):
            rows = order[start : start + 64]
            longest = max(len(self.ids[row]) for row in rows)
            ids = torch.tensor([self.ids[row] + [1] * (longest - len(self.ids[row])) for row in rows])
            mask = torch.tensor([[1] * len(self.ids[row]) + [0] * (longest - len(self.ids[row])) for row in rows])
            with torch.inference_mode():
                states = model(ids, attention_mask=mask, output_hidden_states=True).hidden_states[frozen]
            for row, state in zip(rows, states, strict=True):
                self.hidden[row] = state[: len(self.ids[row])].to(torch.float16).numpy()

    def batch(self, rows: Sequence[int]) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Hidden states and the two masks, padded to the longest."""
        longest = max(len(self.ids[row]) for row in rows)
        hidden = np.zeros((len(rows), longest, self.hidden[rows[0]].shape[1]), dtype=np.float32)
        masks = np.zeros((2, len(rows), longest), dtype=bool)
        for place, row in enumerate(rows):
            length = len(self.ids[row])
            hidden[place, :length] = self.hidden[row]
            masks[0, place, :length] = self.first[row]
            masks[1, place, :length] = self.second[row]
            masks[0, place, 0] = True  # the opening token belongs to the first text
        return torch.from_numpy(hidden), torch.from_numpy(masks[0]), torch.from_numpy(masks[1])

    def targets(self, rows: Sequence[int]) -> tuple[torch.Tensor, torch.Tensor]:
        """Targets of both heads."""
        labels = torch.tensor([self.examples[row].label for row in rows])
        return labels, torch.tensor([self.examples[row].stance for row in rows])


def batches(prepared: Prepared, size: int, draw: random.Random) -> Iterator[list[int]]:
    """Shuffled batches of similar length, so that little is padding."""
    rows = list(range(len(prepared.examples)))
    draw.shuffle(rows)
    rows.sort(key=lambda row: len(prepared.ids[row]) // 8)
    cut = [rows[start : start + size] for start in range(0, len(rows), size)]
    draw.shuffle(cut)
    yield from cut


def logits_of(reader: PairReader, prepared: Prepared, size: int = 64) -> tuple[np.ndarray, np.ndarray]:
    """Both heads' logits for every example, in order."""
    reader.eval()
    order = sorted(range(len(prepared.examples)), key=lambda row: len(prepared.ids[row]))
    labels = np.zeros((len(order), len(LABELS)), np.float32)
    stances = np.zeros((len(order), len(STANCES)), np.float32)
    with torch.inference_mode():
        for start in range(0, len(order), size):
            rows = order[start : start + size]
            label, stance = reader(*prepared.batch(rows))
            labels[rows], stances[rows] = label.numpy(), stance.numpy()
    return labels, stances


def f1(gold: np.ndarray, said: np.ndarray, value: int) -> float:
    """F1 of one class."""
    both = np.sum((gold == value) & (said == value))
    total = np.sum(gold == value) + np.sum(said == value)
    return float(2 * both / total) if total else 0.0


def validate(reader: PairReader, prepared: Prepared) -> dict[str, float]:
    """Figures on held-out families: same claim or not, the four labels, the stances."""
    labels, stances = logits_of(reader, prepared)
    gold = np.array([e.label for e in prepared.examples])
    gold_stance = np.array([e.stance for e in prepared.examples])
    own = gold != NO_LABEL
    different = LABELS.index("different")
    said = labels.argmax(1)
    figures = {
        "same claim accuracy": float(np.mean((said[own] != different) == (gold[own] != different))),
        "label accuracy": float(np.mean(said[own] == gold[own])),
        "stance accuracy": float(np.mean(stances.argmax(1) == gold_stance)),
    }
    figures |= {f"F1 {name}": f1(gold[own], said[own], value) for value, name in enumerate(LABELS)}
    figures |= {f"F1 {name}": f1(gold_stance, stances.argmax(1), value) for value, name in enumerate(STANCES)}
    return {name: round(value, 4) for name, value in figures.items()}


def train(reader: PairReader, learn: Prepared, check: Prepared, options: Options) -> dict[str, float]:
    """Train in place, keep the epoch that validates best, return its figures."""
    heads = [*reader.label.parameters(), *reader.stance.parameters()]
    optimiser = torch.optim.AdamW(
        [{"params": reader.layers.parameters(), "lr": options.rate}, {"params": heads, "lr": options.head_rate}],
        weight_decay=0.01,
    )
    steps = options.epochs * (len(learn.examples) // options.batch + 1)
    warm_up = max(steps // 10, 1)
    schedule = torch.optim.lr_scheduler.LambdaLR(
        optimiser, lambda step: min((step + 1) / warm_up, max(0.02, (steps - step) / (steps - warm_up + 1)))
    )
    draw = random.Random(options.seed)  # noqa: S311 - reproducible, not secret
    loss_of = nn.CrossEntropyLoss(ignore_index=NO_LABEL, label_smoothing=0.05)
    best: tuple[float, dict[str, float], dict[str, torch.Tensor]] | None = None
    for epoch in range(options.epochs):
        reader.train()
        started, total, seen = time.monotonic(), 0.0, 0
        for rows in batches(learn, options.batch, draw):
            label, stance = reader(*learn.batch(rows))
            labels, stances = learn.targets(rows)
            loss = options.stance_weight * loss_of(stance, stances)
            if (labels != NO_LABEL).any():
                loss = loss + loss_of(label, labels)
            optimiser.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(reader.parameters(), 1.0)
            optimiser.step()
            schedule.step()
            total, seen = total + float(loss) * len(rows), seen + len(rows)
        figures = validate(reader, check)
        score = figures["label accuracy"] + figures["stance accuracy"]
        print(f"epoch {epoch + 1}: loss {total / seen:.3f}, {seen / (time.monotonic() - started):.1f} pairs/s, {figures}", flush=True)
        if best is None or score > best[0]:
            best = (score, figures, {name: value.clone() for name, value in reader.state_dict().items()})
    assert best is not None
    reader.load_state_dict(best[2])
    return best[1]


def nearest_families(families: Sequence[Family], encode, count: int) -> list[list[int]]:
    """For each family the `count` others whose statements lie nearest by the embedder."""
    vectors = encode([next(iter(family.statement.values())) for family in families])
    similarity = vectors @ vectors.T
    np.fill_diagonal(similarity, -1)
    return [list(map(int, np.argsort(-row)[:count])) for row in similarity]


def main() -> None:
    """Train and save."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models-dir", type=Path, required=True, help="where the bundled weights are prepared")
    parser.add_argument("--out", type=Path, required=True, help="file for the trained weights (.pt)")
    parser.add_argument("--stance-data", type=Path, nargs="*", default=[], help="further stance data (JSON lines)")
    for name, value in asdict(Options()).items():
        parser.add_argument(f"--{name.replace('_', '-')}", type=type(value), default=value)
    given = vars(parser.parse_args())
    models_dir, out, stance_data = given.pop("models_dir"), given.pop("out"), given.pop("stance_data")
    options = Options(**given)

    from transformers import AutoModel, AutoTokenizer

    from index.embedder import default_embedder
    from index.weights import prepare_bundled_model

    torch.manual_seed(options.seed)
    folder = prepare_bundled_model(models_dir, print)
    tokenizer, model = AutoTokenizer.from_pretrained(folder), AutoModel.from_pretrained(folder).eval()
    encode = default_embedder(models_dir).encode_statements
    families = read_families()
    learning = [family for family in families if not held_out(family)]
    checking = [family for family in families if held_out(family)]
    learn = own_examples(learning, nearest_families(learning, encode, options.mined), options)
    check = own_examples(checking, nearest_families(checking, encode, options.mined), options)
    learn += stance_examples(stance_data)
    print(f"{len(learn)} pairs to learn from, {len(check)} to validate on; data {digest()[:12]}", flush=True)
    started = time.monotonic()
    prepared = Prepared(learn, tokenizer, model, options.frozen_layers)
    print(f"frozen layers read in {time.monotonic() - started:.0f} s", flush=True)
    held = Prepared(check, tokenizer, model, options.frozen_layers)
    reader = PairReader(model.encoder.layer[options.frozen_layers :], model.config.hidden_size)
    figures = train(reader, prepared, held, options)
    torch.save({"state": reader.state_dict(), "options": asdict(options), "figures": figures, "data": digest()}, out)
    print(f"saved {out}: {figures}")


if __name__ == "__main__":
    main()
