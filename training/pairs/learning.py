"""A training as it stands between two steps: network, optimiser, what is drawn next, and the best epoch so far."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn

from training.pairs.checkpoint import Checkpoint
from training.pairs.examples import NO_TARGET
from training.pairs.reader import PairReader, Tokens, precision


@dataclass(frozen=True)
class Options:
    """What makes a model, kept with it."""

    frozen: int = 4
    rank: int = 0  # of adapters that are trained instead of whole layers
    leave_out: str = ""  # a kind of examples that is not learned from, to measure what it is worth
    epochs: int = 2
    pairs: int = 52_000  # at most, of an epoch; each epoch draws its own
    stance_copies: int = 2  # of the further stance data beside one of our own texts, which are ten times as many
    post_copies: int = 0  # of what the posts give
    frames: int = 0  # 1: learn from the frames too, which takes more passes than two cores give in two hours
    batch: int = 16
    rate: float = 1.5e-4
    head_rate: float = 1e-3
    stance_weight: float = 0.7
    seed: int = 7


class Learning:
    """Goes over the pairs epoch by epoch; a checkpoint of its `state` lets another go on in the midst of one."""

    def __init__(self, reader: PairReader, learn: Tokens, options: Options) -> None:
        self.reader, self.learn, self.options = reader, learn, options
        heads = [*reader.label.parameters(), *reader.stance.parameters()]
        layers = [each for each in reader.layers.parameters() if each.requires_grad]
        groups = [{"params": layers, "lr": options.rate}, {"params": heads, "lr": options.head_rate}]
        self.trained = layers + heads
        self.optimiser = torch.optim.AdamW(groups, weight_decay=0.01, fused=True)
        self.pairs = min(options.pairs, len(learn.ids))
        steps = options.epochs * (self.pairs // options.batch + 1)
        warm_up = max(steps // 10, 1)
        self.schedule = torch.optim.lr_scheduler.LambdaLR(
            self.optimiser, lambda step: min((step + 1) / warm_up, max(0.02, (steps - step) / (steps - warm_up + 1)))
        )
        self.drawn = random.Random(options.seed).getstate()  # noqa: S311 - reproducible, not secret
        self.epoch, self.step, self.total = 0, 0, 0.0
        self.best: tuple[float, dict[str, float], dict[str, torch.Tensor]] = (-1.0, {}, {})

    def finish_epoch(self, checkpoint: Checkpoint | None = None) -> float:
        """Learn from what the epoch has left; returns its mean loss."""
        draw = random.Random()  # noqa: S311 - reproducible, not secret
        draw.setstate(self.drawn)
        self.reader.train()
        for number, rows in enumerate(self.learn.shuffled(self.options.batch, draw, self.pairs)):
            if number < self.step:
                continue
            self.total += self._learn_from(rows) * len(rows)
            self.step += 1
            if checkpoint is not None and self.step % checkpoint.every == 0:
                checkpoint.save(self.state())
        mean = self.total / self.pairs
        self.drawn, self.epoch, self.step, self.total = draw.getstate(), self.epoch + 1, 0, 0.0
        return mean

    def keep_best(self, score: float, figures: dict[str, float]) -> None:
        """Remember the network as it is, if none was better."""
        if score > self.best[0]:
            self.best = (score, figures, {name: value.clone() for name, value in self.reader.state_dict().items()})

    def state(self) -> dict[str, Any]:
        """All that a checkpoint needs."""
        parts = {name: getattr(self, name).state_dict() for name in ("reader", "optimiser", "schedule")}
        stands = {name: getattr(self, name) for name in ("drawn", "epoch", "step", "total", "best")}
        return {**parts, **stands, "chance": torch.get_rng_state()}

    def restore(self, state: dict[str, Any]) -> None:
        """Stand where a checkpoint was made."""
        for name in ("reader", "optimiser", "schedule"):
            getattr(self, name).load_state_dict(state[name])
        for name in ("drawn", "epoch", "step", "total", "best"):
            setattr(self, name, state[name])
        torch.set_rng_state(state["chance"])

    def _learn_from(self, rows: list[int]) -> float:
        loss = loss_of(self.reader, self.learn, rows, self.options.stance_weight)
        self.optimiser.zero_grad()
        loss.backward()
        nn.utils.clip_grad_norm_(self.trained, 1.0)
        self.optimiser.step()
        self.schedule.step()
        return loss.item()


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
