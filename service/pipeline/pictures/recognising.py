"""Pixels to lines of text with their places. The only home of rapidocr and OpenCV, loaded when first needed."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from service.picture_errors import PictureUnreadable
from service.pictures import Corners, Point, moved
from service.pipeline.pictures.opening import LONG_SIDE

if TYPE_CHECKING:
    import numpy as np

MODELS = {"Det": "PP-OCRv6_det_small.onnx", "Rec": "PP-OCRv6_rec_small.onnx"}
THREADS = 2  # of one picture; more would take from checks that run beside it
QUIET_SHARE = 0.25  # of a piece, at its end: there the row is looked for that cuts through least
SURE = 0.85  # certainty of a character, by which a picture stands as it should: printed words have .97 and more
OUT_OF_MEMORY = ("llocate", "nsufficient memory", "bad_alloc")  # what ONNX Runtime and OpenCV say then
TALL = 1.5  # height to width of a line that runs upwards or downwards


@dataclass(frozen=True, slots=True)
class Seen:
    """A line as it was recognised."""

    text: str
    score: float
    corners: Corners

    @property
    def left(self) -> float:
        """Its left edge."""
        return min(x for x, _ in self.corners)

    @property
    def right(self) -> float:
        """Its right edge."""
        return max(x for x, _ in self.corners)

    @property
    def top(self) -> float:
        """Its upper edge."""
        return min(y for _, y in self.corners)

    @property
    def bottom(self) -> float:
        """Its lower edge."""
        return max(y for _, y in self.corners)

    @property
    def height(self) -> float:
        """How high it is, measured along its own side where it is askew."""
        (x, y), *_, (u, v) = self.corners
        return float(((x - u) ** 2 + (y - v) ** 2) ** 0.5)

    @property
    def is_tall(self) -> bool:
        """Whether it runs upwards or downwards."""
        return self.bottom - self.top > TALL * (self.right - self.left)


@dataclass(frozen=True, slots=True)
class Reading:
    """The lines of a picture that was turned by so many quarters, counter-clockwise, to stand upright."""

    lines: tuple[Seen, ...]
    turn: int = 0

    @property
    def certainty(self) -> float:
        """How sure the recogniser was of a character, from 0 to 1; 0 where there is none."""
        return self.weight / max(sum(len(line.text) for line in self.lines), 1)

    @property
    def weight(self) -> float:
        """How much was read, and how surely: what stands on its head is read as little."""
        return sum(line.score * len(line.text) for line in self.lines)

    @property
    def is_lying(self) -> bool:
        """Whether most of it runs upwards or downwards."""
        tall = sum(len(line.text) for line in self.lines if line.is_tall)
        return 2 * tall > sum(len(line.text) for line in self.lines)


def recognise(pixels: np.ndarray) -> Reading:
    """The lines of a picture of any height, in no order. One that is hardly read as it is is turned, and read again."""
    found = read_turned(pixels, 0)
    if found.lines and found.certainty >= SURE and not found.is_lying:
        return found
    turns = (1, 3) if found.is_lying else (2,)
    return max((found, *(read_turned(pixels, turn) for turn in turns)), key=lambda reading: reading.weight)


def read_turned(pixels: np.ndarray, turn: int) -> Reading:
    """The lines of a picture after turning it."""
    import numpy as np

    upright = np.ascontiguousarray(np.rot90(pixels, turn))
    return Reading(tuple(line for top, piece in pieces_of(upright) for line in lower(read_piece(piece), top)), turn)


def pieces_of(pixels: np.ndarray) -> Iterator[tuple[int, np.ndarray]]:
    """A picture in pieces of at most LONG_SIDE rows with their first row, cut where a row is as even as any near it."""
    height, top = pixels.shape[0], 0
    while height - top > LONG_SIDE:
        earliest = top + int(LONG_SIDE * (1 - QUIET_SHARE))
        rows = pixels[earliest : top + LONG_SIDE].mean(axis=2)
        cut = earliest + int(rows.std(axis=1).argmin())
        yield top, pixels[top:cut]
        top = cut
    yield top, pixels[top:]


def read_piece(pixels: np.ndarray, recogniser: Callable[[np.ndarray], Any] | None = None) -> list[Seen]:
    """The lines of a piece, by the library where nobody else is named. Raises MemoryError, PictureUnreadable."""
    read = recogniser or engine()
    try:
        found = read(pixels[:, :, ::-1])  # the library thinks in BGR
    except MemoryError:
        raise
    except Exception as fault:  # of a class that the service itself need not load to hear of it
        if any(words in str(fault) for words in OUT_OF_MEMORY):
            raise MemoryError from None
        raise PictureUnreadable("The recogniser failed over this picture.") from None
    if found.boxes is None or found.txts is None:
        return []
    return [
        Seen(text, float(score), corners_of(box))
        for text, score, box in zip(found.txts, found.scores, found.boxes, strict=True)
        if text.strip()
    ]


def corners_of(box: Any) -> Corners:
    """The library's four corners."""
    one, two, three, four = ((float(x), float(y)) for x, y in box)
    return (one, two, three, four)


def lower(lines: Sequence[Seen], down: int) -> Iterator[Seen]:
    """Lines of a piece at their places in the picture."""
    for line in lines:
        yield replace(line, corners=moved(line.corners, lambda point: (point[0], point[1] + down)))


def turned_back(corners: Corners, turn: int, width: int, height: int) -> Corners:
    """Corners in a picture that was turned, at their place in the picture of this size as it was."""

    def back(point: Point) -> Point:
        x, y = point
        return ((x, y), (width - y, x), (width - x, height - y), (y, height - x))[turn]

    return moved(corners, back)


@cache
def engine() -> Any:
    """The library with the weights that its package brings: nothing is looked for on the network."""
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"  # ONNX Runtime would tell its makers that it is used
    import cv2
    from rapidocr import RapidOCR

    cv2.setNumThreads(1)
    folder = files("rapidocr") / "models"
    threads = min(THREADS, len(os.sched_getaffinity(0)))
    return RapidOCR(
        params={
            **{f"{part}.model_path": str(folder / name) for part, name in MODELS.items()},
            "EngineConfig.onnxruntime.intra_op_num_threads": threads,
            "EngineConfig.onnxruntime.inter_op_num_threads": 1,
            # Lines on their heads are read by turning the whole picture: line by line, their order would be lost.
            "Global.use_cls": False,
            "Global.log_level": "critical",
        }
    )
