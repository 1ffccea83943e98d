"""Learn the projection of token vectors that late interaction compares with: index/model/token_projection.npz.

From the identity on, with ColBERT's loss (Khattab and Zaharia 2020): a text shall be nearer, token by token, to its own
family's statement than to others. As posts say other things too, one to four other families' texts are put after it.
The weights are the mean of those of the last two thirds of the steps. Two minutes on one core.
Run: python -m training.embedder.projection --models-dir DIR [--write]
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from index.digests import note_shipped
from index.model.embedder import BundledEmbedder, Embedder
from index.model.token_projection import PROJECTION_FILE
from index.model.weights import prepare_engine
from training.pairs.corpus import Family, Part, families_of
from training.sources import note_sources

STEPS, TEXTS, OTHERS, GLUED = 300, 16, 16, 4
RATE = 1e-4
TEMPERATURE = 20.0  # similarities are multiplied by it before the softmax
SEED = 0


@dataclass(frozen=True, slots=True)
class Tokens:
    """A text by its tokens: unit vectors of shape (tokens, width) and how rare each is."""

    vectors: torch.Tensor
    rarity: torch.Tensor


@dataclass(frozen=True, slots=True)
class Task:
    """A text, possibly with others after it, the statements that it makes, denies or reports, and others."""

    text: torch.Tensor
    right: Sequence[Tokens]
    wrong: Sequence[Tokens]


def read_tokens(embedder: Embedder, texts: Sequence[str]) -> dict[str, Tokens]:
    """The tokens of texts, by text."""
    found: dict[str, Tokens] = {}
    for start in range(0, len(texts), 32):
        some = texts[start : start + 32]
        for text, each in zip(some, embedder.encode_tokens(some), strict=True):
            found[text] = Tokens(torch.from_numpy(each.vectors), torch.from_numpy(each.rarity))
    return found


def draw_tasks(families: Sequence[Family], tokens: Mapping[str, Tokens], chance: random.Random) -> Iterator[Task]:
    """Tasks without end, drawn from texts that speak of their family's statement."""
    pairs = [(text.text, family) for family in families for text in family.texts if text.label != "different"]
    statements = [statement for family in families for statement in family.statement.values()]
    while True:
        text, family = chance.choice(pairs)
        own = set(family.statement.values())
        glued = [text, *(chance.choice(pairs)[0] for _ in range(chance.randint(1, GLUED)))]
        wrong = [each for each in chance.sample(statements, min(OTHERS, len(statements))) if each not in own]
        yield Task(
            torch.cat([tokens[each].vectors for each in glued]),
            [tokens[each] for each in sorted(own)],
            [tokens[each] for each in wrong],
        )


def max_sims(text: torch.Tensor, statements: Sequence[Tokens], projection: torch.Tensor) -> torch.Tensor:
    """How near a text comes to each statement, as `index.retrieval.late_interaction.max_sim` has it."""
    both = torch.nn.functional.normalize(torch.cat([text, *(each.vectors for each in statements)]) @ projection, dim=1)
    nearest = (both[len(text) :] @ both[: len(text)].T).amax(1)
    parts = nearest.split([len(each.rarity) for each in statements])
    return torch.stack(
        [part @ each.rarity / each.rarity.sum().clamp_min(1e-9) for part, each in zip(parts, statements, strict=True)]
    )


def loss_of(task: Task, projection: torch.Tensor) -> torch.Tensor:
    """How unlikely the right statements are, among all."""
    shares = torch.log_softmax(TEMPERATURE * max_sims(task.text, [*task.right, *task.wrong], projection), 0)
    return -torch.logsumexp(shares[: len(task.right)], 0)


def learn(tasks: Iterator[Task], width: int, steps: int = STEPS) -> np.ndarray:
    """The projection after some steps, averaged over the last two thirds of them, shape (width, width)."""
    identity = torch.eye(width)
    moved = torch.zeros(width, width, requires_grad=True)
    optimizer, total, first = torch.optim.Adam([moved], lr=RATE), torch.zeros(width, width), steps // 3
    for step in range(steps):
        loss = torch.stack([loss_of(next(tasks), identity + moved) for _ in range(TEXTS)]).mean()
        optimizer.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimizer.step()
        if step >= first:
            total += moved.detach()
        if (step + 1) % 50 == 0:
            print(f"step {step + 1} of {steps}: loss {loss.item():.3f}", flush=True)
    return np.asarray(identity + total / (steps - first), np.float32)


def main() -> None:
    """Learn, and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models-dir", type=Path, required=True, help="where the bundled weights are prepared")
    parser.add_argument("--write", action="store_true", help=f"write {PROJECTION_FILE}")
    given = parser.parse_args()
    torch.set_num_threads(1)  # the matrices are small: more threads wait for each other
    embedder = BundledEmbedder(prepare_engine(given.models_dir, print))  # tokens as they are, not projected
    families = families_of(Part.LEARN)
    texts = {text.text for family in families for text in family.texts if text.label != "different"}
    texts |= {statement for family in families for statement in family.statement.values()}
    tokens = read_tokens(embedder, sorted(texts))
    print(f"{len(families)} families, {len(tokens)} texts and statements")
    projection = learn(draw_tasks(families, tokens, random.Random(SEED)), embedder.dimensions)  # noqa: S311
    if given.write:
        np.savez_compressed(PROJECTION_FILE, projection=projection.astype(np.float16))
        note_shipped(PROJECTION_FILE)
        note_sources(PROJECTION_FILE)
        print(f"-> {PROJECTION_FILE} ({PROJECTION_FILE.stat().st_size} bytes)")


if __name__ == "__main__":
    main()
