"""Bytes to text: what it is, in which characters, and bombs that never unfold."""

from __future__ import annotations

import gzip
import tracemalloc
import zlib

import pytest

from service.errors import PageTooLarge, PageUnsupported
from service.models import Page
from service.pipeline.decoding import Unpacker, decode_page

GERMAN = "<html><body><p>Größere Äpfel für Österreich, süß wie nie – „echt“.</p></body></html>"


def page_from_bytes(content: bytes, content_type: str = "") -> Page:
    """What becomes of bytes that a site calls so."""
    return Page(None, None, *decode_page(Page(None, None, content, content_type, fetched=True)), fetched=True)


@pytest.mark.parametrize(
    ("content", "content_type"),
    [
        (GERMAN.encode(), "text/html; charset=utf-8"),
        (GERMAN.encode(), "text/html"),
        (GERMAN.encode(), "text/html; charset=iso-8859-1"),
        (GERMAN.encode(), ""),
        (GERMAN.encode("utf-8-sig"), "text/html"),
        (GERMAN.encode("utf-16"), "text/html"),
        (GERMAN.encode("cp1252"), "text/html; charset=windows-1252"),
        (GERMAN.encode("cp1252"), "text/html; charset=ISO-8859-1"),
        (GERMAN.replace("<html>", '<html><meta charset="windows-1252">').encode("cp1252"), "text/html"),
        (GERMAN.encode("cp1252"), "text/html; charset=utf-8"),
        (GERMAN.encode("cp1252"), 'text/html; charset="no-such-charset"'),
    ],
)
def test_umlauts_survive_right_missing_and_lying_charsets(content: bytes, content_type: str) -> None:
    page = page_from_bytes(content, content_type)
    assert page.content_type == "text/html"
    assert "Größere Äpfel für Österreich, süß wie nie" in page.content


@pytest.mark.parametrize(
    ("content", "content_type", "kind"),
    [
        (b"<!DOCTYPE html><p>x", "text/plain", "text/html"), (b"<!-- note --><html>", "", "text/html"),
        (b"just words", "", "text/plain"), (b"just words", "application/octet-stream", "text/plain"),
        (b"just words", "text/html", "text/html"), (b"", "text/html", "text/html"),
        (b"# Title\n\nwords", "text/markdown", "text/plain"),
    ],
)  # fmt: skip
def test_the_kind_is_seen_from_the_bytes_where_the_header_lies(content: bytes, content_type: str, kind: str) -> None:
    assert page_from_bytes(content, content_type).content_type == kind


@pytest.mark.parametrize(
    ("content", "content_type", "name"),
    [
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "image/png", "image/png"), (b"\x89PNG\r\n\x1a\n" + bytes(200), "text/html", "text/html"),
        (b'{"a": 1}', "application/json", "application/json"), (bytes(300), "", "unknown type"),
        (b"PK\x03\x04" + bytes(range(256)), "application/zip", "application/zip"),
    ],
)  # fmt: skip
def test_anything_else_is_refused_by_name(content: bytes, content_type: str, name: str) -> None:
    with pytest.raises(PageUnsupported, match=name):
        page_from_bytes(content, content_type)


def test_a_damaged_pdf_is_refused() -> None:
    with pytest.raises(PageUnsupported, match="PDF"):
        page_from_bytes(b"%PDF-1.7 and then nothing of the kind", "application/pdf")


def test_the_text_of_a_pdf_is_read() -> None:
    page = page_from_bytes(small_pdf("Lemon water does not cure diabetes."), "application/pdf")
    assert page.content_type == "application/pdf"
    assert "Lemon water does not cure diabetes." in page.content


def small_pdf(text: str) -> bytes:
    """A PDF of one line, written by hand."""
    stream = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET".encode()
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[3 0 R]/Count 1>>",
        b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents 4 0 R/Resources<</Font<</F1 5 0 R>>>>>>",
        b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    return out + b"xref\n0 6\n0000000000 65535 f \n%strailer<</Size 6/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (
        table,
        start,
    )


@pytest.mark.parametrize(
    ("encoding", "pack"),
    [("gzip", gzip.compress), ("deflate", zlib.compress), ("deflate", lambda b: zlib.compress(b)[2:-4]), ("", bytes),
     ("identity", bytes), ("GZIP", gzip.compress)],
)  # fmt: skip
def test_packed_bodies_are_unpacked(encoding: str, pack) -> None:  # type: ignore[no-untyped-def]
    packed = pack(b"hello " * 100)
    unpacker = Unpacker(encoding, 1000)
    assert b"".join(unpacker.unpack(packed[n : n + 7]) for n in range(0, len(packed), 7)) == b"hello " * 100


@pytest.mark.parametrize("encoding", ["br", "zstd", "gzip, gzip", "compress", "nonsense"])
def test_other_and_nested_packings_are_refused(encoding: str) -> None:
    with pytest.raises(PageUnsupported):
        Unpacker(encoding, 1000)


def test_a_bomb_is_stopped_at_the_limit_with_little_memory() -> None:
    bomb = gzip.compress(bytes(200_000_000), 9)
    unpacker = Unpacker("gzip", 1_000_000)
    tracemalloc.start()
    with pytest.raises(PageTooLarge, match="1 MB"):
        unpacker.unpack(bomb)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 5_000_000


def test_damaged_packing_is_reported() -> None:
    with pytest.raises(PageUnsupported, match="damaged"):
        Unpacker("gzip", 1000).unpack(b"this is not gzip at all")
