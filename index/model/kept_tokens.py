"""KeptTokens: the token vectors of the statements that were compared last, so that none is encoded again and again."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

MAX_TOKENS = 40_000  # 31 MB in 16 bits: about 1,500 statements


class TokenVectors(NamedTuple):
    """A text by its tokens: unit vectors of shape (tokens, dimensions), and how rare each is, 0 for mere marks."""

    vectors: NDArray[np.float32]
    rarity: NDArray[np.float32]

    @property
    def content(self) -> float:
        """How much a text says: the rarity of its tokens together."""
        return float(self.rarity.sum())


class KeptTokens:
    """Token vectors by text, in 16 bits; those not asked for the longest go first. Safe in many threads."""

    def __init__(self, most: int = MAX_TOKENS) -> None:
        self._most, self._tokens = most, 0
        self._kept: OrderedDict[str, tuple[NDArray[np.float16], NDArray[np.float32]]] = OrderedDict()
        self._lock = threading.Lock()

    def get(
        self, texts: Sequence[str], encode: Callable[[Sequence[str]], Sequence[TokenVectors]]
    ) -> list[TokenVectors]:
        """The token vectors of some texts; `encode` makes those that are not kept."""
        with self._lock:
            known = {text: self._kept[text] for text in texts if text in self._kept}
        new = [text for text in dict.fromkeys(texts) if text not in known]
        # All go through 16 bits, so that a text compares alike whether it is kept or not.
        made = {
            text: (found.vectors.astype(np.float16), found.rarity) for text, found in zip(new, encode(new), strict=True)
        }
        used = {**known, **made}
        self._keep(used)
        return [TokenVectors(used[text][0].astype(np.float32), used[text][1]) for text in texts]

    def _keep(self, used: dict[str, tuple[NDArray[np.float16], NDArray[np.float32]]]) -> None:
        with self._lock:
            for text, each in used.items():
                if text not in self._kept:
                    self._tokens += len(each[1])
                self._kept[text] = each
                self._kept.move_to_end(text)
            while self._tokens > self._most:
                _, (_, rarity) = self._kept.popitem(last=False)
                self._tokens -= len(rarity)
