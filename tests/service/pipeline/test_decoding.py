"""Bytes to text: what it is, and in which characters."""

from __future__ import annotations

import pytest

from service.errors import PageUnsupported
from service.models import Page
from service.pipeline.decoding import decode_page

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
        (GERMAN.encode("utf-16-le"), "text/html"),
        (GERMAN.encode("utf-16-be"), "text/html; charset=utf-16"),
        (GERMAN.encode("utf-16-le"), ""),
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


LONG = "<html><body>" + "".join(f"<p>{n} Bären können größere Äpfel für Österreich pflücken.</p>" for n in range(60))


@pytest.mark.parametrize("charset", ["; charset=utf-8", "", "; charset=iso-8859-1"])
@pytest.mark.parametrize("stray", [b"\xe9", b"\x93", b"\xfc", b"\xc3", b"\xff"])
def test_one_stray_byte_leaves_the_rest_of_a_page_as_it_is(charset: str, stray: bytes) -> None:
    half = len(LONG) // 2
    page = page_from_bytes(LONG[:half].encode() + stray + b" " + LONG[half:].encode(), f"text/html{charset}")
    assert page.content == LONG[:half] + "\ufffd " + LONG[half:]


def test_a_page_says_in_its_head_that_it_is_utf_8_with_one_stray_byte() -> None:
    source = '<html><head><meta charset="utf-8"></head><body><p>Plain words. ' + "More of them. " * 100
    page = page_from_bytes(source.encode() + b"Caf\xe9.", "text/html")
    assert page.content == source + "Caf\ufffd."


@pytest.mark.parametrize("named", ["; charset=utf-8", ""])
def test_a_whole_page_in_another_charset_is_still_detected(named: str) -> None:
    assert page_from_bytes(LONG.encode("cp1252"), f"text/html{named}").content == LONG


def test_what_is_called_html_and_is_packed_is_told_from_other_files() -> None:
    with pytest.raises(PageUnsupported, match="calls this text/html, but it is not text"):
        page_from_bytes(b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x02\xff" + bytes(range(256)) * 4, "text/html; charset=utf-8")
