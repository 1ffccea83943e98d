"""Charsets: those of the web, under their web names, and nothing that Python calls a codec beside them."""

from __future__ import annotations

import codecs

import pytest
from hostile_bodies import NO_CHARSETS
from webencodings.labels import LABELS

from service.models import Page
from service.pipeline.charsets import DETECTABLE, codec_of
from service.pipeline.decoding import decode_page, decode_text


def read(content: bytes, header: str) -> str:
    return decode_page(Page(None, None, content, header, fetched=True))[0]


NO_DECODER = {"replacement", "x-user-defined"}


@pytest.mark.parametrize("label", NO_CHARSETS)
def test_what_is_no_charset_of_the_web_is_none(label: str) -> None:
    assert codec_of(label) is None


@pytest.mark.parametrize("label", NO_CHARSETS)
@pytest.mark.parametrize("where", ["header", "page"])
def test_a_page_that_names_no_charset_of_the_web_is_read_all_the_same(label: str, where: str) -> None:
    source = f'<html><meta charset="{label}"><p>Größere Äpfel für Österreich, süß wie nie.</p>'
    header = f"text/html; charset={label}" if where == "header" else "text/html"
    content = source.encode("cp1252", "replace")
    assert "Größere Äpfel für Österreich" in read(content, header)
    assert read(b"\xff" * 5000, header)


def test_every_label_of_the_standard_has_a_codec_that_decodes_anything() -> None:
    for label, name in LABELS.items():
        codec = codec_of(label.upper())
        assert (codec is None) == (name in NO_DECODER), label
        if codec:
            bytes(range(256)).decode(codec, "replace")
            assert codec_of(f" {label}\n") == codec


def test_what_is_guessed_is_a_charset_of_the_standard() -> None:
    standard = {codec_of(label) for label in LABELS}
    assert {codecs.lookup(codec).name for codec in DETECTABLE} <= standard


@pytest.mark.parametrize(
    ("label", "raw", "text"),
    [
        ("iso-8859-1", b"\x80 \x93x\x94", "€ “x”"), ("us-ascii", b"\x80", "€"), ("latin1", b"\x84", "„"),
        ("iso-8859-9", b"\x80\xfd", "€ı"), ("gb2312", b"\x81\x30\x81\x30", "\x80"), ("shift_jis", b"\x87\x40", "①"),
        ("ks_c_5601-1987", b"\x81\x41", "갂"), ("koi8-r", b"\xf0", "П"), ("windows-1251", b"\xcf", "П"), ("macintosh", b"\x8a", "ä"),
    ],
)  # fmt: skip
def test_a_label_means_what_browsers_read_it_as(label: str, raw: bytes, text: str) -> None:
    assert decode_text(raw + b" plain", label, is_html=True) == f"{text} plain"


def test_a_page_that_calls_itself_utf_16_in_ascii_is_not() -> None:
    content = '<meta charset="utf-16"><p>Größere Äpfel für Österreich'.encode("cp1252")
    assert "Größere Äpfel" in decode_text(content, None, is_html=True)


def test_utf_16_by_its_header_is_read() -> None:
    assert decode_text("Größe 中 \ud83d".encode("utf-16-le", "surrogatepass"), "utf-16le", is_html=True).startswith(
        "Größe 中"
    )
