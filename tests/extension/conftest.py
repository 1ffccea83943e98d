"""What both browsers' tests share: a real service, pages served on loopback to open the extension on, and the wire between."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import shutil
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit, urlunsplit

import pytest
from axe_core import axe_core
from network_guard import passing_on

ROOT = Path(__file__).parent.parent.parent
EXTENSION = ROOT / "extension"


@dataclass(frozen=True)
class Origins:
    """Under which origins the browsers run the extension: Chromium by its key, Firefox by what the test's profile says."""

    chromium_id: str
    firefox_id: str = "7a0c1bd1-6d5e-4f43-9d0e-2f9f3b8c5a10"

    @property
    def chromium(self) -> str:
        return f"chrome-extension://{self.chromium_id}"

    @property
    def firefox(self) -> str:
        return f"moz-extension://{self.firefox_id}"


def extension_id(manifest: Path) -> str:
    """The id that Chromium gives an extension: from the hash of its public key, in the letters a to p."""
    key = base64.b64decode(json.loads(manifest.read_text(encoding="utf-8"))["key"])
    return "".join(chr(ord("a") + int(digit, 16)) for digit in hashlib.sha256(key).hexdigest()[:32])


ORIGINS = Origins(extension_id(EXTENSION / "manifest.json"))


@pytest.fixture(scope="session")
def origins() -> Origins:
    return ORIGINS


@pytest.fixture(scope="session")
def extension() -> Path:
    """The extension's folder, as it is."""
    return EXTENSION


# ---------------------------------------------------------------- the wire


@dataclass(frozen=True)
class Sent:
    """One request that a browser sent, to whomever."""

    method: str
    url: str
    body: str


# What Chromium asks its maker now and then, whatever it is told when it starts.
BROWSERS_OWN = (
    "accounts.google.com:443",
    "optimizationguide-pa.googleapis.com:443",
    "update.googleapis.com:443",
)


