"""What was read in texts while a check or a search lasts, so that none is read again for each of its pairs.

Texts that people check must not outlive their check, so there is nothing of the kind for the whole process.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import TypeVar

Found = TypeVar("Found")

_MEMORY: ContextVar[dict[Hashable, object] | None] = ContextVar("_MEMORY", default=None)


@contextmanager
def texts_remembered() -> Iterator[None]:
    """Keep what is read in texts, on this thread, until the end of the outermost of these blocks."""
    if _MEMORY.get() is not None:
        yield
        return
    token = _MEMORY.set({})
    try:
        yield
    finally:
        _MEMORY.reset(token)


def remembered(read: Callable[..., Found]) -> Callable[..., Found]:
    """A pure function of texts that asks the memory first; outside of `texts_remembered` it is called each time."""

    @wraps(read)
    def asked(*texts: str) -> Found:
        memory = _MEMORY.get()
        if memory is None:
            return read(*texts)
        key = (read, texts)
        if key not in memory:
            memory[key] = read(*texts)
        return memory[key]  # type: ignore[return-value]

    return asked
