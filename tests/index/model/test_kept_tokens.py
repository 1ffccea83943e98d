"""KeptTokens: what is kept is not made again, and no more is kept than may be."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from index.model.kept_tokens import KeptTokens, TokenVectors


class Counting:
    """Gives each text a token a letter, and keeps what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, texts: Sequence[str]) -> list[TokenVectors]:
        self.asked += texts
        return [
            TokenVectors(np.full((len(text), 2), ord(text[0]), np.float32), np.ones(len(text), np.float32))
            for text in texts
        ]


def test_a_text_is_encoded_once_and_comes_back_in_its_place() -> None:
    kept, encode = KeptTokens(), Counting()
    first = kept.get(["ab", "c", "ab"], encode)
    again = kept.get(["c", "ab"], encode)
    assert encode.asked == ["ab", "c"]
    assert [len(each.vectors) for each in first] == [2, 1, 2]
    assert [each.vectors[0, 0] for each in again] == [ord("c"), ord("a")]
    assert again[0].vectors.dtype == np.float32


def test_those_not_asked_for_the_longest_go_first() -> None:
    kept, encode = KeptTokens(most=5), Counting()
    kept.get(["aa"], encode)
    kept.get(["bb"], encode)
    kept.get(["aa"], encode)
    kept.get(["cc"], encode)  # six tokens: bb goes
    kept.get(["aa", "cc"], encode)
    assert encode.asked == ["aa", "bb", "cc"]
    kept.get(["bb"], encode)
    assert encode.asked == ["aa", "bb", "cc", "bb"]


def test_what_is_larger_than_all_that_may_be_kept_is_still_given() -> None:
    kept, encode = KeptTokens(most=3), Counting()
    (found,) = kept.get(["abcdef"], encode)
    assert len(found.vectors) == 6
    assert kept.get(["xy"], encode)[0].vectors[0, 0] == ord("x")
