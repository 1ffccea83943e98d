"""Make docs/screenshot.png: the web page with a checked text, from a service started for it on a free port."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

TEXT = (
    "Gestern beim Abendessen: Onkel Rolf ist sicher, dass die Masernimpfung bei Kindern Autismus auslöst. "
    "Er schickte gleich noch einen Link hinterher. 5G-Strahlung verbreitet das Coronavirus, steht da. "
    "Die Erde dreht sich in 24 Stunden einmal um sich selbst."
)
TARGET = Path(__file__).with_name("screenshot.png")


def free_port() -> int:
    """A port that nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_until_ready(base: str, seconds: float = 180) -> None:
    """Return when /readyz answers 200."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(f"{base}/readyz", timeout=5):
                return
        except (urllib.error.URLError, ConnectionError, TimeoutError):
            time.sleep(0.5)
    raise SystemExit("The service did not become ready.")


def shoot(base: str) -> None:
    """Paste the text, wait for the verdict, take the picture."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"),
            args=["--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking"],
        )
        page = browser.new_page(viewport={"width": 900, "height": 1100}, locale="de-DE")
        page.goto(f"{base}/?lang=de")
        page.fill("textarea", TEXT)
        page.click("button[type=submit]")
        page.wait_for_selector("text=Geprüfte Aussage", timeout=60_000)
        page.screenshot(path=TARGET)
        browser.close()


def main() -> None:
    """Start the service on a fresh data folder, take the picture, end it."""
    port = free_port()
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "GEGENCHECK_DATA_DIR": os.environ.get("SCREENSHOT_DATA_DIR", folder)}
        command = [sys.executable, "-c", "from service.cli import main; main()", "serve", "--port", str(port)]
        service = subprocess.Popen(command, env=environment)
        try:
            wait_until_ready(f"http://127.0.0.1:{port}")
            shoot(f"http://127.0.0.1:{port}")
        finally:
            service.terminate()
            service.wait(20)
    print(TARGET)


if __name__ == "__main__":
    main()
