"""A CrossEncoder of somebody's own as the pair model: tiny real ones, made here."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from index.errors import ModelUnavailable
from index.model.weights import prepare_bundled_model
from index.models import Pair, Stance
from index.pairs.cross_encoder import CrossEncoderPairModel, stances_of
from index.pairs.rules import RulePairModel

from ..conftest import WordEmbedder

PAIRS = [Pair("Lemons do not cure flu.", "Lemons cure flu."), Pair("Lemons cure flu.", "Bridges are long.")]
RULES = RulePairModel(WordEmbedder())


def make_model(folder: Path, models_dir: Path, labels: list[str], bias: list[float]) -> str:
    """A one-layer BERT that answers with its bias, whatever it reads."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification

    config = BertConfig(
        vocab_size=250_037, hidden_size=8, num_hidden_layers=1, num_attention_heads=1, intermediate_size=8,
        type_vocab_size=1, num_labels=len(labels), id2label=dict(enumerate(labels)),
        label2id={name: place for place, name in enumerate(labels)},
    )  # fmt: skip
    model = BertForSequenceClassification(config)
    with torch.no_grad():
        model.classifier.weight.zero_()
        model.classifier.bias.copy_(torch.tensor(bias))
    model.save_pretrained(folder)
    for name in ("tokenizer.json", "tokenizer_config.json"):
        shutil.copy(prepare_bundled_model(models_dir) / name, folder / name)
    return str(folder)


def test_a_model_of_inference_gives_stances_and_ranks(tmp_path: Path, models_dir: Path) -> None:
    path = make_model(tmp_path, models_dir, ["NEUTRAL", "Contradiction", "entailment"], [0.0, 4.0, -2.0])
    model = CrossEncoderPairModel(path, RULES)
    first, second = model.judge(PAIRS)
    assert first.stance is Stance.REFUTES
    assert first.confidence == pytest.approx(1 - first.neutral)
    assert first.confidence > 0.9
    assert first.differences != ()
    assert second.supports + second.refutes + second.neutral == pytest.approx(1, abs=1e-5)
    assert (model.ranks, model.model_id) == (True, path)


def test_a_model_with_one_score_leaves_the_stance_to_the_rules(tmp_path: Path, models_dir: Path) -> None:
    model = CrossEncoderPairModel(make_model(tmp_path, models_dir, ["relevance"], [2.0]), RULES)
    first, second = model.judge(PAIRS)
    assert first.confidence == second.confidence == pytest.approx(0.88, abs=0.01)
    assert (first.stance, second.stance) == (Stance.REFUTES, Stance.SUPPORTS)
    assert model.judge([]) == []
    assert len(model.estimate(PAIRS)) == 2


def test_other_labels_are_refused_by_name() -> None:
    with pytest.raises(ModelUnavailable, match="toxic"):
        stances_of(2, {0: "toxic", 1: "harmless"})


def test_a_model_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(ModelUnavailable, match="cannot be loaded"):
        CrossEncoderPairModel(str(tmp_path), RULES)
