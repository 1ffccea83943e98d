"""The product's story, by the models and defaults that ship: import a statement, check a text, read the verdict; then
eight clients at a real server."""

from __future__ import annotations

import json
import socket
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from index.model.embedder import Embedder, default_embedder
from index.pairs.protocol import PairModel
from index.pairs.reader import open_pair_model
from index.pairs.rules import RulePairModel
from service.config import Settings

from .conftest import House, open_house

SENTENCE = "Hot lemon water cures diabetes within seven days."
TEXT = f"The weather was fine on Monday. {SENTENCE} Nothing else was in the news."


@pytest.fixture
def shipped_house(models_dir: Path, tmp_path: Path) -> Iterator[House]:
    """An application without a statement, as it is installed."""

    def shipped_models() -> tuple[Embedder, PairModel]:
        embedder = default_embedder(models_dir)
        return embedder, open_pair_model(models_dir, RulePairModel(embedder))

    made = open_house(Settings(data_dir=tmp_path), models=shipped_models)
    yield made
    made.application.close()


def test_from_an_imported_statement_to_a_verdict(shipped_house, lemons) -> None:
    client = shipped_house.writer
    assert client.get("/readyz").status_code == 503
    made = client.post("/v1/statements/import", data=json.dumps(lemons), content_type="application/ld+json")
    shipped_house.work()
    assert client.get(made.headers["Location"]).json["added"] == 1
    assert client.get("/readyz").status_code == 200

    check = shipped_house.check(text=TEXT)
    assert check["verdict"]["code"] == "refuted"
    assert "Example Checks" in check["verdict"]["headline"]
    assert "False" in check["verdict"]["headline"]
    (claim,) = [claim for claim in check["claims"] if claim["evidence"]]
    assert claim["text"] == SENTENCE
    assert claim["evidence"][0]["statement"]["url"] == lemons["url"]

    (statement,) = client.get("/v1/statements").json["statements"]
    client.delete(f"/v1/statements/{statement['id']}")
    assert shipped_house.check(text=TEXT)["verdict"]["code"] == "not_enough_evidence"


@pytest.fixture
def base(house, serve) -> str:
    """The address of a real server."""
    return serve(house.application)


@pytest.fixture
def busy_base(shipped_house, serve) -> Iterator[str]:
    """The address of a real server with workers inside and one statement."""
    shipped_house.add_statement()
    worker = shipped_house.worker
    worker.start()
    yield serve(shipped_house.application)
    worker.stop()


def ask(base: str, key: dict[str, str], path: str, body: Any = None) -> Any:
    raw = json.dumps(body).encode() if body is not None else None
    request = urllib.request.Request(f"{base}{path}", raw, {"Content-Type": "application/json", **key})
    for _ in range(60):
        try:
            with urllib.request.urlopen(request, timeout=60) as reply:
                return json.load(reply)
        except urllib.error.HTTPError as refused:
            if refused.code not in (429, 503):
                raise
            time.sleep(float(refused.headers["Retry-After"]))
    raise AssertionError("refused for a minute")


@pytest.mark.loopback
def test_eight_clients_at_once(shipped_house, busy_base: str, lemons) -> None:
    """Checks of texts and pages, searches and imports, all at the same time: no error, nothing mixed up."""
    for number in range(4):
        shipped_house.publish(f"https://news.example/{number}", SENTENCE, f"Number {number} was told on the radio.")

    base, key = busy_base, shipped_house.key("check", "read", "write")

    def client(number: int) -> list[Any]:
        text = ask(base, key, "/v1/checks", {"text": f"{TEXT} {number}", "reference": f"{number}", "wait": 30})
        page = ask(
            base, key, "/v1/checks", {"url": f"https://news.example/{number % 4}", "wait": 30, "reference": f"{number}"}
        )
        matches = ask(base, key, "/v1/match", {"texts": [SENTENCE] * 4, "limit": 1})
        claim = {**lemons, "claimReviewed": f"Pear number {number} is purple."}
        ask(base, key, "/v1/statements/import", claim)
        again = ask(base, key, f"/v1/checks/{text['id']}?include=text")
        return [text, page, matches, again]

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(client, range(8)))
    for number, (text, page, matches, again) in enumerate(answers):
        assert (text["verdict"]["code"], text["reference"]) == ("refuted", f"{number}")
        assert (page["verdict"]["code"], page["reference"]) == ("refuted", f"{number}")
        assert [result["matches"][0]["statement"]["claim_reviewed"] for result in matches["results"]] == [SENTENCE] * 4
        assert again["article"]["text"] == f"{TEXT} {number}"
    ids = {answer[0]["id"] for answer in answers} | {answer[1]["id"] for answer in answers}
    assert len(ids) == 16


@pytest.mark.loopback
@pytest.mark.parametrize(
    ("header", "value", "status"),
    [("X-Forwarded-For", "127.0.0.1", 401), ("Host", "evil.example", 421), ("Origin", "https://evil.example", 403)],
)
def test_a_real_server_hands_on_what_closes_it(base: str, header: str, value: str, status: int) -> None:
    """Servers drop or rewrite some headers: these must arrive."""
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(urllib.request.Request(f"{base}/v1/statements", headers={header: value}), timeout=10)
    with refused.value as reply:
        assert reply.code == status
        assert reply.headers["Server"] is None


@pytest.mark.loopback
@pytest.mark.parametrize(
    ("line", "header", "status"),
    [
        ("GET /v1/statements HTTP/1.1", "", 200),
        ("GET /v1/statements HTTP/1.0", "", 401),
        ("GET /v1/statements HTTP/1.1", "X-Forwarded-For: 127.0.0.1\r\nX-Forwarded-For: 127.0.0.1\r\n", 401),
        ("GET /v1/statements HTTP/1.1", "Via:\r\n", 401),
        ("OPTIONS * HTTP/1.1", "", 204),
        ("OPTIONS /v1/statements/x HTTP/1.1", "", 204),
        ("TRACE /v1/statements HTTP/1.1", "X-Secret: lemonade\r\n", 405),
        ("CONNECT evil.example:443 HTTP/1.1", "X-Secret: lemonade\r\n", 405),
        ("BREW / HTTP/1.1", "X-Secret: lemonade\r\n", 405),
    ],
)
def test_a_real_server_hands_on_the_protocol_and_the_method(house, serve, line: str, header: str, status: int) -> None:
    """As they come over the wire."""
    host = serve(house.application).removeprefix("http://")
    with socket.create_connection((host.split(":")[0], int(host.split(":")[1])), 10) as wire:
        wire.sendall(f"{line}\r\nHost: {host}\r\nConnection: close\r\n{header}\r\n".encode())
        reply = b"".join(iter(lambda: wire.recv(65536), b"")).decode()
    assert reply.split()[1] == str(status)
    assert ("Allow: " in reply) is (status in (204, 405))
    assert "lemonade" not in reply
    if status == 204:
        assert reply.endswith("\r\n\r\n")
