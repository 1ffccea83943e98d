"""The client's models and calls are those of the service's own OpenAPI document, member by member and call by call."""

from __future__ import annotations

import importlib.util
import json
import re
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import httpx2
import jsonschema
import pytest
from pydantic import BaseModel

from gegencheck_client import Gegencheck, GegencheckError, models
from gegencheck_client.codes import Code
from gegencheck_client.models import (
    BatchItemBody,
    KeyBody,
    PairBody,
    PolicyBody,
    RatingBody,
    ReplayBody,
    RuleBody,
    SourceBody,
    StatementBody,
)

WRITER = Path(__file__).parents[3] / "scripts" / "write_client.py"
NOW = datetime(2026, 11, 30, tzinfo=UTC)
STATEMENT = StatementBody(claim_reviewed="x", url="https://a.example/", rating=RatingBody(alternate_name="False"))
SOURCE = SourceBody(address="https://a.example/feed", name="A", every_hours=24, allowlist=["a.example"])
POLICY = PolicyBody(name="desk", rules=[RuleBody(action="flag", modes=["quoted"])], otherwise="allow")

# Each call of the client, with everything that it takes.
CALLS: list[Callable[[Gegencheck], Any]] = [
    lambda api: api.checks.create(
        url="https://a.example/", language="de", wait=1.5, fresh=True, reference="r", policy="desk",
        callback_url="https://a.example/hook",
    ),
    lambda api: api.checks.create(text="x", wait=0),
    lambda api: api.checks.create(image_url="https://a.example/1.png"),
    lambda api: api.checks.create_from_picture(b"x", wait=0, language="de"),
    lambda api: api.checks.create(html="<p>x</p>", url="https://a.example/"),
    lambda api: api.checks.get("1", include_text=True),
    lambda api: api.checks.newest("https://a.example/"),
    lambda api: api.checks.find(reference="r", verdict="refuted", since=NOW, before=NOW),
    lambda api: api.checks.wait("1"),
    lambda api: api.checks.delete("1"),
    lambda api: api.checks.report("1", "wrong_match", claim=0, comment="x"),
    lambda api: api.batches.create(
        [BatchItemBody(text="x", reference="r")], policy="desk", callback_url="https://a.example/hook"
    ),
    lambda api: api.batches.get("1"),
    lambda api: api.batches.wait("1"),
    lambda api: api.batches.items("1"),
    lambda api: api.batches.cancel("1"),
    lambda api: api.statements.find("x", language="de", publisher="a.example", rating="false"),
    lambda api: api.statements.get("1"),
    lambda api: api.statements.cluster("1"),
    lambda api: api.statements.history("1"),
    lambda api: api.statements.restore("1", reason="Needed."),
    lambda api: api.statements.create(STATEMENT),
    lambda api: api.statements.replace("1", STATEMENT),
    lambda api: api.statements.delete("1"),
    lambda api: api.statements.load(
        "a,b", "text/csv", columns={"rating": "b"}, same={"url": "x"}, callback_url="https://a.example/hook"
    ),
    lambda api: api.statements.load_from("https://a.example/", callback_url="https://a.example/hook"),
    lambda api: api.statements.preview("a,b", "text/csv", columns={"rating": "b"}, same={"url": "x"}),
    lambda api: api.imports.get("1"),
    lambda api: api.imports.wait("1"),
    lambda api: api.policies.all(),
    lambda api: api.policies.get("desk"),
    lambda api: api.policies.create(POLICY),
    lambda api: api.policies.replay(
        ReplayBody.model_validate({"policy": "desk", "min_confidence": 0.5, "verdict": "refuted", "from": NOW})
    ),
    lambda api: api.feedback.find(status="open"),
    lambda api: api.feedback.decide("1", "accepted", note="x"),
    lambda api: api.negatives.find(statement="1"),
    lambda api: api.negatives.get("1"),
    lambda api: api.negatives.create("x", "1", note="x"),
    lambda api: api.negatives.delete("1"),
    lambda api: api.reasons.find(action="flag", since=NOW, before=NOW),
    lambda api: api.deliveries.find(state="dead"),
    lambda api: api.deliveries.get("1"),
    lambda api: api.deliveries.resend("1"),
    lambda api: api.match(["x"], limit=3, rerank=False, stance=True),
    lambda api: api.stance([PairBody(claim="x", statement="y")]),
    lambda api: api.claims(text="x", language="de"),
    lambda api: api.claims(url="https://a.example/"),
    lambda api: api.claims(html="<p>x</p>"),
    lambda api: api.extract(url="https://a.example/", language="de"),
    lambda api: api.extract(html="<p>x</p>"),
    lambda api: api.ready(),
    lambda api: api.coverage(),
    lambda api: api.keys.all(),
    lambda api: api.keys.get("1"),
    lambda api: api.keys.create(KeyBody(name="desk", scopes=["check"], expires_at=NOW, requests_per_minute=60)),
    lambda api: api.keys.rotate("1", replaces="webhook_secret", overlap_seconds=60),
    lambda api: api.keys.rotate("1"),
    lambda api: api.keys.revoke("1"),
    lambda api: api.sources.all(),
    lambda api: api.sources.get("1"),
    lambda api: api.sources.create(SOURCE),
    lambda api: api.sources.replace("1", SOURCE),
    lambda api: api.sources.refresh("1"),
    lambda api: api.sources.delete("1"),
    lambda api: api.sources.presets(),
    lambda api: api.sources.add_preset("x"),
    lambda api: api.audit.find(),
]  # fmt: skip
NOT_CALLED = {("get", "/v1/transparency.csv")}  # a file, which curl fetches


