"""What kind of picture a file is, told by its first bytes alone: nothing is decoded here."""

from __future__ import annotations

import re

READ = ("PNG", "JPEG", "WEBP", "GIF")
SVG_START = re.compile(
    rb"\s*+(?:<\?xml[^>]{0,400}+>\s*+)?(?:<!--.{0,2000}?-->\s*+)?(?:<!DOCTYPE\s+svg|<svg[\s>])", re.I | re.S
)
BOX_KINDS = {
    b"heic": "HEIC", b"heix": "HEIC", b"hevc": "HEIC", b"heim": "HEIC", b"heis": "HEIC", b"mif1": "HEIC",
    b"msf1": "HEIC",
    b"avif": "AVIF", b"avis": "AVIF",
}  # fmt: skip
BEGINNINGS = (
    (b"\x89PNG\r\n\x1a\n", "PNG"), (b"\xff\xd8\xff", "JPEG"), (b"GIF87a", "GIF"), (b"GIF89a", "GIF"),
    (b"II*\x00", "TIFF"), (b"MM\x00*", "TIFF"), (b"8BPS", "PSD"), (b"\xff\x0a", "JPEG XL"),
    (b"\x00\x00\x00\x0cJXL \r\n\x87\n", "JPEG XL"), (b"\x00\x00\x00\x0cjP  ", "JPEG 2000"),
    (b"\x00\x00\x01\x00", "ICO"),
)  # fmt: skip


def kind_of_picture(content: bytes) -> str | None:
    """PNG, JPEG, WEBP or GIF, the name of a kind that is not read, or None for what is no picture."""
    for beginning, kind in BEGINNINGS:
        if content.startswith(beginning):
            return kind
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "WEBP"
    if content[4:8] == b"ftyp":
        return BOX_KINDS.get(content[8:12])
    if content[:2] == b"BM" and content[6:10] == b"\0\0\0\0":
        return "BMP"
    return "SVG" if SVG_START.match(content[:3000].removeprefix(b"\xef\xbb\xbf")) else None
