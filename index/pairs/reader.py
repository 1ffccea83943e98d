"""The pair model that reads: both sides together through e5's trained upper layers, then a calibrated confidence."""

from __future__ import annotations

import hashlib
import json
import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import astuple, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from index.digests import check_shipped
from index.errors import ModelUnavailable, reason_of
from index.model.embedder import readable
from index.model.pair_weights import shipped_digest
from index.model.weights import TOKENIZER_FILE, prepare_engine, prepare_pair_reader
from index.models import Difference, DifferenceKind, Pair, PairJudgement, Standing
from index.pairs.differences import find_differences
from index.pairs.plain import READING, PlainPair, plain_pair, settle_stance
from index.pairs.protocol import Bin, Measured, OnPosts, Outside, PairModel
from index.pairs.rules import RulePairModel, difference_flags, match_features
from index.pairs.site import AS_SHIPPED, SiteCalibration
from index.pairs.words import shared_words
from index.thresholds import DENIALS

if TYPE_CHECKING:
    from index.model.onnx_engine import OnnxPairReader
    from index.model.tokenizer import Tokenizer

CALIBRATION_FILE = Path(__file__).with_name("calibration.json")
MAX_PAIR_TOKENS = 128

Floats = NDArray[np.float32]

NEVER = 2.0  # no probability reaches it


@dataclass(frozen=True, slots=True)
class Coefficients:
    """A logistic function of what `reading_features` or `post_features` gives."""

    bias: float
    weights: tuple[float, ...]

    def confidence(self, features: Sequence[float]) -> float:
        """The probability that both sides make the same claim."""
        score = self.bias + sum(weight * value for weight, value in zip(self.weights, features, strict=True))
        return float(1 / (1 + np.exp(-score)))

    def calibrated(self, site: SiteCalibration) -> Coefficients:
        """The function whose log odds are set right: a logistic one again."""
        weights = tuple(site.slope * weight for weight in self.weights)
        return Coefficients(site.slope * self.bias + site.offset, weights)


@dataclass(frozen=True, slots=True)
class Calibration:
    """How logits become a confidence: logistic functions, fitted by training/pairs/calibrate.py.

    Posts have one of their own: around a claim they say other things too, so the same logits mean something else.
    """

    min_confidence: float
    sentences: Coefficients
    posts: Coefficients
    background: float  # how similar other statements are on average, for pairs that no search proposed
    measured: Mapping[str, Measured] = field(default_factory=dict)  # by language of the text

    @property
    def calibration_id(self) -> str:
        """Names all its numbers: where one of them is another, so is the name."""
        functions = [number for each in (self.sentences, self.posts) for number in (each.bias, *each.weights)]
        numbers = json.dumps([self.min_confidence, *functions, self.background, *astuple(DENIALS)])
        return f"pairs-{hashlib.sha256(numbers.encode()).hexdigest()[:8]}"


def shipped_calibration() -> Calibration:
    """The calibration that ships. Raises ModelUnavailable."""
    check_shipped(CALIBRATION_FILE)
    return read_calibration(CALIBRATION_FILE)


def read_calibration(path: Path) -> Calibration:
    """The calibration in a file. Raises ModelUnavailable."""
    try:
        row = json.loads(path.read_text(encoding="utf-8"))
        measured = {language: _measured(found) for language, found in row.pop("measured").items()}
        functions = {
            name: Coefficients(row[name]["bias"], tuple(row[name]["weights"])) for name in ("sentences", "posts")
        }
        return Calibration(**{**row, **functions}, measured=measured)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelUnavailable(
            f"The pair model's calibration cannot be read ({reason_of(error)}): install Gegencheck again."
        ) from error


def _measured(found: dict[str, Any]) -> Measured:
    outside = found.get("outside")
    return Measured(
        **{
            **found,
            "bins": _bins(found["bins"]),
            "outside": Outside(**outside) if outside else None,
            "posts": tuple(OnPosts(**{**each, "bins": _bins(each["bins"])}) for each in found.get("posts", ())),
        }
    )


def _bins(rows: Sequence[Mapping[str, Any]]) -> tuple[Bin, ...]:
    return tuple(Bin(**each) for each in rows)


def uncalibrated() -> Calibration:
    """The odds of the same claim alone, for where the calibration is yet to be fitted."""
    sentences, posts = (Coefficients(0.0, (1.0, *(0.0,) * others)) for others in (5, 9))
    return Calibration(0.5, sentences, posts, 0.8)


