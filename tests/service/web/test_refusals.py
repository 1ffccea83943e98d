"""Every status that a call answers with is named in its description, with the headers that come along."""

from __future__ import annotations

from typing import Any

import pytest

HOST, ORIGIN = {"Host": "evil.example"}, {"Origin": "https://evil.example"}
TEXT = {"text": "Hot lemon water cures diabetes within seven days.", "wait": 0}
UNREAD = "https://none.example/"
ALIVE = "/healthz"  # is told to everybody, without a look at the database
GOOGLES = "/v1alpha1/claims:search"  # Google's errors know no 421


@pytest.fixture(scope="module")
def house(open_module_house):
    return open_module_house()


@pytest.fixture(scope="module")
def api(house) -> Any:
    return house.client.get("/openapi.json").json["paths"]


def check(api: Any, reply: Any, method: str, path: str, status: int) -> None:
    """The reply is as its description says."""
    assert reply.status_code == status, reply.text
    described = api[path][method]["responses"][str(status)]
    assert reply.mimetype in described["content"]
    for name, header in described.get("headers", {}).items():
        assert (name in reply.headers) or not header["required"], name


@pytest.mark.parametrize("status", [403, 421])
def test_the_refusals_of_the_open_api_are_named_for_every_call(house, api, status: int) -> None:
    headers = {403: ORIGIN, 421: HOST}[status]
    for path, methods in api.items():
        for method in methods:
            reply = house.client.open(path.replace("{id}", "x"), method=method.upper(), json={}, headers=headers)
            if path == ALIVE:
                assert (reply.status_code, str(status) in methods[method]["responses"]) == (200, False)
                continue
            check(api, reply, method, path, 403 if path == GOOGLES else status)


def test_a_missing_and_a_small_key_are_named_for_every_call(open_other) -> None:
    house = open_other()
    api, key = house.client.get("/openapi.json").json["paths"], house.key("read")
    refused = 0
    for path, methods in api.items():
        for method, described in methods.items():
            if not described["security"]:
                assert "401" not in described["responses"]
                continue
            where = path.replace("{id}", "x")
            check(api, house.client.open(where, method=method.upper(), json={}), method, path, 401)
            if "read" not in described["description"]:
                check(api, house.client.open(where, method=method.upper(), json={}, headers=key), method, path, 403)
                refused += 1
    assert refused > 8


@pytest.mark.parametrize(
    ("method", "path", "status", "sent"),
    [
        ("post", "/v1/checks", 400, {"json": {}}),
        ("post", "/v1/checks", 400, {"json": TEXT, "headers": {"Idempotency-Key": "x" * 256}}),
        ("post", "/v1/checks", 413, {"json": {"text": "x" * 5_000_001}}),
        ("post", "/v1/checks", 415, {"data": "x", "content_type": "text/plain"}),
        ("post", "/v1/checks", 202, {"json": TEXT}),
        ("get", "/v1/checks", 400, {"query_string": {"limit": 0}}),
        ("get", "/v1/checks", 404, {"query_string": {"url": UNREAD}}),
        ("get", "/v1/checks/{id}", 404, {}),
        ("delete", "/v1/checks/{id}", 404, {}),
        ("post", "/v1/checks/{id}/feedback", 404, {"json": {"kind": "other"}}),
        ("post", "/v1/checks/{id}/feedback", 400, {"json": {}}),
        ("patch", "/v1/feedback/{id}", 404, {"json": {"status": "open"}}),
        ("post", "/v1/extract", 502, {"json": {"url": UNREAD}}),
        ("post", "/v1/claims", 502, {"json": {"url": UNREAD}}),
        ("post", "/v1/match", 400, {"json": {"texts": []}}),
        ("post", "/v1/stance", 415, {"data": "x"}),
        ("get", "/v1/statements", 400, {"query_string": {"limit": 0}}),
        ("get", "/v1/statements/{id}", 404, {}),
        ("get", "/v1/statements/{id}/cluster", 404, {}),
        ("put", "/v1/statements/{id}", 400, {"json": {}}),
        ("delete", "/v1/statements/{id}", 404, {}),
        ("get", "/v1/statements/{id}/history", 404, {}),
        ("get", "/v1/drafts/{id}", 404, {}),
        ("post", "/v1/drafts/{id}/refuse", 404, {"json": {}}),
        ("post", "/v1/drafts/{id}/release", 403, {"json": {"tag": "x"}}),
        ("post", "/v1/statements/{id}/restore", 404, {"json": {}}),
        ("post", "/v1/statements/import", 415, {"data": "x", "content_type": "text/csv"}),
        ("post", "/v1/statements/import", 202, {"json": []}),
        ("get", "/v1/imports/{id}", 404, {}),
    ],
)
def test_what_a_call_answers_with_is_named(
    house, api, method: str, path: str, status: int, sent: dict[str, Any]
) -> None:
    reply = house.writer.open(path.replace("{id}", "x"), method=method.upper(), **sent)
    check(api, reply, method, path, status)


def test_a_key_that_stood_for_something_else_is_named(house, api) -> None:
    for path, bodies in (("/v1/checks", (TEXT, {**TEXT, "text": "x"})), ("/v1/statements/import", ([], [1]))):
        replies = [house.writer.post(path, json=body, headers={"Idempotency-Key": path}) for body in bodies]
        check(api, replies[0], "post", path, 202)
        check(api, replies[1], "post", path, 422)


def test_a_version_that_is_gone_or_missing_is_named(house, api) -> None:
    (statement,) = house.application.statements.select().statements
    where, path = f"/v1/statements/{statement.id}", "/v1/statements/{id}"
    body = {"claim_reviewed": "Lemons are blue.", "url": "https://x.example/", "rating": {"alternate_name": "False"}}
    other = {"If-Match": '"x"'}
    check(api, house.writer.put(where, json=body, headers=other), "put", path, 412)
    check(api, house.writer.delete(where, headers=other), "delete", path, 412)
    assert all("428" in api[path][method]["responses"] for method in ("put", "delete"))  # test_history_api.py


def test_an_index_that_is_missing_is_named(empty_house) -> None:
    api = empty_house.client.get("/openapi.json").json["paths"]
    for method, path, body in (
        ("post", "/v1/checks", TEXT), ("post", "/v1/match", {"texts": ["x"]}), ("get", "/readyz", None),
        ("post", "/v1/stance", {"pairs": [{"claim": "a", "statement": "b"}]}),
    ):  # fmt: skip
        check(api, empty_house.client.open(path, method=method.upper(), json=body), method, path, 503)


def test_the_filter_is_described_as_it_comes(house, api) -> None:
    reply = house.client.get("/v1/filter")
    check(api, reply, "get", "/v1/filter", 200)
    same = house.client.get("/v1/filter", headers={"If-None-Match": reply.headers["ETag"]})
    assert (same.status_code, same.data) == (304, b"")
    assert "304" in api["/v1/filter"]["get"]["responses"]


def test_who_may_call_without_a_key_is_said(api) -> None:
    open_calls = {
        (method, path)
        for path, methods in api.items()
        for method, described in methods.items()
        if {} in described["security"]
    }
    assert ("post", "/v1/checks") in open_calls
    assert ("delete", "/v1/checks/{id}") in open_calls
    assert not {(method, path) for method, path in open_calls if path.startswith("/v1/statements") and method != "get"}
    assert ("patch", "/v1/feedback/{id}") not in open_calls


def test_parameters_of_a_query_are_never_null(api) -> None:
    for path, methods in api.items():
        for method, described in methods.items():
            for parameter in described["parameters"]:
                assert "null" not in str(parameter["schema"]), (path, method, parameter)
