"""README's nginx and Caddy configurations, as they stand there, before a real server: who gets through, and to what."""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import ssl
import subprocess
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

pytestmark = pytest.mark.loopback

README = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
TEXT = {"text": "Hot lemon water cures diabetes within seven days.", "wait": 30}
SPOOFED = (
    {}, {"X-Forwarded-For": "127.0.0.1"}, {"X-Forwarded-For": "127.0.0.1, 127.0.0.1"}, {"X-Real-IP": "127.0.0.1"},
    {"Forwarded": "for=127.0.0.1"}, {"X-Forwarded-Host": "localhost", "X-Forwarded-For": "127.0.0.1"},
)  # fmt: skip
CARELESS = "server { listen 443 ssl; location / { proxy_pass http://127.0.0.1:8000; } }"


def configuration(name: str) -> str:
    """What README says between its marks, without the fence."""
    found = re.search(rf"<!-- {name} -->\n```\w+\n(.*?)```\n<!-- /{name} -->", README, re.S)
    assert found is not None, f"README has no configuration for {name}"
    return found[1]


def program(name: str) -> str:
    """Where Debian puts it; these tests are never left out in silence."""
    found = shutil.which(name, path=f"{os.environ['PATH']}:/usr/sbin:/usr/bin")
    assert found, f"these tests need {name}: apt-get install {name}"
    return found


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A certificate for the name in README and its key."""
    folder, key = tmp_path_factory.mktemp("tls"), ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "gegencheck.example.org")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1)).sign(key, hashes.SHA256())
    )  # fmt: skip
    pem = serialization.Encoding.PEM
    (folder / "cert.pem").write_bytes(made.public_bytes(pem))
    plain = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "cert.key").write_bytes(plain)
    return folder / "cert.pem", folder / "cert.key"


# ---------------------------------------------------------------- the proxies


@dataclass(frozen=True)
class Front:
    """A proxy in front of a service, as others reach it."""

    address: str

    def ask(self, method: str, path: str, body: Any = None, headers: dict[str, str] | None = None) -> tuple[int, Any]:
        """Status and JSON of a call."""
        sent = {"Content-Type": "application/json", "Host": "gegencheck.example.org", **(headers or {})}
        content = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(self.address + path, content, sent, method=method)
        trusting = ssl.create_default_context()
        trusting.check_hostname, trusting.verify_mode = False, ssl.CERT_NONE
        try:
            with urllib.request.urlopen(request, timeout=40, context=trusting) as reply:
                return reply.status, json.loads(reply.read() or b"null")
        except urllib.error.HTTPError as refused:
            with refused:
                return refused.code, json.loads(refused.read() or b"null")


@pytest.fixture
def run(tmp_path: Path) -> Iterator[Callable[..., None]]:
    """Starts a proxy and waits until it listens; ended with the test."""
    running: list[subprocess.Popen[bytes]] = []

    def run_one(command: list[str], port: int, **environment: str) -> None:
        with (tmp_path / "proxy.log").open("wb") as log:
            running.append(subprocess.Popen(command, stdout=log, stderr=log, env={**os.environ, **environment}))
        end = time.monotonic() + 30
        while time.monotonic() < end:
            assert running[-1].poll() is None, (tmp_path / "proxy.log").read_text()
            with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                return
            time.sleep(0.05)
        raise AssertionError((tmp_path / "proxy.log").read_text())

    yield run_one
    for process in running:
        process.terminate()
        process.wait(timeout=20)


@pytest.fixture
def nginx(run: Callable[..., None], tmp_path: Path, certificate: tuple[Path, Path]) -> Callable[[str, str], Front]:
    """nginx with a server's configuration, changed only in ports, addresses and paths."""

    def start(text: str, service: str) -> Front:
        port, (cert, key) = free_port(), certificate
        text = text.replace("127.0.0.1:8000", service).replace("listen 443 ssl", f"listen 127.0.0.1:{port} ssl")
        text = re.sub(r"\s*ssl_certificate(_key)? [^;]+;", "", text)
        spare = "".join(
            f"{kind}_temp_path {tmp_path}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
        )
        (tmp_path / "nginx.conf").write_text(
            f"daemon off; master_process off; pid {tmp_path}/nginx.pid; error_log stderr; events {{}}\n"
            f"http {{ access_log off; {spare} ssl_certificate {cert}; ssl_certificate_key {key};\n{text}}}\n"
        )
        run([program("nginx"), "-p", str(tmp_path), "-c", str(tmp_path / "nginx.conf")], port)
        return Front(f"https://127.0.0.1:{port}")

    return start


@pytest.fixture
def caddy(run: Callable[..., None], tmp_path: Path) -> Callable[[str, str], Front]:
    """Caddy with a site's configuration, without TLS: where certificates come from needs the net."""

    def start(text: str, service: str) -> Front:
        port = free_port()
        text = text.replace("127.0.0.1:8000", service)
        text = text.replace("gegencheck.example.org {", f"http://gegencheck.example.org:{port} {{\n\tbind 127.0.0.1")
        (tmp_path / "Caddyfile").write_text(f"{{\n\tadmin off\n\tauto_https off\n}}\n{text}")
        command = [program("caddy"), "run", "--config", str(tmp_path / "Caddyfile"), "--adapter", "caddyfile"]
        run(command, port, HOME=str(tmp_path), XDG_DATA_HOME=str(tmp_path), XDG_CONFIG_HOME=str(tmp_path))
        return Front(f"http://127.0.0.1:{port}")

    return start


