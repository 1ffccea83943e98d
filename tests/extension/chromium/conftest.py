"""The unpacked extension in real Chromium."""

from __future__ import annotations

import itertools
import json
import os
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from axe_core import axe_core

if TYPE_CHECKING:
    from playwright.sync_api import BrowserContext, CDPSession, Page, Playwright

WAIT_SECONDS = 15.0


# ---------------------------------------------------------------- the popup as a person opens it


@dataclass
class Popup:
    """The popup that the action opens, spoken to by DevTools messages (Playwright does not list it as a page)."""

    session: CDPSession
    session_id: str
    target_id: str
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

    def close(self) -> None:
        """Close it as a click elsewhere does."""
        self.session.send("Target.closeTarget", {"targetId": self.target_id})

    def violations(self) -> list[str]:
        self.run(f"{axe_core()}; 0")
        found = self.run(
            "axe.run().then((found) => found.violations.map((each) => each.id + ' ' + each.nodes[0].html))"
        )
        return list(found)


@dataclass
class Card:
    """The card over a page. Its tree is closed to pages and tests, so it is seen as DevTools see it, and pressed by the mouse."""

    page: Page
    session: CDPSession

    def run(self, body: str) -> Any:
        """The value of a function's body with the words and buttons in `root`; None where no card is open."""
        html = self.session.send("DOM.getDocument", {"depth": -1, "pierce": True})["root"]["children"][-1]
        closed = [
            root["backendNodeId"]
            for host in html.get("children", []) for root in host.get("shadowRoots", [])
            if root["shadowRootType"] == "closed"
        ]  # fmt: skip
        for node in closed:
            found = self.session.send("DOM.resolveNode", {"backendNodeId": node})["object"]["objectId"]
            function = f"function () {{ const root = this.querySelector('section'); if (!root) return null; {body} }}"
            done = self.session.send(
                "Runtime.callFunctionOn", {"functionDeclaration": function, "objectId": found, "returnByValue": True}
            )
            if (value := done["result"].get("value")) is not None:
                return value
        return None

    @property
    def text(self) -> str:
        """Its words; "" where there is none."""
        return (
            self.run("return [...root.querySelectorAll('[data-text]')].map((each) => each.dataset.text).join('\\n')")
            or ""
        )

    @property
    def buttons(self) -> list[str]:
        return self.run("return [...root.querySelectorAll('button')].map((each) => each.dataset.text)") or []

    def wait_for(self, words: str = "") -> str:
        """Its words, once these are among them."""
        until = time.monotonic() + WAIT_SECONDS
        while not (text := self.text) or words not in text:
            assert time.monotonic() < until, f"never {words!r}: {text!r}"
            time.sleep(0.02)
        return text

    def wait_until_gone(self) -> None:
        until = time.monotonic() + WAIT_SECONDS
        while self.text:
            assert time.monotonic() < until, self.text
            time.sleep(0.02)

    def click(self, words: str) -> None:
        """Press a button where it lies, once the card has lain there long enough to be meant."""
        self.page.wait_for_timeout(450)
        find = f"[...root.querySelectorAll('button')].find((each) => each.dataset.text === {json.dumps(words)})"
        box = self.run(f"return {find}.getBoundingClientRect().toJSON()")
        self.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)

    def press(self, words: str, key: str) -> None:
        """Press a key on a button."""
        self.page.wait_for_timeout(450)
        self.run(
            f"[...root.querySelectorAll('button')].find((each) => each.dataset.text === {json.dumps(words)}).focus()"
        )
        self.page.keyboard.press(key)


@pytest.fixture
def card_of() -> Callable[[Page], Card]:
    return lambda page: Card(page, page.context.new_cdp_session(page))


@dataclass
class Chromium:
    """The browser with the extension in it."""

    context: BrowserContext
    browser_session: CDPSession
    id: str

    @property
    def origin(self) -> str:
        return f"chrome-extension://{self.id}"

    @property
    def worker(self) -> Any:
        """The background, awake."""
        workers = self.context.service_workers
        return workers[0] if workers else self.context.wait_for_event("serviceworker")

    def open_options(self) -> Page:
        page = self.context.new_page()
        page.goto(f"{self.origin}/options/options.html")
        page.wait_for_selector("body[data-ready]")
        return page

    def set_up(self, **settings: Any) -> None:
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
        session.send("Extensions.triggerAction", {"id": self.id, "targetId": tab["targetId"]})
        until = time.monotonic() + WAIT_SECONDS
        while True:
            opened = [
                each for each in self._targets("page")
                if each["targetId"] not in before and each["url"].startswith(f"{self.origin}/popup/")
            ]  # fmt: skip
            if opened:
                break
            assert time.monotonic() < until, "the popup did not open"
        attached = session.send("Target.attachToTarget", {"targetId": opened[0]["targetId"], "flatten": False})
        popup = Popup(session, attached["sessionId"], opened[0]["targetId"])

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


