"""Bad input to every POST and PUT: each a clear problem, and nothing lost or stored."""

from __future__ import annotations

import gzip
import json
from typing import Any

import pytest

GOOD: dict[str, dict[str, Any]] = {
    "/v1/checks": {"text": "Lemons are blue.", "wait": 0, "fresh": True, "language": "en", "reference": "r"},
    "/v1/extract": {"html": "<p>Lemons are blue.</p>", "url": "https://news.example/a", "language": "en"},
    "/v1/claims": {"text": "Lemons are blue.", "language": "en"},
    "/v1/match": {"texts": ["Lemons are blue."], "limit": 3, "rerank": False},
    "/v1/stance": {"pairs": [{"claim": "Lemons are blue.", "statement": "Lemons are yellow."}]},
    "/v1/statements": {
        "claim_reviewed": "Lemons are blue.", "url": "https://checks.example/blue", "language": "en",
        "rating": {"alternate_name": "False", "rating_value": 1, "best_rating": 5, "worst_rating": 1.5},
        "publisher": {"name": "Checks", "site": "checks.example"}, "headline": "Blue?", "author": "Ann", "claimant": "Somebody",
        "date_published": "2021-05-03", "explanation": "They are yellow.", "cluster": "c", "license": "l",
    },
}  # fmt: skip
ROUTES = sorted(GOOD)
WRONG: tuple[Any, ...] = (
    None,
    True,
    0,
    0.25,
    "word",
    "",
    [],
    {},
    [None],
    [7],
    [[]],
    {"a": 1},
    -1,
    10**30,
    "\ud800",
    "a\0b",
)


@pytest.fixture(scope="module")
def house(open_module_house):
    """One application for all of these: what is refused leaves nothing behind."""
    made = open_module_house()
    made.publish("https://news.example/a", "Lemons are blue.")
    return made


def stored(house) -> tuple[int, int, int]:
    """How much there is of what a request could leave behind."""
    return house.application.jobs.count(), house.application.statements.count(), len(house.fetcher.fetched)


def fields(value: Any, pointer: str = "") -> list[tuple[str, Any]]:
    """Every field of a body: its pointer, and its value."""
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [pair for name, each in steps for pair in ((f"{pointer}/{name}", each), *fields(each, f"{pointer}/{name}"))]


def replaced(body: Any, pointer: str, value: Any) -> Any:
    changed = json.loads(json.dumps(body))
    *steps, last = pointer.removeprefix("/").split("/")
    at = changed
    for step in steps:
        at = at[int(step)] if isinstance(at, list) else at[step]
    at[int(last) if isinstance(at, list) else last] = value
    return changed


def post(house, route: str, body: Any):
    raw = body if isinstance(body, bytes) else json.dumps(body).encode()
    return house.writer.post(route, data=raw, content_type="application/json")


def is_problem(reply, status: int = 400) -> bool:
    assert reply.status_code == status, reply.text
    assert reply.mimetype == "application/problem+json"
    problem = reply.json
    assert problem["status"] == status
    assert all(problem[name] for name in ("type", "title", "detail", "code"))
    return True


@pytest.mark.parametrize("route", ROUTES)
def test_the_good_body_is_good(house, route: str) -> None:
    assert post(house, route, GOOD[route]).status_code in (200, 201, 202)


@pytest.mark.parametrize(("route", "pointer"), [(route, at) for route in ROUTES for at, _ in fields(GOOD[route])])
def test_wrong_types_in_every_field_are_named_or_meant(house, route: str, pointer: str) -> None:
    """Whatever stands in a field, it is taken (where it may stand there) or refused by its pointer; never a fault."""
    good = dict(fields(GOOD[route]))[pointer]
    for value in WRONG:
        reply = post(house, route, replaced(GOOD[route], pointer, value))
        assert reply.status_code in (200, 201, 202, 400), (value, reply.text)
        if type(value) is not type(good) and value is not None and not is_number_for(value, good):
            is_problem(reply)
            pointers = [error["pointer"] for error in reply.json["errors"]]
            assert any(at == pointer or at.startswith(f"{pointer}/") for at in pointers), (value, pointers)


