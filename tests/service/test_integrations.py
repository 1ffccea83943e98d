"""The doors into other tools against the running service: what they send is taken, what they read is there."""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

ROOT = Path(__file__).parents[2] / "integrations"
LEMONS = "Hot lemon water cures diabetes within seven days."
ASK_AS_COOP = """
const plugin = (await import(process.argv[1])).default;
const context = { integrationId: plugin.manifest.id, getCredential: async () => JSON.parse(process.argv[2]) };
const input = { value: { type: "STRING", value: process.argv[3] }, orgId: "org" };
const told = {};
for (const { signalTypeId, signal } of plugin.createSignals(context)) {
  told[signalTypeId] = await signal.run(input).catch((fault) => fault.message);
}
console.log(JSON.stringify(told));
"""


def load(path: Path, name: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    sys.modules[name] = made  # dataclasses look their module up
    spec.loader.exec_module(made)
    return made


def secret_of(headers: dict[str, str]) -> str:
    return headers["Authorization"].removeprefix("Bearer ")


@pytest.mark.loopback
@pytest.mark.sqlite
def test_coop_s_signals_find_what_the_service_knows(house: Any, serve: Any) -> None:
    address = serve(house.application)

    def ask(key: str, text: str) -> Any:
        access = json.dumps({"address": address, "key": key})
        entry = (ROOT / "coop" / "src" / "index.js").as_uri()
        command = ["node", "--input-type=module", "-e", ASK_AS_COOP, entry, access, text]
        return json.loads(subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout)

    key = secret_of(house.key("check"))
    found = ask(key, LEMONS)
    (statement,) = house.application.statements.by_keys([1]).values()
    for told in found.values():
        assert told["score"] > 0.7
        assert told["matchedValue"] == f"Example Checks: False – {statement.url}"
    other = ask(key, "The town hall of Ulm has nine floors.")
    assert other["GEGENCHECK_RATED_FALSE"]["score"] < 0.7
    refused = ask(secret_of(house.key("read")), LEMONS)
    assert refused["GEGENCHECK_FACT_CHECKED"] == "Gegencheck refuses the request: 403 scope-missing."


@pytest.mark.loopback
@pytest.mark.sqlite
def test_osprey_s_caller_finds_the_same(house: Any, serve: Any) -> None:
    module = load(ROOT / "osprey" / "src" / "gegencheck_osprey" / "service.py", "gegencheck_osprey_service")
    address = serve(house.application)
    (match,) = module.Gegencheck(address, secret_of(house.key("check"))).match(LEMONS)
    assert match.confidence > 0.7
    assert (match.stance, match.normalized, match.rating, match.publisher) == (
        "supports", "false", "False", "Example Checks",
    )  # fmt: skip
    with pytest.raises(module.Refused, match="403"):
        module.Gegencheck(address, secret_of(house.key("read"))).match(LEMONS)


@pytest.mark.sqlite
def test_the_example_for_chats_tells_what_the_service_posts(house: Any) -> None:
    module = load(ROOT / "webhook" / "receiver.py", "gegencheck_receiver")
    headers, hook = house.key("check"), "https://desk.example/hook"
    (key,) = house.application.keys.list()
    (secret,) = house.application.keys.webhook_secrets(key.id)
    house.fetcher.answers[hook] = 204
    house.client.post("/v1/checks", json={"text": LEMONS, "wait": 0, "callback_url": hook}, headers=headers)
    house.work()
    ((_, body, sent),) = house.fetcher.posted
    told: list[Any] = []
    settings = {"GEGENCHECK_WEBHOOK_SECRET": secret, "CHAT_URL": "https://chat.example/"}
    receiver = module.Receiver(settings, lambda _method, _url, content, _headers: told.append(json.loads(content)))
    assert [receiver.receive(body, sent) for _ in range(2)] == [204, 204]
    ((text,),) = [list(each.values()) for each in told]
    assert text.startswith("Gegencheck: Contains statements rated false.")
