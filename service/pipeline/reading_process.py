"""The inside of a process that reads: its limits, its end with the service, and its one loop.

Kept light, for each line here is paid when a process starts. What it reads with is loaded already (warmed.py).
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import resource
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

READY = b"ready"
OUT_OF_MEMORY = b"out of memory"  # no pickle begins so
SPARE_SECONDS = 2  # of processor time beyond the limit: the service kills first, the system where the service cannot


@dataclass(frozen=True, slots=True)
class Limits:
    """What one step may cost: seconds, by the clock and of processor time, and bytes of memory in all."""

    seconds: int
    memory: int


def serve_steps(pipe: Connection, limits: Limits) -> None:
    """Do one step after another until the pipe ends; out of memory it says so and ends, so that a fresh one follows."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the service, which ends this one
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))  # a core file would hold what people read
    resource.setrlimit(resource.RLIMIT_DATA, (limits.memory, limits.memory))
    threading.Thread(target=leave_with_parent, daemon=True, name="leave-with-parent").start()
    pipe.send_bytes(READY)
    while True:
        try:
            asked = pipe.recv_bytes()
        except EOFError:
            return
        grant_seconds(limits.seconds + SPARE_SECONDS)
        answer = answer_to(asked)
        pipe.send_bytes(answer or OUT_OF_MEMORY)
        if not answer:
            return


def answer_to(asked: bytes) -> bytes:
    """(fault, None) or (None, result) of a pickled step, pickled; nothing where the memory did not suffice."""
    try:
        step, given, named = pickle.loads(asked)  # noqa: S301 - the service wrote it
        del asked
        return pickle.dumps(outcome_of(step, given, named))
    except MemoryError:
        return b""  # what filled the memory is let go only when this function returns
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
    """A fault as it can travel: itself where it survives the journey, else its name.

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
