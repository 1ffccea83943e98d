"""Fits the weights of RulePairModel to the pair corpus. Run: python -m training.rules.fit --models-dir DIR [--write]

Positives are a family's texts that make its statement's claim or its denial; negatives its other texts, and the
statements of other families that resemble a text most: those are what a search returns. The families are the first
165: with the later ones, which are harder, the rules are worse on what a search proposes (training/pairs/README.md).
With --write the weights are recorded in weights.json beside this file; a test holds those in index/pairs/rules.py to
them.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np

from index.model.embedder import Embedder, default_embedder
from index.pairs.differences import find_differences
from index.pairs.rules import match_features
from index.retrieval.queries import clean_query
from training.pairs.corpus import FIRST_FAMILIES, Family, Part, families_of
from training.regression import fit_logistic, probabilities
from training.reliability import calibration_error
from training.sources import RULES_FILE, note_sources

NEIGHBOURS = 3  # nearest foreign statements a text
TWIN = 0.91  # a statement as near as this to a family's own may well make its claim
# No rule tells a near miss from a paraphrase or an added detail from another claim: they would only blur the weights.
UNSEEN = {"near_miss", "unrelated", "rescoped"}
BARS = (0.5, 0.6, 0.7, 0.8, 0.9)


class Row(NamedTuple):
    """A text beside a statement: what the rules see, whether both make the same claim, and what the row is for."""

    features: tuple[float, ...]
    same: bool
    part: Part


def main() -> None:
    """Print the weights and how well they do on the families that judge."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    options.add_argument("--models-dir", type=Path, required=True)
    options.add_argument("--write", action="store_true", help=f"record them in {RULES_FILE}")
    given = options.parse_args()
    families = [family for family in families_of(*Part) if family.id.startswith(FIRST_FAMILIES)]
    rows = list(rows_of(families, default_embedder(given.models_dir)))
    learned, judging = ([row for row in rows if row.part is part] for part in (Part.LEARN, Part.JUDGE))
    fitted = fit_logistic(*columns(learned)).round(2)
    print("weights", fitted.tolist())
    for name, part in (("learned", learned), ("judging", judging)):
        x, y = columns(part)
        report(name, probabilities(x, fitted), y)
    if given.write:
        bias, *weights = fitted.tolist()
        RULES_FILE.write_text(json.dumps({"bias": bias, "weights": weights}) + "\n", encoding="utf-8")
        note_sources(RULES_FILE)


def rows_of(families: Sequence[Family], embedder: Embedder) -> Iterator[Row]:
    """Every text that rules can tell, beside its family's statements and the nearest of others that are no twins."""
    pool = [(statement, family.id) for family in families for statement in family.statement.values()]
    vectors = embedder.encode_statements([statement for statement, _ in pool])
    for family in families:
        kept = [text for text in family.texts if text.kind not in UNSEEN]
        plain = [clean_query(text.text) for text in kept]
        mine = [place for place, (_, owner) in enumerate(pool) if owner == family.id]
        twins = (vectors[mine] @ vectors.T).max(axis=0) > TWIN
        for text, said, near in zip(kept, plain, embedder.encode_queries(plain) @ vectors.T, strict=True):
            foreign = [place for place in np.argsort(-near) if not twins[place]][:NEIGHBOURS]
            for place in [*mine, *foreign]:
                statement = pool[place][0]
                differences = find_differences(said, statement)
                features = match_features(said, statement, float(near[place]), differences)
                yield Row(features, place in mine and text.label != "different", family.part)


def columns(rows: Sequence[Row]) -> tuple[np.ndarray, np.ndarray]:
    """Features and labels of rows."""
    return np.array([row.features for row in rows]), np.array([float(row.same) for row in rows])


def report(name: str, confidence: np.ndarray, same: np.ndarray) -> None:
    """Print precision and recall at some thresholds, and the calibration error."""
    error = calibration_error(confidence, same)
    print(f"{name}: {len(same)} pairs, {int(same.sum())} of the same claim, calibration error {error:.3f}")
    for bar in BARS:
        said = confidence >= bar
        precision = same[said].mean() if said.any() else 1.0
        print(f"  from {bar}: precision {precision:.3f}, recall {same[said].sum() / same.sum():.3f}")


if __name__ == "__main__":
    main()
