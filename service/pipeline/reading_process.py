"""The inside of a process that reads: its limits, its end with the service, and its one loop.

Kept light, for each line here is paid when a process starts. What it reads with is loaded already (warmed.py).
"""

from __future__ import annotations

import errno
import multiprocessing
import os
import pickle
import resource
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

READY = b"ready"
OUT_OF_MEMORY = errno.ENOMEM  # the exit status of a process that had not enough
SPARE_SECONDS = 2  # of processor time beyond the limit: the service kills first, the system where the service cannot


@dataclass(frozen=True, slots=True)
class Limits:
    """What one step may cost: seconds, by the clock and of processor time, and bytes beside what the libraries hold."""

    seconds: int
    memory: int


def serve_steps(pipe: Connection, limits: Limits) -> None:
    """Do one step after another until the pipe ends, or the memory: then a fresh process follows."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the service, which ends this one
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core file would hold what people read
    threading.Thread(target=leave_with_parent, daemon=True, name="leave-with-parent").start()
    most = memory_held() + limits.memory
    resource.setrlimit(resource.RLIMIT_DATA, (most, most))
    try:
        pipe.send_bytes(READY)
        while True:
            asked = pipe.recv_bytes()
            grant_seconds(limits.seconds + SPARE_SECONDS)
            pipe.send_bytes(answer_to(asked))
    except (EOFError, OSError):
        return  # the service is gone, perhaps in the midst of a word; a fault of the step itself was answered
    except MemoryError:
        os._exit(OUT_OF_MEMORY)


def answer_to(asked: bytes) -> bytes:
    """(fault, None) or (None, result) of a pickled step, pickled. Raises MemoryError."""
    try:
        step, given, named = pickle.loads(asked)  # noqa: S301 - the service wrote it
        return pickle.dumps(outcome_of(step, given, named))
    except MemoryError:
        raise
    except Exception as unpicklable:
        return pickle.dumps((plain(unpicklable), None))


def outcome_of(step: Callable[..., Any], given: Any, named: Any) -> tuple[BaseException | None, Any]:
    """What a step returned or raised. Raises MemoryError."""
    try:
        return None, step(*given, **named)
    except MemoryError:
        raise
    except BaseException as fault:
        return portable(fault), None


def portable(fault: BaseException) -> Exception:
    """A fault that can be sent to the service: itself where pickling keeps it, else its name.

    What is no Exception, such as a panic inside a library written in Rust, must not end a thread of the service.
    """
    if isinstance(fault, Exception):
        try:
            pickle.loads(pickle.dumps(fault))  # noqa: S301 - written in the same breath
        except Exception:
            return plain(fault)
        return fault
    return plain(fault)


def plain(fault: BaseException) -> RuntimeError:
    """A fault's name alone: its message may quote what somebody reads."""
    return RuntimeError(f"{type(fault).__module__}.{type(fault).__name__} while reading")


def memory_held() -> int:
    """Bytes of data that this process has now, as the system counts them for the limit."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[5])
    return pages * resource.getpagesize()


def grant_seconds(seconds: int) -> None:
    """Let the system kill this process after so many more seconds of processor time."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _, hard = resource.getrlimit(resource.RLIMIT_CPU)
    resource.setrlimit(resource.RLIMIT_CPU, (int(used.ru_utime + used.ru_stime) + 1 + seconds, hard))


def leave_with_parent() -> None:
    """End when the service is gone, however it ended; an idle process hears it from its pipe as well."""
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
    os._exit(1)