def close_welcome(context: BrowserContext, address: str) -> None:
    """Close the page that opens after installing; it does in every new profile, or no test begins."""
    until = time.monotonic() + WAIT_SECONDS
    while not (opened := [page for page in context.pages if page.url.startswith(address)]):
        assert time.monotonic() < until, "no welcome after installing"
        context.pages[0].wait_for_timeout(20)
    for page in opened:
        page.close()


@pytest.fixture(scope="session")
def launch(
    playwright: Playwright, origins: Any, extension: Path, running_wire: Any
) -> Callable[..., AbstractContextManager[Chromium]]:
    """Starts the browser on a profile folder; everything it sends goes over the wire."""
    arguments = [
        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", f"--disable-extensions-except={extension}",
        f"--load-extension={extension}", "--disable-features=DisableLoadExtensionCommandLineSwitch,OptimizationHints",
        f"--proxy-server=http://127.0.0.1:{running_wire.port}", "--proxy-bypass-list=<-loopback>",
    ]  # fmt: skip

    @contextmanager
    def run(folder: Path, locale: str = "en-GB", **options: Any) -> Iterator[Chromium]:
        is_new = not (folder / "Default").exists()
        environment = {**os.environ, "LANGUAGE": locale.replace("-", "_")}
        context = playwright.chromium.launch_persistent_context(
            folder, headless=False, executable_path=shutil.which("chromium"), args=arguments, locale=locale,
            env=environment, **options,
        )  # fmt: skip
        assert context.browser is not None
        if is_new:
            close_welcome(context, f"{origins.chromium}/welcome/welcome.html")
        yield Chromium(context, context.browser.new_browser_cdp_session(), origins.chromium_id)
        context.close()

    return run


@pytest.fixture(scope="session")
def english(launch: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    """One browser for all tests, in English."""
    with launch(tmp_path_factory.mktemp("english")) as opened:
        yield opened


@pytest.fixture
def chromium(english: Chromium) -> Iterator[Chromium]:
    """The browser, with the extension as newly installed and no page left over."""
    english.forget()
    yield english
    for page in english.context.pages[1:]:
        page.close()


# ---------------------------------------------------------------- allowed by the person


def allow(profile: Path, extension_id: str) -> None:
    """Write into a profile what a press on "Allow" writes: headless Chromium shows no prompt to press."""
    file = profile / "Default" / "Preferences"
    preferences = json.loads(file.read_text(encoding="utf-8"))
    kept = preferences["extensions"]["settings"][extension_id]
    for name in ("active_permissions", "granted_permissions", "runtime_granted_permissions"):
        given = kept.setdefault(name, {})
        given["api"] = [*given.get("api", []), "tabs"]
        given["explicit_host"] = [*given.get("explicit_host", []), "*://127.0.0.1/*"]
    file.write_text(json.dumps(preferences), encoding="utf-8")


@pytest.fixture(scope="session")
def allowed_profile(launch: Any, origins: Any, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A profile whose person has let the extension see open tabs and run on 127.0.0.1: to be copied."""
    profile = tmp_path_factory.mktemp("allowed")
    with launch(profile) as first:
        first.open_options()
    allow(profile, origins.chromium_id)
    return profile


@pytest.fixture
def own_allowed(launch: Any, allowed_profile: Path, tmp_path: Path) -> Iterator[Chromium]:
    """A browser of its own on that profile, for a test that gives the permissions back."""
    profile = shutil.copytree(allowed_profile, tmp_path / "profile", symlinks=True)
    with launch(profile) as opened:
        yield opened


@pytest.fixture(scope="session")
def allowing(launch: Any, allowed_profile: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chromium]:
    """One browser on that profile for all other tests."""
    profile = shutil.copytree(allowed_profile, tmp_path_factory.mktemp("allowing") / "profile", symlinks=True)
    with launch(profile) as opened:
        yield opened


@pytest.fixture
def allowed(allowing: Chromium, wait_until: Callable[[Page, str], None]) -> Iterator[Chromium]:
    """That browser, with nothing set and no page left over."""
    options = allowing.open_options()
    options.evaluate("chrome.storage.local.clear()")
    wait_until(options, "chrome.scripting.getRegisteredContentScripts().then((scripts) => scripts.length === 0)")
    options.close()
    yield allowing
    for page in allowing.context.pages[1:]:
        page.close()


@pytest.fixture
def fetch_filter() -> str:
    """Fetches the filter of a service, as its schedule does; to be evaluated in the options."""
    return (
        "async (address) => (await import('/filter/keeping.js'))"
        ".refreshFilter(new (await import('/service/api.js')).Api({address, key: ''}, 'en'))"
    )


@pytest.fixture
def anchor(extension: Path) -> str:
    """anchor.js, to be evaluated in a page."""
    return (extension / "content" / "anchor.js").read_text(encoding="utf-8")


@pytest.fixture
def wait_until() -> Callable[[Page, str], None]:
    """Asks a page until an expression holds; Playwright's own way evaluates in the page, which our policy forbids."""

    def asked(page: Page, expression: str) -> None:
        until = time.monotonic() + WAIT_SECONDS
        while not page.evaluate(expression):
            assert time.monotonic() < until, f"never {expression}"
            time.sleep(0.02)

    return asked
