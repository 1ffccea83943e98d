"""Fits what turns the pair model's logits into a confidence: index/pairs/calibration.json.

Run: python -m training.pairs.calibrate --models-dir DIR [--judged FOLDER] [--write]. The pairs are those that a search
proposes for texts of families and for ordinary sentences, neither learned from. One part of them is fitted to, and by
its confidences (cross-validated by family) the bar of a match is chosen; the figures that ship are those of the part
that judges, by the language of the text.

Posts have coefficients of their own, fitted on our own texts that are as long as posts; with --judged on real posts as
well (judged.py says which files), which weigh less. Their figures are printed, cross-validated by post.
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np

from index.digests import note_shipped
from index.model.embedder import default_embedder
from index.pairs.protocol import Bin, Measured, OnPosts
from index.pairs.reader import (
    CALIBRATION_FILE,
    Calibration,
    Coefficients,
    open_pair_model,
    uncalibrated,
)
from index.pairs.rules import RulePairModel
from training.pairs.corpus import Part, read_families
from training.pairs.judged import JUDGED, TITLES, files_in, judged_proposals
from training.pairs.ordinary import ordinary_sentences
from training.pairs.proposals import propose
from training.pairs.table import Table, tabulate, usual_background
from training.posts.corpus import posts_of, read_posts
from training.posts.proposals import post_proposals
from training.regression import fit_logistic, probabilities
from training.reliability import calibration_error, reliability
from training.sources import digests_of, note_sources

FOLDS = 5
STEP = 0.05  # of the threshold: finer ones would follow what one processor's engine does otherwise than another's
# What all judged posts weigh beside ours, and a right pair of a post beside a wrong one, so that the threshold which
# pages need means a precision of .95 in posts too. Chosen on the judged posts: benchmarks/RESULTS.md, "Token by token".
JUDGED_WEIGHT, RIGHT = 0.3, 1.5
FALSE_MATCHES = 0.02  # of the texts whose statement is not in the index, at most


def cross_validated(table: Table) -> tuple[np.ndarray, np.ndarray]:
    """The confidence of every pair by fits that never saw its family: as of a sentence of a page, and as what it is."""
    names = sorted(set(table.families))
    fold = np.array([names.index(name) % FOLDS for name in table.families])
    as_sentences, confidence = np.zeros(len(table.same)), np.zeros(len(table.same))
    for number in range(FOLDS):
        rows, fitted = fold == number, fit(table.part(fold != number))
        as_sentences[rows] = logistic(table.features[rows], fitted[0])
        confidence[rows] = estimate(table.part(rows), *fitted)
    return as_sentences, confidence


def fit(table: Table) -> tuple[Coefficients, Coefficients]:
    """Coefficients for sentences, from all texts of our own, and for posts, from ours and the judged ones alike.

    Posts of ours are only measured: RESULTS, "Posts of our own".
    """
    own, posts = ~table.judged & ~table.posted, table.posts & ~table.posted
    sentences = fit_logistic(table.features[own], table.same[own])
    weights = post_weights(table.part(posts))
    return rounded(sentences), rounded(fit_logistic(table.of_posts[posts], table.same[posts], weights))


def post_weights(posts: Table) -> np.ndarray:
    """What each pair of a post weighs: one of ours 1, all judged sets alike together JUDGED_WEIGHT of ours."""
    sets = np.array([family.split()[1] if family.startswith(JUDGED) else "" for family in posts.families])
    names = sorted({*sets} - {""})
    weights, ours = np.ones(len(sets)), int((sets == "").sum())
    for name in names:
        weights[sets == name] = JUDGED_WEIGHT * ours / (sets == name).sum() / len(names)
    return np.where(posts.same == 1, RIGHT * weights, weights)


def rounded(fitted: np.ndarray) -> Coefficients:
    """Coefficients as they are written."""
    bias, *weights = (round(float(number), 3) for number in fitted)
    return Coefficients(bias, tuple(weights))


def estimate(table: Table, sentences: Coefficients, posts: Coefficients) -> np.ndarray:
    """The confidence of every pair."""
    return np.where(table.posts, logistic(table.of_posts, posts), logistic(table.features, sentences))


def logistic(features: np.ndarray, fitted: Coefficients) -> np.ndarray:
    """Probabilities by coefficients."""
    return probabilities(features, np.array([fitted.bias, *fitted.weights]))


def measure(table: Table, confidence: np.ndarray, bar: float) -> Measured:
    """What is published of one language."""
    return Measured(
        texts=len(set(table.numbers)),
        false_matches=round(false_matches(table, confidence, bar), 4),
        near_misses=round(share(confidence[table.own & (table.same == 0)] >= bar), 4),
        found=round(share(confidence[table.same == 1] >= bar), 4),
        calibration_error=round(calibration_error(confidence, table.same), 4),
        bins=bins_of(confidence, table.same),
    )


def false_matches(table: Table, confidence: np.ndarray, bar: float) -> float:
    """The share of texts that have a match where their own statements are not in the index."""
    return len(set(table.numbers[(confidence >= bar) & ~table.own])) / max(len(set(table.numbers)), 1)


def share(said: np.ndarray) -> float:
    """How many of them hold."""
    return float(said.mean()) if len(said) else 0.0


def choose_bar(table: Table, confidence: np.ndarray, ordinary: Table, estimated: np.ndarray) -> float:
    """The lowest confidence from 0.5 on at which few enough texts match a foreign statement; prints the way there."""
    rates = report_bars(table, confidence, ordinary, estimated)
    return next((bar for bar, rate in rates.items() if rate <= FALSE_MATCHES), 0.95)


def report_bars(table: Table, confidence: np.ndarray, ordinary: Table, estimated: np.ndarray) -> dict[float, float]:
    """The false matches at every bar from 0.5 on, printed with what else the bar does."""
    rates = {round(float(bar), 2): false_matches(table, confidence, bar) for bar in np.arange(0.5, 0.99, STEP)}
    own, same = table.own & (table.same == 0), table.same == 1
    for bar, rate in rates.items():
        print(
            f"from {bar:.2f}: false matches {rate:.4f}, of ordinary sentences "
            f"{false_matches(ordinary, estimated, bar):.4f}, near misses {share(confidence[own] >= bar):.3f}, "
            f"found {share(confidence[same] >= bar):.3f}"
        )
    return rates


def on_posts(source: str, table: Table, confidence: np.ndarray, bar: float) -> OnPosts:
    """How many posts are found, how many matches are right, and how many posts match falsely; printed, too."""
    said, right = confidence >= bar, table.same == 1
    known, found = set(table.families[right]), set(table.families[said & right])
    without, false = set(table.numbers[~table.own]), set(table.numbers[said & ~table.own])
    measured = OnPosts(
        source,
        posts=len(set(table.families)),
        found=round(len(found) / max(len(known), 1), 4),
        precision=round(share(right[said & table.own]), 4),
        false_matches=round(len(false) / max(len(without), 1), 4),
        bins=bins_of(confidence, table.same),
    )
    print(
        f"{measured.posts} posts of {source or 'our own'}, {len(known)} with a right statement: found {len(found)}, "
        f"precision {measured.precision:.3f}; without it {len(false)} of {len(without)} match; "
        f"calibration error {calibration_error(confidence, table.same):.3f}"
    )
    return measured


def posts_of_language(
    language: str, learned: Table, estimated: np.ndarray, unseen: Table, said: np.ndarray, bar: float
) -> tuple[OnPosts, ...]:
    """The figures of judged posts, by cross-validation, set by set, and of our own that judge."""
    sets = np.array([family.split()[1] if family.startswith(JUDGED) else "" for family in learned.families])
    measured = []
    for name in sorted({*sets} - {""}):
        rows = (sets == name) & (learned.languages == language)
        if rows.any():
            measured.append(on_posts(TITLES.get(name, name), learned.part(rows), estimated[rows], bar))
    rows = unseen.posted & (unseen.languages == language)
    if rows.any():
        measured.append(on_posts("", unseen.part(rows), said[rows], bar))
    return tuple(measured)


def bins_of(confidence: np.ndarray, same: np.ndarray) -> tuple[Bin, ...]:
    """The reliability plot as it is published."""
    return tuple(
        Bin(each.pairs, round(each.confidence, 3), round(each.same, 3)) for each in reliability(confidence, same)
    )


def parse() -> argparse.Namespace:
    """The options."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--models-dir", type=Path, required=True)
    parser.add_argument("--judged", type=Path, help="folder of judged posts, for the coefficients of posts")
    parser.add_argument("--write", action="store_true", help=f"write {CALIBRATION_FILE}")
    return parser.parse_args()


