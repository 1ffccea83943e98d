"""How well confidences say what they mean: over BINS bins of equal width, and as one number."""

from __future__ import annotations

import numpy as np
from sklearn.calibration import calibration_curve

from index.pairs.protocol import Bin

BINS = 10
_INNER_EDGES = np.linspace(0, 1, BINS + 1)[1:-1]


def reliability(confidence: np.ndarray, same: np.ndarray) -> tuple[Bin, ...]:
    """Every bin that has pairs: how many, their mean confidence, and the share that is of the same claim."""
    if not len(same):
        return ()
    shares, means = calibration_curve(same, confidence, n_bins=BINS)
    counts = np.bincount(np.searchsorted(_INNER_EDGES, confidence), minlength=BINS)  # the library's bins
    rows = zip(counts[counts > 0], means, shares, strict=True)
    return tuple(Bin(int(count), float(mean), float(share)) for count, mean, share in rows)


def calibration_error(confidence: np.ndarray, same: np.ndarray) -> float:
    """Expected calibration error (Naeini et al. 2015): how far confidence and share are apart, a pair on average."""
    found = reliability(confidence, same)
    return sum(abs(each.confidence - each.same) * each.pairs for each in found) / max(len(same), 1)
