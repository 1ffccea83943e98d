"""The packed extension in real Firefox ESR, spoken to by WebDriver BiDi; the popup is the one that its own button opens."""

from __future__ import annotations

import itertools
import json
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from websockets.sync.client import ClientConnection

ROOT = Path(__file__).parent.parent.parent.parent
ADDON = "gegencheck@gegencheck.invalid"
WORDS = "return [...box.querySelectorAll('[data-text]')].map((each) => each.dataset.text).join('\\n')"
WAIT_SECONDS = 15.0

OPEN_POPUP = f"""(async () => {{
    const {{ExtensionParent}} = ChromeUtils.importESModule("resource://gre/modules/ExtensionParent.sys.mjs");
    const {{extension}} = WebExtensionPolicy.getByID("{ADDON}");
    await ExtensionParent.apiManager.global.browserActionFor(extension).triggerAction(window);
}})()"""

# The popup is no browsing context that BiDi lists; the window that shows it can run a script in it.
IN_POPUP = """(async () => {
    const shown = [...document.querySelectorAll("browser.webextension-popup-browser")].at(-1);
    if (!shown?.currentURI.spec.endsWith("/popup/popup.html")) return "null";
    const answer = new Promise((resolve) => shown.messageManager.addMessageListener(NAME, ({data}) => resolve(data)));
    const script = `(async () => {
        const document = content.document;
        const window = content;
        const done = await (async () => ({value: await (${EXPRESSION})}))().catch((fault) => ({fault: String(fault)}));
        sendAsyncMessage(${JSON.stringify(NAME)}, done);
    })()`;
    shown.messageManager.loadFrameScript("data:application/javascript;charset=utf-8," + encodeURIComponent(script), false);
    const lost = new Promise((resolve) => setTimeout(resolve, 2000, null)); // it was just being put into its own process
    return JSON.stringify(await Promise.race([answer, lost]));
})()"""


def wait_until(found: Callable[[], Any], what: str) -> Any:
    """The first value that is true."""
    until = time.monotonic() + WAIT_SECONDS
    while not (value := found()):
        assert time.monotonic() < until, f"never: {what}"
        time.sleep(0.03)
    return value


