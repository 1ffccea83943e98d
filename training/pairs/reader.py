"""The network that reads a claim and a statement together: e5's layers, the upper ones trained, and two heads."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from index.model.tokenizer import PairTokens, open_tokenizer
from index.model.weights import TOKENIZER_FILE
from training.pairs.corpus import LABELS
from training.pairs.examples import STANCES, Example

MAX_TOKENS = 128
PARTS = 4  # what the heads see: the opening token, the mean of either side, and how far these are apart


class Adapter(nn.Module):
    """A dense layer that stays as it is, beside a trained product of two thin matrices (Hu et al., LoRA, ICLR 2022)."""

    def __init__(self, dense: nn.Linear, rank: int) -> None:
        super().__init__()
        self.dense = dense.requires_grad_(False)
        self.down = nn.Parameter(torch.randn(rank, dense.in_features) / dense.in_features**0.5)
        self.up = nn.Parameter(torch.zeros(dense.out_features, rank))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The sum of both."""
        return self.dense(x) + x @ self.down.T @ self.up.T

    def merged(self) -> nn.Linear:
        """One dense layer that does the same."""
        self.dense.weight.data += self.up.data @ self.down.data
        return self.dense.requires_grad_(True)


class PairReader(nn.Module):
    """Token ids of pairs to logits of both heads. Embeddings and the lowest `frozen` layers stay as they are.

    Of the others the whole layers are trained, or with a `rank` adapters of that rank beside their dense layers.
    """

    def __init__(self, folder: Path, frozen: int, rank: int = 0) -> None:
        super().__init__()
        from transformers import AutoModel

        # Few passes teach too little rather than too much: only the heads drop out, which saves a fifth of the time.
        model = AutoModel.from_pretrained(folder, hidden_dropout_prob=0.0, attention_probs_dropout_prob=0.0)
        self.embeddings, self.layers = model.embeddings, model.encoder.layer
        self.frozen = frozen
        for part in (self.embeddings, *self.layers[:frozen]):
            part.requires_grad_(False)
        if rank:
            self.layers[frozen:].requires_grad_(False)
            self._replace(nn.Linear, lambda dense: Adapter(dense, rank))
        width = model.config.hidden_size
        self.dropout = nn.Dropout(0.1)
        self.label = nn.Linear(PARTS * width, len(LABELS))
        self.stance = nn.Linear(PARTS * width, len(STANCES))

    def merge_adapters(self) -> None:
        """Put what the adapters learned into the layers that they stand beside; nothing where there are none."""
        self._replace(Adapter, Adapter.merged)

    def _replace(self, kind: type[nn.Module], make: Callable[[Any], nn.Module]) -> None:
        for layer in self.layers[self.frozen :]:
            for name, part in [each for each in layer.named_modules() if isinstance(each[1], kind)]:
                layer.set_submodule(name, make(part))

    @property
    def device(self) -> torch.device:
        """Where the weights are."""
        return self.label.weight.device

    def forward(self, ids: torch.Tensor, sides: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Logits of labels and stances. `sides` is 1 for the claim's tokens, 2 for the statement's, 0 for padding."""
        ids, sides = ids.to(self.device), sides.to(self.device)
        bias = torch.zeros(ids.shape, device=self.device)
        bias = bias.masked_fill(sides == 0, torch.finfo(torch.float32).min)[:, None, None, :]
        with torch.no_grad():
            hidden = self.embeddings(ids)
            for layer in self.layers[: self.frozen]:
                hidden = _states(layer(hidden, bias))
        for layer in self.layers[self.frozen :]:
            hidden = _states(layer(hidden, bias))
        claim, statement = _mean(hidden, sides == 1), _mean(hidden, sides == 2)
        seen = self.dropout(torch.cat([hidden[:, 0].float(), claim, statement, (claim - statement).abs()], dim=1))
        return self.label(seen), self.stance(seen)


def precision(device: torch.device) -> torch.autocast:
    """bfloat16 where the processor multiplies it; without instructions for it, it is 17 times slower than float32."""
    able = device.type != "cpu" or torch.cpu._is_avx512_bf16_supported()
    return torch.autocast(device.type, torch.bfloat16, enabled=able)


def _states(output: Any) -> torch.Tensor:
    return output[0] if isinstance(output, tuple) else output


def _mean(hidden: torch.Tensor, mask: torch.Tensor) -> torch.Tensor:
    weights = mask[:, :, None].float()
    return (hidden.float() * weights).sum(1) / weights.sum(1).clamp(min=1)


class Tokens:
    """Examples as token ids, with the side that each token belongs to."""

    def __init__(self, examples: Sequence[Example], folder: Path) -> None:
        self.examples = examples
        tokenizer = open_tokenizer(folder / TOKENIZER_FILE)
        encoded = tokenizer.encode_pairs([(each.claim, each.statement) for each in examples], MAX_TOKENS)
        self.ids = [each.ids for each in encoded]
        self.sides = [sides_of(each) for each in encoded]

    def tensors(self, rows: Sequence[int]) -> tuple[torch.Tensor, torch.Tensor]:
        """Ids and sides of some rows, padded to the longest."""
        longest = max(len(self.ids[row]) for row in rows)
        ids, sides = np.ones((len(rows), longest), np.int64), np.zeros((len(rows), longest), np.int64)
        for place, row in enumerate(rows):
            ids[place, : len(self.ids[row])] = self.ids[row]
            sides[place, : len(self.ids[row])] = self.sides[row]
        return torch.from_numpy(ids), torch.from_numpy(sides)

    def shuffled(self, size: int, draw: random.Random, most: int) -> Iterator[list[int]]:
        """Batches of similar length, at most so many pairs in all, others in another order each time."""
        rows = list(range(len(self.ids)))
        draw.shuffle(rows)
        rows = rows[:most]
        rows.sort(key=lambda row: len(self.ids[row]) // 8)
        cut = [rows[start : start + size] for start in range(0, len(rows), size)]
        draw.shuffle(cut)
        yield from cut

    def by_length(self, size: int) -> Iterator[list[int]]:
        """Batches of similar length, shortest first."""
        rows = sorted(range(len(self.ids)), key=lambda row: len(self.ids[row]))
        return (rows[start : start + size] for start in range(0, len(rows), size))


def sides_of(pair: PairTokens) -> list[int]:
    """1 for the claim's tokens, 2 for the statement's: marks belong to the side they open or close."""
    return [1] * pair.first + [2] * (len(pair.ids) - pair.first)


def read_pairs(reader: PairReader, tokens: Tokens, size: int = 64) -> tuple[np.ndarray, np.ndarray]:
    """Both heads' logits for every example, in order, in float32."""
    reader.eval()
    labels = np.zeros((len(tokens.ids), len(LABELS)), np.float32)
    stances = np.zeros((len(tokens.ids), len(STANCES)), np.float32)
    with torch.inference_mode(), precision(reader.device):
        for rows in tokens.by_length(size):
            label, stance = reader(*tokens.tensors(rows))
            labels[rows], stances[rows] = label.float().cpu().numpy(), stance.float().cpu().numpy()
    return labels, stances
