"""Calls that wait for a turn at the same time are computed in one turn: a model reads eight texts in the time of three.

Whoever gets a turn takes along what others wait with, as much as one turn is for. Nobody waits for company.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Hashable, Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Generic, TypeVar

from service.errors import Overload

Item = TypeVar("Item")
Found = TypeVar("Found")

Turn = Callable[[], AbstractContextManager[None]]


@dataclass(eq=False, slots=True)
class Call(Generic[Item, Found]):
    """What one call asks for. `ended` is set when it was tried; nothing is `found` where that failed."""

    items: Sequence[Item]
    characters: int
    taken: bool = False
    found: list[Found] | None = None
    ended: threading.Event = field(default_factory=threading.Event)


class Together:
    """Puts calls of one kind together, so many items and characters at most."""

    def __init__(self, items: int, characters: int) -> None:
        self.items, self.characters = items, characters
        self._lock = threading.Lock()
        self._waiting: dict[Hashable, list[Call[Any, Any]]] = {}

    def compute(
        self,
        kind: Hashable,
        call: Call[Item, Found],
        work: Callable[[Sequence[Item]], Sequence[Found]],
        turn: Turn,
        resting: Turn,
    ) -> list[Found]:
        """What `work` finds for a call's items, in a `turn` of its own or in that of another call of this kind.

        Raises what `turn` and `work` raise. A fault that may be another call's concerns nobody else: each is then
        computed alone.
        """
        with self._lock:
            self._waiting.setdefault(kind, []).append(call)
        try:
            with turn():
                self._work(self._take(kind, call), work)
        except Overload:
            if self._withdraw(kind, call):
                raise
        if not call.ended.is_set():  # another call has it in hand
            with resting():
                call.ended.wait()
        if call.found is not None:
            return call.found
        with turn():
            return list(work(call.items))

    def _take(self, kind: Hashable, first: Call[Item, Found]) -> list[Call[Item, Found]]:
        """A call with others that came before or after it; none where it was taken already."""
        with self._lock:
            if first.taken:
                return []
            items, characters, taken = 0, 0, list[Call[Item, Found]]()
            for call in (first, *(other for other in self._waiting[kind] if other is not first)):
                items, characters = items + len(call.items), characters + call.characters
                if taken and (items > self.items or characters > self.characters):
                    break
                call.taken = True
                taken.append(call)
            self._keep(kind, taken)
            return taken

    def _withdraw(self, kind: Hashable, call: Call[Item, Found]) -> bool:
        """Take out a call that got no turn; False where another one took it along."""
        with self._lock:
            if call.taken:
                return False
            self._keep(kind, [call])
            return True

    def _keep(self, kind: Hashable, gone: Iterable[Call[Item, Found]]) -> None:
        left = [call for call in self._waiting[kind] if call not in gone]
        self._waiting[kind] = left
        if not left:
            del self._waiting[kind]

    @staticmethod
    def _work(calls: Sequence[Call[Item, Found]], work: Callable[[Sequence[Item]], Sequence[Found]]) -> None:
        try:
            if calls:
                found = iter(work([item for call in calls for item in call.items]))
                for call in calls:
                    call.found = list(islice(found, len(call.items)))
        except Exception:
            if len(calls) == 1:
                raise
        finally:
            for call in calls:
                call.ended.set()