class Wire:
    """A proxy for everything that browsers send: it writes requests down, and passes on those to this machine alone."""

    def __init__(self) -> None:
        self.log: list[Sent] = []
        wire = self

        class Handler(BaseHTTPRequestHandler):
            def forward(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                if self.path not in BROWSERS_OWN:
                    wire.log.append(Sent(self.command, self.path, body.decode("utf-8", "replace")))
                if self.command == "CONNECT":
                    self.send_error(502)
                    return
                parts = urlsplit(self.path)
                if parts.hostname not in ("127.0.0.1", "localhost"):  # among them those of the browser's maker
                    self.close_connection = True  # as if nobody listened there
                    return
                asked = HTTPConnection(parts.hostname or "", parts.port or 80, timeout=30)
                try:
                    with passing_on():
                        asked.connect()
                    asked.request(
                        self.command,
                        urlunsplit(("", "", parts.path, parts.query, "")) or "/",
                        body,
                        # What is meant for a proxy stays with it, or the service would see that there is one.
                        {name: value for name, value in self.headers.items() if not name.lower().startswith("proxy-")},
                    )
                    reply = asked.getresponse()
                    content = reply.read()
                    self.send_response_only(reply.status)
                    for name, value in reply.getheaders():
                        if name.lower() not in ("transfer-encoding", "connection", "content-length"):
                            self.send_header(name, value)
                    self.send_header("Content-Length", str(len(content)))
                    self.end_headers()
                    self.wfile.write(content)
                except (OSError, HTTPException):
                    self.close_connection = True
                finally:
                    asked.close()

            do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_HEAD = do_CONNECT = forward  # noqa: N815

            def log_message(self, format: str, *args: Any) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = int(self.server.server_address[1])
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def sent_to(self, address: str) -> list[Sent]:
        """What went to a host, in order."""
        return [each for each in list(self.log) if each.url.startswith(address)]


@pytest.fixture(scope="session")
def running_wire() -> Iterator[Wire]:
    wire = Wire()
    yield wire
    wire.server.shutdown()
    wire.server.server_close()


@pytest.fixture
def wire(running_wire: Wire) -> Wire:
    """What browsers send from now on."""
    running_wire.log.clear()
    return running_wire


# ---------------------------------------------------------------- pages


LEMONS = "Hot lemon water has cured diabetes within 7 days."
STATEMENT = {
    "@context": "https://schema.org",
    "@type": "ClaimReview",
    "claimReviewed": LEMONS,
    "url": "https://checks.example/lemons",
    "inLanguage": "en",
    "datePublished": "2021-05-03",
    "author": {"@type": "Organization", "name": "Example Checks", "url": "https://checks.example"},
    "reviewRating": {"@type": "Rating", "alternateName": "False"},
}


def article(title: str, *paragraphs: str) -> str:
    """A page as newspapers make them."""
    body = "".join(f"<p>{paragraph}</p>" for paragraph in paragraphs)
    return (
        f'<!doctype html><html lang="en"><head><meta charset="utf-8"><title>{title}</title></head>'
        f"<body><header><nav><a href='/'>Home</a></nav></header><main><article><h1>{title}</h1>{body}</article></main>"
        "<footer>Imprint</footer></body></html>"
    )


PAGES = {
    "/lemons": article(
        "A week of lemons",
        "Our neighbour has squeezed lemons every morning since spring, and she tells everybody about it.",
        LEMONS,
        "The market on the square sells them by the kilogram, and the queue grows longer every week.",
    ),
    "/known": article("Lemons again", LEMONS, "The market sells them by the kilogram, and the queue grows every week."),
    "/quiet": article(
        "Whatever you like",
        "Do you like Sundays? I do. I think they are lovely, and I hope that yours is lovely as well.",
        "Perhaps you feel the same. What do you think about Mondays? Please tell us, we would love to hear it.",
    ),
    "/tram": article(
        "The new tram",
        "The tram line to the harbour was opened in 2019 and carries 40,000 people every day.",
        "It cost 310 million euros, and the city paid 60 percent of that.",
    ),
}


@dataclass
class Site:
    """A web site on loopback; its pages can be changed, and it remembers who asked."""

    address: str
    pages: dict[str, str]


@pytest.fixture(scope="session")
def site_server() -> Iterator[Site]:
    pages: dict[str, str] = {}

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            page = pages.get(self.path.partition("?")[0])
            content = (page or "There is nothing here.").encode()
            self.send_response(200 if page is not None else 404)
            self.send_header("Content-Type", "text/html; charset=utf-8")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            with suppress(BrokenPipeError, ConnectionResetError):
                self.wfile.write(content)

        def log_message(self, format: str, *args: Any) -> None:
            return

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield Site(f"http://127.0.0.1:{server.server_address[1]}", pages)
    server.shutdown()
    server.server_close()


@pytest.fixture
def site(site_server: Site) -> Site:
    site_server.pages.clear()
    site_server.pages.update(PAGES)
    return site_server


HOSTILE = (Path(__file__).parent / "hostile.js").read_text(encoding="utf-8")
LEAKS = """
    gegencheck-card[data-state=refuted], div[data-state] { background: url(/leak-state) }
    html > div::part(box), html > div::part(headline), html > div::part(button) { background: url(/leak-part) }
    html > div { display: none !important; transform: translate(9px, 9px); opacity: 0 !important; --gc-state: red }
    i { position: absolute; width: 4px; height: 4px }
"""
GRID = "".join(f"<i style='left:{x}px;top:{y}px'></i>" for y in range(10, 700, 45) for x in range(10, 900, 45))


@pytest.fixture
def hostile(site: Site) -> Callable[[str], str]:
    """The address of a page that tries to find out what the extension knows of a link."""
    site.pages["/hostile"] = (
        f"<!doctype html><html lang=en><title>Hostile</title><style>{LEAKS}</style><script>{HOSTILE}</script><main>"
        "<form onsubmit='return false'><textarea id=post></textarea><button id=send>Post</button></form>"
        f"<div id=grid>{GRID}</div></main></html>"
    )
    return lambda link: f"{site.address}/hostile?link={quote(link, safe='')}"


# ---------------------------------------------------------------- the service


@dataclass
class Service:
    """A real `gegencheck serve` with the bundled model on a data folder of its own."""

    address: str
    process: subprocess.Popen[bytes]
    data_dir: Path

    def ask(self, path: str, body: Any = None, method: str | None = None) -> Any:
        content = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(
            self.address + path, content, {"Content-Type": "application/json"}, method=method
        )
        with urllib.request.urlopen(request, timeout=30) as reply:
            return json.loads(reply.read() or b"null")

    def write(self, path: str, body: Any = None) -> Any:
        """Ask for what only a browser may that opened the newest link which the service printed; no body: read it."""
        token = re.findall(r"/\?token=(\S+)", (self.data_dir / "service.log").read_text())[-1]
        browser = urllib.request.build_opener(urllib.request.HTTPCookieProcessor())
        browser.open(f"{self.address}/?token={token}", timeout=30).close()
        headers = {"Content-Type": "application/json", "Origin": self.address}
        content = None if body is None else json.dumps(body).encode()
        with browser.open(urllib.request.Request(self.address + path, content, headers), timeout=30) as reply:
            return json.loads(reply.read() or b"null")


def free_port() -> int:
    import socket

    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def start_service(
    data_dir: Path, *, origins: str = f"{ORIGINS.chromium},{ORIGINS.firefox}", fetch: str = "127.0.0.1"
) -> Service:
    port = free_port()
    environment = {
        **os.environ,
        "GEGENCHECK_DATA_DIR": str(data_dir),
        "GEGENCHECK_PORT": str(port),
        "GEGENCHECK_EXTENSION_ORIGINS": origins,
        "GEGENCHECK_FETCH_HOSTS": fetch,
    }
    command = [sys.executable, "-c", "from service.cli import main; main()", "serve"]
    with (data_dir / "service.log").open("wb") as log:
        process = subprocess.Popen(command, cwd=ROOT, env=environment, stdout=log, stderr=log)
    return Service(f"http://127.0.0.1:{port}", process, data_dir)


def wait_until_ready(service: Service, seconds: float = 240) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        assert service.process.poll() is None, (service.data_dir / "service.log").read_text()
        with suppress(OSError), urllib.request.urlopen(f"{service.address}/readyz", timeout=5):
            return
        time.sleep(0.1)
    raise AssertionError((service.data_dir / "service.log").read_text())


def stop_service(service: Service) -> None:
    service.process.send_signal(signal.SIGTERM)
    service.process.wait(timeout=30)


@pytest.fixture(scope="session")
def service(tmp_path_factory: pytest.TempPathFactory, site_server: Site) -> Iterator[Service]:
    """The service with the starter statements, one of ours and one page checked, which takes this extension."""
    started = start_service(tmp_path_factory.mktemp("service"))
    try:
        wait_until_ready(started)
        started.write("/v1/statements", {
            "claim_reviewed": LEMONS, "url": STATEMENT["url"], "language": "en", "date_published": "2021-05-03",
            "publisher": {"name": "Example Checks", "site": "checks.example"}, "rating": {"alternate_name": "False"},
        })  # fmt: skip
        site_server.pages.update(PAGES)
        assert started.ask("/v1/checks", {"url": f"{site_server.address}/known"})["verdict"]["code"] == "refuted"
        yield started
    finally:
        stop_service(started)


@pytest.fixture(scope="session")
def known_page(service: Service, site_server: Site) -> str:
    """The address of a page that the service's filter knows as refuted."""
    return f"{site_server.address}/known"


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Service]]:
    """Starts a further service, on a copy of a data folder or a new one, and ends it with the test."""
    started: list[Service] = []

    def run(like: Service | None = None, **options: str) -> Service:
        data_dir = tmp_path / f"service-{len(started)}"
        if like is None:
            data_dir.mkdir(exist_ok=True)
        else:
            shutil.copytree(like.data_dir, data_dir)
        started.append(start_service(data_dir, **options))
        wait_until_ready(started[-1]) if like else wait_until_alive(started[-1])
        return started[-1]

    yield run
    for each in started:
        stop_service(each)


def wait_until_alive(service: Service) -> None:
    until = time.monotonic() + 60
    while time.monotonic() < until:
        with suppress(OSError), urllib.request.urlopen(f"{service.address}/healthz", timeout=5):
            return
        time.sleep(0.1)
    raise AssertionError((service.data_dir / "service.log").read_text())


@pytest.fixture(scope="session")
def running_stranger(service: Service, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    data_dir = tmp_path_factory.mktemp("stranger")
    shutil.copytree(service.data_dir, data_dir, dirs_exist_ok=True)
    started = start_service(data_dir, origins="")
    try:
        wait_until_ready(started)
        yield started
    finally:
        stop_service(started)


@pytest.fixture
def stranger(running_stranger: Service) -> Service:
    """An open service that knows no extension yet."""
    with sqlite3.connect(running_stranger.data_dir / "gegencheck.db") as database:
        database.execute("DELETE FROM keys")
    return running_stranger


@pytest.fixture(name="free_port")
def unused_port() -> int:
    return free_port()


@pytest.fixture
def axe() -> str:
    """axe-core, to be evaluated in a page."""
    return axe_core()