@pytest.fixture(scope="module")
def api(open_module_house) -> Any:
    """The document."""
    return open_module_house().client.get("/openapi.json").json


@pytest.fixture(scope="module")
def writer() -> Any:
    spec = importlib.util.spec_from_file_location("write_client", WRITER)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def bare(part: Any, *, named: bool = False) -> Any:
    """A schema without what only explains it, in one order."""
    if isinstance(part, dict):
        kept = {
            name: bare(value, named=name == "properties")
            for name, value in part.items()
            if named or name not in ("title", "description", "default", "readOnly", "examples")
        }
        if isinstance(kept.get("type"), list) and not named:
            kept["anyOf"] = [{"type": kind} for kind in kept.pop("type")]
        for name in ("anyOf", "required", "enum"):
            if name in kept and not named:
                kept[name] = sorted(kept[name], key=json.dumps)
        return kept
    return [bare(each) for each in part] if isinstance(part, list) else part


def shape_of(model: type[BaseModel]) -> Any:
    """A model of the client as the document writes it."""
    schema = model.model_json_schema(ref_template="#/components/schemas/{model}", mode="validation")
    schema.pop("$defs", None)
    return bare(schema)


def test_every_model_has_the_members_of_the_document_and_no_others(api, writer) -> None:
    told = writer.client_schemas(api)
    assert len(told) > 80
    for name, schema in told.items():
        kind = getattr(models, name)
        if issubclass(kind, Code):
            assert [each.value for each in kind] == schema["enum"], name
        else:
            assert shape_of(kind) == bare(optional(schema)), f"{name}: run `make client`"


def optional(schema: Any) -> Any:
    """What is only sent: where the service has a default that is an object, the client leaves the member out."""
    members = {
        name: {"anyOf": [member, {"type": "null"}]}
        if "$ref" in member and "default" not in member and name not in schema.get("required", [])
        else member
        for name, member in schema["properties"].items()
    }
    return {**schema, "properties": members}


def test_it_has_no_model_that_the_document_has_not(api, writer) -> None:
    own = {name for name, kind in vars(models).items() if isinstance(kind, type) and kind.__module__ == models.__name__}
    assert own == set(writer.client_schemas(api))


def requests_of(act: Callable[[Gegencheck], Any]) -> list[httpx2.Request]:
    """What a call sends."""
    sent: list[httpx2.Request] = []

    def refuse(request: httpx2.Request) -> httpx2.Response:
        sent.append(request)
        return httpx2.Response(418)

    with Gegencheck("http://a.example", transport=httpx2.MockTransport(refuse)) as client:
        try:
            found = act(client)
            list(found)
        except GegencheckError:
            pass
    return sent


def operation_of(api: Any, request: httpx2.Request) -> tuple[str, str]:
    """Method and path of the document that a request goes to; an address without variables first."""
    for path in sorted(api["paths"], key=lambda path: path.count("{")):
        pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path))
        if re.fullmatch(pattern, request.url.path) and request.method.lower() in api["paths"][path]:
            return request.method.lower(), path
    raise AssertionError(f"{request.method} {request.url.path} is not in the document")


@pytest.mark.parametrize("act", CALLS, ids=range(len(CALLS)))
def test_each_call_sends_what_the_document_allows(api, act: Callable[[Gegencheck], Any]) -> None:
    (request,) = requests_of(act)
    method, path = operation_of(api, request)
    told = api["paths"][path][method]
    parameters = {(each["in"], each["name"]): each["schema"] for each in told["parameters"]}
    for name, value in request.url.params.items():
        schema = parameters["query", name]
        assert schema.get("type") != "integer" or int(value) <= schema.get("maximum", 10**9)
        assert value in schema.get("enum", [value])
    assert ("Idempotency-Key" in request.headers) is (("header", "Idempotency-Key") in parameters)
    assert bool(request.content) is ("requestBody" in told)
    if request.headers.get("Content-Type") == "application/json":
        schema = told["requestBody"]["content"]["application/json"]["schema"]
        jsonschema.Draft202012Validator({**schema, "components": api["components"]}).validate(
            json.loads(request.content)
        )
    elif request.content:
        assert request.headers["Content-Type"].partition(";")[0] in told["requestBody"]["content"]


def test_there_is_a_call_for_every_operation_but_those_that_are_left_out(api, writer) -> None:
    called = {operation_of(api, request) for act in CALLS for request in requests_of(act)}
    told = {
        (method, path)
        for path, methods in api["paths"].items()
        if not writer.LEFT_OUT.match(path)
        for method in methods
    }
    assert called == told - NOT_CALLED
