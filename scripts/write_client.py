"""Write what of the Python client is made by a program: its models, from the service's OpenAPI document, and its
synchronous half, from the asynchronous one. Usage: write_client.py OPENAPI_JSON DATAMODEL_CODEGEN
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

CLIENT = Path(__file__).parents[1] / "gegencheck_client"
MODELS = CLIENT / "models.py"
WRITTEN_FROM = CLIENT / "asynchronous"
WRITTEN_TO = CLIENT / "synchronous"

# What the client has no call for: what people do on pages, what browsers do, and the call in Google's shapes.
LEFT_OUT = re.compile(r"^/(feeds|healthz|metrics|v1alpha1|v1/(asked|drafts|filter|pairings|ratings))")
HEAD = '''"""What the service takes and gives, as pydantic models. Written by `make client` from the OpenAPI document.

A reply may have more members than these, and a code more values: neither is an error.
"""
'''
UNUSED = {"FoundShape"}  # a check or a page of checks, by what was asked: the client has a call for each
LIMITS = {"oneOf", "pattern", "minLength", "maxLength", "minItems", "maxItems", "minimum", "maximum"}
CODE = "from gegencheck_client.codes import Code"
OPTIONS = [
    "--input-file-type", "openapi", "--output-model-type", "pydantic_v2.BaseModel", "--target-python-version", "3.11",
    "--use-standard-collections", "--use-union-operator", "--use-annotated", "--use-schema-description",
    "--use-field-description", "--use-specialized-enum", "--capitalise-enum-members", "--set-default-enum-member",
    "--strict-nullable", "--output-datetime-class", "datetime", "--snake-case-field", "--disable-timestamp",
    "--use-double-quotes", "--formatters", "builtin",
]  # fmt: skip
# In this order: the longer one first.
IN_STEP = [
    ("AsyncGegencheck", "Gegencheck"),
    ("AsyncIterator", "Iterator"),
    ("AsyncTransport", "SyncTransport"),
    ("AsyncBaseTransport", "BaseTransport"),
    ("AsyncClient", "Client"),
    ("asynchronous", "synchronous"),
    ("asyncio.sleep", "time.sleep"),
    ("import asyncio", "import time"),
    ("Awaitable[None]", "None"),
    ("__aenter__", "__enter__"),
    ("__aexit__", "__exit__"),
    ("aclose", "close"),
    ("async def", "def"),
    ("async for", "for"),
    ("async with", "with"),
    ("await ", ""),
]


def name_of(schema: str) -> str:
    """What the client calls a schema: a shape goes without its suffix."""
    return schema.removesuffix("Shape")


def client_schemas(document: dict[str, Any]) -> dict[str, Any]:
    """The schemas that the client's calls need, under the client's names, sorted by these."""
    schemas = document["components"]["schemas"]
    asked = [path for name, path in document["paths"].items() if not LEFT_OUT.match(name)]
    found: set[str] = set()
    waiting = {"ErrorShape", *references(asked)}
    while waiting:
        name = waiting.pop()
        found.add(name)
        waiting |= set(references(schemas[name])) - found
    renamed = {name_of(name): renaming(schemas[name]) for name in found - UNUSED}
    sent = {name: without_limits(part) for name, part in renamed.items() if name.endswith("Body")}
    return {name: sent.get(name) or open_ended(renamed[name]) for name in sorted(renamed)}


def references(part: Any) -> list[str]:
    """The schemas that a part of the document names."""
    return re.findall(r'"#/components/schemas/(\w+)"', json.dumps(part))


def renaming(part: Any, *, named: bool = False) -> Any:
    """A part of a schema under the client's names. `named` are its members, of which one may be called title."""
    if isinstance(part, dict):
        if "$ref" in part:
            return {**part, "$ref": f"#/components/schemas/{name_of(part['$ref'].rsplit('/', 1)[-1])}"}
        kept = {name: value for name, value in part.items() if named or name != "title"}
        return {name: renaming(value, named=name == "properties") for name, value in kept.items()}
    return [renaming(each) for each in part] if isinstance(part, list) else part


def without_limits(part: Any, *, named: bool = False) -> Any:
    """What somebody sends, without what only the service has to know: how long, how large, in which combinations."""
    if isinstance(part, dict):
        kept = {name: value for name, value in part.items() if named or not limits(name, value)}
        return {name: without_limits(value, named=name == "properties") for name, value in kept.items()}
    return [without_limits(each) for each in part] if isinstance(part, list) else part


def limits(name: str, value: Any) -> bool:
    """Whether a word of a schema says only what the service refuses."""
    return name in LIMITS or (name, value) == ("format", "uri") or (name == "default" and isinstance(value, dict))


def open_ended(part: dict[str, Any]) -> dict[str, Any]:
    """A reply, which may get further members."""
    return {name: value for name, value in part.items() if (name, value) != ("additionalProperties", False)}


def models_of(document: dict[str, Any], generator: str) -> str:
    """The client's models as Python, by datamodel-code-generator."""
    told = {"openapi": "3.1.0", "info": {"title": "-", "version": "-"}, "paths": {}}
    with tempfile.TemporaryDirectory() as folder:
        source, target = Path(folder) / "openapi.json", Path(folder) / "models.py"
        source.write_text(json.dumps({**told, "components": {"schemas": client_schemas(document)}}), encoding="utf-8")
        subprocess.run([generator, "--input", source, "--output", target, *OPTIONS], check=True)
        made = target.read_text(encoding="utf-8")
    made = re.sub(r'"""\n +(.*)\n +"""', r'"""\1"""', made)
    body = made[made.index("from __future__") :].replace("(StrEnum)", "(Code)")
    body = body.replace("from enum import StrEnum\n", "").replace("\n\n\n", f"\n\n{CODE}\n\n\n", 1)
    return formatted(HEAD + body, MODELS.name)


def synchronous(source: str, name: str) -> str:
    """The synchronous twin of an asynchronous module, formatted."""
    for one, other in IN_STEP:
        source = source.replace(one, other)
    return formatted(f"# Written by `make client` from the module of this name in asynchronous/.\n{source}", name)


def formatted(source: str, name: str) -> str:
    """Python as ruff writes it; `name` is that of the file."""
    path = str(CLIENT / name)
    for command in (["check", "--fix-only", "--quiet"], ["format", "--quiet"]):
        run = [sys.executable, "-m", "ruff", *command, "--stdin-filename", path, "-"]
        source = subprocess.run(run, input=source, capture_output=True, text=True, check=True).stdout
    return source


def write_all(document: dict[str, Any], generator: str) -> None:
    """Both parts."""
    MODELS.write_text(models_of(document, generator), encoding="utf-8")
    for path in WRITTEN_FROM.glob("[!_]*.py"):
        twin = synchronous(path.read_text(encoding="utf-8"), f"synchronous/{path.name}")
        (WRITTEN_TO / path.name).write_text(twin, encoding="utf-8")


if __name__ == "__main__":
    write_all(json.loads(Path(sys.argv[1]).read_text(encoding="utf-8")), sys.argv[2])
