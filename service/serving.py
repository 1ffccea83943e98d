"""Running processes: the service under waitress with workers inside, and a worker of its own."""

from __future__ import annotations

import ctypes
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from service.config import Settings
from service.errors import GegencheckError
from service.first_run import make_ready

if TYPE_CHECKING:
    from service.bootstrap import Application
    from service.web.sessions import Sessions

Say = Callable[[str], None]


class PortTaken(GegencheckError):
    """The address cannot be listened on."""


def create_server(application: Application, host: str, port: int, sessions: Sessions | None = None) -> Any:
    """A waitress server, listening but not yet answering; `run()` serves, `close()` stops it."""
    from service.app import create_app
    from service.server.listening import allow_files, open_server

    settings = application.settings
    try:
        return open_server(
            create_app(application, sessions),
            settings.threads,
            allow_files(settings.connections),
            host=host,
            port=port,
            ident=None,
            expose_tracebacks=False,
            # Left in place on purpose: an unexpected proxy header is what closes the open API (web/proxies.py).
            clear_untrusted_proxy_headers=False,
        )
    except OSError as error:
        raise PortTaken(
            f"Cannot listen on {host}:{port} ({error.strerror}). Is the service already running? Try --port {port + 1}."
        ) from None


def keep_memory_small() -> None:
    """Let glibc share its heaps between threads: with one heap each, hundreds of free MB are never returned."""
    m_arena_max = -8
    with suppress(AttributeError, OSError):  # another C library has no such call
        ctypes.CDLL(None).mallopt(m_arena_max, 2)


def switch_threads_often() -> None:
    """Make threads that compute in Python hand over the interpreter ten times as often as usual.

    Every system call of a request gives it up and waits for it again, for 5 ms each time where others compute: 100 ms
    and more for /healthz beside an import.
    """
    sys.setswitchinterval(0.0005)


def run_server(settings: Settings, say: Say) -> None:
    """Serve until a signal comes. The port opens before the index is ready: /readyz and the pages say so meanwhile."""
    from service.bootstrap import build
    from service.logs import configure_logs
    from service.web.proxies import is_loopback
    from service.web.sessions import Sessions
    from service.work.worker import Worker

    configure_logs(settings.log_level, as_json=settings.log_format == "json")
    keep_memory_small()
    switch_threads_often()
    started = time.monotonic()
    application = build(settings, progress=say)
    sessions = Sessions(lambda token: say_link(say, settings, token))
    server = create_server(application, settings.host, settings.port, sessions)
    say(f"Serving at http://{settings.host}:{settings.port} after {time.monotonic() - started:.1f} s. Ctrl-C stops it.")
    if not is_loopback(settings.host) and not application.keys.list() and not application.has_accounts():
        say("Other machines can reach this address, so every call needs a key: gegencheck keys create NAME")
    if offers_link(application):
        sessions.offer()
    application.reader.warm()
    workers = Worker(application)
    threading.Thread(target=make_ready, args=(application, say), daemon=True, name="make-ready").start()
    application.listener.start()
    workers.start()
    stop_on_signals()
    try:
        server.run()  # returns on Ctrl-C and on a signal
        say("Stopping.")
    finally:
        server.close()
        workers.stop()
        application.close()


def offers_link(application: Application) -> bool:
    """Whether a browser on this machine can come straight to it, with no key made and no proxy announced."""
    from service.web.proxies import is_loopback

    settings = application.settings
    return is_loopback(settings.host) and not settings.trusted_proxies and not application.asks_who_calls()


def say_link(say: Say, settings: Settings, token: str) -> None:
    """Print the link that lets one browser write. It stands on the terminal alone, never in the log."""
    with suppress(OSError):  # nobody looks any more: who came with the link before is let in all the same
        host = f"[{settings.host}]" if ":" in settings.host else settings.host
        say(f"To write from a browser, open this link once: http://{host}:{settings.port}/?token={token}")


def run_worker(settings: Settings, say: Say) -> None:
    """Work off jobs until a signal comes."""
    from service.bootstrap import build
    from service.logs import configure_logs
    from service.work.worker import Worker

    configure_logs(settings.log_level, as_json=settings.log_format == "json")
    application = build(settings, progress=say)
    if settings.metrics_port:
        show_metrics(application, settings.metrics_port)
    application.reader.warm()
    make_ready(application, say)
    workers = Worker(application)
    application.listener.start()
    workers.start()
    stop_on_signals()
    say("Working. Ctrl-C stops it.")
    try:
        threading.Event().wait()
    except (KeyboardInterrupt, SystemExit):
        say("Stopping.")
    finally:
        workers.stop()
        application.close()


def show_metrics(application: Application, port: int) -> None:
    """Show this machine the metrics of a process that answers no requests. Raises PortTaken."""
    from service.metrics import Metrics

    try:
        Metrics(application).serve(port)
    except OSError as error:
        raise PortTaken(f"Cannot show metrics at 127.0.0.1:{port} ({error.strerror}).") from None


def stop_on_signals() -> None:
    """Let SIGTERM end the process as Ctrl-C does, so that what is open is closed."""

    def leave(*_: object) -> None:
        raise SystemExit(0)

    signal.signal(signal.SIGTERM, leave)
