"""Fits check-worthiness to sentences written for it. Run: python -m training.sentences.fit --models-dir DIR [--write]

Two sets of weights: features alone, and features with the sentence's embedding. Of the sentences that are not learned
from, one half chooses (the ridges) and the other judges.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from sklearn.metrics import f1_score

from index.digests import note_shipped
from index.model.embedder import default_embedder
from index.retrieval.queries import clean_query
from service.pipeline.checkworthiness import WEIGHTS_FILE, feature_vector
from training.pairs.corpus import FIRST_FAMILIES, place_of, read_families
from training.regression import fit_logistic, probabilities
from training.sources import note_sources

Sentence = tuple[str, int, str]  # text, label, language

HERE = Path(__file__).parent
FEATURE_RIDGE = 1.0
EMBEDDING_RIDGE = 3.0
WIDER = 10
CHOOSING = 0.5  # share of the sentences that are not learned from
EVEN = 0.5  # the probability that parts the classes, as the sentences are half claims
# What the families' texts are worth; the other kinds argue or report and teach nothing clear.
FAMILY_LABELS = {"news": 1, "post": 1, "negation": 1, "question": 0}


def read_sentences(names: str) -> list[Sentence]:
    """Text, label and language of every sentence in the files that `names` fits."""
    found = []
    for path in sorted(HERE.glob(names)):
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
            parts = line.split("\t")
            if len(parts) != 3 or parts[0] not in "01":
                raise ValueError(f"{path.name}:{number}: want label, genre and sentence with tabs between")
            found.append((parts[2], int(parts[0]), path.stem[:2]))
    return found


def read_family_texts() -> list[Sentence]:
    """The texts of the first families that have a clear label; later ones made nothing better, see README.md."""
    return [
        (text.text, FAMILY_LABELS[text.kind], text.language)
        for family in read_families()
        if family.id.startswith(FIRST_FAMILIES)
        for text in family.texts
        if text.kind in FAMILY_LABELS
    ]


def judging_sentences() -> list[Sentence]:
    """Those by which nothing is chosen."""
    return [each for each in read_sentences("??.validation.tsv") if place_of(each[0]) >= CHOOSING]


def choosing_sentences() -> list[Sentence]:
    """Those by which the ridges and what is learned from were chosen."""
    return [each for each in read_sentences("??.validation.tsv") if place_of(each[0]) < CHOOSING]


def validate(name: str, sentences: Sequence[Sentence], worth: np.ndarray) -> None:
    """Print the macro F1 by language on sentences that were not learned from."""
    labels, languages = labels_of(sentences), np.array([language for _, _, language in sentences])
    for language in ("de", "en"):
        mine = languages == language
        figure = f1_score(labels[mine], worth[mine] >= EVEN, average="macro")
        print(f"{name} {language}: {mine.sum()} sentences, macro F1 {figure:.3f}")


@dataclass(frozen=True)
class Worth:
    """Both sets of weights, as the service reads them: the bias first, then those of features; and the embedding's."""

    features: np.ndarray
    with_embedding: np.ndarray
    embedding: np.ndarray

    def of(self, features: np.ndarray, embedded: np.ndarray) -> np.ndarray:
        """How worthwhile sentences are, by features and embedding."""
        weights = np.concatenate([self.with_embedding, self.embedding])
        return probabilities(np.hstack([features, embedded]), weights)

    def as_json(self) -> str:
        """What the service reads."""
        return json.dumps({name: [round(float(each), 4) for each in value] for name, value in vars(self).items()})


def fit(features: np.ndarray, embedded: np.ndarray, labels: np.ndarray) -> Worth:
    """The weights for sentences with such labels."""
    # e5's vectors lie in a narrow cone: centred and widened they reach the features' scale.
    centre = embedded.mean(axis=0)
    both = np.hstack([features, (embedded - centre) * WIDER])
    ridges = np.full(features.shape[1], FEATURE_RIDGE), np.full(embedded.shape[1], EMBEDDING_RIDGE)
    plain = fit_logistic(features, labels, ridge=ridges[0], balanced=True)
    full = fit_logistic(both, labels, ridge=np.concatenate(ridges), balanced=True)
    of_features, vector = full[: features.shape[1] + 1], full[features.shape[1] + 1 :] * WIDER
    of_features[0] -= centre @ vector
    return Worth(plain, of_features, vector)


def labels_of(sentences: Sequence[Sentence]) -> np.ndarray:
    """1 where one is worth checking."""
    return np.array([label for _, label, _ in sentences])


def main() -> None:
    """Fit, validate and, with --write, replace the weights that the service ships."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models-dir", type=Path, required=True)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    embedder = default_embedder(options.models_dir)

    def seen(sentences: Sequence[Sentence]) -> tuple[np.ndarray, np.ndarray]:
        features = np.array([feature_vector(text) for text, _, _ in sentences])
        return features, embedder.encode_queries([clean_query(text) for text, _, _ in sentences])

    learned = read_sentences("??.tsv") + read_family_texts()
    worth = fit(*seen(learned), labels_of(learned))
    for part, sentences in (("choosing", choosing_sentences()), ("judging", judging_sentences())):
        features, embedded = seen(sentences)
        validate(f"{part}, features", sentences, probabilities(features, worth.features))
        validate(f"{part}, features and embedding", sentences, worth.of(features, embedded))
    if options.write:
        WEIGHTS_FILE.write_text(worth.as_json() + "\n", encoding="utf-8")
        note_shipped(WEIGHTS_FILE)
        note_sources(WEIGHTS_FILE)


if __name__ == "__main__":
    main()