@dataclass
class Firefox:
    """A browser with the extension in it."""

    socket: ClientConnection
    origin: str
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def send(self, method: str, /, **parameters: Any) -> Any:
        number = next(self.numbers)
        self.socket.send(json.dumps({"id": number, "method": method, "params": parameters}))
        while True:
            message = json.loads(self.socket.recv(timeout=30))
            if message.get("id") == number:
                assert message["type"] == "success", message
                return message["result"]

    def run(self, expression: str, context: str, **options: Any) -> Any:
        """The value of an expression in a page (or in the browser's own window); promises are awaited."""
        found = self.send(
            "script.evaluate", expression=f"(async () => JSON.stringify(await ({expression})))()",
            target={"context": context, **options}, awaitPromise=True,
        )  # fmt: skip
        assert found["type"] == "success", found["exceptionDetails"]["text"]
        return json.loads(found["result"].get("value", "null"))

    @property
    def window(self) -> str:
        """The browser's own window, which holds the tabs."""
        windows = self.send("browsingContext.getTree", **{"moz:scope": "chrome"})["contexts"]
        return str(next(each["context"] for each in windows if each["url"].endswith("browser.xhtml")))

    def contexts(self) -> list[dict[str, Any]]:
        return list(self.send("browsingContext.getTree")["contexts"])

    def open(self, url: str) -> str:
        """A new tab in front."""
        tab = str(self.send("browsingContext.create", type="tab")["context"])
        self.send("browsingContext.navigate", context=tab, url=url, wait="complete")
        return tab

    def open_options(self) -> str:
        tab = self.open(f"{self.origin}/options/options.html")
        wait_until(lambda: self.run("document.body.dataset.ready", tab), "the options")
        return tab

    def close_welcome(self) -> None:
        """Close the page that opens after installing; without it no test begins."""
        address = f"{self.origin}/welcome/welcome.html"
        welcome = wait_until(lambda: [each for each in self.contexts() if each["url"] == address], "the welcome page")
        self.close(welcome[0]["context"])

    def close(self, tab: str) -> None:
        self.send("browsingContext.close", context=tab)

    def set_up(self, **settings: Any) -> None:
        """Put settings where the options page puts them."""
        tab = self.open_options()
        self.run(f"chrome.storage.local.set({{settings: {json.dumps(settings)}}})", tab)
        self.close(tab)

    def forget(self) -> None:
        """As newly installed, and one empty tab."""
        first, *others = self.contexts()
        for each in others:
            self.close(each["context"])
        tab = self.open_options()
        self.run("chrome.storage.local.clear().then(() => chrome.permissions.remove({permissions: ['tabs']}))", tab)
        self.run(
            "chrome.permissions.getAll().then(({origins}) => Promise.all(origins.map("
            "(each) => chrome.permissions.remove({origins: [each]}))))",
            tab,
        )
        self.close(tab)
        self.send("browsingContext.navigate", context=first["context"], url="about:blank", wait="complete")

    def click(self, tab: str, selector: str, button: int = 0) -> None:
        """Press a mouse button on an element, as a person does."""
        self.run(f"document.querySelector({json.dumps(selector)}).scrollIntoView({{block: 'center'}})", tab)
        element = self.send("browsingContext.locateNodes", context=tab, locator={"type": "css", "value": selector})
        origin = {"type": "element", "element": {"sharedId": element["nodes"][0]["sharedId"]}}
        steps = [
            {"type": "pointerMove", "x": 0, "y": 0, "origin": origin},
            {"type": "pointerDown", "button": button},
            {"type": "pointerUp", "button": button},
        ]
        mouse = {"type": "pointer", "id": "mouse", "actions": steps}
        self.send("input.performActions", context=tab, actions=[mouse])

    def type(self, tab: str, text: str) -> None:
        """Type into what has the focus."""
        steps = [{"type": kind, "value": letter} for letter in text for kind in ("keyDown", "keyUp")]
        self.send("input.performActions", context=tab, actions=[{"type": "key", "id": "keys", "actions": steps}])

    def point(self, tab: str, *then: dict[str, Any], x: int, y: int) -> None:
        """Move the pointer to a place in the window, and then press."""
        mouse = {"type": "pointer", "id": "mouse", "actions": [{"type": "pointerMove", "x": x, "y": y}, *then]}
        self.send("input.performActions", context=tab, actions=[mouse])

    def card(self, tab: str, body: str = WORDS) -> Any:
        """The value of a function's body with the card in `box`; "" where none is open. Pages cannot look there; BiDi can."""
        hosts = self.send("browsingContext.locateNodes", context=tab, locator={"type": "css", "value": "html > div"})
        for host in hosts["nodes"]:
            if root := host["value"].get("shadowRoot"):
                assert root["value"]["mode"] == "closed"
                found = self.send(
                    "script.callFunction", target={"context": tab}, arguments=[{"sharedId": root["sharedId"]}], awaitPromise=False,
                    functionDeclaration=f"(root) => {{ const box = root.querySelector('section'); return JSON.stringify(box && (() => {{ {body} }})()); }}",
                )  # fmt: skip
                return json.loads(found["result"]["value"]) or ""
        return ""

    def wait_for_card(self, tab: str, words: str = "") -> str:
        return str(wait_until(lambda: words in (text := self.card(tab)) and text, f"a card with {words!r}"))

    def press_card(self, tab: str, words: str) -> None:
        """Press a button of the card where it lies, once it has lain there long enough to be meant."""
        time.sleep(0.45)
        place = self.card(
            tab,
            f"const button = [...box.querySelectorAll('button')].find((each) => each.dataset.text === {json.dumps(words)});"
            "const {x, y, width, height} = button.getBoundingClientRect();"
            "return {x: Math.round(x + width / 2), y: Math.round(y + height / 2)};",
        )
        self.point(tab, {"type": "pointerDown", "button": 0}, {"type": "pointerUp", "button": 0}, **place)

    def open_popup(self) -> Popup:
        """Press the extension's button on the page in front."""
        shown = "[...document.querySelectorAll('panel')].filter((each) => each.state === 'open')"
        self.run(f"{shown}.forEach((each) => each.hidePopup())", self.window)  # one left open would only be closed
        wait_until(lambda: self.run(f"{shown}.length === 0", self.window), "no popup")
        self.run(OPEN_POPUP, self.window)
        popup = Popup(self, self.window)
        wait_until(lambda: popup.run("document.readyState === 'complete'"), "the popup")
        return popup


