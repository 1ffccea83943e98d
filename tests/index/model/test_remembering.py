"""A text is encoded once."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest

from index.model.passages import Passage, PassageVectors, encode_separately
from index.model.remembering import AT_ONCE, PASSAGES_AT_ONCE, RememberingEmbedder


class Lengths:
    """The vector of a text is its length."""

    model_id, dimensions = "lengths", 1

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode_queries(self, texts: Sequence[str]) -> np.ndarray:
        self.asked += texts
        return np.array([[len(text)] for text in texts], np.float32)

    def encode_passages(self, passages: Sequence[Passage]) -> list[PassageVectors]:
        return encode_separately(self.encode_queries, passages)

    def encode_statements(self, texts: Sequence[str]) -> np.ndarray:
        return self.encode_queries(texts)


def test_a_text_is_encoded_once_and_answers_keep_their_order() -> None:
    within = Lengths()
    embedder = RememberingEmbedder(within)
    assert embedder.encode_queries(["aa", "b", "aa"]).tolist() == [[2], [1], [2]]
    assert embedder.encode_queries(["b", "ccc"]).tolist() == [[1], [3]]
    assert within.asked == ["aa", "b", "ccc"]
    assert (embedder.model_id, embedder.dimensions) == ("lengths", 1)


def test_no_texts_give_no_rows() -> None:
    assert RememberingEmbedder(Lengths()).encode_queries([]).shape == (0, 1)


def test_statements_are_passed_through() -> None:
    assert RememberingEmbedder(Lengths()).encode_statements(["four"]).tolist() == [[4]]


def test_passages_are_encoded_in_parts_as_well() -> None:
    within, asked = Lengths(), []
    passages = [Passage("x" * number, ("x" * number,)) for number in range(2 * PASSAGES_AT_ONCE + 1)]
    read = RememberingEmbedder(within, lambda: asked.append(len(within.asked))).encode_passages(passages)
    assert [each.vectors.tolist() for each in read] == [[[number]] for number in range(len(passages))]
    assert asked == [0, PASSAGES_AT_ONCE, 2 * PASSAGES_AT_ONCE]


def test_many_texts_are_encoded_in_parts_between_which_the_work_can_be_ended() -> None:
    within, asked = Lengths(), []

    def go_on() -> None:
        asked.append(len(within.asked))
        if len(asked) == 3:
            raise InterruptedError

    texts = ["x" * number for number in range(3 * AT_ONCE)]
    with pytest.raises(InterruptedError):
        RememberingEmbedder(within, go_on).encode_queries(texts)
    assert asked == [0, AT_ONCE, 2 * AT_ONCE]
    assert RememberingEmbedder(Lengths()).encode_queries(texts)[:, 0].tolist() == list(range(3 * AT_ONCE))
