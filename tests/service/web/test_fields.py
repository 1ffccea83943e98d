"""What the JSON schemas say is what validation does: whatever one takes the other takes, and what one refuses both refuse."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from service.errors import BadRequest
from service.web import requests
from service.web.fields import MAX_ADDRESS, MAX_DOCUMENT_BYTES
from service.web.reading import check_model
from service.web.requests import Body

RATING = {"alternate_name": "False", "rating_value": 1, "best_rating": 5.5, "worst_rating": None, "normalized": "false"}
GOOD: dict[type[Body], dict[str, Any]] = {
    requests.CheckBody: {"text": "Lemons are blue.", "wait": 0, "fresh": True, "language": "de-CH", "reference": "r"},
    requests.ArticleBody: {"html": "<p>Lemons are blue.</p>", "url": "https://news.example/a", "language": "en"},
    requests.ClaimsBody: {"text": "Lemons are blue.", "language": "en"},
    requests.MatchBody: {"texts": ["Lemons are blue."], "limit": 3, "rerank": False},
    requests.StanceBody: {"pairs": [{"claim": "Lemons are blue.", "statement": "Lemons are yellow."}]},
    requests.StatementBody: {
        "claim_reviewed": "Lemons are blue.", "url": "https://checks.example/blue", "rating": RATING, "language": "en",
        "publisher": {"name": "Checks", "site": "checks.example"}, "headline": "Blue?", "author": "Ann", "claimant": "Somebody",
        "date_published": "2021-05-03", "explanation": "They are yellow.", "cluster": "c", "license": "l", "id": "x",
    },
    requests.ImportUrlBody: {"url": "https://feeds.example/all"},
    requests.FeedbackBody: {"kind": "other", "claim": 0, "comment": "No."},
    requests.DecisionBody: {"status": "open", "note": "No."},
}  # fmt: skip
# Without a line's end after a code: to Python's `$`, unlike JavaScript's, that is the end.
VALUES: tuple[Any, ...] = (
    None, True, False, 0, 1, -1, 0.25, 3.0, -1.0, 30, 30.5, 31, 50, 51, 10**9, "", " ", "\t\n", "\0", "a\0b", "word", "de", "d", "de-",
    "deutsch-aber-wie", "ｄｅ", "2021-05-03", "20210503", "2021-W18-1", "2021-5-3", "2021-02-30", "٢٠٢١-٠٥-٠٣",
    "2021-05-03T00:00:00", "true", "wrong_match", "accepted", "x" * 500, "x" * 501, "x" * 2000, "x" * 2001, "x" * 5001,
    "x" * 20_001, "x" * 50_000, "x" * 50_001, "ü" * 2000, [], [None], ["a"], ["a"] * 64, ["a"] * 65, [[]], {}, {"a": 1},
    [{"claim": "a", "statement": "b"}] * 64, [{"claim": "a", "statement": "b"}] * 65, {"alternate_name": "\0"},
)  # fmt: skip
ADDRESSES = ("https://a.example/", "http://a.example", "https://a.example/x?y=1", "", "x" * (MAX_ADDRESS + 1), None, 7)
INPUTS: tuple[dict[str, Any], ...] = tuple(
    {name: value for name, value in (("url", url), ("text", text), ("html", html)) if value != "left out"}
    for url in ("left out", None, "https://a.example", "not an address")
    for text in ("left out", None, "a", " ")
    for html in ("left out", None, "<p>a", "")
)


def places(value: Any, at: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """Where something stands in a body."""
    steps = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, each in steps:
        yield (*at, name)
        yield from places(each, (*at, name))


def replaced(body: Any, place: tuple[str | int, ...], value: Any) -> Any:
    changed = json.loads(json.dumps(body))
    at = changed
    for step in place[:-1]:
        at = at[step]
    at[place[-1]] = value
    return changed


def is_taken(model: type[Body], body: Any) -> bool:
    try:
        check_model(model, body)
    except BadRequest:
        return False
    return True


def schema_of(model: type[Body]) -> Draft202012Validator:
    return Draft202012Validator(model.model_json_schema(), format_checker=Draft202012Validator.FORMAT_CHECKER)


@pytest.mark.parametrize("model", GOOD)
def test_in_every_field_the_schema_takes_what_validation_takes(model: type[Body]) -> None:
    schema = schema_of(model)
    assert schema.is_valid(GOOD[model])
    assert is_taken(model, GOOD[model])
    for place in places(GOOD[model]):
        for value in ADDRESSES if place[-1] == "url" else VALUES:
            body = replaced(GOOD[model], place, value)
            assert schema.is_valid(body) is is_taken(model, body), (place, value)


@pytest.mark.parametrize("model", GOOD)
def test_fields_that_are_needed_are_needed_and_others_are_not_known(model: type[Body]) -> None:
    schema = schema_of(model)
    for name in GOOD[model]:
        without = {other: value for other, value in GOOD[model].items() if other != name}
        assert schema.is_valid(without) is is_taken(model, without), name
    for body in ({**GOOD[model], "more": 1}, {**GOOD[model], "more": None}, {}, [], None, "x"):
        assert not schema.is_valid(body)
        assert not is_taken(model, body)


@pytest.mark.parametrize("model", [requests.CheckBody, requests.ClaimsBody, requests.ArticleBody])
def test_exactly_one_input_is_taken(model: type[Body]) -> None:
    schema, taken = schema_of(model), 0
    for given in INPUTS:
        if given.get("url") == "not an address" and given.get("html") is None:
            continue  # the schema calls it a URI, which no schema tells from others
        taken += schema.is_valid(given)
        assert schema.is_valid(given) is is_taken(model, given), given
    assert taken > 4


def test_large_documents_are_measured_alike() -> None:
    for model in (requests.CheckBody, requests.ClaimsBody):
        for name, size, good in (("text", 0, True), ("text", 1, False), ("html", 1, False)):
            body = {name: "x" * (MAX_DOCUMENT_BYTES + size)}
            assert schema_of(model).is_valid(body) is is_taken(model, body) is good


def test_a_label_beside_html_may_be_anything() -> None:
    for url in ("hard::archive", "x" * 9000, ""):
        body = {"html": "<p>a", "url": url}
        assert schema_of(requests.ArticleBody).is_valid(body)
        assert is_taken(requests.ArticleBody, body)


def test_a_cursor_is_made_of_plain_digits() -> None:
    for cursor, good in (("12", True), ("١٢", False), ("1" * 19, False), ("-1", False), ("1\n", False), ("", False)):
        try:
            check_model(requests.StatementsQuery, {"cursor": cursor})
        except BadRequest:
            assert not good
        else:
            assert good
