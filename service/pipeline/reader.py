"""Reader: parses what strangers wrote where it can do no harm, in separate processes with limits.

Each process is forked from a server that is warmed once and never ran any page, so a new one costs milliseconds; a page
that kills its process, or has to be killed with it, takes nothing else along. Every process has a pipe of its own: no
lock is shared that one of them could take with it when it dies.
"""

from __future__ import annotations

import contextlib
import copy
import multiprocessing
import pickle
import queue
import signal
import threading
from collections.abc import Callable
from functools import cache
from multiprocessing.context import ForkServerContext
from typing import ParamSpec, Protocol, TypeVar

from service.config import Settings
from service.errors import GegencheckError, PageCrashesReader, PageTooComplex, ReaderUnavailable
from service.pipeline.reading_process import OUT_OF_MEMORY, READY, Limits, serve_steps

Given = ParamSpec("Given")
Found = TypeVar("Found")

ASKING_SECONDS = 0.5  # how often somebody who waits is asked whether the page is still wanted
START_SECONDS = 60  # the first process waits for the libraries to load, on a busy machine too
MAX_READS = 500  # of one process; then a new one takes over, since libraries keep some of what they have seen


GoOn = Callable[[], None]


def always() -> None:
    """Wanted to the end."""


class ReaderClosed(GegencheckError):
    """The service is stopping: nothing is read any more."""


class Reader(Protocol):
    """Runs a step of the pipeline that parses foreign content; many threads may ask at once."""

    def read(self, step: Callable[Given, Found], *given: Given.args, **named: Given.kwargs) -> Found:
        """What `step` (a function of a module) returns or raises. Raises PageTooComplex, PageCrashesReader."""

    def asking(self, go_on: GoOn) -> Reader:
        """This reader for a caller that may cancel: `go_on` is called meanwhile, and ends the reading by raising."""

    def warm(self) -> None:
        """Get ready beside other work, so that the first page need not wait."""

    def close(self) -> None:
        """Stop, whatever is being read."""


class DirectReader:
    """Reads in the calling process, without limits: a crash ends the whole program. For tests and comparing."""

    def read(self, step: Callable[Given, Found], *given: Given.args, **named: Given.kwargs) -> Found:
        """See Reader."""
        return step(*given, **named)

    def asking(self, go_on: GoOn) -> Reader:  # noqa: ARG002
        """See Reader; nothing can be asked while this process reads."""
        return self

    def warm(self) -> None:
        """See Reader."""

    def close(self) -> None:
        """See Reader."""


class ProcessReader:
    """Reads in `settings.readers` processes; each page has its limits, and each may cost no more than its process."""

    def __init__(self, settings: Settings) -> None:
        limits = Limits(settings.read_seconds, settings.read_memory)
        self._seat(settings.readers, limits)

    @classmethod
    def for_pictures(cls, settings: Settings) -> ProcessReader:
        """Reads pictures, which take longer and more memory, so that no page waits for one."""
        made = cls.__new__(cls)
        made._seat(settings.picture_readers, Limits(settings.picture_seconds, settings.picture_memory))
        return made

    def _seat(self, readers: int, limits: Limits) -> None:
        self._seats = [Seat(limits) for _ in range(max(readers, 1))]
        # The last one used comes first: its process runs and its memory is warm.
        self._free: queue.LifoQueue[Seat] = queue.LifoQueue()
        for seat in self._seats:
            self._free.put(seat)
        self._go_on = always

    def read(self, step: Callable[Given, Found], *given: Given.args, **named: Given.kwargs) -> Found:
        """See Reader. Waits while all processes read."""
        asked = pickle.dumps((step, given, named))
        seat = self._free_seat()
        try:
            try:
                answer = seat.ask(asked, self._go_on)
            except (PageCrashesReader, ReaderUnavailable):
                # Perhaps it was killed from outside, through no fault of the page: once more.
                answer = seat.ask(asked, self._go_on)
        finally:
            self._free.put(seat)
        fault, found = pickle.loads(answer)  # noqa: S301 - our own process wrote it
        if fault is not None:
            raise fault
        return found  # type: ignore[no-any-return]

    def asking(self, go_on: GoOn) -> Reader:
        """See Reader."""
        same = copy.copy(self)  # with the same processes
        same._go_on = go_on
        return same

    def _free_seat(self) -> Seat:
        while True:
            with contextlib.suppress(queue.Empty):
                return self._free.get(timeout=ASKING_SECONDS)
            self._go_on()

    def warm(self) -> None:
        """See Reader."""

        def start() -> None:
            with contextlib.suppress(GegencheckError):  # whoever reads the first page will hear it
                self.read(int)

        threading.Thread(target=start, daemon=True, name="warm-reader").start()

    def close(self) -> None:
        """See Reader."""
        for seat in self._seats:
            seat.close()


