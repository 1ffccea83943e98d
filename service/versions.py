"""Versions: everything that made a check besides its page, so that it can be explained and replayed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib.metadata import version
from typing import Any


@dataclass(frozen=True, slots=True)
class Versions:
    """What made a check. `thresholds` is the digest of the numbers in `values` (thresholds.py).

    `weights` and `cues` are SHA-256 digests by file: of what was learned, and of the tables of words. What has a
    default was not kept from the beginning.
    """

    index_checkpoint: str
    index_statements: int
    embedder: str
    pair: str
    thresholds: str
    min_confidence: float | None = None  # that a match needed on a page of so many claims
    program: str | None = None
    values: Mapping[str, Any] = field(default_factory=dict)
    weights: Mapping[str, str] = field(default_factory=dict)
    cues: Mapping[str, str] = field(default_factory=dict)
    negatives: str | None = None  # digest of the negative list; None where it is empty


@cache
def program_version() -> str:
    """The version of this program."""
    return version("gegencheck")
