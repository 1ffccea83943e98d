"""How well the text in pictures is read: 200 drawn ones, 200 that a camera took of such, and what reading costs.

The sentences are the German ones of the starter collection. Character errors are counted over a whole picture in
reading order, so what stands in the wrong column counts fully.
Run: python -m benchmarks.pictures [COUNT] [FOLDER]   (FOLDER: further fonts as .ttf files, below any folders; without
it the faces of Debian's fonts-dejavu-core alone)
"""

from __future__ import annotations

import io
import json
import os
import resource
import statistics
import sys
import time
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from benchmarks.sharepics import FACES, FONTS, KINDS, Artist, Sharepic
from index.starter import starter_reviews
from service.errors import CheckFault
from service.pipeline.pictures.picture import article_from_picture

SEED = 20
MAX_SENTENCE = 160  # characters: longer ones are no sharepic's
MEGAPIXELS = (1633, 1225)
TIMED = 20
BAR, BAR_OF_PHOTOGRAPHS, BAR_SECONDS = 0.03, 0.08, 1.5


def german_sentences() -> list[str]:
    """What the pictures say."""
    reviews = [json.loads(line) for line in starter_reviews().decode("utf-8").splitlines()]
    said = [review["claimReviewed"] for review in reviews if review["inLanguage"] == "de"]
    return [sentence for sentence in said if len(sentence) <= MAX_SENTENCE]


def edits(one: str, other: str) -> int:
    """Levenshtein's distance."""
    signs = np.array([ord(sign) for sign in other], dtype=np.int64)
    row = np.arange(len(other) + 1)
    steps = np.arange(len(other) + 1)
    for place, sign in enumerate(one, 1):
        best = np.minimum(row[:-1] + (signs != ord(sign)), row[1:] + 1)
        row = np.minimum.accumulate(np.concatenate(([place], best)) - steps) + steps
    return int(row[-1])


def read(picture: Sharepic) -> tuple[str, float]:
    """The text that is read in a picture, in one line, and the processor time it took."""
    started = time.process_time()
    try:
        text = article_from_picture(picture.content, "de").text
    except CheckFault:
        text = ""
    return " ".join(text.split()), time.process_time() - started


def measure(name: str, pictures: Iterable[Sharepic], bar: float) -> None:
    """Print the share of wrong characters, in all and by kind, and what was read worst."""
    wrong: Counter[str] = Counter()
    signs: Counter[str] = Counter()
    costs: list[float] = []
    worst: list[tuple[float, str, str]] = []
    missed: Counter[str] = Counter()
    for picture in pictures:
        text, seconds = read(picture)
        meant = " ".join(picture.text.split())
        distance = edits(meant, text)
        wrong[picture.kind] += distance
        signs[picture.kind] += len(meant)
        costs.append(seconds)
        worst.append((distance / len(meant), meant, text))
        missed += Counter(meant) - Counter(text)
    share = wrong.total() / signs.total()
    print(f"{name}: {share:.4f} of {signs.total():,} characters wrong in {len(costs)} pictures (bar {bar})")
    print("  " + "; ".join(f"{kind} {wrong[kind] / signs[kind]:.4f}" for kind in signs))
    print("  missing most often: " + ", ".join(f"{sign!r} {count}" for sign, count in missed.most_common(12)))
    print(f"  processor time a picture: {statistics.median(costs):.2f} s (p50), {max(costs):.2f} s at most")
    for error, meant, text in sorted(worst, reverse=True)[:3]:
        print(f"  {error:.2f}: {meant[:90]!r} read as {text[:90]!r}")
    sys.stdout.flush()


def time_two_megapixels(artist: Artist, count: int) -> None:
    """Print what reading 2 megapixels costs once everything is loaded."""
    processor, clock = [], []
    kinds = list(KINDS)
    for number in range(count):
        drawn = Image.open(io.BytesIO(artist.draw(kinds[number % len(kinds)]).content)).convert("RGB")
        file = io.BytesIO()
        drawn.resize(MEGAPIXELS, Image.Resampling.LANCZOS).save(file, "JPEG", quality=80)
        picture = Sharepic("2 megapixels", "-", file.getvalue())
        started = time.perf_counter()
        processor.append(read(picture)[1])
        clock.append(time.perf_counter() - started)
    load = os.getloadavg()[0]
    print(
        f"2 megapixels: {statistics.median(clock):.2f} s by the clock (p50; bar {BAR_SECONDS}), "
        f"{statistics.median(processor):.2f} s of processor time, at load {load:.1f} on {os.cpu_count()} cores"
    )
    print(f"largest resident size of this process: {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024} MB")


def fonts_in(folder: str | None) -> Sequence[Path]:
    """The faces that are drawn with."""
    own = [FONTS / f"{face}.ttf" for face in FACES]
    return own if folder is None else [*own, *sorted(Path(folder).rglob("*.ttf"))]


def main(count: int, folder: str | None) -> None:
    """All of it."""
    fonts, kinds, sentences = fonts_in(folder), list(KINDS), german_sentences()
    families: defaultdict[str, int] = defaultdict(int)
    for font in fonts:
        families[font.stem.partition("-")[0]] += 1
    print("fonts: " + ", ".join(f"{name} ({number})" for name, number in families.items()))
    artist = Artist(SEED, sentences, fonts)
    measure("drawn", (artist.draw(kinds[n % len(kinds)]) for n in range(count)), BAR)
    artist = Artist(SEED + 1, sentences, fonts)
    photographed = (artist.photograph(kinds[n % len(kinds)]) for n in range(count))
    measure("photographed", photographed, BAR_OF_PHOTOGRAPHS)
    time_two_megapixels(Artist(SEED, sentences, fonts), min(TIMED, count))


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 200, sys.argv[2] if len(sys.argv) > 2 else None)