class Seat:
    """Room for one process, which starts when it is first needed and is replaced when it is gone or worn."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._process: ReadingProcess | None = None
        self._closed = False

    def ask(self, asked: bytes, go_on: GoOn) -> bytes:
        """The answer to one pickled step. Raises PageTooComplex, PageCrashesReader, ReaderClosed, ReaderUnavailable.

        What `go_on` raises ends the process too, whatever it is doing.
        """
        if self._process is None:
            self._process = ReadingProcess(self._limits)
        try:
            if self._closed:
                raise ReaderClosed("The service is stopping.")
            answer = self._process.ask(asked, go_on)
        except GegencheckError as fault:
            self._end()
            raise ReaderClosed("The service is stopping.") if self._closed else fault from None
        except BaseException:
            self._end()
            raise
        if self._process.reads >= MAX_READS:
            self._end()
        return answer

    def close(self) -> None:
        """End the process, also while another thread waits for it."""
        self._closed = True
        if self._process is not None:
            self._process.kill()

    def _end(self) -> None:
        if self._process is not None:
            self._process.end()
            self._process = None


class ReadingProcess:
    """A process that reads, and the pipe to it. Asked by one thread at a time.

    Raises ReaderUnavailable where it does not start.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits, self.reads = limits, 0
        context = fork_server()
        self._pipe, theirs = context.Pipe()
        self._process = context.Process(
            target=serve_steps, args=(theirs, limits), daemon=True, name="gegencheck-reader"
        )
        try:
            self._process.start()
            theirs.close()
            if not self._pipe.poll(START_SECONDS) or self._pipe.recv_bytes() != READY:
                raise EOFError
        except (OSError, EOFError):
            self.end()
            raise ReaderUnavailable("No process could be started to read this: try again soon.") from None

    def ask(self, asked: bytes, go_on: GoOn) -> bytes:
        """The answer to one pickled step. Raises PageTooComplex or PageCrashesReader, and what `go_on` raises.

        Then the process is of no use.
        """
        self.reads += 1
        late = threading.Event()

        def stop() -> None:
            late.set()
            self.kill()

        # Killing it is what ends sending and waiting alike, whatever state the process is in.
        timer = threading.Timer(self._limits.seconds, stop)
        timer.daemon = True
        timer.start()
        try:
            self._pipe.send_bytes(asked)
            while not self._pipe.poll(ASKING_SECONDS):
                go_on()
            return self._pipe.recv_bytes()
        except (EOFError, OSError):
            self._process.join(START_SECONDS)
            if late.is_set() or self._process.exitcode == -signal.SIGXCPU:
                raise PageTooComplex("Reading this took too long, so it was stopped.") from None
            if self._process.exitcode == OUT_OF_MEMORY:
                raise PageTooComplex("Reading this took too much memory, so it was stopped.") from None
            raise PageCrashesReader("The program that reads pages crashed over this one.") from None
        finally:
            timer.cancel()

    def kill(self) -> None:
        """End it at once; whoever waits for it hears that it is gone."""
        if self._process.pid is not None:
            self._process.kill()

    def end(self) -> None:
        """Let go of it, killed where it still runs."""
        self.kill()
        self._pipe.close()
        if self._process.pid is not None:
            self._process.join(START_SECONDS)


@cache
def fork_server() -> ForkServerContext:
    """Starts processes as forks of a server that holds the libraries already: never of this one and its threads."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["service.pipeline.warmed"])
    return context
