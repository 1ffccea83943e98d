"""Bytes of an imported file to text: UTF-8 and UTF-16 by what they look like, else the charset that reads as German.

Files from Excel come in Windows-1252, and from its other menu entries in Mac Roman or code page 850. Whatever had to be
guessed is said in `Charset.note`.
"""

from __future__ import annotations

import codecs
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import BinaryIO

MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
ASCII = bytes(range(128))
HALF_NUL = 0.4  # of the bytes at even (or odd) places, from which a text without a mark is UTF-16
PIECE = 1 << 20
# The first wins where several fit: it is what Windows writes.
GUESSED = {"cp1252": "Windows-1252", "mac_roman": "Mac Roman", "cp850": "code page 850"}
GERMAN = "äöüÄÖÜß„“”‚‘’–—…€é»«"
NAMED = {  # the letters and digits of a label
    "utf8": "utf-8", "utf16": "utf-16", "utf16le": "utf-16-le", "utf16be": "utf-16-be", "iso88591": "cp1252",
    "latin1": "cp1252", "usascii": "cp1252", "ascii": "cp1252", "ansi": "cp1252", "windows1252": "cp1252",
    "cp1252": "cp1252", "xcp1252": "cp1252", "1252": "cp1252", "iso885915": "iso8859-15", "latin9": "iso8859-15",
    "windows1250": "cp1250", "cp1250": "cp1250", "iso88592": "iso8859-2", "latin2": "iso8859-2",
    "windows1251": "cp1251", "windows1254": "cp1254", "macintosh": "mac_roman", "macroman": "mac_roman",
    "xmacroman": "mac_roman", "ibm850": "cp850", "cp850": "cp850", "850": "cp850", "dos850": "cp850",
    "ibm437": "cp437", "cp437": "cp437", "437": "cp437",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Charset:
    """The codec of a text, and what to tell whoever sent it where the text does not say for sure."""

    codec: str
    note: str | None = None


def decode(raw: bytes, named: str | None = None) -> str:
    """Text in whatever charset it is written; what is broken becomes U+FFFD."""
    pieces = (raw[start : start + PIECE] for start in range(0, len(raw), PIECE))
    return raw.decode(judge_charset(pieces, named).codec, "replace")


def find_charset(source: BinaryIO, named: str | None = None) -> Charset:
    """The charset of a file, read to its end and rewound; `named` is what its Content-Type or markup says."""
    pieces = iter(lambda: source.read(PIECE), b"")
    try:
        return judge_charset(pieces, named)
    finally:
        source.seek(0)


def judge_charset(pieces: Iterable[bytes], named: str | None = None) -> Charset:
    """The charset of bytes that come in pieces."""
    utf8 = codecs.getincrementaldecoder("utf-8")("replace")
    others: Counter[int] = Counter()
    broken = sound = 0
    start = b""
    for piece in pieces:
        if not start:
            start = piece[:4096]
            if codec := codec_of_start(start):
                return Charset(codec)
        if piece.isascii() and not utf8.getstate()[0]:
            continue
        text = utf8.decode(piece)
        lost = text.count("\ufffd")
        sound += len(text) - len(text.encode("ascii", "ignore")) - lost
        broken += lost - piece.count(b"\xef\xbf\xbd")
        others.update(piece.translate(None, ASCII))
    broken += len(utf8.decode(b"", final=True))
    if broken <= sound:  # also where a stray byte damaged a text that is UTF-8 otherwise
        return Charset("utf-8")
    codec = NAMED.get("".join(filter(str.isalnum, named or "")).lower(), "utf-8")
    return Charset(codec) if codec != "utf-8" else guess_charset(others)


def codec_of_start(start: bytes) -> str | None:
    """The codec that the first bytes give away: a mark, or the NUL bytes of UTF-16."""
    for mark, codec in MARKS:
        if start.startswith(mark):
            return codec
    pairs = len(start) // 2
    if pairs < 4:
        return None
    high, low = start[: 2 * pairs : 2].count(0) / pairs, start[1 : 2 * pairs : 2].count(0) / pairs
    if low > HALF_NUL and not high:
        return "utf-16-le"
    return "utf-16-be" if high > HALF_NUL and not low else None


def guess_charset(others: Counter[int]) -> Charset:
    """The charset in which most of the bytes past ASCII are German letters and marks."""

    def score(codec: str) -> int:
        return sum(count for byte, count in others.items() if bytes([byte]).decode(codec, "replace") in GERMAN)

    codec = max(GUESSED, key=score)
    return Charset(
        codec,
        f"this is not UTF-8 and was read as {GUESSED[codec]}: check that letters like ä and ß are right, "
        "or save it as UTF-8",
    )
