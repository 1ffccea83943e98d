"""The editor's form: what a statement says as fields that people type into, and back into what the API takes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from index.models import NormalizedRating, Statement
from service.errors import BadRequest
from service.presenters_drafts import content_of_statement
from service.web.context import application
from service.web.reading import check_model
from service.web.requests import StatementBody
from service.web.statement_bodies import statement_of

LINES = (
    "headline", "author", "claimant", "license", "language", "owner", "date_published", "valid_from", "valid_until",
    "cluster", "explanation",
)  # fmt: skip
NUMBERS = ("rating_value", "best_rating", "worst_rating")
FIELDS = ("claim_reviewed", "url", "rating", *NUMBERS, "publisher", "site", *LINES, "citations", "reason", "version")
# Where a fault of the API's is shown in the form, by the end of its pointer.
PLACES = {"alternate_name": "rating", "name": "publisher", "": "valid_until"}
MOST_NAMED = 20


def typed_of(statement: Statement) -> dict[str, str]:
    """A statement as the fields of the form."""
    return typed_of_content(content_of_statement(statement))


def translation_of(statement: Statement) -> dict[str, str]:
    """The fields of a translation that is to be written: in no language yet, and linked to what it translates."""
    linked = typed_of(replace(statement, cluster=statement.cluster_name))
    return {**linked, **dict.fromkeys(("claim_reviewed", "language", "headline", "explanation", "rating"), "")}


def content_of(said: Mapping[str, str]) -> dict[str, Any]:
    """What was typed, as the API takes a statement; what is empty is left out."""
    typed = {name: said[name].strip() for name in FIELDS if said.get(name, "").strip()}
    content: dict[str, Any] = {
        name: typed[name] for name in ("claim_reviewed", "url", *LINES, "reason") if name in typed
    }
    rating = {name: _read_number(typed[name]) for name in NUMBERS if name in typed}
    if "rating" in typed:
        rating["alternate_name"] = typed["rating"]
    publisher = {key: typed[name] for key, name in (("name", "publisher"), ("site", "site")) if name in typed}
    cited = [
        dict(zip(("url", "title"), line.split(None, 1), strict=False)) for line in _lines(typed.get("citations", ""))
    ]
    return content | {
        name: value for name, value in (("rating", rating), ("publisher", publisher), ("citations", cited)) if value
    }


def kept_content(said: Mapping[str, str]) -> dict[str, Any]:
    """The same without the reason, which a change keeps beside it."""
    return {name: value for name, value in content_of(said).items() if name != "reason"}


def reason_in(said: Mapping[str, str]) -> str | None:
    """Why it is written, where that was typed."""
    return said.get("reason", "").strip() or None


def typed_of_content(content: Mapping[str, Any], reason: str | None = None) -> dict[str, str]:
    """What a draft holds, as the fields of the form; of a draft that was only begun not all of it is there."""
    rating, publisher = content.get("rating") or {}, content.get("publisher") or {}
    values = {
        **{name: content.get(name) for name in ("claim_reviewed", "url", *LINES)},
        "rating": rating.get("alternate_name"),
        **{name: _shown(rating.get(name)) for name in NUMBERS},
        "publisher": publisher.get("name"),
        "site": publisher.get("site"),
        "citations": "\n".join(
            " ".join(filter(None, (each.get("url"), each.get("title")))) for each in content.get("citations") or ()
        ),
        "reason": reason,
    }
    return {
        **dict.fromkeys(FIELDS, ""),
        **{name: "" if value is None else str(value) for name, value in values.items()},
    }


def read_statement(said: Mapping[str, str]) -> Statement:
    """What was typed as a statement. Raises BadRequest naming what is missing or cannot be used."""
    return settle(statement_of(check_model(StatementBody, content_of(said))))


def settle(statement: Statement) -> Statement:
    """The statement with what its rating words mean here, as it will be stored."""
    return application().ratings.mappings().apply(statement)


def wrong_fields(refused: BadRequest) -> list[str]:
    """The fields of the form in which something is missing or wrong, in the form's order."""
    named = {_place(field.pointer) for field in refused.problems[:MOST_NAMED]}
    return [name for name in FIELDS if name in named]


def is_unmapped(statement: Statement) -> bool:
    """Whether its rating decides nothing, because nobody mapped the words."""
    return statement.rating.normalized is NormalizedRating.UNMAPPED


def _place(pointer: str) -> str:
    steps = pointer.split("/")[1:]
    first, last = (steps[0], steps[-1]) if steps else ("", "")
    if first == "citations":
        return first
    return PLACES.get(last, last if last in FIELDS else first)


def _lines(text: str) -> Iterable[str]:
    return filter(None, map(str.strip, text.splitlines()))


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:g}"


def _shown(value: float | str | None) -> str | None:
    return value if isinstance(value, str) else _number(value)


def _read_number(text: str) -> float | str:
    try:
        return float(text.replace(",", "."))
    except ValueError:
        return text  # refused by its name
