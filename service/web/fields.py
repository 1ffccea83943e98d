"""The kinds of values that callers may send. What a validator asks for stands beside it as JSON schema, for OpenAPI."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from typing import Annotated, Any, cast
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, StringConstraints
from pydantic.config import JsonDict
from pydantic_core import PydanticCustomError

from service.errors import AddressRefused
from service.pipeline.addresses import MAX_LENGTH, clean_host, clean_url
from service.web.reading import TOO_LARGE

MAX_DOCUMENT_BYTES = 5_000_000
MAX_TEXT = 50_000
MAX_ADDRESS = MAX_LENGTH
DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:[Zz]|[+-](?:[01]\d|2[0-3]):[0-5]\d)", re.ASCII)
# Every blank that Python or JavaScript knows by name: what `\s` means differs between them, and among validators.
BLANKS = r"\t-\r\u001c-\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff"
NOT_BLANK: JsonDict = {"minLength": 1, "pattern": rf"[^{BLANKS}]"}
NOT_BLANK_WITHOUT_NUL: JsonDict = {"minLength": 1, "pattern": rf"[^\u0000{BLANKS}]"}
SEEN = re.compile(rf"[^{BLANKS}]")


def _address(text: str) -> str:
    # Any http(s) address will do as a label; check_fetchable judges what the service is to ask for itself.
    if "\ufffd" in text:  # what reading makes of a lone surrogate
        raise PydanticCustomError("address", "The address contains a broken character. Copy it again.")
    try:
        host = clean_host(urlsplit(text.strip() if "://" in text else f"https://{text.strip()}").hostname or "")
        return clean_url(text, (host,))
    except (AddressRefused, ValueError) as refused:
        reason = str(refused) if isinstance(refused, AddressRefused) else "This is not a web address."
        raise PydanticCustomError("address", "{reason}", {"reason": reason}) from None


def is_address(text: str) -> bool:
    """Whether `Address` would take this."""
    try:
        return len(text) <= MAX_ADDRESS and bool(_address(text))
    except PydanticCustomError:
        return False


def _small_enough(text: str) -> str:
    if len(text) > MAX_DOCUMENT_BYTES or len(text.encode("utf-8", "replace")) > MAX_DOCUMENT_BYTES:
        raise PydanticCustomError(TOO_LARGE, "larger than 5,000,000 bytes")
    return text


def is_blank(text: str) -> bool:
    """Whether there is nothing to be seen in a text."""
    return SEEN.search(text) is None


def _not_blank(text: str) -> str:
    if is_blank(text):
        raise PydanticCustomError("blank", "must not be empty")
    return text


def without_nul(text: str) -> str:
    """The text without NUL, which databases do not take."""
    return text.replace("\0", "")


def _day(value: Any) -> date | None:
    if value is None or isinstance(value, date):
        return value
    try:
        if not DAY.fullmatch(value):  # Python reads further spellings, as 20210503 and 2021-W18-1
            raise ValueError
        return date.fromisoformat(value)
    except (TypeError, ValueError):
        raise PydanticCustomError("day", "must be a date like 2021-05-03") from None


def _moment(value: Any) -> datetime | None:
    if value is None or isinstance(value, datetime):
        return value
    try:
        if not MOMENT.fullmatch(value):  # Python reads further spellings, and times without a zone
            raise ValueError
        return datetime.fromisoformat(value.upper()).astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        raise PydanticCustomError(
            "moment", "must be a time like 2026-11-30T12:00:00Z (in an address a plus sign is written %2B)"
        ) from None


def _whole(value: Any) -> Any:
    # JSON has one kind of numbers: 10.0 is 10, to it and to JSON Schema.
    return int(value) if isinstance(value, float) and value.is_integer() else value


Address = Annotated[
    str,
    Field(
        max_length=MAX_ADDRESS,
        description="An http or https address; https is added to a bare host name.",
        json_schema_extra={"format": "uri", "minLength": 1},
    ),
    AfterValidator(_address),
]
CallbackUrl = Annotated[
    str,
    Field(
        max_length=MAX_ADDRESS,
        description="Where to post the result when it is ready: a Standard Webhook, signed with the key's secret.",
        json_schema_extra={"format": "uri", "minLength": 1},
    ),
    AfterValidator(_address),
]
ItemAddress = Annotated[
    str,
    Field(max_length=20_000, description="An http or https address. If it cannot be checked, only its item fails."),
]
Document = Annotated[
    str,
    Field(description="At most 5,000,000 bytes in UTF-8.", json_schema_extra={"maxLength": MAX_DOCUMENT_BYTES}),
    AfterValidator(_small_enough),
]
FullDocument = Annotated[
    str,
    Field(
        description="At most 5,000,000 bytes in UTF-8; not blank.",
        json_schema_extra={"maxLength": MAX_DOCUMENT_BYTES, **NOT_BLANK},
    ),
    AfterValidator(_small_enough),
    AfterValidator(_not_blank),
]
Text = Annotated[str, Field(max_length=MAX_TEXT), AfterValidator(without_nul)]
Line = Annotated[str, Field(max_length=2000), AfterValidator(without_nul)]
FullLine = Annotated[
    str,
    Field(max_length=2000, json_schema_extra=NOT_BLANK_WITHOUT_NUL),
    AfterValidator(without_nul),
    AfterValidator(_not_blank),
]
Name = Annotated[FullLine, Field(max_length=200)]
Passage = Annotated[str, Field(max_length=20_000), AfterValidator(without_nul)]
FullPassage = Annotated[
    str,
    Field(max_length=20_000, json_schema_extra=NOT_BLANK_WITHOUT_NUL),
    AfterValidator(without_nul),
    AfterValidator(_not_blank),
]
LanguageCode = Annotated[
    str, StringConstraints(pattern=r"^[A-Za-z]{2,3}(-[A-Za-z0-9]{1,8}){0,4}$"), AfterValidator(str.lower)
]
Whole = Annotated[int, BeforeValidator(_whole)]
Place = Annotated[int, Field(ge=0), BeforeValidator(_whole)]
Amount = Annotated[int, Field(ge=0, le=10**9), BeforeValidator(_whole)]
Hours = Annotated[int, Field(ge=1, le=720), BeforeValidator(_whole)]
Days = Annotated[int, Field(ge=1, le=36_500), BeforeValidator(_whole)]
Cursor = Annotated[str, Field(pattern=r"^[0-9]{1,18}$", description="`next_cursor` of the previous page.")]
CheckCursor = Annotated[
    str, Field(pattern=r"^[0-9]{1,16}-[0-9a-z_]{32}$", description="`next_cursor` of the previous page.")
]
Reference = Annotated[str, Field(max_length=500)]
PolicyName = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9_-]{0,23}$")]
PolicyVersion = Annotated[
    str,
    Field(
        pattern=r"^[a-z0-9][a-z0-9_-]{0,23}(\.[1-9][0-9]{0,6})?$",
        description="The name of a policy, which means its newest version, or the id of a version.",
    ),
]
Day = Annotated[date | None, BeforeValidator(_day)]
Moment = Annotated[datetime | None, BeforeValidator(_moment)]


def one_input(*names: str) -> Callable[[JsonDict], None]:
    """Says in a model's JSON schema that one of these inputs is taken; beside `html` an address is only a label."""

    def add(schema: JsonDict) -> None:
        properties = cast("dict[str, JsonDict]", schema["properties"])
        given = {name: cast("list[JsonDict]", properties[name]["anyOf"])[0] for name in names}
        schema["oneOf"] = [_only(name, names, given[name]) for name in names]
        for name in names:
            if "$ref" in given[name]:
                continue
            about = given[name].pop("description")
            properties[name] = {"description": about, "type": ["string", "null"], "default": None}

    return add


def _only(name: str, names: tuple[str, ...], kind: JsonDict) -> JsonDict:
    left_out = [other for other in names if other != name and (name, other) != ("html", "url")]
    kinds: JsonDict = {name: kind, **{other: {"type": "null"} for other in left_out}}
    return {"title": name, "required": [name], "properties": kinds}
