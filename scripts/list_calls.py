"""The tables of all calls and of their limits in docs/api.md, from the service's OpenAPI document.

Usage: list_calls.py OPENAPI_JSON
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

BOUNDS = (("minItems", "maxItems", " entries"), ("minimum", "maximum", ""))
OF_GOOGLE = "/v1alpha1"  # its limits are in Google's own document
PAGE = Path(__file__).parents[1] / "docs" / "api.md"


def calls_table(document: dict[str, Any]) -> str:
    """A row for each call: what it does, who may, what it answers and refuses."""
    rows = ["| call | scope | what it does | answers | refuses |", "| --- | --- | --- | --- | --- |"]
    for path, methods in document["paths"].items():
        rows += [row(document, method, path, told) for method, told in methods.items()]
    return "\n".join(rows) + "\n"


def row(document: dict[str, Any], method: str, path: str, told: dict[str, Any]) -> str:
    """One call."""
    parameters = {each["name"] for each in told["parameters"]}
    notes = [" In pages."] if "cursor" in members_of(document, told) else []
    notes += [" Takes `Idempotency-Key`."] if "Idempotency-Key" in parameters else []
    statuses = [status for status in told["responses"] if status != "default"]
    answers, refuses = (", ".join(status for status in statuses if (status < "400") is good) for good in (True, False))
    does = told["summary"].replace("|", "\\|") + "".join(notes)
    return f"| `{method.upper()} {path}` | {scope_of(told)} | {does} | {answers} | {refuses} |"


def scope_of(told: dict[str, Any]) -> str:
    """The scopes of which one is needed; – where no key is."""
    said = told.get("description", "")
    return said.removeprefix("Scope: ").removesuffix(".") if said.startswith("Scope: ") else "–"


def limits_table(document: dict[str, Any]) -> str:
    """A row for each member of a body or query that has a largest value."""
    rows = ["| call | member | limit | if left out |", "| --- | --- | --- | --- |"]
    for path, methods in document["paths"].items():
        if path.startswith(OF_GOOGLE):
            continue
        for method, told in methods.items():
            for name, member in members_of(document, told).items():
                limit = limit_of(member)
                if limit:
                    default = member.get("default")
                    left_out = f"{default:g}" if isinstance(default, int | float) else ""
                    rows.append(f"| `{method.upper()} {path}` | `{name}` | {limit} | {left_out} |")
    return "\n".join(rows) + "\n"


def members_of(document: dict[str, Any], told: dict[str, Any]) -> dict[str, Any]:
    """The members of a call's query and of its JSON body."""
    found = {each["name"]: each["schema"] for each in told["parameters"] if each["in"] == "query"}
    body = told.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema", {})
    if "$ref" in body:
        found |= document["components"]["schemas"][body["$ref"].rsplit("/", 1)[-1]].get("properties", {})
    return found


def limit_of(member: dict[str, Any]) -> str:
    """From what to what, in words; "" where nothing is the largest."""
    kinds = [member, *member.get("anyOf", [])]
    for least, most, unit in BOUNDS:
        for kind in kinds:
            if most in kind:
                start = f"{kind[least]:g} to " if least in kind else "up to "
                return f"{start}{kind[most]:,g}{unit}" if kind[most] < 10**6 else f"{start}{kind[most]:,}{unit}"
    return ""


TABLES = {"calls": calls_table, "limits": limits_table}


def with_tables(page: str, document: dict[str, Any]) -> str:
    """A page with its tables written anew."""
    for name, table in TABLES.items():
        begin, end = f"<!-- {name} -->\n", f"<!-- /{name} -->"
        before, rest = page.split(begin)
        page = f"{before}{begin}{table(document)}{end}{rest.split(end)[1]}"
    return page


if __name__ == "__main__":
    told = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    PAGE.write_text(with_tables(PAGE.read_text(encoding="utf-8"), told), encoding="utf-8")