@dataclass
class Popup:
    """The popup, as the browser's window shows it."""

    firefox: Firefox
    window: str
    numbers: Iterator[int] = field(default_factory=lambda: itertools.count(1))

    def run(self, expression: str) -> Any:
        """The value of an expression in the popup."""
        script = (
            f"((NAME, EXPRESSION) => {IN_POPUP})({json.dumps(f'test{next(self.numbers)}')}, {json.dumps(expression)})"
        )
        found = json.loads(self.firefox.run(script, self.window))
        assert found is None or "fault" not in found, found["fault"]
        return found.get("value") if found else None

    def wait_for(self, expression: str) -> Any:
        return wait_until(lambda: self.run(expression), f"{expression}; the popup says: {self.text}")

    def wait_for_screen(self, name: str) -> None:
        self.wait_for(f"document.body.dataset.screen === {json.dumps(name)}")

    @property
    def text(self) -> str:
        return str(self.run("document.body?.innerText") or "")

    def click(self, words: str) -> None:
        """Press a button by its words; the browser takes it for a person's press."""
        found = f"[...document.querySelectorAll('button, a')].find((each) => each.textContent === {json.dumps(words)})"
        self.run(f"(document.notifyUserGestureActivation(), {found}.click())")

    def close(self) -> None:
        self.firefox.run("[...document.querySelectorAll('panel')].forEach((each) => each.hidePopup?.())", self.window)


def write_profile(folder: Path, wire_port: int, firefox_id: str) -> None:
    """Settings of a test's own: everything over the wire, no prompts for optional permissions, a fixed origin."""
    settings = {
        "network.proxy.type": 1,
        "network.proxy.http": "127.0.0.1",
        "network.proxy.http_port": wire_port,
        "network.proxy.ssl": "127.0.0.1",
        "network.proxy.ssl_port": wire_port,
        "network.proxy.allow_hijacking_localhost": True,
        "network.proxy.no_proxies_on": "",
        "extensions.webextensions.uuids": json.dumps({ADDON: firefox_id}),
        "extensions.webextOptionalPermissionPrompts": False,
        "browser.startup.page": 0,
        "browser.newtabpage.enabled": False,
        "datareporting.policy.dataSubmissionEnabled": False,
        "app.normandy.enabled": False,
        "app.update.disabledForTesting": True,
        "intl.accept_languages": "en-GB, en",
    }
    lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in settings.items()]
    (folder / "user.js").write_text("\n".join(lines), encoding="utf-8")


@pytest.fixture(scope="session")
def package(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What `make extension` makes for Firefox."""
    folder = tmp_path_factory.mktemp("packed")
    subprocess.run(
        [sys.executable, ROOT / "scripts" / "pack_extension.py", folder], check=True, stdout=subprocess.DEVNULL
    )
    return folder / "gegencheck-firefox.zip"


@pytest.fixture(scope="session")
def launch(
    package: Path, origins: Any, running_wire: Any, tmp_path_factory: pytest.TempPathFactory
) -> Callable[..., AbstractContextManager[Firefox]]:
    """Starts the browser with the extension, in a home folder of its own."""

    @contextmanager
    def run(home: Path | None = None) -> Iterator[Firefox]:
        profile = tmp_path_factory.mktemp("firefox")
        write_profile(profile, running_wire.port, origins.firefox_id)
        command = [
            "firefox-esr", "--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port=0",
            "--remote-allow-system-access", "about:blank",
        ]  # fmt: skip
        environment = {**os.environ, "HOME": str(home or profile), "LANGUAGE": "en_GB"}
        log = profile / "log.txt"
        with log.open("wb") as written:
            process = subprocess.Popen(command, stdout=written, stderr=written, env=environment)
        try:
            listening = r"WebDriver BiDi listening on (ws://\S+)"
            found = wait_until(lambda: re.search(listening, log.read_text(errors="replace")), "Firefox")
            from websockets.sync.client import connect

            with connect(f"{found[1]}/session", max_size=None, proxy=None) as socket:
                firefox = Firefox(socket, origins.firefox)
                firefox.send("session.new", capabilities={})
                firefox.send("webExtension.install", extensionData={"type": "archivePath", "path": str(package)})
                if home is None:  # an organisation's browser has taken the steps already
                    firefox.close_welcome()
                yield firefox
                firefox.send("session.end")
        finally:
            process.terminate()
            process.wait(timeout=30)

    return run


@pytest.fixture(scope="session")
def esr(launch: Any) -> Iterator[Firefox]:
    """One browser for all tests."""
    with launch() as opened:
        yield opened


@pytest.fixture
def firefox(esr: Firefox) -> Firefox:
    """The browser, with the extension as newly installed and no page left over."""
    esr.forget()
    return esr


@pytest.fixture(name="wait_until")
def waiting() -> Callable[[Callable[[], Any], str], Any]:
    return wait_until
