"""Fits check-worthiness to sentences written for it. Run: python -m training.sentences.fit --models-dir DIR [--write]

Two sets of weights: features alone, and features with the sentence's embedding. Validated on sentences apart.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np

from index.digests import note_shipped
from index.model.embedder import default_embedder
from index.retrieval.queries import clean_query
from service.pipeline.checkworthiness import WEIGHTS_FILE, feature_vector
from training.pairs.corpus import read_families

HERE = Path(__file__).parent
FEATURE_RIDGE = 1.0
EMBEDDING_RIDGE = 0.3
# What the families' texts are worth; the other kinds argue or report and teach nothing clear.
FAMILY_LABELS = {"news": 1, "post": 1, "negation": 1, "question": 0}
FIRST_FAMILIES = ("l1", "w1")  # learning from later ones as well made nothing better, see README.md


def read_sentences(names: str) -> list[tuple[str, int, str]]:
    """Text, label and language of every sentence in the files that `names` fits."""
    found = []
    for path in sorted(HERE.glob(names)):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            parts = line.split("\t")
            if len(parts) != 3 or parts[0] not in "01":
                raise ValueError(f"{path.name}:{number}: want label, genre and sentence with tabs between")
            found.append((parts[2], int(parts[0]), path.stem[:2]))
    return found


def read_family_texts() -> list[tuple[str, int, str]]:
    """The texts of the first families that have a clear label."""
    return [
        (text.text, FAMILY_LABELS[text.kind], text.language)
        for family in read_families()
        if family.id.startswith(FIRST_FAMILIES)
        for text in family.texts
        if text.kind in FAMILY_LABELS
    ]


def fit(x: np.ndarray, y: np.ndarray, ridge: np.ndarray) -> np.ndarray:
    """Bias and weights of a logistic regression with balanced classes, by Newton's method."""
    rows = np.hstack([np.ones((len(x), 1)), x])
    penalty = np.concatenate([[1e-6], ridge])
    share = np.where(y == 1, 0.5 / y.mean(), 0.5 / (1 - y.mean()))
    weights = np.zeros(rows.shape[1])
    for _ in range(30):
        p = 1 / (1 + np.exp(-np.clip(rows @ weights, -30, 30)))
        slope = rows.T @ (share * (y - p)) - penalty * weights
        curve = (rows * (share * p * (1 - p) + 1e-9)[:, None]).T @ rows + np.diag(penalty)
        step = np.linalg.solve(curve, slope)
        weights += step
        if np.abs(step).max() < 1e-7:
            break
    return weights


def scores(x: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Probabilities."""
    return 1 / (1 + np.exp(-(weights[0] + x @ weights[1:])))


def macro_f1(y: np.ndarray, said: np.ndarray) -> float:
    """The mean of both classes' F1."""
    return float(np.mean([2 * ((y == c) & (said == c)).sum() / ((y == c).sum() + (said == c).sum()) for c in (0, 1)]))


def validate(name: str, p: np.ndarray, y: np.ndarray, languages: np.ndarray) -> None:
    """Print the macro F1 by language on sentences that were not learned from."""
    for language in ("de", "en"):
        mine = languages == language
        said = (p[mine] >= 0.5).astype(int)
        print(f"{name} {language}: {mine.sum()} sentences, macro F1 {macro_f1(y[mine], said):.3f}")


def main() -> None:
    """Fit, validate and, with --write, replace the weights that the service ships."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models-dir", type=Path, required=True)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    learned = read_sentences("??.tsv") + read_family_texts()
    data = learned + read_sentences("??.validation.tsv")
    fresh = np.arange(len(data)) >= len(learned)
    y = np.array([label for _, label, _ in data])
    languages = np.array([language for _, _, language in data])
    features = np.array([feature_vector(text) for text, _, _ in data])
    embedded = default_embedder(options.models_dir).encode_queries([clean_query(text) for text, _, _ in data])
    centre = embedded[~fresh].mean(axis=0)
    # e5's vectors lie in a narrow cone: centred and widened they reach the features' scale.
    wide = (embedded - centre) * 10
    both = np.hstack([features, wide])
    plain_ridge = np.full(features.shape[1], FEATURE_RIDGE)
    both_ridge = np.concatenate([plain_ridge, np.full(wide.shape[1], EMBEDDING_RIDGE * 10)])
    plain, full = fit(features[~fresh], y[~fresh], plain_ridge), fit(both[~fresh], y[~fresh], both_ridge)
    validate("features", scores(features[fresh], plain), y[fresh], languages[fresh])
    validate("features and embedding", scores(both[fresh], full), y[fresh], languages[fresh])
    if options.write:
        k = features.shape[1]
        vector = full[k + 1 :] * 10
        content = {
            "features": [round(float(w), 4) for w in plain],
            "with_embedding": [round(float(w), 4) for w in full[: k + 1] - np.eye(k + 1)[0] * (centre @ vector)],
            "embedding": [round(float(w), 4) for w in vector],
        }
        WEIGHTS_FILE.write_text(json.dumps(content) + "\n", encoding="utf-8")
        note_shipped(WEIGHTS_FILE)


if __name__ == "__main__":
    main()