@pytest.fixture(params=["nginx", "caddy"])
def front(request: pytest.FixtureRequest) -> Callable[[str], Front]:
    """Starts each proxy as README says, in front of a service's address."""
    start = request.getfixturevalue(request.param)
    return lambda base: start(configuration(request.param), base.removeprefix("http://"))


@pytest.fixture
def trusting(open_other: Callable[..., Any]) -> Any:
    """A service that believes in one proxy, and goes by the name in README."""
    house = open_other(trusted_proxies=1, allowed_hosts=("gegencheck.example.org",))
    house.add_statement()
    return house


# ---------------------------------------------------------------- as README says


def test_behind_the_configuration_of_the_readme_keys_and_nothing_else_count(trusting, serve, front) -> None:
    proxy = front(serve(trusting.application))
    key, reader = trusting.key("check", "write"), trusting.key("read")
    worker = trusting.worker
    worker.start()
    try:
        status, check = proxy.ask("POST", "/v1/checks", TEXT, key)
        assert (status, check["state"], check["verdict"]["code"]) == (200, "finished", "refuted")
    finally:
        worker.stop()
    (statement,) = proxy.ask("GET", "/v1/statements", headers=reader)[1]["statements"]
    for spoofed in SPOOFED:
        for method, path in (("GET", "/v1/statements"), ("DELETE", f"/v1/statements/{statement['id']}")):
            assert proxy.ask(method, path, headers=spoofed)[0] == 401, (method, spoofed)
    assert proxy.ask("GET", f"/v1/checks/{check['id']}", headers=reader)[0] == 404
    assert proxy.ask("DELETE", f"/v1/statements/{statement['id']}", headers=key)[0] == 204


def test_large_imports_pass(trusting, serve, front) -> None:
    proxy, key = front(serve(trusting.application)), trusting.key("write")
    lines = ["x" * 1_000_000] * 20
    assert proxy.ask("POST", "/v1/statements/import", lines, key)[0] == 202


def test_without_a_key_the_address_that_the_proxy_saw_decides(trusting, serve, front) -> None:
    """Here the caller is this machine. It may check and read, as straight; what it says of itself is replaced."""
    proxy = front(serve(trusting.application))
    for headers in ({}, {"X-Forwarded-For": "203.0.113.9"}):
        assert proxy.ask("GET", "/v1/statements", headers=headers)[0] == 200
        assert proxy.ask("DELETE", "/v1/statements/x", headers=headers)[0] == 401


# ---------------------------------------------------------------- careless


def test_a_proxy_that_nobody_announced_gives_nothing_away(house, serve, nginx) -> None:
    """`proxy_pass` alone: no header tells of the proxy, the service goes by its own name, and everything looks local."""
    proxy = nginx(CARELESS, serve(house.application).removeprefix("http://"))
    for method, path, body in (
        ("GET", "/v1/statements", None), ("POST", "/v1/checks", TEXT), ("POST", "/v1/match", {"texts": ["x"]}),
        ("DELETE", "/v1/statements/x", None), ("POST", "/v1/statements/import", []),
    ):  # fmt: skip
        status, problem = proxy.ask(method, path, body)
        assert status == 401
        assert "HTTP/1.0" in problem["detail"]


def test_one_that_shows_by_nothing_gives_away_no_writing(house, serve, nginx) -> None:
    text = CARELESS.replace("proxy_pass", 'proxy_http_version 1.1; proxy_set_header Connection ""; proxy_pass')
    proxy = nginx(text, serve(house.application).removeprefix("http://"))
    (statement,) = proxy.ask("GET", "/v1/statements")[1]["statements"]
    for method, path, body in (
        ("DELETE", f"/v1/statements/{statement['id']}", None), ("PUT", f"/v1/statements/{statement['id']}", {}),
        ("POST", "/v1/statements", {}), ("POST", "/v1/statements/import", []), ("PATCH", "/v1/feedback/x", {}),
    ):  # fmt: skip
        assert proxy.ask(method, path, body)[0] == 401
    assert house.application.statements.count() == 1


@pytest.mark.parametrize(
    "address", ["", "proxy_set_header X-Real-IP $remote_addr;", "proxy_set_header X-Forwarded-For 10.0.0.7;"]
)
def test_an_announced_proxy_that_leaves_the_address_out_opens_nothing(trusting, serve, nginx, address: str) -> None:
    text = configuration("nginx").replace("proxy_set_header X-Forwarded-For $remote_addr;", address)
    assert text != configuration("nginx")
    proxy = nginx(text, serve(trusting.application).removeprefix("http://"))
    for method, path in (("GET", "/v1/statements"), ("DELETE", "/v1/statements/x")):
        assert proxy.ask(method, path, headers={"Host": "localhost"})[0] == 401
    assert proxy.ask("GET", "/v1/statements", headers=trusting.key("read"))[0] == 200


def test_an_announced_proxy_that_appends_is_not_fooled(trusting, serve, nginx) -> None:
    text = configuration("nginx").replace("For $remote_addr", "For $proxy_add_x_forwarded_for")
    assert text != configuration("nginx")
    proxy = nginx(text, serve(trusting.application).removeprefix("http://"))
    for spoofed in ("127.0.0.1", "203.0.113.9", "127.0.0.1, 127.0.0.1", '"', ","):
        headers = {"Host": "localhost", "X-Forwarded-For": spoofed}
        assert proxy.ask("GET", "/v1/statements", headers=headers)[0] == 401, spoofed
