"""Reading JSON: nothing that can be read in two ways, nothing lost of what can be read in one."""

from __future__ import annotations

import json
from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.errors import BadRequest
from service.web.reading import MAX_DEPTH, parse_json, pointer

scalars = st.none() | st.booleans() | st.integers(-(10**20), 10**20) | st.floats(allow_nan=False, allow_infinity=False)
texts = st.text(st.characters(exclude_categories=["Cs"]))
values = st.recursive(
    scalars | texts,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(texts, inner, max_size=4),
    max_leaves=20,
)


@given(values, st.booleans())
def test_json_is_read_as_it_was_written(value: object, ascii_only: bool) -> None:
    assert parse_json(json.dumps(value, ensure_ascii=ascii_only).encode()) == value


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused(raw: bytes) -> None:
    with suppress(BadRequest):  # and nothing else
        parse_json(raw)


@given(st.text())
def test_strings_become_valid_unicode_whatever_was_escaped(text: str) -> None:
    read = parse_json(json.dumps({text: [text]}).encode())
    ((name, (value,)),) = read.items()
    assert name == value
    value.encode("utf-8")
    if all(not "\ud800" <= sign <= "\udfff" for sign in text):
        assert value == text


def test_lone_surrogates_become_replacement_characters_and_pairs_stay() -> None:
    assert parse_json(rb'"a\ud800b\udc00c\ud83c\udf4b"') == "a\ufffdb\ufffdc🍋"


@pytest.mark.parametrize(("written", "read"), [("2.0", 2), ("-3e2", -300), ("2.5", 2.5), ("1e300", 1e300)])
def test_a_whole_number_is_whole_however_it_is_written(written: str, read: float) -> None:
    found = parse_json(written.encode())
    assert (found, type(found)) == (read, type(read))


def test_depth_is_limited() -> None:
    deep = b"[" * MAX_DEPTH + b"]" * MAX_DEPTH
    assert parse_json(deep[1:-1]) is not None
    with pytest.raises(BadRequest, match="deeply"):
        parse_json(b"[" + deep + b"]")


def test_pointers_are_escaped() -> None:
    assert pointer(["a/b", "m~n", 0, ""]) == "/a~1b/m~0n/0/"
    assert pointer([]) == ""


@pytest.mark.parametrize(
    "raw",
    [
        b"[" + b"[]," * 20_000 + b"[]]",
        b"[" + b"0," * 20_001 + b"0]",
        b'{"a": "' + b'\\"' * 9 + b'", "b": [' + b"{}," * 20_000 + b"{}]}",
    ],
    ids=["lists", "numbers", "objects beside a text"],
)
def test_a_body_of_very_many_values_is_refused(raw: bytes) -> None:
    with pytest.raises(BadRequest, match="more than 20,000 values"):
        parse_json(raw)


def test_commas_and_brackets_of_a_text_are_no_values() -> None:
    text = 'a, [b], {c}, "d", \\, \\"' * 20_000
    assert parse_json(json.dumps({"text": text}).encode()) == {"text": text}
