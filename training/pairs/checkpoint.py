"""A training that was ended goes on where it was: all that it needs, in one file, written every so many steps."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Where a training stands, kept in `path`; `made_from` names options and data, for another training is no help."""

    path: Path
    made_from: Mapping[str, Any]
    every: int = 250  # steps, some minutes on two cores

    def save(self, state: Mapping[str, Any]) -> None:
        """Keep it; whoever is killed meanwhile still finds the one before."""
        aside = self.path.with_name(f"{self.path.name}.new")
        torch.save({"made_from": dict(self.made_from), **state}, aside)
        aside.replace(self.path)

    def load(self) -> dict[str, Any] | None:
        """What was kept; None where nothing was, or another training did."""
        if not self.path.exists():
            return None
        state: dict[str, Any] = torch.load(self.path, map_location="cpu", weights_only=True)
        return state if state.pop("made_from") == dict(self.made_from) else None

    def remove(self) -> None:
        """The training has ended."""
        self.path.unlink(missing_ok=True)
