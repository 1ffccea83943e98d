"""Files in whatever charset people save them."""

from __future__ import annotations

import io

import pytest

from index.exchange.decoding import decode, find_charset

GERMAN = "Die „Brücke“ von Groß-Musterstadt ist seit März größtenteils gesperrt – für Öl und Äpfel."


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_unicode_is_read_without_a_word(charset: str) -> None:
    raw = GERMAN.encode(charset)
    assert decode(raw).lstrip("\ufeff") == GERMAN
    assert find_charset(io.BytesIO(raw)).note is None


@pytest.mark.parametrize(
    ("charset", "name", "text"),
    [
        ("cp1252", "Windows-1252", GERMAN), ("mac_roman", "Mac Roman", GERMAN), ("cp1252", "Windows-1252", "„Nein“"),
        ("cp850", "code page 850", "Die Brücke ist größtenteils gesperrt."), ("cp1252", "Windows-1252", "Müll"),
        ("cp850", "code page 850", "Müll"), ("mac_roman", "Mac Roman", "Müll"), ("latin-1", "Windows-1252", "Straße"),
    ],
)  # fmt: skip
def test_what_german_programs_write_is_recognised_and_said(charset: str, name: str, text: str) -> None:
    raw = text.encode(charset)
    found = find_charset(io.BytesIO(raw))
    assert decode(raw) == text
    assert found.note is not None
    assert f"was read as {name}" in found.note


@pytest.mark.parametrize(
    ("named", "codec"),
    [
        ("iso-8859-1", "latin-1"), ("Windows-1250", "cp1250"), ("ISO-8859-15", "iso8859-15"), ("ibm850", "cp850"),
        ("IBM-850", "cp850"), ("cp_850", "cp850"), ("cp437", "cp437"), ("x-mac-roman", "mac_roman"), ("latin1", "cp1252"),
    ],
)  # fmt: skip
def test_a_charset_that_is_named_is_believed_where_the_bytes_are_not_utf_8(named: str, codec: str) -> None:
    raw = "Müll für ß".encode(codec)
    assert decode(raw, named) == "Müll für ß"
    assert find_charset(io.BytesIO(raw), named).note is None
    assert decode("Müll".encode(), named) == "Müll"


@pytest.mark.parametrize("named", ["utf-8", "unicode_escape", "hex", "", "utf-7", "none"])
def test_a_charset_that_is_none_or_wrong_is_not_believed(named: str) -> None:
    assert decode("Müll".encode("cp1252"), named) == "Müll"


def test_one_stray_byte_does_not_make_another_charset_of_a_text() -> None:
    raw = GERMAN.encode() + b"\xfc"
    assert decode(raw) == GERMAN + "\ufffd"


def test_a_charset_is_found_across_the_pieces_of_a_long_file() -> None:
    for start in range(3):
        raw = b"x" * ((1 << 20) - start) + "ü€😀".encode()
        assert find_charset(io.BytesIO(raw)).codec == "utf-8"
    late = io.BytesIO(b"x" * (1 << 20) + "ü".encode("cp1252"))
    assert find_charset(late).codec == "cp1252"
    assert late.tell() == 0
