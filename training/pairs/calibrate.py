"""Fits what turns the pair model's logits into a confidence: index/pair_calibration.json.

Run: python -m training.pairs.calibrate --models-dir DIR [--write]. The pairs are what a search would propose: each text
of the held-out families with its own statements and with the foreign ones that lie nearest. Figures are cross-validated
by family and given by the language of the text.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict, astuple, dataclass
from pathlib import Path

import numpy as np

from index.differences import find_differences
from index.embedder import Embedder, default_embedder
from index.models import Pair
from index.pair_reader import (
    CALIBRATION_FILE,
    Bin,
    Calibration,
    Measured,
    ReaderPairModel,
    open_pair_model,
    same_claim_odds,
)
from index.pairs import RulePairModel, match_features
from index.queries import clean_query
from training.pairs.corpus import Family, held_out, read_families
from training.pairs.examples import TWIN
from training.rules.fit import fit_logistic, with_bias

NEIGHBOURS = 10
FOLDS = 5
BINS = 10
FALSE_MATCHES = 0.03  # of the texts without a statement of their own, at most


@dataclass(frozen=True)
class Proposals:
    """Pairs that a search proposes: which text each belongs to, features, and whether it is the same claim."""

    texts: np.ndarray
    families: np.ndarray
    languages: np.ndarray
    features: np.ndarray
    same: np.ndarray


def propose(families: list[Family], embedder: Embedder, model: ReaderPairModel) -> Proposals:
    """Each text of held-out families with its own statements and its nearest foreign ones, of any family."""
    pool = [(statement, family.id) for family in families for statement in family.statement.values()]
    vectors = embedder.encode_statements([statement for statement, _ in pool])
    owners = np.array([owner for _, owner in pool])
    pairs, rows = [], []
    for family in (each for each in families if held_out(each)):
        mine = np.flatnonzero(owners == family.id)
        foreign = (vectors[mine] @ vectors.T).max(axis=0) < TWIN
        texts = [clean_query(text.text) for text in family.texts]
        similarities = embedder.encode_queries(texts) @ vectors.T
        for text, plain, row in zip(family.texts, texts, similarities, strict=True):
            nearest = np.argsort(-np.where(foreign, row, -1))[:NEIGHBOURS]
            for place in (*mine, *nearest):
                pairs.append(Pair(plain, pool[place][0], float(row[place])))
                same = owners[place] == family.id and text.label != "different"
                rows.append((f"{family.id}:{plain}", family.id, text.language, same))
    odds = same_claim_odds(model.logits(pairs)[0])
    features = np.array([
        (odd, *match_features(pair.claim, pair.statement, pair.similarity or 0.0,
                              find_differences(pair.claim, pair.statement)))
        for pair, odd in zip(pairs, odds, strict=True)
    ])  # fmt: skip
    columns = [np.array(column) for column in zip(*rows, strict=True)]
    return Proposals(columns[0], columns[1], columns[2], features, columns[3].astype(float))


def cross_validated(proposals: Proposals) -> np.ndarray:
    """The confidence of every pair, by a fit that never saw its family."""
    names = sorted(set(proposals.families))
    fold = np.array([names.index(name) % FOLDS for name in proposals.families])
    confidence = np.zeros(len(proposals.same))
    for number in range(FOLDS):
        fitted = fit_logistic(proposals.features[fold != number], proposals.same[fold != number])
        confidence[fold == number] = logistic(proposals.features[fold == number], fitted)
    return confidence


def logistic(features: np.ndarray, fitted: np.ndarray) -> np.ndarray:
    """Probabilities of a fitted logistic regression."""
    return np.asarray(1 / (1 + np.exp(-(with_bias(features) @ fitted))))


def calibration_error(confidence: np.ndarray, same: np.ndarray) -> float:
    """Expected calibration error over BINS bins of equal width (Naeini et al. 2015)."""
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    return float(sum(
        abs(confidence[bins == b].mean() - same[bins == b].mean()) * (bins == b).mean() for b in np.unique(bins)
    ))  # fmt: skip


def measure(proposals: Proposals, confidence: np.ndarray, bar: float) -> Measured:
    """What is published of one language."""
    bins = np.minimum((confidence * BINS).astype(int), BINS - 1)
    wrong, found = wrong_rate(proposals, confidence, bar)
    return Measured(
        texts=len(set(proposals.texts)),
        false_matches=round(wrong, 4),
        found=round(found, 4),
        calibration_error=round(calibration_error(confidence, proposals.same), 4),
        bins=tuple(
            Bin(
                int((bins == b).sum()), round(float(confidence[bins == b].mean()), 3),
                round(float(proposals.same[bins == b].mean()), 3),
            )
            for b in np.unique(bins)
        ),
    )  # fmt: skip


def wrong_rate(proposals: Proposals, confidence: np.ndarray, bar: float) -> tuple[float, float]:
    """The share of texts with a match on a statement that is not theirs, and of pairs of one claim that are found."""
    wrong = (confidence >= bar) & (proposals.same == 0)
    texts = len(set(proposals.texts))
    found = ((confidence >= bar) & (proposals.same == 1)).sum() / max(proposals.same.sum(), 1)
    return len(set(proposals.texts[wrong])) / texts, float(found)


def main() -> None:
    """Fit, print the figures, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models-dir", type=Path, required=True)
    parser.add_argument("--write", action="store_true", help=f"write {CALIBRATION_FILE}")
    given = parser.parse_args()
    embedder = default_embedder(given.models_dir)
    model = open_pair_model(given.models_dir, RulePairModel(embedder))
    proposals = propose(read_families(), embedder, model)
    confidence = cross_validated(proposals)
    print(f"{len(proposals.same)} pairs, {int(proposals.same.sum())} of the same claim")
    bars = np.arange(0.5, 0.99, 0.01)
    rates = [(bar, *wrong_rate(proposals, confidence, bar)) for bar in bars]
    for bar, wrong, found in rates[::5]:
        print(f"from {bar:.2f}: texts with a wrong match {wrong:.3f}, pairs of one claim found {found:.3f}")
    chosen = next((float(bar) for bar, wrong, _ in rates if wrong <= FALSE_MATCHES), 0.98)
    fitted = fit_logistic(proposals.features, proposals.same)
    measured = {}
    for language in ("de", "en"):
        part = proposals.languages == language
        measured[language] = measure(
            Proposals(*(column[part] for column in astuple(proposals))), confidence[part], chosen
        )
    weights = tuple(round(float(weight), 3) for weight in fitted[1:])
    calibration = Calibration(1, round(chosen, 2), round(float(fitted[0]), 3), weights, 1.0, measured)
    text = json.dumps(asdict(calibration), indent=2)
    print(text)
    if given.write:
        CALIBRATION_FILE.write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
