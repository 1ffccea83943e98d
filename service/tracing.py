"""Spans: how long a request, a job, a check and each of its stages take, for whoever collects that. By default nobody.

What a span is told is a code, a number or a route: never a text, an address, a reference or a key.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

Fact = str | int | float | bool


class Span(Protocol):
    """Something that is going on."""

    def note(self, **facts: Fact) -> None:
        """Keep what became known of it."""

    def fail(self, code: str) -> None:
        """Keep that it failed, by a code or the name of an error's class: messages may quote what somebody reads."""


class Tracer(Protocol):
    """Begins spans. A span that is begun inside another one is a part of it."""

    def span(self, name: str, **facts: Fact) -> AbstractContextManager[Span]:
        """Something that goes on as long as the context. An exception that leaves it is a failure."""

    def close(self) -> None:
        """Hand over what was kept."""


class NoSpan:
    """Nothing is kept."""

    def note(self, **facts: Fact) -> None:
        """Nothing."""

    def fail(self, code: str) -> None:
        """Nothing."""


class Untraced:
    """No spans: nobody asked for them."""

    _NONE = NoSpan()

    @contextmanager
    def span(self, name: str, **facts: Fact) -> Iterator[Span]:  # noqa: ARG002 - those who collect them use both
        """One that keeps nothing."""
        yield self._NONE

    def close(self) -> None:
        """Nothing."""


def code_of(error: BaseException) -> str:
    """An error without its message."""
    return str(getattr(error, "code", "") or type(error).__name__)
