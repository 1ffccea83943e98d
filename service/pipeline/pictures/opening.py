"""A picture's bytes to upright pixels, its size judged before anything is decoded. The only home of Pillow."""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass
from typing import TYPE_CHECKING

from service.picture_errors import PictureDamaged, PictureTooLarge, PictureUnsupported
from service.pipeline.pictures.kinds import READ, kind_of_picture

if TYPE_CHECKING:
    import numpy as np
    from PIL.Image import Image

MAX_BYTES = 10_000_000
MAX_SIDE = 16_000
MAX_PIXELS = 50_000_000  # as RGB 150 MB; phones make up to 50 megapixels
# What is recognised at a time has sides of at most LONG_SIDE; what is taller comes in pieces, at most so many.
LONG_SIDE = 2000
SHORT_SIDE = 1250
MAX_PIECES = 8
BRIGHT = 150  # of 255: what is mostly brighter, on a transparent ground, is meant to stand on a dark one


ORIENTATION = 0x0112  # the EXIF tag that says how the camera was held
SIDEWAYS = (5, 6, 7, 8)


@dataclass(frozen=True, slots=True)
class Opened:
    """Pixels (height, width, RGB) of a picture that may be larger, its upright size, and whether it moves."""

    pixels: np.ndarray
    width: int
    height: int
    moves: bool

    @property
    def scale(self) -> float:
        """Pixels of the picture to one of these."""
        return float(self.width / self.pixels.shape[1])


def open_picture(content: bytes) -> Opened:
    """The picture, upright and small enough to be read. Raises PictureUnsupported, PictureTooLarge, PictureDamaged."""
    kind = kind_of_picture(content)
    if kind not in READ:
        named = f"a picture of the kind {kind}" if kind else "no picture that is known here"
        raise PictureUnsupported(f"This is {named}. Send it as PNG, JPEG, WebP or GIF.")
    if len(content) > MAX_BYTES:
        raise PictureTooLarge(f"The picture is larger than {MAX_BYTES / 1e6:g} MB.")
    from PIL import Image, ImageFile

    ImageFile.LOAD_TRUNCATED_IMAGES = False
    Image.MAX_IMAGE_PIXELS = MAX_PIXELS
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about strange metadata; what is too large is refused below
        try:
            with Image.open(io.BytesIO(content), formats=[kind]) as picture:
                refuse_large(*picture.size)
                moves = kind in ("GIF", "WEBP", "PNG") and bool(getattr(picture, "is_animated", False))
                return upright(picture, moves)
        except (PictureTooLarge, MemoryError):
            raise
        except Image.DecompressionBombError:
            raise PictureTooLarge(f"The picture has more than {MAX_PIXELS:,} pixels.") from None
        except Exception:  # a damaged file makes the library raise almost anything
            raise PictureDamaged("This picture is damaged or was cut off, and cannot be read.") from None


def refuse_large(width: int, height: int) -> None:
    """Raise PictureTooLarge for sides or an area beyond the limits, as the header names them."""
    if max(width, height) > MAX_SIDE:
        raise PictureTooLarge(
            f"The picture has a side of {max(width, height):,} pixels; at most {MAX_SIDE:,} are read."
        )
    if width * height > MAX_PIXELS:
        raise PictureTooLarge(f"The picture has {width * height:,} pixels; at most {MAX_PIXELS:,} are read.")


def upright(picture: Image, moves: bool) -> Opened:
    """The first picture of a file, decoded, turned as its EXIF data say, on one ground, and made smaller."""
    import numpy as np
    from PIL import Image

    held = orientation_of(picture)
    size = picture.size[::-1] if held in SIDEWAYS else picture.size
    goal = size_to_read(*size)
    lying = goal[::-1] if held in SIDEWAYS else goal
    picture.draft("RGB", lying)  # a large JPEG is decoded at an eighth, a quarter or half of its size
    picture.load()
    flat = flattened(picture)
    if flat.size != lying:
        flat = flat.resize(lying, Image.Resampling.LANCZOS)
    turns = (None, None, 0, 3, 1, 5, 4, 6, 2)  # by orientation; the numbers are Pillow's
    turn = turns[held]
    return Opened(np.asarray(flat if turn is None else flat.transpose(Image.Transpose(turn))), *size, moves)


def orientation_of(picture: Image) -> int:
    """1 to 8 as EXIF counts them; 1, upright, where nothing sensible is said."""
    try:
        held = picture.getexif().get(ORIENTATION)
    except Exception:  # broken EXIF data say nothing
        return 1
    return held if isinstance(held, int) and 1 <= held <= 8 else 1


def size_to_read(width: int, height: int) -> tuple[int, int]:
    """The size at which a picture is read, its proportions kept: nothing is made larger."""
    if height > width * LONG_SIDE / SHORT_SIDE:  # a long screenshot is read in pieces
        share = min(SHORT_SIDE / width, MAX_PIECES * LONG_SIDE * 0.75 / height)
    else:
        share = LONG_SIDE / max(width, height)
    share = min(share, 1.0)
    return max(round(width * share), 1), max(round(height * share), 1)


def flattened(picture: Image) -> Image:
    """A picture as RGB; what is transparent shows the ground that its ink stands out from."""
    from PIL import Image

    if picture.mode.startswith("I"):  # 16 bits a pixel
        picture = picture.point(lambda value: value / 256).convert("L")
    if not picture.has_transparency_data:
        return picture.convert("RGB")
    whole = picture.convert("RGBA")
    opaque = whole.getchannel("A")
    seen = whole.convert("L").histogram(opaque.point(lambda value: 255 if value > 127 else 0))
    brightness = sum(value * count for value, count in enumerate(seen)) / max(sum(seen), 1)
    ground = Image.new("RGBA", whole.size, "black" if brightness > BRIGHT else "white")
    return Image.alpha_composite(ground, whole).convert("RGB")
