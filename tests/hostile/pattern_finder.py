"""Every regular expression of the code base, found in the syntax trees of index/ and service/, with how it is used."""

from __future__ import annotations

import ast
import importlib
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[2]
SOURCES = sorted([*ROOT.glob("index/**/*.py"), *ROOT.glob("service/**/*.py")])
USES = ("search", "match", "fullmatch", "sub", "subn", "split", "findall", "finditer")
ANCHORED = ("match", "fullmatch")

Key = tuple[str, str]  # a file and a function in it


@dataclass(frozen=True)
class Found:
    """A pattern, where it stands, and whether it looks for its beginning itself."""

    place: str
    pattern: re.Pattern[Any]
    uses: frozenset[str]

    def run(self, text: str) -> None:
        """Use the pattern as the code does, on all of a text; the replacing ones cost what searching costs."""
        value = text.encode("utf-8", "replace") if isinstance(self.pattern.pattern, bytes) else text
        if "match" in self.uses:
            self.pattern.match(value)
        if "fullmatch" in self.uses:
            self.pattern.fullmatch(value)
        if self.uses - set(ANCHORED):
            for _ in self.pattern.finditer(value):
                pass


@dataclass(frozen=True)
class Built:
    """Patterns that a function makes of what it is given: how to get at all of them, and how they are used."""

    make: Callable[[], Iterable[re.Pattern[Any]]]
    uses: frozenset[str]


def find_patterns(built: dict[Key, Built]) -> tuple[list[Found], set[Key]]:
    """All patterns, and the places in `built` that were come across.

    Raises LookupError where a pattern is made of something that only its function knows and `built` does not name it.
    """
    found: list[Found] = []
    met: set[Key] = set()
    for path in SOURCES:
        for call, function, name in _calls(path):
            place = f"{path.relative_to(ROOT).as_posix()}:{call.lineno}"
            key = (path.relative_to(ROOT).as_posix(), function)
            method = call.func.attr  # type: ignore[attr-defined]
            try:
                pattern = _compiled(path, call)
            except NameError:
                if key not in built:
                    raise LookupError(f"{place}: name {key} and the patterns that it makes in the test") from None
                met.add(key)
                found += [Found(place, each, built[key].uses) for each in built[key].make()]
                continue
            uses = frozenset(_uses(path, name)) if method == "compile" and name else frozenset({method} - {"compile"})
            found.append(Found(place, pattern, uses or frozenset({"search"})))
    return found, met


def forbidden_imports() -> list[str]:
    """Where a pattern could hide from this: other engines, and names taken out of `re`."""
    wrong = []
    for path in SOURCES:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.ImportFrom) and node.module in ("re", "regex", "re2"):
                wrong.append(f"{path.name}:{node.lineno}")
            if isinstance(node, ast.Import):
                wrong += [
                    f"{path.name}:{node.lineno}"
                    for each in node.names
                    if each.name in ("regex", "re2") or (each.name == "re" and each.asname)
                ]
    return wrong


def calls_of(function: str) -> Iterator[tuple[Any, ...]]:
    """The arguments of every call of a function, by its bare name, all of them constants."""
    for path in SOURCES:
        for node in ast.walk(tree(path)):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == function:
                yield tuple(ast.literal_eval(argument) for argument in node.args)


@cache
def tree(path: Path) -> ast.Module:
    """The syntax tree of a file."""
    return ast.parse(path.read_text(encoding="utf-8"))


def _calls(path: Path) -> Iterator[tuple[ast.Call, str, str | None]]:
    """Calls of `re` with a pattern, the function around each, and the name of the module that it is given to."""
    names = {
        id(node.value): node.targets[0].id
        for node in tree(path).body
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name)
    }

    def walk(node: ast.AST, function: str) -> Iterator[tuple[ast.Call, str, str | None]]:
        for child in ast.iter_child_nodes(node):
            inside = child.name if isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef) else function
            if (
                isinstance(child, ast.Call)
                and isinstance(child.func, ast.Attribute)
                and isinstance(child.func.value, ast.Name)
                and child.func.value.id == "re"
                and child.func.attr in ("compile", *USES)
            ):
                yield child, inside, names.get(id(child))
            yield from walk(child, inside)

    return walk(tree(path), "")


def _compiled(path: Path, call: ast.Call) -> re.Pattern[Any]:
    """The pattern of a call, its arguments evaluated in their module. Raises NameError where they are a function's."""
    namespace = vars(importlib.import_module(".".join(path.relative_to(ROOT).with_suffix("").parts)))
    pattern = _value(call.args[0], namespace)
    at = {"compile": 1, "search": 2, "match": 2, "fullmatch": 2, "findall": 2, "finditer": 2}.get(call.func.attr, 9)  # type: ignore[attr-defined]
    given = call.args[at] if len(call.args) > at else None
    given = next((keyword.value for keyword in call.keywords if keyword.arg == "flags"), given)
    return re.compile(pattern, _value(given, namespace) if given is not None else 0)


def _value(node: ast.expr, namespace: dict[str, Any]) -> Any:
    # The project's own source, which importing it has run already.
    return eval(compile(ast.Expression(node), "<pattern>", "eval"), dict(namespace))  # noqa: S307


def _uses(path: Path, name: str) -> Iterator[str]:
    """The methods that are called on a pattern of this name, wherever it is imported; "search" where it is passed on."""
    module = ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for other in SOURCES:
        if other != path and not any(
            isinstance(node, ast.ImportFrom) and node.module == module and name in {each.name for each in node.names}
            for node in ast.walk(tree(other))
        ):
            continue
        owners = {
            id(node.value): node.attr
            for node in ast.walk(tree(other))
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
        }
        for node in ast.walk(tree(other)):
            if isinstance(node, ast.Name) and node.id == name and isinstance(node.ctx, ast.Load):
                method = owners.get(id(node))
                yield method if method in USES else "search"
