"""Training of the pair model, with a tiny network: what it learns, what stays as it was, and its figures."""

from __future__ import annotations

import math
import random
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from index.model.tokenizer import PairTokens
from training.pairs.examples import NO_TARGET
from training.pairs.learning import Options, loss_of
from training.pairs.reader import PairReader, Tokens, read_pairs, sides_of
from training.pairs.train import average_precision, begin, different_odds, f1, figures_of, is_finished, train

from .tiny import ASSERTED, DIFFERENT, EXAMPLES, REFUTES, SUPPORTS


def test_it_learns_pairs_apart_and_leaves_the_frozen_layers_alone(folder: Path) -> None:
    torch.manual_seed(1)
    reader, tokens = PairReader(folder, frozen=1), Tokens(EXAMPLES, folder)
    before = {name: value.clone() for name, value in reader.state_dict().items()}
    figures = train(reader, tokens, tokens, Options(frozen=1, epochs=20, batch=4, rate=0.01, head_rate=0.02))
    assert figures["label accuracy"] == figures["same claim AP"] == figures["stance accuracy"] == 1.0
    assert figures["F1 denied de"] == 1.0
    changed = {
        ".".join(name.split(".")[:2])
        for name, value in reader.state_dict().items()
        if not torch.equal(value, before[name])
    }
    assert changed == {"layers.1", "label.weight", "label.bias", "stance.weight", "stance.bias"}


def test_adapters_learn_beside_layers_that_stay_and_merge_into_them(folder: Path) -> None:
    torch.manual_seed(1)
    reader, tokens = PairReader(folder, frozen=1, rank=4), Tokens(EXAMPLES, folder)
    before = {name: value.clone() for name, value in reader.state_dict().items()}
    options = Options(frozen=1, rank=4, epochs=20, batch=4, rate=0.02, head_rate=0.02)
    assert train(reader, tokens, tokens, options)["label accuracy"] == 1.0
    changed = {name for name, value in reader.state_dict().items() if not torch.equal(value, before[name])}
    assert {name.split(".")[0] for name in changed} == {"layers", "label", "stance"}
    assert all(name.startswith("layers.1.") and name.endswith((".down", ".up")) for name in changed if "layers" in name)
    inputs = tokens.tensors(range(len(EXAMPLES)))
    reader.eval()
    with torch.inference_mode():  # in float32, whatever the processor would train in
        said = reader(*inputs)[0].numpy()
        reader.merge_adapters()
        assert reader(*inputs)[0].numpy() == pytest.approx(said, abs=1e-4)
    assert set(reader.state_dict()) == set(PairReader(folder, frozen=1).state_dict())


def test_an_epoch_learns_from_no_more_pairs_than_it_may(folder: Path) -> None:
    tokens = Tokens(EXAMPLES, folder)
    batches = list(tokens.shuffled(2, random.Random(1), most=5))
    assert sorted(map(len, batches)) == [1, 2, 2]
    assert len({row for batch in batches for row in batch}) == 5


def test_the_best_epoch_is_kept(folder: Path) -> None:
    reader, tokens = PairReader(folder, frozen=1), Tokens(EXAMPLES, folder)
    figures = train(reader, tokens, tokens, Options(frozen=1, epochs=3, batch=4, rate=0.01))
    labels, _ = read_pairs(reader, tokens)
    said = labels.argmax(1) == [each.label for each in EXAMPLES]
    assert figures["label accuracy"] == pytest.approx(float(np.mean(said)), abs=1e-4)


def test_a_pair_without_a_target_teaches_nothing_of_that_head(folder: Path) -> None:
    reader = PairReader(folder, frozen=1).eval()
    without = [replace(each, stance=NO_TARGET) for each in EXAMPLES]
    rows = list(range(len(EXAMPLES)))
    assert loss_of(reader, Tokens(without, folder), rows, 0.7) == loss_of(reader, Tokens(EXAMPLES, folder), rows, 0.0)
    nothing = [replace(each, label=NO_TARGET) for each in without]
    assert loss_of(reader, Tokens(nothing, folder), rows, 0.7).item() == 0.0


def test_padding_changes_no_answer(folder: Path) -> None:
    reader = PairReader(folder, frozen=1)
    long = replace(EXAMPLES[0], claim="The cat sleeps. " * 20)
    alone, _ = read_pairs(reader, Tokens(EXAMPLES[:1], folder))
    beside, _ = read_pairs(reader, Tokens([long, EXAMPLES[0]], folder))
    assert beside[1] == pytest.approx(alone[0], abs=0.02)  # bfloat16


def test_marks_belong_to_the_side_they_open_or_close() -> None:
    assert sides_of(PairTokens([0, 7, 8, 2, 2, 9, 2], 4)) == [1, 1, 1, 1, 2, 2, 2]
    assert sides_of(PairTokens([0, 7, 2, 2, 2], 3)) == [1, 1, 1, 2, 2]


def test_frames_and_premises_have_figures_of_their_own_where_there_are_any(folder: Path) -> None:
    logits = np.eye(4, dtype=np.float32)[[ASSERTED, ASSERTED, DIFFERENT]]
    stances = np.eye(3, dtype=np.float32)[[SUPPORTS, REFUTES, REFUTES]]
    frames = [replace(each, kind="frame") for each in EXAMPLES[:3]]
    figures = figures_of(Tokens(frames, folder), logits, stances)
    assert figures["frames told apart"] == 1.0
    assert "stance of premises" not in figures
    premises = [replace(each, kind="premise") for each in EXAMPLES[:3]]
    assert figures_of(Tokens(premises, folder), logits, stances)["stance of premises"] == pytest.approx(2 / 3, abs=1e-4)


def test_figures_are_what_their_names_say() -> None:
    assert average_precision(np.array([True, False, True]), np.array([3.0, 2.0, 1.0])) == pytest.approx((1 + 2 / 3) / 2)
    assert average_precision(np.array([False]), np.array([1.0])) == 0.0
    assert f1(np.array([0, 0, 1]), np.array([0, 1, 1]), 0) == pytest.approx(2 / 3)
    assert f1(np.array([1]), np.array([1]), 0) == 0.0
    (odds,) = different_odds(np.array([[0.0, 0.0, 0.0, 0.0]]))
    assert odds == pytest.approx(-math.log(3))


def test_a_training_that_was_finished_is_not_made_again(tmp_path: Path) -> None:
    out, made_from = tmp_path / "pairs.pt", {"data": "1", "options": {"seed": 7}}
    assert not is_finished(out, made_from)
    torch.save({"state": {}, "figures": {"F1": 0.5}, **made_from}, out)
    assert is_finished(out, made_from)
    assert not is_finished(out, {**made_from, "options": {"seed": 8}})


def test_a_training_begins_with_what_an_earlier_one_saved(folder: Path, tmp_path: Path) -> None:
    torch.manual_seed(5)
    earlier = PairReader(folder, frozen=1)
    torch.save({"state": earlier.state_dict()}, tmp_path / "earlier.pt")
    begun = begin(folder, Options(frozen=1), tmp_path / "earlier.pt")
    assert torch.equal(begun.label.weight.cpu(), earlier.label.weight)
    assert not torch.equal(begin(folder, Options(frozen=1), None).label.weight.cpu(), earlier.label.weight)
