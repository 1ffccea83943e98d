"""Bytes to a page's text: what kind of content it is, and in which characters."""

from __future__ import annotations

import re

from index.exchange.decoding import codec_of_start
from service.errors import PageUnsupported
from service.models import Page
from service.pipeline.charsets import DETECTABLE, codec_of
from service.pipeline.pdf import text_of_pdf

DETECTED_BYTES = 200_000  # of a page's beginning, by which its charset is guessed
UNDECLARED_SHARE = 10  # whole characters to a broken one, where nothing says that a page is UTF-8
FEW_BROKEN, FEW_BROKEN_IN = 2, 1000  # so few in so many bytes say nothing against a page that says it is
HTML_TYPES = ("text/html", "application/xhtml+xml", "application/xml", "text/xml")
SUBTITLES = ("text/vtt", "application/x-subrip")
META_CHARSET = re.compile(rb"<meta[^>]{0,400}?charset\s*=\s*+[\"']?\s*+([\w:.-]{2,40})", re.I)
# One lazy comment spans any number of them: a repeated one could be divided in exponentially many ways.
HTML_START = re.compile(
    rb"\s*+(?:<\?xml[^>]*+>\s*+)?(?:<!--.*?-->\s*+)?<(?:!doctype\s+html|html|head|body|article|title|meta|div|p\b)",
    re.I | re.S,
)
BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))

UNMARKED = ("utf-16-le", "utf-16-be")  # told by their NUL bytes, without a byte order mark


def decode_page(page: Page) -> tuple[str, str]:
    """The text of a page and what it is: text/html, text/plain or application/pdf. Raises PageUnsupported."""
    content, content_type = page.content, page.content_type
    if isinstance(content, str):
        return content, content_type
    if (wide := codec_of_start(content[:4096])) in UNMARKED:
        content = content.decode(wide, "replace").encode()
    kind = kind_of(content, content_type)
    if kind == "application/pdf":
        return text_of_pdf(content), kind
    return decode_text(content, charset_of(content_type), is_html=kind == "text/html"), kind


def kind_of(content: bytes, content_type: str) -> str:
    """text/html, text/plain or application/pdf, by the bytes first, since the header is often wrong."""
    named = content_type.split(";")[0].strip().lower()
    start = content[:2048].lstrip(b"\xef\xbb\xbf")
    if start.lstrip()[:5] == b"%PDF-":
        return "application/pdf"
    if HTML_START.match(start) or (named in HTML_TYPES and not looks_binary(content)):
        return "text/html"
    if looks_binary(content):
        if named in HTML_TYPES:
            raise PageUnsupported(f"The site calls this {named}, but it is not text: it may be compressed or damaged.")
        raise PageUnsupported(f"This is not a page but {named or 'a file of an unknown type'}, which is not read.")
    if named in ("", "text/plain", "text/markdown", *SUBTITLES, "application/octet-stream", "application/pdf"):
        return "text/plain"
    raise PageUnsupported(f"This is not a page but {named[:80]}, which is not read.")


def looks_binary(content: bytes) -> bool:
    """Whether the beginning cannot be text: NUL bytes outside UTF-16, or many control bytes."""
    start = content[:4096]
    if any(start.startswith(mark) for mark, _ in BYTE_ORDER_MARKS):
        return False
    control = sum(byte < 9 or 13 < byte < 32 for byte in start)
    return control > max(2, len(start) // 50)


def charset_of(content_type: str) -> str | None:
    """The charset that a Content-Type header names."""
    found = re.search(r"charset\s*=\s*[\"']?([\w:.-]{2,40})", content_type, re.I)
    return found[1] if found else None


def decode_text(content: bytes, charset: str | None, is_html: bool) -> str:
    """Text by byte order mark, then UTF-8 where the bytes are valid UTF-8, then what the page says, then detection.

    Valid UTF-8 with any non-ASCII character is practically never anything else, so it beats a header that lies.
    """
    for mark, name in BYTE_ORDER_MARKS:
        if content.startswith(mark):
            return content.decode(name, "replace")
    try:
        return content.decode("utf-8")
    except UnicodeDecodeError as error:
        if error.start > len(content) - 4:  # cut in the middle of a character
            return content.decode("utf-8", "replace")
    meta = META_CHARSET.search(content[:4096]) if is_html else None
    in_header = codec_of(charset) if charset else None
    in_page = codec_of(meta[1].decode("ascii", "replace")) if meta else None
    if is_damaged_utf8(content, declared="utf-8" in (in_header, in_page)):
        return content.decode("utf-8", "replace")
    # A page whose own label could be read as ASCII is not in UTF-16.
    in_page = None if in_page and in_page.startswith("utf-16") else in_page
    named = next((codec for codec in (in_header, in_page) if codec and codec != "utf-8"), None)
    return content.decode(named, "replace") if named else detect_text(content)


def is_damaged_utf8(content: bytes, *, declared: bool) -> bool:
    """Whether bytes that are no valid UTF-8 are UTF-8 all the same, with something foreign in an odd place.

    Other charsets hardly ever hold valid characters of several bytes, so those are weighed against the broken ones.
    """
    text = content.decode("utf-8", "replace")
    replaced = text.count("\ufffd")
    broken = replaced - content.count(b"\xef\xbf\xbd")
    whole = len(text) - len(text.encode("ascii", "ignore")) - replaced
    if declared:
        return whole > broken or (broken <= FEW_BROKEN and len(content) > FEW_BROKEN_IN)
    return whole >= UNDECLARED_SHARE * broken


def detect_text(content: bytes) -> str:
    """Text in the most likely charset."""
    from charset_normalizer import from_bytes

    best = from_bytes(content[:DETECTED_BYTES], cp_isolation=list(DETECTABLE)).best()
    codec = best.encoding if best else ""
    return content.decode(codec if codec in DETECTABLE else "cp1252", "replace")
