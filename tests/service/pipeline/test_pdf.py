"""The text of a PDF, and what is said of one that cannot be read."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader, PdfWriter

from service.errors import PageUnsupported
from service.pipeline.pdf import MAX_PAGES, text_of_pdf


def pdf_with(*texts: str) -> bytes:
    """A file with a page for each text, written by hand, so that nothing of the library's is between."""
    kids = b" ".join(b"%d 0 R" % (4 + 2 * place) for place in range(len(texts)))
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        b"<</Type/Pages/Kids[%s]/Count %d>>" % (kids, len(texts)),
        b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>",
    ]
    for place, text in enumerate(texts):
        stream = b"BT /F1 12 Tf 72 720 Td (%s) Tj ET" % text.encode()
        objects.append(
            b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 612 792]/Contents %d 0 R/Resources<</Font<</F1 3 0 R>>>>>>"
            % (5 + 2 * place)
        )
        objects.append(b"<</Length %d>>stream\n%s\nendstream" % (len(stream), stream))
    out, places = b"%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(out)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    head = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, table)
    return out + head + b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(objects) + 1, start)


def locked(content: bytes, password: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(content)))
    writer.encrypt(user_password=password, owner_password="owner", algorithm="RC4-128")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def test_pages_are_read_in_order_with_a_line_between() -> None:
    assert text_of_pdf(pdf_with("Lemons cure.", "They do not.")) == "Lemons cure.\n\nThey do not."


def test_a_page_without_text_is_empty() -> None:
    assert text_of_pdf(pdf_with("")) == ""


def test_of_a_very_long_file_the_beginning_is_read() -> None:
    read = text_of_pdf(pdf_with(*(f"Page {number}." for number in range(1, MAX_PAGES + 3))))
    assert read.endswith(f"Page {MAX_PAGES}.")


def test_a_file_that_anybody_may_open_is_read_and_one_with_a_password_is_not() -> None:
    assert text_of_pdf(locked(pdf_with("Lemons cure."), "")) == "Lemons cure."
    with pytest.raises(PageUnsupported, match="protected by a password"):
        text_of_pdf(locked(pdf_with("Lemons cure."), "secret"))


@pytest.mark.parametrize("content", [b"", b"%PDF-1.4 and then nothing of the kind", pdf_with("Lemons cure.")[:200]])
def test_a_damaged_file_is_said_to_be_one(content: bytes) -> None:
    with pytest.raises(PageUnsupported, match="damaged"):
        text_of_pdf(content)
