"""Kinds of pictures by their first bytes."""

from __future__ import annotations

import pytest

from service.pipeline.pictures.kinds import READ, kind_of_picture


@pytest.mark.parametrize(
    ("content", "kind"),
    [
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "PNG"),
        (b"\xff\xd8\xff\xe0\x00\x10JFIF", "JPEG"),
        (b"GIF89a\x01\x00", "GIF"),
        (b"RIFF\x24\x00\x00\x00WEBPVP8 ", "WEBP"),
        (b"\x00\x00\x00\x18ftypheic\x00\x00", "HEIC"),
        (b"\x00\x00\x00\x18ftypmif1\x00\x00", "HEIC"),
        (b"\x00\x00\x00\x18ftypavif\x00\x00", "AVIF"),
        (b"II*\x00\x08\x00", "TIFF"),
        (b"BM\x36\x00\x00\x00\x00\x00\x00\x00", "BMP"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'>", "SVG"),
        (b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- made by hand -->\n<svg>", "SVG"),
    ],
)
def test_a_picture_is_known_by_its_beginning(content: bytes, kind: str) -> None:
    assert kind_of_picture(content) == kind


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"A text about <svg> in HTML",
        b"<!doctype html><svg></svg>",
        b"%PDF-1.7",
        b"RIFF\x24\x00\x00\x00WAVEfmt ",
        b"\x00\x00\x00\x18ftypmp42\x00\x00",
        b"BMW baut Autos.",
    ],
)
def test_what_is_no_picture_is_none(content: bytes) -> None:
    assert kind_of_picture(content) is None


def test_four_kinds_are_read() -> None:
    assert READ == ("PNG", "JPEG", "WEBP", "GIF")
