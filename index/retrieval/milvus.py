"""MilvusEngine: vectors and keywords in a Milvus, which several machines may share."""

from __future__ import annotations

import hashlib
import secrets
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, replace

import numpy as np

from index.errors import IndexUnavailable
from index.model.embedder import Vectors
from index.retrieval.engine import DAMAGED, OTHER_STORE, Nearest, Query, StandsAt, places_of_windows
from index.retrieval.lexical import FORMAT as KEYWORD_FORMAT
from index.retrieval.lexical import query_stems, stems_of
from index.retrieval.milvus_client import BOUNDED, STRONG, MilvusCollections, Row, State
from index.retrieval.queries import STATEMENT_FORMAT
from index.store.statements import Change, Checkpoint

# A cluster lets a "bounded" search miss what was written in the last five seconds; a "strong" one waits for all of it.
SETTLED_SECONDS = 10

MUCH = 500  # rows of one turn that are worth indexing at once

Confirm = Callable[[], None]
Turn = Callable[[bool], AbstractContextManager[Confirm | None]]


@dataclass(frozen=True)
class MilvusView:
    """A collection, as far as it reaches now. What is written later may show; what is named here does."""

    collections: MilvusCollections
    state: State
    store_id: str
    seen_at: float  # by the steady clock
    dimensions: int

    @property
    def checkpoint(self) -> Checkpoint:
        """See View."""
        return Checkpoint(self.store_id, self.state.sequence)

    @property
    def is_whole(self) -> bool:
        """See View."""
        return self.state.is_whole

    @property
    def statements(self) -> int:
        """See View."""
        return self.state.statements

    def propose(self, queries: Sequence[Query], pool: int) -> list[Nearest]:
        """See View."""
        if not queries:
            return []
        name, consistency = self.state.collection, self._consistency()
        near = self.collections.nearest(name, np.concatenate([query.vectors for query in queries]), pool, consistency)
        words = self.collections.sharing(name, [query_stems(query.text) for query in queries], pool, consistency)
        keys = [
            {key for row in near[own] for key in row} | scores.keys()
            for scores, own in zip(words, places_of_windows(queries), strict=True)
        ]
        vectors = self.collections.vectors(name, sorted(set().union(*keys)), consistency)
        return [
            nearest(query, sorted(own & vectors.keys()), scores, vectors)
            for query, own, scores in zip(queries, keys, words, strict=True)
        ]

    def vectors(self, keys: Sequence[int]) -> Vectors:
        """See View."""
        found = self.collections.vectors(self.state.collection, keys, self._consistency())
        rows = np.zeros((len(keys), self.dimensions), np.float32)
        for place, key in enumerate(keys):
            if key in found:
                rows[place] = found[key]
        return rows

    def _consistency(self) -> str:
        return BOUNDED if time.monotonic() - self.seen_at > SETTLED_SECONDS else STRONG


def nearest(query: Query, keys: Sequence[int], words: Mapping[int, float], vectors: Mapping[int, Vectors]) -> Nearest:
    """What is near a query, measured against all its windows."""
    rows = np.array([vectors[key] for key in keys], np.float32).reshape(len(keys), query.vectors.shape[1])
    return Nearest(tuple(keys), query.vectors @ rows.T, np.array([words.get(key, 0.0) for key in keys]), rows)


