"""What made a check: thresholds, index, models, weights, tables of words and program, as one value."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib.resources import files

from index.digests import DIGESTS_FILE
from index.model.packed_weights import FILE_NAME, SHA256
from index.retrieval.search import StatementIndex
from service.pipeline.verdict import required_confidence
from service.thresholds import DEFAULTS, SiteThresholds, Thresholds
from service.versions import Versions, program_version

# Where weights lie whose digests are noted beside them; each file is compared with its digest before it is used.
NOTED = ("index.model", "index.pairs", "service.pipeline")
# The tables of words that decide how a text is read. What tells a wall from an article decides nothing about a claim.
CUES = {
    "index.exchange": ("rating_words.json", "rating_words_further.json", "rating_scales.json"),
    "index.pairs": ("function_words.json", "names.json"),
    "service.pipeline": ("boundary_words.json", "checkworthiness_cues.json", "cues.json", "fact_checkers.json"),
}


def thresholds_in_force(thresholds: Thresholds, index: StatementIndex) -> Thresholds:
    """The thresholds with what the index says: how it searches, what a match needs, what calibrated confidences."""
    calibration = index.pair_model.calibration_id
    match = replace(thresholds.match, min_confidence=index.min_confidence, calibration=calibration)
    site = SiteThresholds(index.site.slope, index.site.offset)
    return replace(thresholds, match=match, site=site, search=index.thresholds)


def versions_of(index: StatementIndex, thresholds: Thresholds = DEFAULTS, claims: int = 0) -> Versions:
    """What must be known to explain and replay a check that searched so many claims."""
    in_force = thresholds_in_force(thresholds, index)
    return Versions(
        index_checkpoint=index.checkpoint,
        index_statements=index.statements,
        embedder=index.embedder.model_id,
        pair=index.pair_model.model_id,
        thresholds=in_force.digest,
        min_confidence=required_confidence(claims, in_force),
        program=program_version(),
        values=in_force.values,
        weights=weight_digests(),
        cues=cue_digests(),
    )


@cache
def weight_digests() -> Mapping[str, str]:
    """The SHA-256 of each file of learned weights that comes with the program, by name."""
    noted = {FILE_NAME: SHA256}
    for package in NOTED:
        noted |= json.loads(files(package).joinpath(DIGESTS_FILE).read_text(encoding="utf-8"))
    return dict(sorted(noted.items()))


@cache
def cue_digests() -> Mapping[str, str]:
    """The SHA-256 of each table of words that decides how a text is read, by name."""
    return {
        name: hashlib.sha256(files(package).joinpath(name).read_bytes()).hexdigest()
        for package, names in CUES.items()
        for name in names
    }
