"""Measure how large the activations of the bundled model become, channel by channel: index/model/e5_ranges.npz.

The fast engine rounds what flows into each matrix to 8 bits with fixed steps, and takes the steps from here. The texts
are this project's own: the starter statements, the pair corpus, and texts.txt beside this file for other languages.
Run: python -m training.embedder.ranges --models-dir DIR
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import torch

from index.digests import note_shipped
from index.model.embedder import QUERY_PREFIX
from index.model.quantization import RANGES_FILE
from index.model.weights import MAX_TOKENS, prepare_bundled_model

HERE = Path(__file__).parent
STARTER = HERE.parent.parent / "index" / "starter" / "statements.jsonl"
FAMILIES = HERE.parent / "pairs" / "families" / "00_core.jsonl"


def own_texts() -> list[str]:
    """Short texts in many languages, and long ones made of them so that every position is seen."""
    statements = [json.loads(line)["claimReviewed"] for line in STARTER.read_text(encoding="utf-8").splitlines()]
    families = [json.loads(line) for line in FAMILIES.read_text(encoding="utf-8").splitlines()]
    posts = [text["text"] for family in families for text in family["texts"]]
    foreign = (HERE / "texts.txt").read_text(encoding="utf-8").splitlines()
    short = statements + posts + foreign
    return (
        short + [" ".join(foreign[start::7]) for start in range(7)] + [" ".join(posts[start::9]) for start in range(9)]
    )


class Watch:
    """Keeps the largest absolute value of each input channel of a linear layer."""

    def __init__(self, layer: torch.nn.Linear) -> None:
        self.largest = torch.zeros(layer.in_features)
        self.mask = torch.ones(0, dtype=torch.bool)
        layer.register_forward_pre_hook(self)

    def __call__(self, _layer: torch.nn.Module, inputs: tuple[torch.Tensor, ...]) -> None:
        self.largest = torch.maximum(self.largest, inputs[0][self.mask].abs().amax(0))


def measure(folder: Path, texts: Sequence[str]) -> dict[str, np.ndarray]:
    """The largest absolute values: name of the input -> (layers, channels)."""
    from transformers import AutoModel, AutoTokenizer

    tokenizer, model = AutoTokenizer.from_pretrained(folder), AutoModel.from_pretrained(folder).eval()
    watched = {
        "attention": [Watch(layer.attention.self.query) for layer in model.encoder.layer],
        "attended": [Watch(layer.attention.output.dense) for layer in model.encoder.layer],
        "feed_forward": [Watch(layer.intermediate.dense) for layer in model.encoder.layer],
        "wide": [Watch(layer.output.dense) for layer in model.encoder.layer],
    }
    ordered = sorted((QUERY_PREFIX + text for text in texts), key=len)
    for start in range(0, len(ordered), 16):
        batch = tokenizer(
            ordered[start : start + 16], padding=True, truncation=True, max_length=MAX_TOKENS, return_tensors="pt",
            return_token_type_ids=False,
        )  # fmt: skip
        for watch in (watch for watches in watched.values() for watch in watches):
            watch.mask = batch["attention_mask"].bool()
        with torch.inference_mode():
            model(**batch)
    return {
        name: torch.stack([watch.largest for watch in watches]).numpy().astype(np.float16)
        for name, watches in watched.items()
    }


def main() -> None:
    """Measure and save."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models-dir", type=Path, required=True, help="where the bundled weights are prepared")
    texts = own_texts()
    ranges = measure(prepare_bundled_model(parser.parse_args().models_dir, print), texts)
    np.savez_compressed(RANGES_FILE, **ranges)
    note_shipped(RANGES_FILE)
    print(f"{len(texts)} texts -> {RANGES_FILE} ({RANGES_FILE.stat().st_size} bytes)")


if __name__ == "__main__":
    main()
