"""Which character sets a page may be in: those of the WHATWG Encoding Standard, under the labels that it lists.

Python's own table of codecs also holds things that are no charsets (punycode, undefined, unicode_escape, hex) and some
that take quadratic time; a page never names one of them directly. The only home of webencodings.
"""

from __future__ import annotations

# Of the standard's 40 encodings, those that a page can be guessed to be in, as Python's codecs call them.
DETECTABLE = (
    "utf_8", "big5hkscs", "cp866", "cp874", "cp932", "cp949", "cp1250", "cp1251", "cp1252", "cp1253", "cp1254",
    "cp1255", "cp1256", "cp1257", "cp1258", "euc_jp", "gb18030", "iso2022_jp", "iso8859_2", "iso8859_3", "iso8859_4",
    "iso8859_5", "iso8859_6", "iso8859_7", "iso8859_8", "iso8859_10", "iso8859_13", "iso8859_14", "iso8859_15",
    "iso8859_16", "koi8_r", "koi8_u", "mac_cyrillic", "mac_roman",
)  # fmt: skip


def codec_of(label: str) -> str | None:
    """The Python codec of a charset label as pages and headers use them; None where the standard has none."""
    from webencodings import lookup

    found = lookup(label)
    if found is None or found.name in ("replacement", "x-user-defined"):
        return None
    return "gb18030" if found.name == "gbk" else str(found.codec_info.name)  # one decoder for both, says the standard