class ReaderPairModel:
    """Judges pairs by reading them; estimates by rules. Safe to use from many threads."""

    is_reader = True
    ranks = False  # alone it orders worse than together with the search, see benchmarks/RESULTS.md

    def __init__(
        self,
        engine: OnnxPairReader,
        tokenizer: Tokenizer,
        rules: RulePairModel,
        calibration: Calibration,
        model_id: str,
        site: SiteCalibration = AS_SHIPPED,
    ) -> None:
        self._engine, self._tokenizer, self._rules, self._calibration = engine, tokenizer, rules, calibration
        self._sentences, self._posts = (each.calibrated(site) for each in (calibration.sentences, calibration.posts))
        self.model_id = model_id
        self.calibration_id = calibration.calibration_id
        self.min_confidence = calibration.min_confidence
        self.measured = calibration.measured

    def calibrated(self, site: SiteCalibration) -> PairModel:
        """The model with its confidences set right, and with them how its stances are weighed."""
        return ReaderPairModel(self._engine, self._tokenizer, self._rules, self._calibration, self.model_id, site)

    def judge(self, pairs: Sequence[Pair]) -> list[PairJudgement]:
        """One judgement a pair; similarity is measured where the search has not done so."""
        if not pairs:
            return []
        plain = plain_pairs(pairs)
        labels, stances = self._read(plain)
        odds, ways, shares = same_claim_odds(labels), softmax(labels[:, :3]), softmax(stances)
        similarities = self._rules.similarities(pairs)
        return [
            self._judgement(pair, as_read, similarity, float(odd), way, share)
            for pair, as_read, similarity, odd, way, share in zip(
                pairs, plain, similarities, odds, ways, shares, strict=True
            )
        ]

    def estimate(self, pairs: Sequence[Pair]) -> list[PairJudgement]:
        """The rules' judgement, which costs little."""
        return self._rules.estimate(pairs)

    def logits(self, pairs: Sequence[Pair]) -> tuple[Floats, Floats]:
        """Logits of labels (asserted, denied, reported, different) and stances (supports, refutes, neutral)."""
        return self._read(plain_pairs(pairs))

    def _read(self, plain: Sequence[PlainPair]) -> tuple[Floats, Floats]:
        texts = [(readable(pair.claim), readable(pair.statement)) for pair in plain]
        encoded = self._tokenizer.encode_pairs(texts, MAX_PAIR_TOKENS)
        return self._engine.read([each.ids for each in encoded], [each.first for each in encoded])

    def _judgement(
        self, pair: Pair, plain: PlainPair, similarity: float, odds: float, ways: Floats, shares: Floats
    ) -> PairJudgement:
        differences = find_differences(pair.claim, pair.statement)
        calibration = self._calibration
        if pair.standing is not None:
            confidence = self._posts.confidence(post_features(pair, odds, pair.standing, differences))
        else:
            features = reading_features(pair, odds, similarity, differences, calibration.background)
            confidence = self._sentences.confidence(features)
        denied_from = 0.0 if pair.background is None else DENIALS.denied_from
        if pair.standing is not None and pair.standing.words >= DENIALS.long_words and not negates(differences):
            denied_from = NEVER
        read = stance_probabilities(confidence, ways, shares, denied_from)
        supports, refutes = settle_stance(plain, *read)
        return PairJudgement(confidence, supports, refutes, 1 - supports - refutes, differences, odds)


def plain_pairs(pairs: Sequence[Pair]) -> list[PlainPair]:
    """The pairs as they are read."""
    return [plain_pair(pair.claim, pair.statement) for pair in pairs]


def negates(differences: Sequence[Difference]) -> bool:
    """Whether one side is negated and the other is not."""
    return any(difference.kind is DifferenceKind.NEGATION for difference in differences)


def open_pair_model(
    models_dir: Path,
    rules: RulePairModel,
    progress: Callable[[str], None] | None = None,
    calibration: Calibration | None = None,
) -> ReaderPairModel:
    """The pair model of the weights beside this file, prepared on first use. Raises ModelUnavailable."""
    from index.model.onnx_engine import OnnxPairReader
    from index.model.tokenizer import open_tokenizer

    tokenizer = open_tokenizer(prepare_engine(models_dir, progress) / TOKENIZER_FILE)
    engine = OnnxPairReader(prepare_pair_reader(models_dir, progress))
    model_id = f"pairs-{shipped_digest()}.{READING}"
    return ReaderPairModel(engine, tokenizer, rules, calibration or shipped_calibration(), model_id)


def stance_probabilities(
    confidence: float, ways: Floats, shares: Floats, denied_from: float = 0.0
) -> tuple[float, float]:
    """Supports and refutes: if it is the same claim, by what is done with it (asserted, denied, reported); if not, by
    the stance's own head, for a different claim may refute a statement as well. A denial that is likelier than not,
    but less likely than `denied_from`, counts as neither."""
    asserted, denied, reported = (float(way) for way in ways)
    supports, refutes = float(shares[0]), float(shares[1])
    if asserted + reported < denied < denied_from:
        denied = 0.0
    return (
        confidence * (asserted + reported) + (1 - confidence) * supports,
        confidence * denied + (1 - confidence) * refutes,
    )


def reading_features(
    pair: Pair, odds: float, similarity: float, differences: Sequence[Difference], usual_background: float
) -> tuple[float, ...]:
    """What the confidence is a logistic function of: the log odds of the same claim, what the rules see, and how far
    the statement stands out from others that are near the claim. Among few statements all others are far, and it would
    say nothing to stand out: they count as near as usual."""
    background = max(usual_background, pair.background or 0.0)
    return (odds, *match_features(pair.claim, pair.statement, similarity, differences), 10 * (similarity - background))


def post_features(pair: Pair, odds: float, standing: Standing, differences: Sequence[Difference]) -> tuple[float, ...]:
    """What the confidence is a logistic function of in texts that stand for themselves.

    The log odds of the same claim; how near the text comes to the statement token by token; how far the statement
    stands out from others, by tokens and by vectors; the words shared; whether a number or date differs, or a name.
    The product lets the reader's doubt count more the more a statement stands out: near misses stand out as well. A
    statement that says little ("This video shows a demonstration") is near many posts, so what it says counts too.
    """
    tokens, above = standing.max_sim, 10 * standing.max_sim.above
    return (
        odds, 10 * tokens.value, above, tokens.deviations, standing.similarity.deviations,
        shared_words(pair.claim, pair.statement), *difference_flags(differences), odds * above,
        math.log1p(standing.content),
    )  # fmt: skip


def same_claim_odds(labels: Floats) -> Floats:
    """Log odds that the pair makes the same claim, whatever it does with it, against a different one."""
    same = labels[:, :3]
    largest = same.max(axis=1, keepdims=True)
    return np.asarray(largest[:, 0] + np.log(np.exp(same - largest).sum(axis=1)) - labels[:, 3], np.float32)


def softmax(logits: Floats) -> Floats:
    """Rows of probabilities."""
    powers = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True), np.float32)