def is_number_for(value: Any, good: Any) -> bool:
    return isinstance(good, int | float) and not isinstance(good, bool) and type(value) in (int, float)


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize(
    ("raw", "word"),
    [
        (b"", "not JSON"),
        (b"{", "not JSON"),
        (b"nonsense", "not JSON"),
        (b"{'text': 'x'}", "not JSON"),
        (b'{"text": "x",}', "not JSON"),
        (b'{"text": "x"} {}', "not JSON"),
        (b'\xff{"text": "x"}', "not UTF-8"),
        (b'{"text": "\xed\xa0\x80"}', "not UTF-8"),
        ('{"text": "x"}'.encode("utf-16"), "not UTF-8"),
        (b"[]", "must be an object"),
        (b'"text"', "must be an object"),
        (b"null", "must be an object"),
        (b"{}", "missing"),
        (b'{"text": "a", "text": "b"}', "twice"),
        (b'{"pairs": [{"claim": "a", "claim": "b"}]}', "twice"),
        (b'{"wait": NaN}', "NaN"),
        (b'{"wait": Infinity}', "NaN"),
        (b'{"wait": -Infinity}', "NaN"),
        (b'{"wait": 1e999}', "too large"),
        (b'{"limit": ' + b"9" * 5000 + b"}", "too large"),
        (b"[" * 100 + b"]" * 100, "deeply"),
        (b"[" * 200_000, "values"),
        (b'{"a":' * 200_000, "values"),
    ],
)
def test_traps_in_json_are_refused(house, route: str, raw: bytes, word: str) -> None:
    reply = post(house, route, raw)
    assert is_problem(reply)
    if word == "missing" and route in ("/v1/checks", "/v1/extract", "/v1/claims"):
        word = "exactly one"
    assert word in reply.json["detail"]


@pytest.mark.parametrize("route", ROUTES)
def test_a_byte_order_mark_is_no_trap(house, route: str) -> None:
    assert post(house, route, b"\xef\xbb\xbf" + json.dumps(GOOD[route]).encode()).status_code in (200, 201, 202)


@pytest.mark.parametrize("route", ROUTES)
def test_unknown_fields_are_named(house, route: str) -> None:
    reply = post(house, route, {**GOOD[route], "a/b~c": 1})
    assert is_problem(reply)
    assert {"pointer": "/a~1b~0c", "detail": "is not known here"} in reply.json["errors"]


@pytest.mark.parametrize("route", ROUTES)
@pytest.mark.parametrize(
    "kind", ["", "text/plain", "application/xml", "application/json; charset=latin-1", "text/json"]
)
def test_other_types_are_refused(house, route: str, kind: str) -> None:
    raw = json.dumps(GOOD[route]).encode()
    assert is_problem(house.writer.post(route, data=raw, headers={"Content-Type": kind} if kind else {}), 415)


@pytest.mark.parametrize("route", [*ROUTES, "/v1/statements/import"])
def test_packed_bodies_are_refused(house, route: str) -> None:
    raw = gzip.compress(json.dumps(GOOD.get(route, [])).encode())
    reply = house.writer.post(route, data=raw, content_type="application/json", headers={"Content-Encoding": "gzip"})
    assert is_problem(reply, 415)


@pytest.mark.parametrize("route", ROUTES)
def test_a_body_over_the_limit_is_refused_by_its_length(house, route: str) -> None:
    reply = house.writer.post(route, data=b" " * (41 * 1024 * 1024), content_type="application/json")
    assert is_problem(reply, 413)


