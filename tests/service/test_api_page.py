"""docs/api.md says what the service's own document says, and what the service does."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from typing import Any

import pytest

from service.store.idempotency import KEPT_HOURS
from service.store.keys import Scope
from service.web.imports_api import MAX_IMPORT_BYTES
from service.web.operations import MAX_KEY_LENGTH
from service.web.reading import DOCUMENT_BODY_BYTES, SMALL_BODY_BYTES, TEXTS_BODY_BYTES

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "api.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def house(open_module_house) -> Any:
    return open_module_house()


@pytest.fixture(scope="module")
def api(house) -> Any:
    return house.client.get("/openapi.json").json


def test_its_tables_are_those_of_the_document(api) -> None:
    spec = importlib.util.spec_from_file_location("list_calls", ROOT / "scripts" / "list_calls.py")
    assert spec is not None
    lister = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(lister)
    assert lister.with_tables(PAGE, api) == PAGE, "run `make client`"
    assert "| `POST /v1/match` | `texts` | 1 to 64 entries |  |" in PAGE
    assert "| `POST /v1/match` | check | " in PAGE


def test_it_explains_every_status_with_which_a_call_may_refuse(api) -> None:
    explained = {status for row in re.findall(r"^\| (\d{3}(?:, \d{3})*) \|", PAGE, re.M) for status in row.split(", ")}
    told = {status for methods in api["paths"].values() for each in methods.values() for status in each["responses"]}
    assert explained == {status for status in told if status >= "400" and status != "default"}


def test_it_explains_every_scope() -> None:
    assert re.findall(r"^\| `(\w+)` \| ", PAGE.split("## Sending")[0], re.M) == [scope.value for scope in Scope]


def test_its_sizes_are_those_of_the_code() -> None:
    assert f"at most {SMALL_BODY_BYTES // 10**6} MB; {DOCUMENT_BODY_BYTES // 10**6} MB where texts or pages" in PAGE
    assert f"{TEXTS_BODY_BYTES // 10**6} MB of texts to match" in PAGE
    assert f"{MAX_IMPORT_BYTES // 2**20} MB for imports" in PAGE
    assert f"up to {MAX_KEY_LENGTH} characters" in PAGE
    assert KEPT_HOURS == 24
    assert "within a day" in PAGE


def test_another_key_s_check_is_said_not_to_be_there_and_admins_see_it(house) -> None:
    made = house.client.post("/v1/checks", json={"text": "x", "wait": 0}, headers=house.key("check")).json
    asked = f"/v1/checks/{made['id']}"
    assert house.client.get(asked, headers=house.key("check", "read", "write")).status_code == 404
    assert house.client.get(asked, headers=house.key("admin")).status_code == 200


def test_a_preview_is_refused_as_the_document_says(house, api) -> None:
    told = api["paths"]["/v1/statements/preview"]["post"]["responses"]
    key = house.key("write")
    for content_type, body, status in (("text/plain", b"x", "415"), ("text/csv", b"x" * 5_000_001, "413")):
        reply = house.client.post("/v1/statements/preview", data=body, headers={**key, "Content-Type": content_type})
        assert str(reply.status_code) == status
        assert status in told
