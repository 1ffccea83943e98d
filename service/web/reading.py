"""Reading what is sent: JSON with all its traps closed, and a pydantic model's complaints as field problems."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator
from io import BytesIO
from typing import IO, Any, TypeVar

from flask import request
from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

from service.errors import BadRequest, BodyTooLarge, FieldProblem, TypeUnsupported
from service.web.crowd import crowd

# What a body may have on the wire. JSON and forms write some characters longer than they are: `\u00e4` or `%C3%A4`
# for the two bytes of ä, so a text of 5 MB comes as 15 MB at most where it is all letters of another script.
SMALL_BODY_BYTES = 1_000_000
DOCUMENT_BODY_BYTES = 16_000_000
TEXTS_BODY_BYTES = 20_000_000  # 64 texts of 50,000 characters, each escaped
FORM_BYTES = DOCUMENT_BODY_BYTES
PART_BYTES = 256 * 1024
FILE_TYPES = ("text/csv", "text/html", "application/x-ndjson")  # of files, in whatever charset people saved them
SMALL_FORM_BYTES = 100_000  # of the fields beside a file
MAX_PARTS = 20
MAX_FIELDS = 100
MAX_VALUES = 20_000
MAX_DEPTH = 40
MAX_DIGITS = 300
MAX_EXACT = 2**53  # up to here a float holds every whole number
SHOWN_PROBLEMS = 20
SEND_JSON = "Send JSON with Content-Type: application/json."
TOO_LARGE = "too_large"  # the type of a field's error that means 413

# What is wrong with a field, by pydantic's type of error; the rest keeps pydantic's own words.
WORDS = {
    "missing": "is missing",
    "extra_forbidden": "is not known here",
    "model_type": "must be an object",
    "string_type": "must be a string",
    "string_too_long": "must have at most {max_length} characters",
    "string_pattern_mismatch": "does not have the expected form",
    "list_type": "must be a list",
    "too_short": "must have at least {min_length} entry",
    "too_long": "must have at most {max_length} entries",
    "bool_type": "must be true or false",
    "int_type": "must be a whole number",
    "int_parsing": "must be a whole number",
    "float_type": "must be a number",
    "greater_than_equal": "must be at least {ge}",
    "less_than_equal": "must be at most {le}",
}

Model = TypeVar("Model", bound=BaseModel)


class JsonTrap(ValueError):
    """JSON that could be read in two ways, or not at all."""


def read_model(model: type[Model], limit: int = SMALL_BODY_BYTES) -> Model:
    """The JSON body as a model. Raises BadRequest naming each bad field, BodyTooLarge, TypeUnsupported."""
    if request.mimetype != "application/json":
        raise TypeUnsupported(SEND_JSON)
    return check_model(model, read_json(limit))


def read_json(limit: int = SMALL_BODY_BYTES) -> Any:
    """The body as a JSON value. Few large ones are read at once: each takes several times its size for a moment."""
    if (request.content_length or 0) <= SMALL_BODY_BYTES:
        return parse_json(read_body(limit))
    readers, hands = crowd().readers, crowd().hands
    with hands.resting():
        readers.acquire()
    try:
        return parse_json(read_body(limit))
    finally:
        readers.release()


def read_form(limit: int = FORM_BYTES) -> dict[str, str]:
    """The fields of a posted form. Raises BadRequest for more than a form of ours can have, BodyTooLarge."""
    if request.mimetype == "application/x-www-form-urlencoded":
        request.max_form_memory_size = limit
        if read_body(limit, keep=True).count(b"&") > MAX_FIELDS:
            raise BadRequest("This form has too many fields.")
    else:
        request.max_content_length = request.max_form_memory_size = limit
    return request.form.to_dict()


def read_upload(name: str, limit: int, most: int) -> tuple[bytes, dict[str, str]]:
    """The one file of a multipart body, of at most `most` bytes, and the fields beside it; none of it on the disk.

    Raises BadRequest where there is no such file, or a second one; BodyTooLarge.
    """
    raw = read_body(limit)
    parser = FormDataParser(stream_factory=_in_memory, max_form_memory_size=SMALL_FORM_BYTES, max_form_parts=MAX_PARTS)
    try:
        _, form, sent = parser.parse(BytesIO(raw), request.mimetype, len(raw), request.mimetype_params)
    except RequestEntityTooLarge:
        raise BadRequest("This form has too many fields, or too long ones.") from None
    others = [FieldProblem(pointer([each]), "is no file that is known here") for each in sent if each != name]
    uploads = sent.getlist(name)
    if others or len(uploads) != 1:
        raise BadRequest(f"Send one file, in the field {name}.", (*others, FieldProblem(pointer([name]), "one file")))
    twice = [each for each, values in form.lists() if len(values) > 1]
    if twice:
        raise BadRequest("A field was given twice.", (FieldProblem(pointer(twice[:1]), "given twice"),))
    content = uploads[0].read()
    check_upload(name, content, most)
    return content, form.to_dict()


def _in_memory(
    total_content_length: int | None,  # noqa: ARG001 - what a place for a file is asked with
    content_type: str | None,  # noqa: ARG001
    filename: str | None,  # noqa: ARG001
    content_length: int | None = None,  # noqa: ARG001
) -> IO[bytes]:
    return BytesIO()


def check_upload(name: str, content: bytes, most: int) -> None:
    """Raises BadRequest for an empty file, BodyTooLarge for a large one."""
    if not content:
        raise BadRequest("The file is empty.", (FieldProblem(pointer([name]), "must not be empty"),))
    if len(content) > most:
        raise BodyTooLarge(f"The file is larger than {most:,} bytes.", (FieldProblem(pointer([name]), "is too large"),))


def read_query(model: type[Model]) -> Model:
    """The query string as a model. Raises BadRequest naming each bad or unknown parameter."""
    twice = [name for name, values in request.args.lists() if len(values) > 1]
    if twice:
        raise BadRequest("A parameter was given twice.", (FieldProblem(pointer(twice[:1]), "given twice"),))
    return check_model(model, request.args.to_dict())


def read_body(limit: int = SMALL_BODY_BYTES, keep: bool = False) -> bytes:
    """The body's bytes. Raises BodyTooLarge, TypeUnsupported for a packed or oddly encoded one."""
    check_encoding()
    if (request.content_length or 0) > limit:
        raise BodyTooLarge(f"The body is larger than {limit:,} bytes.")
    request.max_content_length = limit
    try:
        return request.get_data(cache=keep)
    except RequestEntityTooLarge:
        raise BodyTooLarge(f"The body is larger than {limit:,} bytes.") from None


