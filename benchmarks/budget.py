"""How long a check of a megabyte takes, whatever it is made of, with the bundled models and the starter statements.

Run: python -m benchmarks.budget [DATA_DIR]   (DATA_DIR keeps the prepared model; build/budget by default)
"""

from __future__ import annotations

import os
import random
import sys
import time
from collections.abc import Callable
from pathlib import Path

from service.bootstrap import build
from service.config import Settings
from service.first_run import make_ready
from service.models import CheckRequest

SIZE = 1_000_000
LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"
WORDS = [
    "die", "der", "Stadt", "hat", "im", "Jahr", "2020", "zwölf", "neue", "Schulen", "gebaut", "Bürgermeisterin",
    "sagte", "Menschen", "Prozent", "Wasser", "wird", "nicht", "mehr",
]  # fmt: skip


def filled(make: Callable[[], str]) -> str:
    """Pieces up to a megabyte."""
    pieces, length = [], 0
    while length < SIZE:
        pieces.append(make())
        length += len(pieces[-1])
    return "".join(pieces)


def texts(chance: random.Random) -> dict[str, str]:
    """A megabyte of each kind."""
    made_up = ["".join(chance.choices(LETTERS[:26], k=chance.randint(3, 10))) for _ in range(5000)]

    def sentence(words: list[str], count: int) -> str:
        return " ".join(chance.choices(words, k=count)).capitalize()

    def numbers() -> str:
        dead, year, share = chance.randint(1, 10**9), chance.randint(1900, 2020), chance.randint(1, 99)
        return f"{dead} Menschen starben {year}, {share} Prozent mehr. "

    return {
        "one line of words without an end": filled(lambda: sentence(WORDS, 12).lower() + " "),
        "one line of words made up": filled(lambda: sentence(made_up, 12).lower() + " "),
        "one line of sentences": filled(lambda: sentence(WORDS, 12) + ". "),
        "very short sentences": filled(lambda: sentence(WORDS, 3) + ". "),
        "lines of three words": filled(lambda: sentence(WORDS, 3) + ".\n"),
        "lines of one letter": "A.\n" * (SIZE // 3),
        "one word, one letter": "x" * SIZE,
        "one word, letters at random": "".join(chance.choices(LETTERS, k=SIZE)),
        "sentences full of numbers": filled(numbers),
        "quotation marks": "„a 'b " * (SIZE // 6),
    }


def main() -> None:
    """Print a line for each kind: seconds by the clock, of processor time, and the slowest stages."""
    folder = Path(sys.argv[1] if len(sys.argv) > 1 else "build/budget")
    application = build(Settings(data_dir=folder), print)
    application.reader.warm()
    make_ready(application, print)
    application.checker.run(CheckRequest(text="Die Masernimpfung löst bei Kindern Autismus aus."))
    for name, text in texts(random.Random(1)).items():  # noqa: S311 - the same texts each time
        started, used = time.perf_counter(), time.process_time()
        result = application.checker.run(CheckRequest(text=text))
        took, used = time.perf_counter() - started, time.process_time() - used
        stages = ", ".join(f"{each.stage.value} {each.seconds:.1f}" for each in result.times if each.seconds >= 0.1)
        print(
            f"{name}: {took:.1f} s, {used:.1f} s of processor time beside the reader's; {result.looked_at:,} of "
            f"{result.sentences:,} sentences; {stages}",
            flush=True,
        )
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.0f}")
    application.close()


if __name__ == "__main__":
    main()
