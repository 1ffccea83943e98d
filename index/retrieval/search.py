"""StatementIndex: texts to matches. An engine proposes, its scores are fused, the pair model judges."""

from __future__ import annotations

import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from index.model.embedder import Embedder, Vectors
from index.model.kept_tokens import TokenVectors
from index.model.passages import Passage, PassageVectors
from index.models import Match, Pair, PairJudgement, Standing, Statement
from index.pairs.memory import texts_remembered
from index.pairs.protocol import PairModel
from index.pairs.site import AS_SHIPPED, SiteCalibration
from index.retrieval.engine import Nearest, Query, View
from index.retrieval.late_interaction import max_sim, stand_out
from index.retrieval.queries import bare_claim, clean_query, is_post, passage_of, says_something
from index.thresholds import SEARCH, SearchThresholds

SPARE = 4  # candidates a text that are looked up beyond those wanted, should some have been deleted

Lookup = Callable[[Sequence[int]], Mapping[int, Statement]]


@dataclass(frozen=True)
class Candidate:
    """A statement proposed for a text, with what of the text is compared with it.

    `repeats`: some that are nearer to the text say nearly the same, and those are enough.
    """

    key: int
    similarity: float
    background: float | None
    window: str
    score: float
    repeats: bool = False


class Proposed(NamedTuple):
    """A statement proposed for a text, the pair to be read, and the search's score: a sum of z-scores."""

    statement: Statement
    pair: Pair
    score: float
    repeats: bool = False