@pytest.mark.parametrize(
    ("route", "body", "pointer"),
    [
        ("/v1/checks", {"text": "x" * 10_000_000}, "/text"),
        ("/v1/checks", {"text": "ü" * 2_500_001}, "/text"),
        ("/v1/checks", {"html": "x" * 5_000_001}, "/html"),
        ("/v1/extract", {"html": "x" * 5_000_001}, "/html"),
        ("/v1/claims", {"text": "x" * 5_000_001}, "/text"),
    ],
)
def test_texts_and_html_over_five_megabytes_are_refused(house, route: str, body: dict[str, str], pointer: str) -> None:
    before = stored(house)
    reply = post(house, route, body)
    assert is_problem(reply, 413)
    assert reply.json["errors"][0]["pointer"] == pointer
    assert stored(house) == before


@pytest.mark.parametrize(
    ("route", "body", "pointer"),
    [
        ("/v1/checks", {}, ""),
        ("/v1/checks", {"text": "a", "url": "https://a.example"}, ""),
        ("/v1/checks", {"text": "a", "html": "<p>a"}, ""),
        ("/v1/checks", {"text": "  \n "}, "/text"),
        ("/v1/checks", {"html": ""}, "/html"),
        ("/v1/checks", {"text": "a", "wait": 30.5}, "/wait"),
        ("/v1/checks", {"text": "a", "wait": -1}, "/wait"),
        ("/v1/checks", {"text": "a", "wait": "5"}, "/wait"),
        ("/v1/checks", {"text": "a", "wait": True}, "/wait"),
        ("/v1/checks", {"text": "a", "language": "Klingon!"}, "/language"),
        ("/v1/checks", {"text": "a", "reference": "x" * 501}, "/reference"),
        ("/v1/checks", {"text": "a", "policy": "strict"}, "/policy"),
        ("/v1/match", {"texts": []}, "/texts"),
        ("/v1/match", {"texts": ["a"] * 65}, "/texts"),
        ("/v1/match", {"texts": ["a", "x" * 50_001]}, "/texts/1"),
        ("/v1/match", {"texts": ["a"], "limit": 0}, "/limit"),
        ("/v1/match", {"texts": ["a"], "limit": 51}, "/limit"),
        ("/v1/match", {"texts": ["a"], "limit": 10.5}, "/limit"),
        ("/v1/match", {"texts": ["a"], "limit": "10"}, "/limit"),
        ("/v1/stance", {"pairs": []}, "/pairs"),
        ("/v1/stance", {"pairs": [{"claim": "a"}]}, "/pairs/0/statement"),
        ("/v1/stance", {"pairs": [{"claim": "a", "statement": "b"}] * 65}, "/pairs"),
        ("/v1/statements", {**GOOD["/v1/statements"], "url": "ftp://a.example"}, "/url"),
        ("/v1/statements", {**GOOD["/v1/statements"], "claim_reviewed": " "}, "/claim_reviewed"),
        ("/v1/statements", {**GOOD["/v1/statements"], "rating": {"alternate_name": ""}}, "/rating/alternate_name"),
        ("/v1/statements", {**GOOD["/v1/statements"], "date_published": "3 May"}, "/date_published"),
        ("/v1/statements", {**GOOD["/v1/statements"], "date_published": 20210503}, "/date_published"),
    ],
)
def test_limits_are_kept_and_named(house, route: str, body: dict[str, Any], pointer: str) -> None:
    before = stored(house)
    reply = post(house, route, body)
    assert is_problem(reply)
    assert [error["pointer"] for error in reply.json["errors"]] == [pointer]
    assert stored(house) == before


