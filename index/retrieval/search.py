"""StatementIndex: texts to matches. Vectors and keywords propose, both scores are fused, the pair model judges."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.model.embedder import Embedder, Vectors
from index.models import Match, Pair, PairJudgement, Statement
from index.pairs.protocol import PairModel
from index.retrieval.lexical import KeywordHit, KeywordIndex
from index.retrieval.queries import bare_claim, clean_query, is_post, query_windows
from index.retrieval.vectors import Hit, VectorIndex
from index.thresholds import SEARCH, SearchThresholds

SPARE = 4  # candidates a text that are looked up beyond those wanted, should some have been deleted

Lookup = Callable[[Sequence[int]], Mapping[int, Statement]]


@dataclass(frozen=True)
class Layer:
    """What changed since the base was built, small and kept in memory: replaced as a whole, never modified."""

    keys: tuple[int, ...] = ()
    vectors: Vectors = field(default_factory=lambda: np.zeros((0, 1), np.float32))
    keywords: KeywordIndex | None = None
    hidden: frozenset[int] = frozenset()  # keys of the base that were deleted or changed

    def search(self, vectors: Vectors, limit: int) -> list[list[Hit]]:
        """The most similar vectors of this layer for each row."""
        if not self.keys:
            return [[] for _ in vectors]
        similarities = vectors @ self.vectors.T
        best = np.argsort(-similarities, axis=1)[:, :limit]
        return [
            [Hit(self.keys[n], float(row[n])) for n in order] for row, order in zip(similarities, best, strict=True)
        ]


@dataclass(frozen=True)
class Candidate:
    """A statement proposed for a text, with what of the text is compared with it."""

    key: int
    similarity: float
    background: float | None
    window: str
    score: float
    of_post: bool


class Proposed(NamedTuple):
    """A statement proposed for a text, the pair to be read, and the search's score: a sum of z-scores."""

    statement: Statement
    pair: Pair
    score: float