def read_parts(limit: int) -> Iterator[bytes]:
    """The body bit by bit, for one that is never to lie in memory as a whole. Raises like `read_body`."""
    check_encoding()
    request.max_content_length = limit
    try:
        while part := request.stream.read(PART_BYTES):
            yield part
    except RequestEntityTooLarge:
        raise BodyTooLarge(f"The body is larger than {limit:,} bytes.") from None


def check_encoding() -> None:
    """Raises TypeUnsupported for a packed body, or one in another charset than UTF-8 that is no file."""
    if request.headers.get("Content-Encoding", "identity").lower() != "identity":
        raise TypeUnsupported("Send the body as it is, without Content-Encoding.")
    in_utf8 = request.mimetype_params.get("charset", "utf-8").lower() in ("utf-8", "utf8")
    if not in_utf8 and request.mimetype not in FILE_TYPES:
        raise TypeUnsupported("Send the body in UTF-8.")


def parse_json(raw: bytes) -> Any:
    """A JSON value, every string of it valid Unicode (lone surrogates become U+FFFD).

    Raises BadRequest for anything that readers understand differently: duplicate names, NaN, numbers beyond a float,
    depth beyond MAX_DEPTH, and what is not JSON in UTF-8.
    """
    try:
        _check_values(raw)
        text = raw.decode("utf-8-sig")
        may_be_broken = b"\\u" in raw
        del raw  # a large body is not to lie here three times over
        value = json.loads(
            text, object_pairs_hook=_unique, parse_constant=_no_constant, parse_int=_whole, parse_float=_number
        )
        _check_depth(value)
    except UnicodeDecodeError as error:
        raise BadRequest(f"The body is not UTF-8 (byte {error.start}).") from None
    except json.JSONDecodeError as error:
        raise BadRequest(f"The body is not JSON: {error.msg} at line {error.lineno}, column {error.colno}.") from None
    except JsonTrap as trap:
        raise BadRequest(f"The body is not accepted: {trap}.") from None
    except RecursionError:
        raise BadRequest("The body is not accepted: it is nested too deeply.") from None
    return _mended(value) if may_be_broken else value


