"""Any sentence-transformers CrossEncoder as the pair model, for those who have a GPU or patience."""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from index.errors import ModelUnavailable, reason_of, shown_name
from index.model.embedder import readable
from index.models import Pair, PairJudgement
from index.pairs.differences import find_differences
from index.pairs.protocol import Measured, PairModel
from index.pairs.rules import RulePairModel, stance_shares
from index.pairs.site import AS_SHIPPED, SiteCalibrated, SiteCalibration

# What natural language inference calls a stance; models differ in case and order.
STANCE_OF_LABEL = {"entailment": "supports", "contradiction": "refutes", "neutral": "neutral"}


class CrossEncoderPairModel:
    """Judges by a model that gives one relevance score, or entailment, contradiction and neutral.

    With one score the stance comes from the rules. With three, whatever is not neutral is the same claim. Raises
    ModelUnavailable.
    """

    is_reader = ranks = True
    calibration_id = "cross-encoder-1"
    min_confidence = 0.5
    measured: Mapping[str, Measured] = {}

    def __init__(self, name_or_path: str, rules: RulePairModel) -> None:
        try:
            from sentence_transformers import CrossEncoder
        except ImportError as error:
            raise ModelUnavailable(
                f"The pair model {shown_name(name_or_path)!r} needs PyTorch: pip install 'gegencheck[models]'"
            ) from error
        try:
            self._model: Any = CrossEncoder(name_or_path)
        except Exception as error:  # the library raises OSError, ValueError, RuntimeError and hub errors alike
            raise ModelUnavailable(
                f"The pair model {shown_name(name_or_path)!r} cannot be loaded ({reason_of(error)}): check the setting."
            ) from error
        self.model_id = name_or_path
        self._stances = stances_of(self._model.config.num_labels, self._model.config.id2label)
        self._rules = rules
        self._lock = threading.Lock()  # torch already uses every core for one call

    def calibrated(self, site: SiteCalibration) -> PairModel:
        """The model with its confidences set right."""
        return self if site == AS_SHIPPED else SiteCalibrated(self, site)

    def judge(self, pairs: Sequence[Pair]) -> list[PairJudgement]:
        """One judgement a pair, in order."""
        if not pairs:
            return []
        scores = self._predict(pairs)
        return [self._judgement(pair, row) for pair, row in zip(pairs, scores, strict=True)]

    def estimate(self, pairs: Sequence[Pair]) -> list[PairJudgement]:
        """The rules' judgement, which costs little."""
        return self._rules.estimate(pairs)

    def _predict(self, pairs: Sequence[Pair]) -> NDArray[np.float32]:
        texts = [(readable(pair.claim), readable(pair.statement)) for pair in pairs]
        with self._lock:
            scores = self._model.predict(texts, apply_softmax=self._stances is not None, show_progress_bar=False)
        return np.asarray(scores, np.float32).reshape(len(pairs), -1)

    def _judgement(self, pair: Pair, scores: NDArray[np.float32]) -> PairJudgement:
        differences = find_differences(pair.claim, pair.statement)
        if self._stances is None:
            confidence = float(np.clip(scores[0], 0, 1))
            supports, refutes = stance_shares(differences)
            return PairJudgement(confidence, supports, refutes, 1 - supports - refutes, differences)
        share = {stance: float(scores[place]) for stance, place in self._stances.items()}
        return PairJudgement(1 - share["neutral"], share["supports"], share["refutes"], share["neutral"], differences)


def stances_of(labels: int, names: Mapping[Any, str]) -> dict[str, int] | None:
    """Which output is which stance; None for a model with one score. Raises ModelUnavailable for any other."""
    if labels == 1:
        return None
    found = {STANCE_OF_LABEL.get(str(name).lower(), ""): int(place) for place, name in names.items()}
    if set(found) != set(STANCE_OF_LABEL.values()):
        raise ModelUnavailable(
            "A pair model gives one score, or the labels entailment, contradiction and neutral; this one has "
            f"{', '.join(map(str, names.values()))}."
        )
    return found