@dataclass(frozen=True)
class StatementIndex:
    """One state of the index, never modified: another state is another object."""

    embedder: Embedder
    pair_model: PairModel
    lookup: Lookup
    vectors: VectorIndex
    keywords: KeywordIndex
    layer: Layer
    checkpoint: str
    statements: int
    min_confidence: float
    thresholds: SearchThresholds = SEARCH

    @property
    def thresholds_id(self) -> str:
        """Names the thresholds in force."""
        return f"{self.pair_model.thresholds_id}@{self.min_confidence:.3f}"

    def search(
        self,
        texts: Sequence[str],
        limit: int = 10,
        rerank: bool = True,
        max_reads: int | None = None,
        whole: Collection[str] | None = None,
    ) -> list[list[Match]]:
        """For each text its matches, best first, always min(limit, statements) of them.

        With `rerank` a pair model that reads orders the first candidates anew: `judged` of them by itself if it ranks,
        else `reads` together with the search's score. `max_reads` is how many pairs of all texts together may be read,
        the most promising ones first: all by one that ranks, else `reads` a text. `whole` are the texts that stand for
        themselves and may be posts; None: all of them.
        """
        if not texts:
            return []
        reranks, ranks = rerank and self.pair_model.is_reader, self.pair_model.ranks
        numbers = self.thresholds
        wanted = min(max(limit, (numbers.judged if ranks else numbers.reads) if reranks else 0), self.statements)
        budget = numbers.reads * len(texts) if max_reads is None and not ranks else max_reads
        proposed = self.propose(texts, wanted, whole)
        judged = iter(self._judge([each.pair for row in proposed for each in row], reranks, budget))
        rows = [list(zip(row, judged, strict=False)) for row in proposed]
        if reranks:
            rows = [sorted(row, key=lambda found: -self._standing(*found)) for row in rows]
        return [[self._match(*found) for found in row[:limit]] for row in rows]

    def propose(self, texts: Sequence[str], wanted: int, whole: Collection[str] | None = None) -> list[list[Proposed]]:
        """For each text the statements to compare it with, nearest first; `whole` as `search` has it."""
        posts = [whole is None or text in whole for text in texts]
        found = self._candidates(texts, posts, wanted, pool=max(self.thresholds.pool, 2 * wanted))
        return [[paired(each, statements[each.key]) for each in candidates] for candidates, statements in found]

    def judge(self, pairs: Sequence[Pair]) -> list[PairJudgement]:
        """The pair model's judgement of pairs that no search proposed."""
        return self.pair_model.judge(pairs)

    def _judge(self, pairs: Sequence[Pair], read: bool, max_reads: int | None) -> list[PairJudgement]:
        guesses = self.pair_model.estimate(pairs)
        if not read:
            return guesses
        promising = [place for place, guess in enumerate(guesses) if guess.confidence >= self.thresholds.read_from]
        unread = self.thresholds.unread_confidence
        chosen = sorted(promising, key=lambda place: -guesses[place].confidence)[:max_reads]
        judged = dict(zip(chosen, self.pair_model.judge([pairs[place] for place in chosen]), strict=True))
        return [
            judged.get(place) or replace(guess, confidence=min(guess.confidence, unread))
            for place, guess in enumerate(guesses)
        ]

    def _standing(self, proposed: Proposed, judged: PairJudgement) -> float:
        if self.pair_model.ranks:
            return judged.confidence
        least = self.thresholds.unread_confidence
        confidence = float(np.clip(judged.confidence, least, 1 - least))
        return proposed.score + self.thresholds.read_weight * math.log(confidence / (1 - confidence))

    def _match(self, proposed: Proposed, judged: PairJudgement) -> Match:
        is_match = judged.confidence >= self.min_confidence
        return Match(proposed.statement, proposed.pair.similarity or 0.0, judged.confidence, is_match, judged)

    # ------------------------------------------------------------ proposing

    def _candidates(
        self, texts: Sequence[str], posts: Sequence[bool], wanted: int, pool: int
    ) -> list[tuple[list[Candidate], Mapping[int, Statement]]]:
        cleaned = [clean_query(text) for text in texts]
        windows = [query_windows(text, self.thresholds) for text in cleaned]
        vectors = self.embedder.encode_queries([window for some in windows for window in some])
        ends = np.cumsum([len(some) for some in windows])
        parts = [vectors[end - len(some) : end] for end, some in zip(ends, windows, strict=True)]
        while True:
            hits = self._vector_keys(vectors, pool)
            proposed = []
            for text, some, own, end, post in zip(cleaned, windows, parts, ends, posts, strict=True):
                near = {key for row in hits[end - len(some) : end] for key in row}
                words = {hit.key: hit.score for hit in self._keyword_hits(text, pool)}
                proposed.append(
                    self._fused(near | words.keys(), some, own, words, post and is_post(some, self.thresholds))
                )
            # What was deleted a moment ago is still proposed: it is left out here, and others move up.
            for reach in (wanted + SPARE, None):
                statements = self.lookup(sorted({c.key for row in proposed for c in row[:reach]}))
                kept = [[c for c in row[:reach] if c.key in statements][:wanted] for row in proposed]
                if all(len(row) >= wanted for row in kept):
                    return [(row, statements) for row in kept]
            if pool >= self.statements:
                return [(row, statements) for row in kept]
            pool *= 4

    def _vector_keys(self, vectors: Vectors, pool: int) -> list[list[int]]:
        reach = pool + min(len(self.layer.hidden), pool)
        base = self.vectors.search(vectors, reach)
        fresh = self.layer.search(vectors, pool)
        hidden = self.layer.hidden
        return [
            [hit.key for hit in old if hit.key not in hidden] + [hit.key for hit in new]
            for old, new in zip(base, fresh, strict=True)
        ]

    def _keyword_hits(self, text: str, pool: int) -> Iterable[KeywordHit]:
        hits = [hit for hit in self.keywords.search(text, pool) if hit.key not in self.layer.hidden]
        return hits + (self.layer.keywords.search(text, pool) if self.layer.keywords else [])

    def _fused(
        self,
        keys: Iterable[int],
        windows: Sequence[str],
        vectors: Vectors,
        words: Mapping[int, float],
        of_post: bool,
    ) -> list[Candidate]:
        ordered = sorted(keys)
        if not ordered:
            return []
        similarities = vectors @ self._reconstruct(ordered).T
        best = similarities[1:].max(axis=0) if len(windows) > 1 else similarities[0]
        mixed = (similarities[0] + best) / 2
        closest = similarities.argmax(axis=0)
        reads_whole = self.pair_model.is_reader and len(windows[0].split()) <= self.thresholds.whole_words
        whole = windows[0] if reads_whole else None
        others = np.sort(mixed)[::-1][slice(*self.thresholds.background)]
        background = float(others.mean()) if len(others) else None
        scores = np.array([words.get(key, 0.0) for key in ordered])
        fused = standardised(mixed) + self.thresholds.keyword_weight * standardised(scores)
        return [
            Candidate(
                ordered[n], float(np.clip(mixed[n], 0, 1)), background, whole or windows[closest[n]], float(fused[n]),
                of_post,
            )
            for n in np.argsort(-fused, kind="stable")
        ]  # fmt: skip

    def _reconstruct(self, keys: Sequence[int]) -> Vectors:
        place = {key: n for n, key in enumerate(self.layer.keys)}
        found = self.vectors.reconstruct(keys)
        for n, key in enumerate(keys):
            if key in place:
                found[n] = self.layer.vectors[place[key]]
        return found


def paired(candidate: Candidate, statement: Statement) -> Proposed:
    """The statement with the pair to be read."""
    claim = searched_claim(statement)
    pair = Pair(candidate.window, claim, candidate.similarity, candidate.background, candidate.of_post)
    return Proposed(statement, pair, candidate.score)


def searched_claim(statement: Statement) -> str:
    """What of a statement is compared with texts."""
    publisher = statement.publisher
    return bare_claim(statement.claim_reviewed, f"{publisher.name or ''} {publisher.site or ''}")


def standardised(values: NDArray[np.floating]) -> NDArray[np.floating]:
    """Values as z-scores; all zero where they do not differ."""
    spread = values.std()
    return (values - values.mean()) / spread if spread > 1e-9 else np.zeros_like(values)
