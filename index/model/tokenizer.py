"""The tokenizer of the bundled model: builds its file, opens it, makes token ids. The only home of sentencepiece.

A vocabulary of 250,000 pieces takes 60 MB here and 300 MB in the library tokenizers, which is slower besides.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from index.errors import ModelUnavailable, reason_of
from index.model.packed_weights import Vocabulary

if TYPE_CHECKING:
    from sentencepiece import SentencePieceProcessor

_DROPPED = re.compile(r"[\x00-\x08\x0B\x0E-\x1F\x7F\u008F\u009F]")
_SPACES = re.compile(r"[\t\n\f\r\u1680\u200B-\u200F\u2028\u2029\u2581\uFEFF\uFFFD]")
_PAIR_MARKS = 4


class PairTokens(NamedTuple):
    """Two texts as token ids, and how many of these are the first text's, its marks included."""

    ids: list[int]
    first: int


def build_tokenizer(vocabulary: Vocabulary) -> bytes:
    """A SentencePiece unigram model (Kudo 2018) of the vocabulary; special pieces never come of a text."""
    from sentencepiece.sentencepiece_model_pb2 import ModelProto  # type: ignore[attr-defined]  # made at run time

    kinds = ModelProto.SentencePiece
    special = dict.fromkeys(
        (vocabulary.bos, vocabulary.pad, vocabulary.eos, len(vocabulary.pieces) - 1), kinds.CONTROL
    ) | {vocabulary.unk: kinds.UNKNOWN}
    model = ModelProto()
    for place, (piece, score) in enumerate(vocabulary.pieces):
        model.pieces.add(piece=piece, score=score, type=special.get(place, kinds.NORMAL))
    trained = model.trainer_spec
    trained.model_type, trained.vocab_size = trained.UNIGRAM, len(vocabulary.pieces)
    trained.bos_id, trained.eos_id = vocabulary.bos, vocabulary.eos
    trained.pad_id, trained.unk_id = vocabulary.pad, vocabulary.unk
    model.normalizer_spec.name = "identity"  # `normalized` does the rest
    return bytes(model.SerializeToString())


class Tokenizer:
    """XLM-R's token ids: `<s> A </s>` and `<s> A </s></s> B </s>`. Safe in many threads."""

    def __init__(self, processor: SentencePieceProcessor) -> None:
        self._processor = processor
        self._open, self._close = processor.bos_id(), processor.eos_id()

    def encode(self, texts: Iterable[str], most: int) -> list[list[int]]:
        """The ids of each text, at most so many, marks included."""
        return [self.between_marks(ids[: most - 2]) for ids in self.pieces(texts)]

    def encode_pairs(self, pairs: Sequence[tuple[str, str]], most: int) -> list[PairTokens]:
        """The ids of each pair, at most so many, marks included; the longer side is cut first."""
        firsts, seconds = self.pieces(first for first, _ in pairs), self.pieces(second for _, second in pairs)
        return [self._pair(*sides, most - _PAIR_MARKS) for sides in zip(firsts, seconds, strict=True)]

    def _pair(self, first: list[int], second: list[int], room: int) -> PairTokens:
        half = room // 2
        first, second = first[: max(half, room - len(second))], second[: max(room - half, room - len(first))]
        ids = [self._open, *first, self._close, self._close, *second, self._close]
        return PairTokens(ids, len(first) + 2)

    def between_marks(self, ids: Iterable[int]) -> list[int]:
        """The ids of a text with the marks that open and close it."""
        return [self._open, *ids, self._close]

    def pieces(self, texts: Iterable[str]) -> list[list[int]]:
        """The ids of each text without marks: those of texts with a blank between are those of each together."""
        return [self._processor.encode(normalized(text)) for text in texts]


def normalized(text: str) -> str:
    """A text as the vocabulary was made for: no control characters, one kind of blank, NFKC."""
    return unicodedata.normalize("NFKC", _SPACES.sub(" ", _DROPPED.sub("", text)))


def open_tokenizer(path: Path) -> Tokenizer:
    """The tokenizer in a file. Raises ModelUnavailable."""
    try:
        return Tokenizer(_opened(path, path.stat().st_mtime_ns))
    except (OSError, RuntimeError) as error:
        raise ModelUnavailable(
            f"The model's tokenizer cannot be read ({reason_of(error)}): delete the models folder, then try again."
        ) from error


@lru_cache(maxsize=1)  # embedder and pair model read the same file
def _opened(path: Path, _modified: int) -> SentencePieceProcessor:
    from sentencepiece import SentencePieceProcessor

    return SentencePieceProcessor(model_file=str(path))
