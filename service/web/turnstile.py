"""The turnstile before calls that compute: a few at once, some more in line, everybody else told at once to come again.

The line goes round the keys, so that nobody's many calls stand before another's one; short calls (a person waits) go
before long ones, which get every fifth turn all the same, and never all the places.
"""

from __future__ import annotations

import math
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field

from service.errors import ServiceBusy, TooManyRequests

TURNS_OF_SHORT = 4  # before a long call gets one
FIRST_GUESS_SECONDS = {False: 0.1, True: 1.0}  # how long a short call, and a long one, takes
MOST_RETRY_SECONDS = 60
LIKELY = 0.5  # of the longest wait; who would have to hope for more is told at once instead
RECENT = 0.2  # weight of the newest call in how long they take


@dataclass(eq=False, slots=True)
class Ticket:
    """A call in line; `called` is set when it is its turn."""

    owner: str
    is_long: bool
    called: threading.Event = field(default_factory=threading.Event)


class Line:
    """Tickets in the order of their turns. Knows no threads and no time."""

    def __init__(self) -> None:
        self._waiting: dict[bool, OrderedDict[str, deque[Ticket]]] = {False: OrderedDict(), True: OrderedDict()}
        self._short_turns = 0

    def __len__(self) -> int:
        """How many wait."""
        return self.count(False) + self.count(True)

    def count(self, is_long: bool) -> int:
        """How many short ones, or long ones, wait."""
        return sum(len(tickets) for tickets in self._waiting[is_long].values())

    def count_of(self, owner: str) -> int:
        """How many of one key wait."""
        return sum(len(keys[owner]) for keys in self._waiting.values() if owner in keys)

    def add(self, ticket: Ticket) -> None:
        """Put a ticket behind its key's others; a key that had none comes last."""
        self._waiting[ticket.is_long].setdefault(ticket.owner, deque()).append(ticket)

    def remove(self, ticket: Ticket) -> None:
        """Take out one that waits no longer."""
        keys = self._waiting[ticket.is_long]
        keys[ticket.owner].remove(ticket)
        if not keys[ticket.owner]:
            del keys[ticket.owner]

    def next(self, long_too: bool) -> Ticket | None:
        """Take out whose turn it is; None where nobody waits, or only long ones while there is no place for those."""
        short, long = self._waiting[False], self._waiting[True]
        takes_long = bool(long) and long_too and (not short or self._short_turns >= TURNS_OF_SHORT)
        if not takes_long and not short:
            return None
        self._short_turns = 0 if takes_long else self._short_turns + 1
        keys = long if takes_long else short
        owner, tickets = next(iter(keys.items()))
        found = tickets.popleft()
        keys.move_to_end(owner)
        if not tickets:
            del keys[owner]
        return found


class Turnstile:
    """`places` calls compute at once and `waiting` wait, of each key `waiting_each`; nobody waits over `seconds`."""

    def __init__(
        self,
        places: int,
        waiting: int,
        waiting_each: int,
        seconds: float,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.places, self.waiting, self.waiting_each, self.seconds = max(places, 1), waiting, waiting_each, seconds
        self._clock = clock
        self._lock = threading.Lock()
        self._line = Line()
        self._inside = {False: 0, True: 0}
        self._takes = dict(FIRST_GUESS_SECONDS)

    @contextmanager
    def turn(
        self, owner: str, is_long: bool, waiting: Callable[[], AbstractContextManager[None]] = nullcontext
    ) -> Iterator[None]:
        """Wait for a turn, inside `waiting`, and keep it for a while. Raises ServiceBusy, TooManyRequests."""
        self._enter(Ticket(owner, is_long), waiting)
        began = self._clock()
        try:
            yield
        finally:
            self._leave(is_long, self._clock() - began)

    def _enter(self, ticket: Ticket, waiting: Callable[[], AbstractContextManager[None]]) -> None:
        with self._lock:
            self._line.add(ticket)
            self._call()
            if ticket.called.is_set():
                return
            try:
                self._check(ticket)
            except (ServiceBusy, TooManyRequests):
                self._line.remove(ticket)
                raise
        with waiting():
            if ticket.called.wait(self.seconds):
                return
        with self._lock:
            if ticket.called.is_set():  # in the very last moment
                return
            self._line.remove(ticket)
            retry_after = self._retry_after(ticket.is_long)
        raise ServiceBusy("The service had no time for this call: try again later.", retry_after)

    def _check(self, ticket: Ticket) -> None:
        """Whether a ticket may stay in line. Raises TooManyRequests, ServiceBusy."""
        retry_after = self._retry_after(ticket.is_long)
        if self._line.count_of(ticket.owner) > self.waiting_each:
            raise TooManyRequests(
                f"{self.waiting_each} calls of this key are waiting already: send fewer at once.", retry_after
            )
        if len(self._line) > self.waiting or self._expected(ticket.is_long) > self.seconds * LIKELY:
            raise ServiceBusy("The service is too busy: try again later.", retry_after)

    def _leave(self, is_long: bool, took: float) -> None:
        with self._lock:
            self._inside[is_long] -= 1
            self._takes[is_long] += RECENT * (took - self._takes[is_long])
            self._call()

    def _call(self) -> None:
        while sum(self._inside.values()) < self.places:
            found = self._line.next(long_too=self._inside[True] < max(self.places - 1, 1))
            if found is None:
                return
            self._inside[found.is_long] += 1
            found.called.set()

    def _expected(self, is_long: bool) -> float:
        """Seconds until all that wait before such a call have had their turn."""
        ahead = self._line.count(False) * self._takes[False]
        if not is_long:
            return ahead / self.places
        return ahead / self.places + self._line.count(True) * self._takes[True] / max(self.places - 1, 1)

    def _retry_after(self, is_long: bool) -> int:
        return min(max(math.ceil(self._expected(is_long)), 1), MOST_RETRY_SECONDS)
