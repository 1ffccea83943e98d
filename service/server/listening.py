"""The server: takes every caller in, closes who has waited longest when there are too many."""

from __future__ import annotations

import errno
import logging
import time
from contextlib import suppress
from typing import Any

from waitress.adjustments import Adjustments
from waitress.server import MultiSocketServer, TcpWSGIServer
from waitress.task import ThreadedTaskDispatcher
from waitress.wasyncore import close_all

from service.server.answers import Question
from service.server.channel import Channel, Doing, Patience
from service.web.permits import PROBES

PROBE_THREADS = 2
ACCEPTED_AT_ONCE = 64
CLEANING_SECONDS = 0.5
RECEIVED_BYTES = 64 * 1024
IN_MEMORY_BYTES = 64 * 1024  # of a body or a reply; the rest lies in a temporary file
HEADER_BYTES = 64 * 1024
NO_LIMIT = 1 << 62
FILES_A_CONNECTION = 2  # its socket and, perhaps, a temporary file for its body
FILES_FOR_THE_REST = 256  # the index, the database, models, pages being fetched


class Dispatcher(ThreadedTaskDispatcher):  # type: ignore[misc]
    """Threads for all calls, and some of their own for those who ask whether the service is alive."""

    def __init__(self, threads: int) -> None:
        super().__init__()
        self.set_thread_count(threads)
        self.queue_logger.setLevel(logging.ERROR)  # a line for every call that waits would be a load of its own
        self._probes = ThreadedTaskDispatcher()
        self._probes.set_thread_count(PROBE_THREADS)

    def add_task(self, task: Channel | Question) -> None:
        """Have a call answered in a thread."""
        asked = isinstance(task, Channel) and task.requests and getattr(task.requests[0], "path", "") in PROBES
        if asked:
            self._probes.add_task(task)
        else:
            super().add_task(task)

    def shutdown(self, cancel_pending: bool = True, timeout: int = 5) -> bool:
        """Let what is being answered end."""
        self._probes.shutdown(cancel_pending, timeout)
        return bool(super().shutdown(cancel_pending, timeout))


class Server(TcpWSGIServer):  # type: ignore[misc]
    """waitress' server on one address."""

    channel_class = Channel
    patience = Patience()
    next_channel_cleanup: float

    def readable(self) -> bool:
        """Always true: when all places are taken, a newcomer gets the place of the one that has waited longest."""
        now = time.monotonic()
        if now >= self.next_channel_cleanup:
            self.next_channel_cleanup = now + CLEANING_SECONDS
            self.maintenance(now)
        return bool(self.accepting)

    def maintenance(self, now: float) -> None:
        """End the connections that are late."""
        for channel in list(self.active_channels.values()):
            if channel.is_late(now):
                channel.give_up()

    def handle_accept(self) -> None:
        """Take in whoever is at the door."""
        for _ in range(ACCEPTED_AT_ONCE):
            before = len(self.active_channels)
            super().handle_accept()
            if len(self.active_channels) == before:
                break  # nobody else, or no file left for one
        self.make_room()

    def accept(self) -> Any:
        """The next connection, or None; where the system has no file left for it, one is made free first."""
        try:
            return super().accept()
        except OSError as error:
            if error.errno in (errno.EMFILE, errno.ENFILE) and self._close(1):
                return super().accept()
            raise

    def make_room(self) -> None:
        """Close connections until as many are left as there may be."""
        surplus = len(self._map) - self.adj.connection_limit
        if surplus > 0:
            self._close(surplus)

    def _close(self, number: int) -> bool:
        found = choose_to_close([each for each in self._map.values() if isinstance(each, Channel)], number)
        for each in found:
            each.handle_close()
        return bool(found)

    def add_question(self, question: Question) -> None:
        """Have the door asked in a thread."""
        self.task_dispatcher.add_task(question)


def choose_to_close(channels: list[Channel], number: int = 1) -> list[Channel]:
    """The connections that have waited longest, from the address with most of them; never one that is being served.

    All at once where it is to be several: who is looked at costs more than who is chosen, and nobody is answered
    meanwhile.
    """
    queues: dict[str, list[tuple[Doing, float, int]]] = {}
    for place, each in enumerate(channels):
        doing = each.doing
        if doing is not Doing.SERVED:
            queues.setdefault(each.addr[0], []).append((doing, each.waiting_since, place))
    for queue in queues.values():
        queue.sort(reverse=True)
    chosen: list[Channel] = []
    while queues and len(chosen) < number:
        # Of each address its first, as (doing, -connections, since): the others of it come behind that one.
        address = min(queues, key=lambda name: (queues[name][-1][0], -len(queues[name]), queues[name][-1][1]))
        chosen.append(channels[queues[address].pop()[2]])
        if not queues[address]:
            del queues[address]
    return chosen


def allow_files(connections: int) -> int:
    """Raise this process' limit on open files; returns for how many connections it then is enough."""
    import resource

    wanted = connections * FILES_A_CONNECTION + FILES_FOR_THE_REST
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
    if soft != resource.RLIM_INFINITY and soft < most:
        with suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))
            soft = most
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return connections
    return max((soft - FILES_FOR_THE_REST) // FILES_A_CONNECTION, 16)


def open_server(
    application: Any, threads: int, connections: int, patience: Patience | None = None, **adjustments: Any
) -> Any:
    """A server that listens; `run()` answers, `close()` ends it. Raises OSError where the address is taken."""
    adj = Adjustments(
        threads=threads,
        connection_limit=connections + 2,  # waitress counts its own two as well
        asyncore_use_poll=True,  # select() knows no file beyond the 1024th
        backlog=1024,
        recv_bytes=RECEIVED_BYTES,
        inbuf_overflow=IN_MEMORY_BYTES,
        outbuf_overflow=IN_MEMORY_BYTES,
        max_request_header_size=HEADER_BYTES,
        max_request_body_size=NO_LIMIT,  # each body has its own (parser.py)
        **adjustments,
    )
    dispatcher = Dispatcher(threads)
    sockets: dict[int, Any] = {}
    try:
        servers = [
            Server(application, sockets, dispatcher=dispatcher, adj=adj, sockinfo=listened) for listened in adj.listen
        ]
    except OSError:
        dispatcher.shutdown(timeout=1)
        close_all(sockets)
        raise
    for each in servers:
        each.patience = patience or each.patience
    if len(servers) == 1:
        return servers[0]
    addresses = [(each.effective_host, each.effective_port) for each in servers]
    return MultiSocketServer(sockets, adj, addresses, dispatcher, servers[0].log_info)