class MilvusEngine:
    """The engine in a Milvus, for vectors of one model. `turn` is the right to write, among all who share the store."""

    def __init__(self, collections: MilvusCollections, model_id: str, dimensions: int, turn: Turn) -> None:
        self.collections, self.dimensions, self._turn = collections, dimensions, turn
        made = f"{model_id}|{dimensions}|{KEYWORD_FORMAT}|{STATEMENT_FORMAT}"
        self._made = hashlib.sha256(made.encode()).hexdigest()[:8]
        self._lock = threading.Lock()
        self._view: MilvusView | None = None
        self._damaged: str | None = None  # a collection in which rows are missing; whoever writes next begins anew
        self._gone: str | None = None  # one that is not there any more

    def view(self, stands_at: StandsAt) -> MilvusView:
        """See Engine."""
        store_id = stands_at().store_id
        state = self.collections.state(self.state_id(store_id))
        if state is None:
            raise IndexUnavailable("The index was not built yet.")
        if state.sequence > stands_at().sequence:
            raise IndexUnavailable(OTHER_STORE)
        if state.collection == self._gone:
            raise IndexUnavailable(DAMAGED)
        with self._lock:
            if self._view is None or self._view.state != state:
                self._view = MilvusView(self.collections, state, store_id, time.monotonic(), self.dimensions)
            return self._view

    @contextmanager
    def writing(self, stands_at: StandsAt, *, anew: bool = False, wait: bool = True) -> Iterator[MilvusWriter | None]:
        """See Engine."""
        with self._turn(wait) as confirm:
            if confirm is None:
                yield None
                return
            store_id = stands_at().store_id
            id = self.state_id(store_id)
            state = self.collections.state(id)
            ahead = state is not None and state.sequence > stands_at().sequence
            lost = state is not None and state.collection == self._damaged
            writer = MilvusWriter(self, store_id, confirm, state, goes_on=not (anew or ahead or lost))
            yield writer
            writer.settle()

    def is_sound(self) -> bool:
        """See Engine. Milvus looks after its files itself; whether all rows are there is asked when nobody writes."""
        view = self._view
        if view is None:
            return True
        with self._turn(False) as confirm:
            state = self.collections.state(self.state_id(view.store_id)) if confirm else None
            if state is None:
                return True
            if not self.collections.has(state.collection):
                self._gone = state.collection
            elif self.collections.count(state.collection) == state.statements:
                return True
            self._damaged = state.collection
        return False

    def close(self) -> None:
        """See Engine."""
        self.collections.close()

    def state_id(self, store_id: str) -> str:
        """Names what is in force for a store, a model and the formats; collections begin with it as well."""
        return f"gegencheck_{store_id}_{self._made}"


class MilvusWriter:
    """Writes to the collection in force, or to a new one that takes its place when it is whole."""

    def __init__(
        self, engine: MilvusEngine, store_id: str, confirm: Confirm, in_force: State | None, *, goes_on: bool
    ) -> None:  # fmt: skip
        self._engine, self._collections = engine, engine.collections
        self.store_id, self._id = store_id, engine.state_id(store_id)
        self._confirm, self._in_force = confirm, in_force
        self._state = in_force if goes_on else None
        self._written = 0

    @property
    def sequence(self) -> int:
        """See Writer."""
        return self._state.sequence if self._state else 0

    @property
    def is_whole(self) -> bool:
        """See Writer."""
        return self._state is not None and self._state.is_whole

    def apply(self, changes: Sequence[Change], vectors: Vectors, sequence: int, *, is_whole: bool) -> None:
        """See Writer. Rows first, then the state: what was written before a crash is written again, to the same end."""
        state = self._state or self._begin()
        live = [change.statement for change in changes if change.statement is not None]
        rows = [Row(each.key, vector, stems_of(each)) for each, vector in zip(live, vectors, strict=True)]
        self._confirm()
        self._collections.put(state.collection, rows)
        self._written += len(rows)
        self._collections.remove(state.collection, [change.key for change in changes if change.statement is None])
        count = self._collections.count(state.collection)
        reached = replace(state, sequence=sequence, statements=count, is_whole=state.is_whole or is_whole, former="")
        self._state = self._note(state, reached)

    def _note(self, before: State, reached: State) -> State:
        """Put a state in force, unless it is that of a build from nothing and what is in force is whole."""
        in_force = self._in_force
        if in_force is not None and in_force.collection != reached.collection:
            if in_force.is_whole and not reached.is_whole:
                return reached
            reached = replace(reached, former=in_force.collection)
        self._confirm()
        self._collections.put_state(reached)
        self._in_force = reached
        if before.former:
            self._collections.drop(before.former)  # whoever searched it asks for the new state, now that it changed
        return reached

    def merge(self) -> None:
        """See Writer: Milvus does so by itself."""

    def settle(self) -> None:
        """Have what was written indexed, where it is much."""
        if self._state is not None and self._written >= MUCH:
            self._collections.settle(self._state.collection)

    def _begin(self) -> State:
        self._clear_away()
        name = f"{self._id}_{secrets.token_hex(4)}"
        self._collections.create(name, self._engine.dimensions)
        return State(self._id, name, 0, 0, is_whole=False)

    def _clear_away(self) -> None:
        """Remove what builds left that broke off."""
        in_force = self._in_force.collection if self._in_force else None
        for name in self._collections.names():
            if name.startswith(f"{self._id}_") and name != in_force:
                self._collections.drop(name)
