"""LiveIndex: the index in force in this process, kept equal to the store: a few changes at once, many beside."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from index.errors import IndexFault, IndexUnavailable
from index.model.embedder import Embedder
from index.models import Statement
from index.pairs.protocol import PairModel
from index.retrieval.builder import IndexBuilder, Progress
from index.retrieval.engine import Engine, View
from index.retrieval.search import Lookup, StatementIndex
from index.store.statements import Checkpoint, StatementStore

log = logging.getLogger(__name__)

FEW = 64  # changed statements that whoever searches next applies first: a third of a second
STOP_SECONDS = 10
RETRY_SECONDS = 10  # after a fault

BEHIND = "Statements changed; they are being brought into the index."
UNFINISHED = "The index is being built."


@dataclass(frozen=True)
class IndexStatus:
    """Whether the index answers, for which state of the store, and what it does not know yet.

    It is ready once it held everything; `behind` are the statements changed since, and `reason` says what is lacking.
    """

    ready: bool
    checkpoint: str | None
    store_checkpoint: str
    statements: int
    reason: str
    behind: int = 0


def today_in_utc() -> date:
    """The day by which statements hold or not."""
    return datetime.now(UTC).date()


class Stopped(IndexUnavailable):
    """The index was closed while it was brought up to date."""


class LiveIndex:
    """The index in force in this process; `current()` before every search."""

    def __init__(
        self,
        store: StatementStore,
        embedder: Embedder,
        pair_model: PairModel,
        engine: Engine,
        min_confidence: float | None = None,
        today: Callable[[], date] = today_in_utc,
    ) -> None:
        self.today = today
        self.store, self.embedder, self.pair_model, self.engine = store, embedder, pair_model, engine
        self.min_confidence = pair_model.min_confidence if min_confidence is None else min_confidence
        self._builder = IndexBuilder(store, embedder, engine, self._go_on)
        self._lock = threading.Lock()
        self._index: StatementIndex | None = None
        self._updating: threading.Thread | None = None
        self._stopped = False
        self._fault_at: float | None = None

    # ------------------------------------------------------------ reading

    def current(self) -> StatementIndex:
        """The index of the store's present state; the last one where it is far behind. Raises IndexUnavailable."""
        checkpoint, index = self.store.checkpoint(), self._index
        if index is not None and answers_for(index.view, checkpoint):
            return index
        with self._lock:
            self._let_go_of_another(checkpoint)
            index = self._newest()
            if answers_for(index.view, checkpoint):
                return index
            if not self._caught_up():
                self._update_beside()
            return self._newest()

    def status(self) -> IndexStatus:
        """Ready where it answers for all statements but those that changed a moment ago."""
        checkpoint = self.store.checkpoint()
        try:
            self.current()
            with self._lock:
                view = self._newest().view  # asked for again: an engine elsewhere may have gone
        except IndexUnavailable as error:
            return IndexStatus(False, None, str(checkpoint), 0, str(error))
        behind = self.store.count_changes(view.checkpoint.sequence)
        reason = UNFINISHED if not view.is_whole else BEHIND if behind else ""
        return IndexStatus(view.is_whole, str(view.checkpoint), str(checkpoint), view.statements, reason, behind)

    def is_sound(self) -> bool:
        """Whether the index is still what was written; where it is not, `update` builds it anew.

        What is in memory goes on answering meanwhile, unless it reads from what changed.
        """
        sound = self.engine.is_sound()
        if not sound:
            with self._lock:
                self._index = None  # asked for again: the engine knows whether it still answers
        return sound

    def _newest(self) -> StatementIndex:
        view = self.engine.view(self.store.checkpoint)
        if self._index is None or self._index.view != view:
            self._index = StatementIndex(self.embedder, self.pair_model, self._lookup(view), view, self.min_confidence)
        return self._index

    def _lookup(self, view: View) -> Lookup:
        """The statements of the store that a view answers for: in another one the same keys mean others.

        Those whose period has not begun or is over match nothing, as if they were not there.
        """
        store_id = view.checkpoint.store_id

        def look_up(keys: Sequence[int]) -> dict[int, Statement]:
            today = self.today()
            found = self.store.by_keys(keys, store_id)
            return {key: statement for key, statement in found.items() if statement.is_valid_on(today)}

        return look_up

    def _let_go_of_another(self, checkpoint: Checkpoint) -> None:
        """Forget an index whose store another one has taken the place of, and build that one's beside."""
        if self._index is not None and self._index.view.checkpoint.store_id != checkpoint.store_id:
            self._index = None
            self._update_beside()

    # ------------------------------------------------------------ writing

    def update(self, progress: Progress | None = None) -> None:
        """Apply what changed since. Raises IndexUnavailable, StoreUnavailable."""
        self._builder.update(progress)

    def rebuild(self, progress: Progress | None = None) -> None:
        """Build from nothing and swap. Raises like `update`."""
        self._builder.rebuild(progress)

    def close(self) -> None:
        """End what goes on beside, within STOP_SECONDS."""
        self._stopped = True
        if self._updating is not None:
            self._updating.join(STOP_SECONDS)
        self.engine.close()

    def _go_on(self) -> None:
        if self._stopped:
            raise Stopped("The index is being closed.")

    def _caught_up(self) -> bool:
        """Apply a few changes; False where there are many. What cannot be written now is left to the next."""
        if self._fault_at is not None and time.monotonic() - self._fault_at < RETRY_SECONDS:
            return True
        try:
            return self._builder.catch_up(FEW)
        except IndexFault as fault:
            self._note(fault)
            return True

    def _update_beside(self) -> None:
        if self._updating is None or not self._updating.is_alive():
            self._updating = threading.Thread(target=self._update_quietly, daemon=True, name="update-index")
            self._updating.start()

    def _update_quietly(self) -> None:
        try:
            self._builder.update()
        except Stopped:
            pass
        except IndexFault as fault:
            self._note(fault)

    def _note(self, fault: IndexFault) -> None:
        self._fault_at = time.monotonic()
        log.error("the index could not be brought up to date: %s", fault)


def answers_for(view: View, checkpoint: Checkpoint) -> bool:
    """Whether a view holds all that its store did at a checkpoint."""
    held = view.checkpoint
    return held.store_id == checkpoint.store_id and held.sequence >= checkpoint.sequence
