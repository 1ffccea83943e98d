"""/docs: every call, shape and problem on one page, and schemas in a few words."""

from __future__ import annotations

from typing import Any

import pytest

from service.presenters import problem_titles
from service.web.docs_page import calls, shape_name, type_of


@pytest.fixture(scope="module")
def house(open_module_house: Any) -> Any:
    return open_module_house()


@pytest.fixture(scope="module")
def api(house: Any) -> dict[str, Any]:
    found: dict[str, Any] = house.client.get("/openapi.json").json
    return found


@pytest.mark.parametrize("language", ["de", "en"])
def test_every_call_shape_and_problem_stands_there(house: Any, api: dict[str, Any], language: str) -> None:
    page = house.client.get("/docs", headers={"Accept-Language": language}).text
    for path, methods in api["paths"].items():
        for method, operation in methods.items():
            assert f"{method.upper()}" in page
            assert path in page
            assert operation["summary"].split(".")[0].split("'")[0] in page
    for name in api["components"]["schemas"]:
        assert name in page
    for code, titles in problem_titles().items():
        assert f'id="{code}"' in page, "problems link here"
        assert titles[language].split("'")[0] in page


def test_it_is_made_once_a_language(house: Any) -> None:
    again = [house.client.get("/docs", headers={"Accept-Language": language}).text for language in ("de", "en", "de")]
    assert again[0] == again[2] != again[1]


def test_a_call_is_listed_with_what_it_takes_and_gives(api: dict[str, Any]) -> None:
    listed = {(method, path): (takes, kinds, gives) for method, path, _, takes, kinds, gives in calls(api)}
    takes, kinds, gives = listed["POST", "/v1/checks"]
    assert (takes, kinds) == ("CheckBody", ["application/json", "multipart/form-data"])
    assert set(gives) == {"200", "202"}
    assert set(gives.values()) == {"CheckShape"}
    assert listed["GET", "/healthz"][0] == ""


@pytest.mark.parametrize(
    ("schema", "words"),
    [
        ({"type": "string"}, "string"),
        ({"type": "string", "format": "date"}, "date"),
        ({"type": ["object", "array"]}, "object or array"),
        ({"$ref": "#/components/schemas/RatingShape"}, "RatingShape"),
        ({"type": "array", "items": {"$ref": "#/components/schemas/NoteShape"}}, "list of NoteShape"),
        ({"anyOf": [{"type": "string"}, {"type": "null"}, {"type": "string"}]}, "string or null"),
        ({"enum": ["a", "b"]}, '"a" | "b"'),
        ({"const": "ready"}, '"ready"'),
        ({"type": "array"}, "list of anything"),
        ({}, "anything"),
    ],
)
def test_a_schema_is_said_in_a_few_words(schema: dict[str, Any], words: str) -> None:
    assert type_of(schema) == words


def test_the_shape_of_a_body_is_named() -> None:
    content = {"application/json": {"schema": {"$ref": "#/components/schemas/CheckBody"}}}
    assert (shape_name(content), shape_name({})) == ("CheckBody", "")
