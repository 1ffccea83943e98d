"""What made a check is named: every number, weight and table of words."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field, replace
from importlib.resources import files
from typing import Any

from index.pairs.reader import shipped_calibration
from index.pairs.site import AS_SHIPPED, SiteCalibration
from index.thresholds import SEARCH, SearchThresholds
from service.pipeline.provenance import CUES, cue_digests, thresholds_in_force, versions_of, weight_digests
from service.thresholds import DEFAULTS
from service.versions import program_version

# Notes of digests; what tells a wall from an article; the files that weights were made from.
NO_CUES = {"digests.json", "notices.json", "sources.json"}


@dataclass(frozen=True)
class Index:
    """What is asked of a StatementIndex."""

    checkpoint: str = "ab-000007"
    statements: int = 3
    min_confidence: float = 0.6
    thresholds: SearchThresholds = SEARCH
    site: SiteCalibration = AS_SHIPPED
    embedder: Any = field(default_factory=lambda: type("Embedder", (), {"model_id": "e5"})())
    pair_model: Any = field(default_factory=lambda: type("Model", (), {"model_id": "m", "calibration_id": "m-1"})())


def test_a_check_names_what_made_it() -> None:
    found = versions_of(Index(), claims=8)  # type: ignore[arg-type]
    assert (found.index_checkpoint, found.index_statements, found.embedder, found.pair) == ("ab-000007", 3, "e5", "m")
    assert (found.values["match"]["min_confidence"], found.values["match"]["calibration"]) == (0.6, "m-1")
    assert found.min_confidence is not None
    assert found.min_confidence > 0.6  # on a page of eight claims
    assert found.thresholds == thresholds_in_force(DEFAULTS, Index()).digest  # type: ignore[arg-type]
    assert found.thresholds == versions_of(Index()).thresholds  # type: ignore[arg-type]
    assert found.thresholds != versions_of(Index(min_confidence=0.61)).thresholds  # type: ignore[arg-type]
    other = Index(thresholds=replace(SEARCH, reads=9))
    assert versions_of(other).values["search"]["reads"] == 9  # type: ignore[arg-type]
    assert found.program == program_version()


def test_every_file_of_weights_is_named_by_the_digest_of_what_is_used() -> None:
    assert set(weight_digests()) == {
        "calibration.json", "checkworthiness_weights.json", "e5-small-q4.bin", "e5_ranges.npz", "pair_weights.npz",
        "token_projection.npz",
    }  # fmt: skip
    shipped_calibration()  # would refuse a file with another digest
    content = files("index.pairs").joinpath("calibration.json").read_bytes()
    assert weight_digests()["calibration.json"] == hashlib.sha256(content).hexdigest()


def test_no_table_of_words_that_decides_is_left_out() -> None:
    for package, named in CUES.items():
        there = {each.name for each in files(package).iterdir() if each.name.endswith(".json")}
        assert there - NO_CUES - set(weight_digests()) == set(named)
    cues = files("service.pipeline").joinpath("cues.json").read_bytes()
    assert cue_digests()["cues.json"] == hashlib.sha256(cues).hexdigest()