def check_model(model: type[Model], value: Any) -> Model:
    """A value as a model. Raises BadRequest with a pointer for each bad field, BodyTooLarge where one is too large."""
    try:
        return model.model_validate(value)
    except ValidationError as error:
        found = error.errors(include_url=False, include_input=False)
    problems = tuple(FieldProblem(pointer(each["loc"]), _in_words(each)) for each in found[:SHOWN_PROBLEMS])
    kind = BodyTooLarge if any(each["type"] == TOO_LARGE for each in found) else BadRequest
    raise kind("; ".join(f"{_name(field)} {field.detail}" for field in problems[:3]).rstrip(".") + ".", problems)


def pointer(place: Iterable[str | int]) -> str:
    """A JSON pointer (RFC 6901)."""
    return "".join("/" + str(step).replace("~", "~0").replace("/", "~1") for step in place)


def _in_words(error: ErrorDetails) -> str:
    words = WORDS.get(error["type"])
    return words.format(**error.get("ctx", {})) if words else error["msg"]


def _name(field: FieldProblem) -> str:
    return field.pointer.removeprefix("/").replace("/", ".")[:80] or "the body"


# ---------------------------------------------------------------- traps


def _check_values(raw: bytes) -> None:
    """Refuse a body of millions of empty lists, which takes a hundred times its size as objects."""
    if _count_values(raw) <= MAX_VALUES:
        return
    bare = raw.replace(b"\\\\", b"").replace(b'\\"', b"")
    if bare.count(b'"') > 4 * MAX_VALUES or _count_values(b"".join(bare.split(b'"')[::2])) > MAX_VALUES:
        raise JsonTrap(f"it has more than {MAX_VALUES:,} values")


def _count_values(raw: bytes) -> int:
    return raw.count(b",") + raw.count(b"[") + raw.count(b"{")


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise JsonTrap("a name occurs twice in one object")
    return found


def _no_constant(_word: str) -> Any:
    raise JsonTrap("NaN and Infinity are not JSON")


def _whole(digits: str) -> int:
    if len(digits) > MAX_DIGITS:
        raise JsonTrap("a number is too large")
    return int(digits)


def _number(digits: str) -> float:
    number = float(digits)
    if math.isinf(number):
        raise JsonTrap("a number is too large")
    # JSON has one kind of numbers: 2.0 is as whole as 2 (and so JSON Schema says).
    return int(number) if number.is_integer() and abs(number) <= MAX_EXACT else number


def _check_depth(value: Any) -> None:
    level, depth = [value], 0
    while level:
        depth += 1
        if depth > MAX_DEPTH:
            raise JsonTrap("it is nested too deeply")
        nested: list[Any] = []
        for item in level:
            if isinstance(item, dict):
                nested += [each for each in item.values() if isinstance(each, dict | list)]
            elif isinstance(item, list):
                nested += [each for each in item if isinstance(each, dict | list)]
        level = nested


def _mended(value: Any) -> Any:
    if isinstance(value, str):
        try:
            value.encode()
        except UnicodeEncodeError:
            return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
        return value
    if isinstance(value, list):
        return [_mended(each) for each in value]
    if isinstance(value, dict):
        return {_mended(name): _mended(each) for name, each in value.items()}
    return value
