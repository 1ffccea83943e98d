"""/openapi.json, and /docs: the same for people, with nothing from any other host."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from functools import partial
from importlib.resources import files
from typing import Any, TypeVar

from flask import Blueprint, Response, current_app, render_template

from service.presenters import problem_titles
from service.web.context import application, language
from service.web.docs_examples import example
from service.web.openapi import describe_api
from service.web.operations import reply
from service.web.proxies import is_loopback

Made = TypeVar("Made")

EXTENSION = "gegencheck-docs"
blueprint = Blueprint("docs", __name__, template_folder="docs")


@blueprint.get("/openapi.json")
def openapi() -> Response:
    """The OpenAPI document."""
    return Response(kept("openapi", lambda: reply(described()).get_data()), content_type="application/json")


@blueprint.get("/docs")
def docs() -> str:
    """Every call, every shape and every problem, on one page."""
    shown = language().partition("-")[0]
    problems = [(code, titles.get(shown, titles["en"])) for code, titles in problem_titles().items()]

    def render() -> str:
        return render_template(
            "docs.html",
            api=described(),
            calls=list(calls(described())),
            problems=problems,
            example=partial(example, own_address()),
        )

    return kept(f"docs-{language()}", render)


def own_address() -> str:
    """Where the service is reached on its own machine."""
    settings = application().settings
    host = settings.host if is_loopback(settings.host) else "127.0.0.1"
    return f"http://{f'[{host}]' if ':' in host else host}:{settings.port}"


def described() -> dict[str, Any]:
    """The OpenAPI document of the current application."""
    return kept("api", lambda: describe_api(current_app))


def kept(name: str, make: Callable[[], Made]) -> Made:
    """What is the same for everybody, made once for an application: anybody may ask for it as often as they like."""
    made: dict[str, Any] = current_app.extensions.setdefault(EXTENSION, {})
    if name not in made:
        made[name] = make()
    found: Made = made[name]
    return found


@blueprint.get("/docs/style.css")
def style() -> Response:
    """The page's style sheet."""
    sheet = files("service").joinpath("web", "docs", "docs.css").read_bytes()
    return Response(sheet, content_type="text/css; charset=utf-8")


def calls(api: dict[str, Any]) -> Iterator[tuple[Any, ...]]:
    """Method, path and operation of each call, with what it takes and gives by name."""
    for path, methods in api["paths"].items():
        for method, operation in methods.items():
            taken = operation.get("requestBody", {}).get("content", {})
            given = {
                status: shape_name(found.get("content", {}))
                for status, found in operation["responses"].items()
                if status < "4"  # problems look alike, and "default" is one
            }
            yield method.upper(), path, operation, shape_name(taken), list(taken), given


def shape_name(content: dict[str, Any]) -> str:
    """The name of the JSON shape in a body or reply, or nothing."""
    reference: str = content.get("application/json", {}).get("schema", {}).get("$ref", "")
    return reference.rsplit("/", 1)[-1]


@blueprint.app_template_filter()
def type_of(field: dict[str, Any]) -> str:
    """A schema in a few words."""
    if "$ref" in field:
        return str(field["$ref"].rsplit("/", 1)[-1])
    if "anyOf" in field:
        return " or ".join(dict.fromkeys(type_of(each) for each in field["anyOf"]))
    if "enum" in field or "const" in field:
        return " | ".join(json.dumps(each) for each in field.get("enum", [field.get("const")]))
    if field.get("type") == "array":
        return f"list of {type_of(field.get('items', {}))}"
    kinds = field.get("format") or field.get("type") or "anything"
    return " or ".join(kinds) if isinstance(kinds, list) else str(kinds)
