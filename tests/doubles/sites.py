"""Sites of the web on loopback, under any names: what each address answers, and what was asked of them."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from service.config import Settings
from service.pipeline.fetch import HttpFetcher
from service.pipeline.polite import PoliteFetcher
from service.store.hosts import HostStore


@dataclass
class Says:
    """One answer. `cut` ends the connection after so many bytes of the body, `drip` waits so long before each one."""

    body: bytes | str = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    cut: int | None = None
    drip: float = 0.0

    @property
    def content(self) -> bytes:
        return self.body.encode() if isinstance(self.body, str) else self.body


@dataclass(frozen=True)
class Request:
    """What was asked: the address without scheme and port, and the headers."""

    address: str
    headers: dict[str, str]


class Sites:
    """Answers by address (`news.example/feed`). One with an ETag is not sent again to whoever names it."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.says: dict[str, Says | Callable[[Request], Says]] = {}
        self.asked: list[Request] = []
        self.slept: list[float] = []
        self.at_once, self.most_at_once = 0, 0

    def __setitem__(self, address: str, says: Says | str | bytes | Callable[[Request], Says]) -> None:
        self.says[address] = Says(says) if isinstance(says, str | bytes) else says

    def url(self, address: str) -> str:
        host, _, path = address.partition("/")
        return f"http://{host}:{self.port}/{path}"

    def addresses(self) -> list[str]:
        """What was asked, but for robots.txt."""
        return [request.address for request in self.asked if not request.address.endswith("/robots.txt")]

    def answer(self, request: Request) -> Says:
        self.asked.append(request)
        says = self.says.get(request.address, Says(b"nothing", 404))
        says = says(request) if callable(says) else says
        tag = says.headers.get("ETag")
        if tag and request.headers.get("If-None-Match") == tag:
            return Says(status=304, headers={"ETag": tag})
        return says


def handler_of(sites: Sites) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            sites.at_once += 1
            sites.most_at_once = max(sites.most_at_once, sites.at_once)
            host = self.headers["Host"].split(":")[0]
            says = sites.answer(Request(f"{host}{self.path}", dict(self.headers.items())))
            self.send_response(says.status)
            for name, value in {"Content-Length": str(len(says.content)), **says.headers}.items():
                self.send_header(name, value)
            sites.at_once -= 1  # before whoever asked can have all of it, and ask again
            self.end_headers()
            if says.drip:
                drip(self.wfile, says)
            elif says.status != 304:
                self.wfile.write(says.content[: says.cut])

        def log_message(self, *_: Any) -> None:
            pass

    return Handler


def drip(file: Any, says: Says) -> None:
    """Send a body byte by byte, as long as somebody listens."""
    with suppress(OSError):
        for byte in says.content:
            file.write(bytes([byte]))
            file.flush()
            time.sleep(says.drip)


@contextmanager
def open_sites() -> Iterator[Sites]:
    """Sites that answer until the end."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    sites = Sites(server.server_address[1])
    server.RequestHandlerClass = handler_of(sites)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield sites
    finally:
        server.shutdown()
        server.server_close()
        thread.join(5)


class AnyName(str):
    """A host of the settings' open hosts that stands for all."""

    def __eq__(self, other: object) -> bool:
        return True

    __hash__ = str.__hash__


def fetcher_for(settings: Settings) -> HttpFetcher:
    """A real fetcher for which every name leads to this machine, and is open."""
    return HttpFetcher(replace(settings, fetch_hosts=(AnyName("any"),)), resolve=lambda host, port: ["127.0.0.1"])


def connect(application: Any, sites: Sites, clock: Any) -> Any:
    """The application with these sites as its web; whoever waits for a turn waits by its clock."""

    def sleep(seconds: float) -> None:
        sites.slept.append(seconds)
        clock.let_pass(seconds)

    http = fetcher_for(application.settings)
    turns = HostStore(application.statements.engine, application.clock)
    polite = PoliteFetcher(http, turns, application.reader, sleep=sleep, clock=clock)
    return replace(application, fetcher=http, polite=polite)
