"""Fits the weights of RulePairModel to the pair corpus. Run: python -m training.rules.fit --models-dir DIR

Positives are a family's texts that make its statement's claim or its denial; negatives its other texts, and the
statements of other families that resemble a text most: those are what a search returns.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import numpy as np

from index.model.embedder import default_embedder
from index.pairs.differences import find_differences
from index.pairs.rules import match_features
from index.retrieval.queries import clean_query
from training.pairs.corpus import held_out, read_families

NEIGHBOURS = 3  # nearest foreign statements a text
TWIN = 0.91  # a statement as near as this to a family's own may well make its claim
RIDGE = 1e-3
# No rule tells a near miss from a paraphrase or an added detail from another claim: they would only blur the weights.
UNSEEN = {"near_miss", "unrelated", "rescoped"}


def main() -> None:
    """Print the weights and how well they do on held-out families."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--models-dir", type=Path, required=True)
    embedder = default_embedder(options.parse_args().models_dir)
    families = read_families()
    pool = [(statement, family.id) for family in families for statement in family.statement.values()]
    vectors = embedder.encode_statements([statement for statement, _ in pool])
    rows, labels, validation = [], [], []
    for family in families:
        texts = [clean_query(text.text) for text in family.texts]
        similarities = embedder.encode_queries(texts) @ vectors.T
        for text, plain, row in zip(family.texts, texts, similarities, strict=True):
            if text.kind in UNSEEN:
                continue
            mine = [n for n, (_, owner) in enumerate(pool) if owner == family.id]
            twins = (vectors[mine] @ vectors.T).max(axis=0) > TWIN
            foreign = [n for n in np.argsort(-row) if pool[n][1] != family.id and not twins[n]][:NEIGHBOURS]
            for n in [*mine, *foreign]:
                same = n in mine and text.label != "different"
                differences = find_differences(plain, pool[n][0])
                rows.append(match_features(plain, pool[n][0], float(row[n]), differences))
                labels.append(float(same))
                validation.append(held_out(family))
    x, y, check = np.array(rows), np.array(labels), np.array(validation)
    fitted = fit_logistic(x[~check], y[~check])
    print("weights", [round(float(weight), 2) for weight in fitted])
    for name, part in (("learned", ~check), ("held out", check)):
        report(name, 1 / (1 + np.exp(-(with_bias(x[part]) @ fitted))), y[part])


def with_bias(x: np.ndarray) -> np.ndarray:
    """Features with a column of ones before them."""
    return np.hstack([np.ones((len(x), 1)), x])


def fit_logistic(x: np.ndarray, y: np.ndarray, weights: np.ndarray | None = None) -> np.ndarray:
    """Bias and weights of a logistic regression, by Newton's method with a small ridge; a row counts by its weight."""
    rows = with_bias(x)
    counts = np.ones(len(rows)) if weights is None else weights
    fitted = np.zeros(rows.shape[1])
    for _ in range(50):
        share = 1 / (1 + np.exp(-rows @ fitted))
        slope = rows.T @ (counts * (y - share)) - RIDGE * fitted
        curve = (rows * (counts * share * (1 - share))[:, None]).T @ rows + RIDGE * np.eye(rows.shape[1])
        step = np.linalg.solve(curve, slope)
        fitted += step
        if np.abs(step).max() < 1e-8:
            break
    return fitted


def report(name: str, confidence: np.ndarray, y: np.ndarray) -> None:
    """Precision and recall at some thresholds, and the calibration error over ten bins."""
    if not len(y):
        return
    bins = np.minimum((confidence * 10).astype(int), 9)
    gaps = [abs(confidence[bins == b].mean() - y[bins == b].mean()) * (bins == b).mean() for b in set(bins)]
    print(f"{name}: {len(y)} pairs, {int(y.sum())} of the same claim, calibration error {sum(gaps):.3f}")
    for bar in (0.5, 0.6, 0.7, 0.8, 0.9):
        said = confidence >= bar
        precision = y[said].mean() if said.any() else 1.0
        print(f"  from {bar}: precision {precision:.3f}, recall {y[said].sum() / y.sum():.3f}")


if __name__ == "__main__":
    main()