@dataclass(frozen=True)
class StatementIndex:
    """One state of the index, never modified: another state is another object."""

    embedder: Embedder
    pair_model: PairModel
    lookup: Lookup
    view: View
    min_confidence: float
    thresholds: SearchThresholds = SEARCH
    site: SiteCalibration = AS_SHIPPED  # what the pair model's confidences were set right by

    @property
    def checkpoint(self) -> str:
        """Names the state of the store that it answers for."""
        return str(self.view.checkpoint)

    @property
    def statements(self) -> int:
        """How many statements it holds."""
        return self.view.statements

    def calibrated(self, site: SiteCalibration) -> StatementIndex:
        """The same state of the index with confidences that are set right by these numbers, or (AS_SHIPPED) not."""
        return self if site == self.site else replace(self, pair_model=self.pair_model.calibrated(site), site=site)

    @texts_remembered()
    def search(
        self,
        texts: Sequence[str],
        limit: int = 10,
        rerank: bool = True,
        max_reads: int | None = None,
        whole: Collection[str] | None = None,
        among: Collection[int] | None = None,
    ) -> list[list[Match]]:
        """For each text its matches, best first, always min(limit, statements that say something) of them.

        With `rerank` a pair model that reads orders the first candidates anew: `judged` of them by itself if it ranks,
        else `reads` together with the search's score. `max_reads` is how many pairs of all texts together may be read,
        the most promising ones first; None: all by one that ranks, else `reads` of each text. `whole` are the texts
        that stand for themselves and may be posts; None: all of them. With `among` only statements of these keys are
        judged and given, of those that would have been without.
        """
        if not texts:
            return []
        reranks, ranks = rerank and self.pair_model.is_reader, self.pair_model.ranks
        numbers = self.thresholds
        wanted = min(max(limit, (numbers.judged if ranks else numbers.reads) if reranks else 0), self.statements)
        proposed = self.propose(texts, wanted, whole if reranks else ())
        if among is not None:
            proposed = [[each for each in row if each.statement.key in among] for row in proposed]
        judged = iter(self._judge([[each.pair for each in row] for row in proposed], reranks, max_reads))
        rows = [list(zip(row, judged, strict=False)) for row in proposed]
        if reranks:
            rows = [sorted(row, key=lambda found: -self._standing(*found)) for row in rows]
        return [[self._match(*found) for found in row[:limit]] for row in rows]

    def propose(self, texts: Sequence[str], wanted: int, whole: Collection[str] | None = None) -> list[list[Proposed]]:
        """For each text the statements to compare it with, nearest first; `whole` as `search` has it."""
        cleaned = [clean_query(text) for text in texts]
        posts = [
            (whole is None or text in whole) and is_post(plain, self.thresholds)
            for text, plain in zip(texts, cleaned, strict=True)
        ]
        reach = max(wanted, self.thresholds.compared) if any(posts) else wanted
        passages = [passage_of(text, self.thresholds) for text in cleaned]
        read = self._read(passages, posts)
        queries = [(passage, each.vectors) for passage, each in zip(passages, read, strict=True)]
        found = self._candidates(queries, reach, pool=max(self.thresholds.pool, 2 * reach))
        rows = [[paired(each, statements[each.key]) for each in candidates] for candidates, statements in found]
        return [
            (self._compared(text, own.tokens, row) if post else row)[:wanted]
            for text, own, row, post in zip(cleaned, read, rows, posts, strict=True)
        ]

    @texts_remembered()
    def judge(self, pairs: Sequence[Pair]) -> list[PairJudgement]:
        """The pair model's judgement of pairs that no search proposed."""
        return self.pair_model.judge(pairs)

    def _judge(self, rows: Sequence[Sequence[Pair]], reranks: bool, max_reads: int | None) -> list[PairJudgement]:
        pairs = [pair for row in rows for pair in row]
        guesses = self.pair_model.estimate(pairs)
        if not reranks:
            return guesses
        unread = self.thresholds.unread_confidence
        chosen = self._chosen([len(row) for row in rows], [guess.confidence for guess in guesses], max_reads)
        judged = dict(zip(chosen, self.pair_model.judge([pairs[place] for place in chosen]), strict=True))
        return [
            judged.get(place) or replace(guess, confidence=min(guess.confidence, unread))
            for place, guess in enumerate(guesses)
        ]

    def _chosen(self, lengths: Sequence[int], guesses: Sequence[float], max_reads: int | None) -> list[int]:
        """Places of the pairs to be read, of rows of such lengths: of a text the same ones whatever it came with."""
        promising = [place for place, guess in enumerate(guesses) if guess >= self.thresholds.read_from]
        promising.sort(key=lambda place: -guesses[place])
        if max_reads is not None or self.pair_model.ranks:
            return promising[:max_reads]
        row_of = [row for row, length in enumerate(lengths) for _ in range(length)]
        chosen: list[list[int]] = [[] for _ in lengths]
        for place in promising:
            chosen[row_of[place]].append(place)
        return [place for row in chosen for place in row[: self.thresholds.reads]]

    def _standing(self, proposed: Proposed, judged: PairJudgement) -> float:
        if self.pair_model.ranks:
            return judged.confidence
        least = self.thresholds.unread_confidence
        confidence = float(np.clip(judged.confidence, least, 1 - least))
        return proposed.score + self.thresholds.read_weight * math.log(confidence / (1 - confidence))

    def _match(self, proposed: Proposed, judged: PairJudgement) -> Match:
        is_match = judged.confidence >= self.min_confidence
        return Match(proposed.statement, proposed.pair.similarity or 0.0, judged.confidence, is_match, judged)

    def vectors(self, keys: Sequence[int]) -> Vectors:
        """The vectors of statements, one row a key; zeros where the index holds none."""
        return self.view.vectors(keys)

    # ------------------------------------------------------------ proposing

    def _read(self, passages: Sequence[Passage], posts: Sequence[bool]) -> list[PassageVectors]:
        """The vectors of each text. Most are a sentence that is only looked up, whose vector may be known already."""
        whole = [n for n, (passage, post) in enumerate(zip(passages, posts, strict=True)) if post or passage.windows]
        read = dict(zip(whole, self.embedder.encode_passages([passages[n] for n in whole]), strict=True))
        alone = [n for n in range(len(passages)) if n not in read]
        vectors = self.embedder.encode_queries([passages[n].text for n in alone])
        read |= {n: PassageVectors(vectors[place : place + 1]) for place, n in enumerate(alone)}
        return [read[n] for n in range(len(passages))]

    def _compared(self, post: str, own: TokenVectors | None, row: Sequence[Proposed]) -> list[Proposed]:
        """The first candidates of a post, compared with it token by token, in their new order; then the others."""
        numbers = self.thresholds
        first, rest = row[: numbers.compared], row[numbers.compared :]
        others = slice(*numbers.background)
        apart = [place for place, each in enumerate(first) if not each.repeats]
        if len(apart) < others.start + numbers.least_others:
            return list(row)
        sims = [each.pair.similarity or 0.0 for each in first]
        own = own or self.embedder.encode_tokens([post])[0]
        statements = self.embedder.encode_tokens([each.pair.statement for each in first], keep=True)
        values = [max_sim(each, own) for each in statements]
        near, tokens = (
            stand_out(some, [some[place] for place in apart], others, *least)
            for some, *least in zip((sims, values), numbers.least_near, numbers.least_spreads, strict=True)
        )
        words = len(post.split())
        scores = np.array([each.score for each in first]) + numbers.token_weight * standardised(np.array(values))
        standings = [
            Standing(sim, token, words, said.content) for sim, token, said in zip(near, tokens, statements, strict=True)
        ]
        moved = [
            each._replace(pair=replace(each.pair, standing=standing), score=float(score))
            for each, score, standing in zip(first, scores, standings, strict=True)
        ]
        return [*sorted(moved, key=lambda each: -each.score), *rest]

    def _candidates(
        self, read: Sequence[tuple[Passage, Vectors]], wanted: int, pool: int
    ) -> list[tuple[list[Candidate], Mapping[int, Statement]]]:
        windows = [passage.texts() for passage, _ in read]
        queries = [Query(passage.text, vectors) for passage, vectors in read]
        while True:
            found = self.view.propose(queries, pool)
            proposed = [self._fused(near, some) for near, some in zip(found, windows, strict=True)]
            # What was deleted a moment ago is still proposed: it is left out here, and others move up. So is what says
            # nothing and would be near to everything that says little.
            for reach in (wanted + SPARE, None):
                there = self.lookup(sorted({c.key for row in proposed for c in row[:reach]}))
                statements = {key: statement for key, statement in there.items() if asserts(statement)}
                kept = [[c for c in row[:reach] if c.key in statements][:wanted] for row in proposed]
                if all(len(row) >= wanted for row in kept):
                    return [(row, statements) for row in kept]
            if pool >= self.statements:
                return [(row, statements) for row in kept]
            pool *= 4

    def _fused(self, near: Nearest, windows: Sequence[str]) -> list[Candidate]:
        if not near.keys:
            return []
        similarities = near.similarities
        best = similarities[1:].max(axis=0) if len(windows) > 1 else similarities[0]
        mixed = (similarities[0] + best) / 2
        closest = similarities.argmax(axis=0)
        reads_whole = self.pair_model.is_reader and len(windows[0].split()) <= self.thresholds.whole_words
        whole = windows[0] if reads_whole else None
        alike = alike_from(near.vectors, mixed, self.thresholds.same_statement)
        repeats = alike >= self.thresholds.most_alike
        others = np.sort(mixed[~repeats])[::-1][slice(*self.thresholds.background)]
        background = float(others.mean()) if len(others) else None
        fused = standardised(mixed) + self.thresholds.keyword_weight * standardised(near.words)
        shown = np.clip(mixed, 0, 1)
        order = np.lexsort((-fused, repeats))
        return [
            Candidate(
                near.keys[n],
                float(shown[n]),
                background,
                whole or windows[closest[n]],
                float(fused[n]),
                bool(repeats[n]),
            )
            for n in order
        ]


