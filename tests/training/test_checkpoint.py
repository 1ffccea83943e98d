"""A training that is ended goes on from its last checkpoint and comes out as if nothing had happened."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from training.pairs.checkpoint import Checkpoint
from training.pairs.learning import Learning, Options
from training.pairs.reader import PairReader, Tokens
from training.pairs.train import train

from .tiny import EXAMPLES

OPTIONS = Options(frozen=1, epochs=3, batch=4, rate=0.01)


class Killed(Exception):
    """Ends a training in its midst."""


class Dying(Checkpoint):
    """A checkpoint at which the process dies, once it has been written so many times."""

    left = 2

    def save(self, state: Any) -> None:
        super().save(state)
        Dying.left -= 1
        if Dying.left == 0:
            raise Killed


def trained(folder: Path, checkpoint: Checkpoint | None = None) -> dict[str, torch.Tensor]:
    torch.manual_seed(1)
    reader, tokens = PairReader(folder, frozen=1), Tokens(EXAMPLES, folder)
    train(reader, tokens, tokens, OPTIONS, checkpoint)
    return reader.state_dict()


@pytest.mark.parametrize("saved", [1, 2, 3, 5])
def test_a_training_that_was_killed_comes_out_as_one_that_was_not(folder: Path, tmp_path: Path, saved: int) -> None:
    Dying.left = saved
    with pytest.raises(Killed):
        trained(folder, Dying(tmp_path / "part", {"seed": 7}, every=2))
    resumed = trained(folder, Checkpoint(tmp_path / "part", {"seed": 7}, every=2))
    for name, value in trained(folder).items():
        torch.testing.assert_close(resumed[name], value)


def test_the_checkpoint_of_another_training_is_not_taken(folder: Path, tmp_path: Path) -> None:
    learning = Learning(PairReader(folder, frozen=1), Tokens(EXAMPLES, folder), OPTIONS)
    Checkpoint(tmp_path / "part", {"seed": 7}).save(learning.state())
    assert Checkpoint(tmp_path / "part", {"seed": 8}).load() is None
    assert Checkpoint(tmp_path / "part", {"seed": 7}).load() is not None


def test_a_kill_while_a_checkpoint_is_written_leaves_the_one_before(tmp_path: Path) -> None:
    checkpoint = Checkpoint(tmp_path / "part", {})
    checkpoint.save({"step": 2})
    (tmp_path / "part.new").write_bytes(b"half of it")
    assert checkpoint.load() == {"step": 2}
    checkpoint.remove()
    assert checkpoint.load() is None