@pytest.mark.parametrize(
    "url",
    [
        "", " ", "nonsense", "https://", "http://", "//a.example", "ftp://a.example/x", "file:///etc/passwd",
        "javascript:alert(1)", "data:text/html,x", "https://user:pass@a.example/", "https://user@a.example/",
        "http://127.0.0.1/", "http://localhost/", "http://127.1/", "http://2130706433/", "http://0x7f.0.0.1/",
        "http://[::1]/", "http://[::ffff:127.0.0.1]/", "http://[64:ff9b::7f00:1]/", "http://10.0.0.1/",
        "http://169.254.169.254/latest/meta-data", "http://100.64.0.1/", "http://224.0.0.1/", "http://0.0.0.0/",
        "https://a.example:22/", "https://a.example:99999/", "https://a b.example/", "https://a.example\\@b.example/",
        "https://a.example/\r\nX: y", "https://a.example/\0", "https://a.example/\ud800", "https://" + "a" * 9000,
        "http://１２７.０.０.１/", "http://router.local/", "http://intranet/",
    ],
)  # fmt: skip
@pytest.mark.parametrize("route", ["/v1/checks", "/v1/extract", "/v1/claims", "/v1/statements/import"])
def test_addresses_that_are_not_fetched_are_named(house, route: str, url: str) -> None:
    before = stored(house)
    reply = post(house, route, {"url": url})
    assert is_problem(reply)
    assert reply.json["errors"][0]["pointer"] == "/url"
    assert stored(house) == before


def test_supplied_html_may_come_from_a_private_address(house) -> None:
    """The service does not ask it: a page of an intranet is checked by sending it."""
    before = len(house.fetcher.fetched)
    for url in ("http://wiki.corp/page", "http://10.0.0.1/", "http://localhost:3000/x"):
        check = house.check(html="<p>Hot lemon water cures diabetes within seven days.</p>", url=url)
        assert check["url"] == url
    assert len(house.fetcher.fetched) == before


@pytest.mark.parametrize(
    "url",
    [
        "hard::archive.html",
        "file:///home/me/page.html",
        "https://me:secret@a.example/",
        "https://a.example/" + "a" * 9000,
    ],
)
def test_supplied_html_is_read_whatever_it_is_labelled_with(house, url: str) -> None:
    """Archives and saved files have odd addresses; none is asked or kept."""
    html = (
        f"<html><body><article>{'<p>Hot lemon water cures diabetes within seven days.</p>' * 9}</article></body></html>"
    )
    check = house.check(html=html, url=url)
    assert (check["state"], check["url"]) == ("finished", None)
    assert post(house, "/v1/extract", {"html": html, "url": url}).status_code == 200


@pytest.mark.parametrize(
    ("query", "pointer"),
    [
        ("url=nonsense", "/url"), ("url=https://a.example&url=https://b.example", "/url"),
        ("url=https://a.example&includes=text", "/includes"), ("url=https://a.example&include=all", "/include"),
    ],
)  # fmt: skip
def test_bad_queries_are_named(house, query: str, pointer: str) -> None:
    reply = house.client.get(f"/v1/checks?{query}")
    assert is_problem(reply)
    assert reply.json["errors"][0]["pointer"] == pointer


@pytest.mark.parametrize("query", ["limit=0", "limit=501", "limit=x", "rating=wrong", "cursor=-1", "language=!", "q=x"])
def test_bad_filters_are_named(house, query: str) -> None:
    reply = house.client.get(f"/v1/statements?{query}")
    assert is_problem(reply)
    assert reply.json["errors"][0]["pointer"] == f"/{query.split('=')[0]}"


@pytest.mark.parametrize(
    "path", ["/v1", "/v1/none", "/v1/checks/", "/nothing", "/v1/checks/x/y", "/%00", "/v1/checks/%ff"]
)
def test_unknown_addresses_are_problems(house, path: str) -> None:
    assert is_problem(house.client.get(path), 404)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("PUT", "/v1/checks"), ("GET", "/v1/match"), ("PATCH", "/v1/statements/x"), ("POST", "/healthz"),
        ("TRACE", "/v1/checks"),
    ],
)  # fmt: skip
def test_wrong_methods_are_problems_that_name_the_right_ones(house, method: str, path: str) -> None:
    reply = house.client.open(path, method=method, json={})
    assert is_problem(reply, 405)
    assert reply.headers["Allow"]