def main() -> None:
    """Fit, print the figures, write."""
    given = parse()
    embedder = default_embedder(given.models_dir)
    model = open_pair_model(given.models_dir, RulePairModel(embedder), calibration=uncalibrated())
    parts = (Part.CALIBRATE, Part.JUDGE)
    families = read_families()
    searched = [family for family in families if family.part in parts]
    proposals = propose(families, searched, model, embedder, ordinary_sentences(*parts))
    background = round(usual_background(proposals), 3)
    posts = read_posts()
    number = 1 + max(each.number for each in proposals)
    proposals += post_proposals(posts, posts_of(posts, *parts), families, model, embedder, number)
    if given.judged is not None:
        proposals += judged_proposals(given.judged, model, embedder, 1 + max(each.number for each in proposals))
    calibration = calibrate(tabulate(proposals, model), background)
    text = json.dumps(asdict(calibration), indent=2)
    print(text)
    if given.write:
        CALIBRATION_FILE.write_text(text + "\n", encoding="utf-8")
        note_shipped(CALIBRATION_FILE)
        note_sources(CALIBRATION_FILE, digests_of(files_in(given.judged) if given.judged else ()))


def calibrate(everything: Table, background: float) -> Calibration:
    """The calibration with the figures of what judges it; those of ordinary sentences and judged posts are printed."""
    learned, unseen = everything.part(~everything.judging), everything.part(everything.judging)
    as_sentences, estimated = cross_validated(learned)
    ours, ordinary = learned.ours, learned.ordinary
    table = learned.part(ours)
    print(f"fitted to {len(table.same)} pairs, {int(table.same.sum())} of the same claim")
    # Pages say what it takes: each of their sentences is one more chance to match something foreign.
    bar = choose_bar(table, as_sentences[ours], learned.part(ordinary), as_sentences[ordinary])
    coefficients = fit(learned)
    said = estimate(unseen, *coefficients)
    print(f"judged by {int(unseen.ours.sum())} pairs, {int(unseen.same.sum())} of the same claim")
    report_bars(unseen.part(unseen.ours), said[unseen.ours], unseen.part(unseen.ordinary), said[unseen.ordinary])
    measured = {
        language: replace(
            measure(unseen.part(rows), said[rows], bar),
            posts=posts_of_language(language, learned, estimated, unseen, said, bar),
        )
        for language in ("de", "en")
        for rows in [unseen.ours & (unseen.languages == language)]
    }
    return Calibration(bar, *coefficients, background, measured)


if __name__ == "__main__":
    main()
