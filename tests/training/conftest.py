"""A network small enough to be trained in a test."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from index.model.weights import TOKENIZER_FILE, prepare_bundled_model


@pytest.fixture(scope="session")
def folder(models_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A network of two thin layers with the bundled tokenizer."""
    from transformers import BertConfig, BertModel

    made = tmp_path_factory.mktemp("tiny")
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=250_037, hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=32
    )
    BertModel(config).save_pretrained(made)
    (made / TOKENIZER_FILE).write_bytes((prepare_bundled_model(models_dir) / TOKENIZER_FILE).read_bytes())
    return made
