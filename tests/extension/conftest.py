"""The unpacked extension in real Chromium, a real service beside it, and pages served on loopback to open it on."""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import BrowserContext, CDPSession, Page, Playwright

ROOT = Path(__file__).parent.parent.parent
EXTENSION = ROOT / "extension"
AXE = Path(axe_playwright_python.__file__).with_name("axe.min.js").read_text(encoding="utf-8")
ARGUMENTS = [
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", f"--disable-extensions-except={EXTENSION}",
    f"--load-extension={EXTENSION}", "--disable-features=DisableLoadExtensionCommandLineSwitch",
]  # fmt: skip
WAIT_SECONDS = 15.0


def extension_id(folder: Path) -> str:
    """The id that Chromium gives an unpacked extension: from the hash of its path, in the letters a to p."""
    return "".join(chr(ord("a") + int(digit, 16)) for digit in hashlib.sha256(str(folder).encode()).hexdigest()[:32])


ID = extension_id(EXTENSION)
ORIGIN = f"chrome-extension://{ID}"


# ---------------------------------------------------------------- the popup as a person opens it


@dataclass
class Popup:
    """The popup that the action opens, spoken to by DevTools messages (Playwright does not list it as a page)."""

    session: CDPSession
    session_id: str
    replies: dict[int, Any] = field(default_factory=dict)
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def send(self, method: str, **parameters: Any) -> Any:
        number = next(self.numbers)
        message = json.dumps({"id": number, "method": method, "params": parameters})
        self.session.send("Target.sendMessageToTarget", {"sessionId": self.session_id, "message": message})
        until = time.monotonic() + WAIT_SECONDS
        while number not in self.replies:
            assert time.monotonic() < until, f"no reply to {method}"
            self.session.send("Target.getTargets")  # lets events in
        reply = self.replies.pop(number)
        assert "error" not in reply, reply
        return reply["result"]

    def run(self, script: str) -> Any:
        """The value of an expression in the popup; promises are awaited."""
        found = self.send(
            "Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True, userGesture=True
        )
        assert "exceptionDetails" not in found, found["exceptionDetails"]
        return found["result"].get("value")

    def wait_for(self, script: str) -> Any:
        until = time.monotonic() + WAIT_SECONDS
        while not (value := self.run(script)):
            assert time.monotonic() < until, f"never {script}: {self.text}"
            time.sleep(0.02)
        return value

    def wait_for_screen(self, *names: str) -> str:
        """Wait for one of these screens; returns which."""
        wanted = json.dumps(names)
        return str(self.wait_for(f"{wanted}.includes(document.body?.dataset.screen) && document.body.dataset.screen"))

    @property
    def text(self) -> str:
        return str(self.run("document.body?.innerText ?? ''"))

    def click(self, words: str) -> None:
        self.run(
            f"[...document.querySelectorAll('button, a')].find((each) => each.textContent === {json.dumps(words)})"
            ".click()"
        )

    def violations(self) -> list[str]:
        self.run(f"{AXE}; 0")
        found = self.run(
            "axe.run().then((found) => found.violations.map((each) => each.id + ' ' + each.nodes[0].html))"
        )
        return list(found)


@dataclass
class Chromium:
    """The browser with the extension in it."""

    context: BrowserContext
    browser_session: CDPSession

    def open_options(self) -> Page:
        page = self.context.new_page()
        page.goto(f"{ORIGIN}/options/options.html")
        page.wait_for_selector("h1:not(:empty)")  # its words and fields are there
        return page

    def set_up(self, **settings: str) -> None:
        """Put settings where the options page puts them."""
        page = self.open_options()
        page.evaluate("(settings) => chrome.storage.local.set({settings})", settings)
        page.close()

    def forget(self) -> None:
        page = self.open_options()
        page.evaluate("chrome.storage.local.clear()")
        page.close()

    def open_popup(self, page: Page) -> Popup:
        """Press the extension's button on a page, which grants activeTab as a click does."""
        page.bring_to_front()
        session = self.browser_session
        before = {target["targetId"] for target in self._targets("page")}
        [tab] = [each for each in self._targets("tab") if each["url"] == page.url]
        session.send("Extensions.triggerAction", {"id": ID, "targetId": tab["targetId"]})
        until = time.monotonic() + WAIT_SECONDS
        while True:
            opened = [
                each for each in self._targets("page")
                if each["targetId"] not in before and each["url"].startswith(f"{ORIGIN}/popup/")
            ]  # fmt: skip
            if opened:
                break
            assert time.monotonic() < until, "the popup did not open"
        attached = session.send("Target.attachToTarget", {"targetId": opened[0]["targetId"], "flatten": False})
        popup = Popup(session, attached["sessionId"])

        def receive(event: dict[str, Any]) -> None:
            if event["sessionId"] == popup.session_id:
                message = json.loads(event["message"])
                if "id" in message:
                    popup.replies[message["id"]] = message

        session.on("Target.receivedMessageFromTarget", receive)
        return popup

    def _targets(self, kind: str) -> list[dict[str, Any]]:
        wanted = {"filter": [{"type": kind, "exclude": False}]}
        return list(self.browser_session.send("Target.getTargets", wanted)["targetInfos"])


def open_chromium(playwright: Playwright, folder: Path, **options: Any) -> Chromium:
    context = playwright.chromium.launch_persistent_context(
        folder, headless=False, executable_path=shutil.which("chromium"), args=ARGUMENTS, **options
    )
    assert context.browser is not None
    return Chromium(context, context.browser.new_browser_cdp_session())


@pytest.fixture(scope="session")
def english(playwright: Playwright, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    """One browser for all tests, in English."""
    opened = open_chromium(
        playwright, tmp_path_factory.mktemp("english"), locale="en-GB", env={**os.environ, "LANGUAGE": "en_GB"}
    )
    yield opened
    opened.context.close()


@pytest.fixture
def chromium(english: Chromium) -> Iterator[Chromium]:
    """The browser, with the extension as newly installed and no page left over."""
    english.forget()
    yield english
    for page in english.context.pages[1:]:
        page.close()


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


def free_port() -> int:
    import socket

    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return int(found.getsockname()[1])


def start_service(data_dir: Path, *, origins: str = ORIGIN, fetch: str = "127.0.0.1") -> Service:
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


def wait_until_ready(service: Service, seconds: float = 120) -> None:
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
def service(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Service]:
    """The service with the starter statements and one of ours, which takes this extension."""
    started = start_service(tmp_path_factory.mktemp("service"))
    try:
        wait_until_ready(started)
        started.ask("/v1/statements", {
            "claim_reviewed": LEMONS, "url": STATEMENT["url"], "language": "en", "date_published": "2021-05-03",
            "publisher": {"name": "Example Checks", "site": "checks.example"}, "rating": {"alternate_name": "False"},
        })  # fmt: skip
        yield started
    finally:
        stop_service(started)


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Callable[..., Service]]:
    """Starts a further service, on a copy of a data folder or a new one, and ends it with the test."""
    started: list[Service] = []

    def run(like: Service | None = None, **options: str) -> Service:
        data_dir = tmp_path / f"service-{len(started)}"
        if like is None:
            data_dir.mkdir()
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


@pytest.fixture(name="free_port")
def unused_port() -> int:
    return free_port()


@pytest.fixture
def axe() -> str:
    """axe-core, to be evaluated in a page."""
    return AXE
