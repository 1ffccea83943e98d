"""The index as the application holds it: opened when it is first needed, so that starting takes no time."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

from index.errors import IndexFault, IndexUnavailable
from index.model.embedder import Embedder
from index.pairs.protocol import PairModel
from index.pairs.site import AS_SHIPPED, SiteCalibration
from index.retrieval.builder import Progress
from index.retrieval.live_index import IndexStatus, LiveIndex
from index.retrieval.search import StatementIndex
from index.store.statements import StatementStore

GLANCE_SECONDS = 1.0  # longer than a prepared model takes on an idle machine
RETRY_SECONDS = 10  # a model that could not be opened is not tried again sooner


class DeferredIndex:
    """A LiveIndex whose model is loaded when first needed, so that the port opens and `keys list` answers at once.

    Whoever comes first loads it. Meanwhile others are told that it is loading; builders wait. `site_of` says what sets
    the confidences of a pair model right here.
    """

    def __init__(
        self,
        store: StatementStore,
        open_index: Callable[[], LiveIndex],
        site_of: Callable[[PairModel], SiteCalibration] = lambda _model: AS_SHIPPED,
    ) -> None:
        self._store, self._open_index, self._site_of = store, open_index, site_of
        self._calibrated: tuple[StatementIndex, StatementIndex] | None = None  # as it ships, and as it is set right
        self._opening = threading.Lock()
        self._live: LiveIndex | None = None
        self._fault: tuple[float, IndexFault] | None = None

    @property
    def embedder(self) -> Embedder:
        """The one that the index was built with. Raises like `current`."""
        return self._opened(wait=False).embedder

    def current(self) -> StatementIndex:
        """The index in force. Raises IndexUnavailable, also while it is loading, or ModelUnavailable."""
        index = self._opened(wait=False).current()
        site = self._site_of(index.pair_model)
        if site == index.site:
            self._calibrated = None
            return index
        held = self._calibrated
        if held is None or held[0] is not index or held[1].site != site:
            self._calibrated = held = (index, index.calibrated(site))  # the same object as long as nothing changes
        return held[1]

    def status(self, wait: bool = False) -> IndexStatus:
        """Whether the index answers for the store as it is now; not while it is loading, unless that is waited for."""
        try:
            return self._opened(wait).status()
        except IndexFault as fault:
            return IndexStatus(False, None, str(self._store.checkpoint()), 0, str(fault))

    def is_sound(self) -> bool:
        """Whether the index on disk is still what was written, read again. Raises like `current`."""
        return self._opened(wait=False).is_sound()

    def update(self, progress: Progress | None = None) -> None:
        """Bring the index up to date. Raises IndexFault."""
        self._opened(wait=True).update(progress)

    def rebuild(self, progress: Progress | None = None) -> None:
        """Build the index from nothing. Raises IndexFault."""
        self._opened(wait=True).rebuild(progress)

    def close(self) -> None:
        """End what goes on beside."""
        if self._live is not None:
            self._live.close()

    def _opened(self, wait: bool) -> LiveIndex:
        if self._live is not None:
            return self._live
        if wait:
            with self._opening:
                if self._live is None:
                    self._live = self._open()
                return self._live
        opened = None if self._opening.locked() else self._open_beside()
        if opened is None:
            raise IndexUnavailable("The index is being loaded.")
        return opened

    def _open_beside(self) -> LiveIndex | None:
        """Open it without keeping whoever asks for longer than GLANCE_SECONDS. Raises IndexFault where that fails."""
        faults: list[IndexFault] = []

        def open_it() -> None:
            try:
                self._opened(wait=True)
            except IndexFault as fault:
                faults.append(fault)

        opening = threading.Thread(target=open_it, daemon=True, name="open-index")
        opening.start()
        opening.join(GLANCE_SECONDS)
        if faults:
            raise faults[0]
        return self._live

    def _open(self) -> LiveIndex:
        if self._fault and time.monotonic() - self._fault[0] < RETRY_SECONDS:
            raise self._fault[1]
        try:
            return self._open_index()
        except IndexFault as fault:
            self._fault = (time.monotonic(), fault)
            raise
