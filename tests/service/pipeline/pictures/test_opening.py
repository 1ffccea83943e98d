"""Opening pictures: upright, on one ground, small enough; hostile ones are refused with words and little work."""

from __future__ import annotations

import io
import struct
import zlib
from typing import Any

import numpy as np
import pytest
from PIL import Image

from service.picture_errors import PictureDamaged, PictureTooLarge, PictureUnsupported
from service.pipeline.pictures.opening import MAX_BYTES, open_picture, size_to_read

RED, BLUE = (255, 0, 0), (0, 0, 255)


def packed(picture: Image.Image, kind: str = "PNG", **how: Any) -> bytes:
    file = io.BytesIO()
    picture.save(file, kind, **how)
    return file.getvalue()


def flag(size: tuple[int, int] = (40, 20)) -> Image.Image:
    """Red on the left, blue on the right."""
    picture = Image.new("RGB", size, RED)
    picture.paste(BLUE, (size[0] // 2, 0, *size))
    return picture


def png_header(width: int, height: int) -> bytes:
    """A PNG that says how large it is, with next to nothing in it."""

    def chunk(name: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + name + content + struct.pack(">I", zlib.crc32(name + content))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"\0" * 100)) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_each_kind_that_is_read_is_opened(kind: str) -> None:
    opened = open_picture(packed(flag(), kind))
    assert (opened.width, opened.height, opened.scale, opened.moves) == (40, 20, 1.0, False)
    assert opened.pixels.shape == (20, 40, 3)
    assert opened.pixels[10, 2, 0] > 200 > 60 > opened.pixels[10, 2, 2]


@pytest.mark.parametrize(
    ("orientation", "size", "red_at"),
    [
        (1, (40, 20), (10, 2)),
        (3, (40, 20), (10, 37)),
        (6, (20, 40), (2, 10)),
        (8, (20, 40), (37, 10)),
        (99, (40, 20), (10, 2)),
    ],
)
def test_a_picture_is_turned_as_its_exif_data_say(
    orientation: int, size: tuple[int, int], red_at: tuple[int, int]
) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    opened = open_picture(packed(flag(), "PNG", exif=exif))
    assert (opened.width, opened.height) == size
    assert tuple(opened.pixels[red_at]) == RED


def test_exif_data_that_are_broken_say_nothing() -> None:
    opened = open_picture(packed(flag(), "JPEG", exif=b"Exif\x00\x00II*\x00\xff\xff\xff\xff"))
    assert (opened.width, opened.height) == (40, 20)


@pytest.mark.parametrize(("ink", "ground"), [(255, 0), (0, 255)])
def test_a_transparent_ground_is_one_that_the_ink_stands_out_from(ink: int, ground: int) -> None:
    picture = Image.new("RGBA", (30, 30), (0, 0, 0, 0))
    picture.paste((ink, ink, ink, 255), (5, 5, 15, 15))
    opened = open_picture(packed(picture))
    assert tuple(opened.pixels[0, 0]) == (ground,) * 3
    assert tuple(opened.pixels[10, 10]) == (ink,) * 3


def test_sixteen_bits_a_pixel_are_scaled_and_not_cut() -> None:
    half = Image.fromarray(np.full((8, 8), 32768, dtype=np.uint16))
    assert open_picture(packed(half)).pixels[4, 4].tolist() == [128, 128, 128]


def test_of_an_animation_the_first_frame_is_read_and_that_is_said() -> None:
    second = Image.new("RGB", (40, 20), BLUE)
    opened = open_picture(packed(flag(), "GIF", save_all=True, append_images=[second]))
    assert opened.moves
    assert opened.pixels[10, 2, 0] > 200


@pytest.mark.parametrize(
    ("size", "read_at"),
    [
        ((1080, 1080), (1080, 1080)),
        ((4000, 3000), (2000, 1500)),
        ((3000, 4000), (1500, 2000)),
        ((1080, 4000), (1080, 4000)),  # a long screenshot keeps its width
        ((1440, 6000), (1250, 5208)),
        ((1000, 16000), (750, 12000)),  # at most eight pieces
        ((20, 10), (20, 10)),
    ],
)
def test_a_picture_is_read_at_a_size_that_costs_little_and_keeps_its_words(
    size: tuple[int, int], read_at: tuple[int, int]
) -> None:
    assert size_to_read(*size) == read_at


def test_a_large_photograph_is_made_smaller_and_its_places_are_known() -> None:
    opened = open_picture(packed(flag((4000, 3000)), "JPEG"))
    assert opened.pixels.shape == (1500, 2000, 3)
    assert (opened.width, opened.height, opened.scale) == (4000, 3000, 2.0)


# ---------------------------------------------------------------- what is refused


@pytest.mark.parametrize(
    ("content", "named"),
    [
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        (b"\x00\x00\x00\x18ftypheic", "HEIC"),
        (b"II*\x00", "TIFF"),
        (b"MZ\x90\x00", "no picture"),
    ],
)
def test_other_kinds_are_named_and_refused(content: bytes, named: str) -> None:
    with pytest.raises(PictureUnsupported, match=named):
        open_picture(content)


@pytest.mark.parametrize(("width", "height"), [(30_000, 10), (10, 30_000), (15_000, 15_000), (2**31 - 1, 2**31 - 1)])
def test_too_many_pixels_are_refused_by_the_header_alone(width: int, height: int) -> None:
    with pytest.raises(PictureTooLarge):
        open_picture(png_header(width, height))


def test_too_many_bytes_are_refused() -> None:
    with pytest.raises(PictureTooLarge, match="10 MB"):
        open_picture(packed(flag()) + b"\0" * MAX_BYTES)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF"])
def test_a_picture_that_was_cut_off_is_refused(kind: str) -> None:
    whole = packed(flag((400, 300)).rotate(30), kind)
    with pytest.raises(PictureDamaged):
        open_picture(whole[: len(whole) // 2])


def test_a_picture_that_is_nothing_but_its_header_is_refused() -> None:
    with pytest.raises(PictureDamaged):
        open_picture(png_header(300, 300))


def test_the_beginning_decides_and_no_other_reader_of_the_library_is_asked() -> None:
    tiff = packed(flag(), "TIFF")
    with pytest.raises(PictureDamaged):
        open_picture(b"\x89PNG\r\n\x1a\n" + tiff)


def test_a_picture_that_is_a_page_as_well_is_only_a_picture() -> None:
    opened = open_picture(packed(flag()) + b"<html><script>alert(1)</script></html>")
    assert (opened.width, opened.height) == (40, 20)