def paired(candidate: Candidate, statement: Statement) -> Proposed:
    """The statement with the pair to be read."""
    claim = searched_claim(statement)
    pair = Pair(candidate.window, claim, candidate.similarity, candidate.background)
    return Proposed(statement, pair, candidate.score, candidate.repeats)


def searched_claim(statement: Statement) -> str:
    """What of a statement is compared with texts."""
    return bare_claim(statement.claim_reviewed, statement.publisher.names)


def asserts(statement: Statement) -> bool:
    """Whether a statement says anything that a text could say too."""
    return says_something(statement.claim_reviewed, statement.publisher.names)


def alike_from(vectors: Vectors, nearness: NDArray[np.floating], same: float) -> NDArray[np.int64]:
    """For each statement how many that are nearer say nearly the same as the nearest one of its kind does."""
    before, known = np.zeros(len(nearness), np.int64), np.zeros(len(nearness), bool)
    order = np.argsort(-nearness, kind="stable")
    similar = (vectors @ vectors.T >= same)[:, order]
    for place in order[(similar.sum(axis=1) > 1)[order]]:  # few have any that says the same
        if not known[place]:
            kind = order[similar[place] & ~known[order]]  # the nearest first
            before[kind] = np.arange(len(kind))
            known[kind] = known[place] = True
    return before


def standardised(values: NDArray[np.floating]) -> NDArray[np.floating]:
    """Values as z-scores; all zero where they do not differ."""
    spread = values.std()
    return (values - values.mean()) / spread if spread > 1e-9 else np.zeros_like(values)
