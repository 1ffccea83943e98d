"""Article extraction on real pages: ours beside trafilatura's own default, in one run.

Run: python -m benchmarks.extraction [DATA]   (DATA: the folder with extraction/full_text and extraction/segments;
GEGENCHECK_BENCHMARK_DATA or ../shared/data by default; skipped, visibly, where it is absent)
"""

from __future__ import annotations

import gzip
import json
import os
import re
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from service.errors import CheckFault
from service.pipeline.article import extract_article
from service.pipeline.fetch import supplied_page
from service.pipeline.shown import look_at, parse_page
from service.pipeline.walls import refuse_walls

Extract = Callable[[str, str], str]


def data_folder() -> Path | None:
    """Where the measuring data lies, or None."""
    named = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("GEGENCHECK_BENCHMARK_DATA", "../shared/data")
    return Path(named) if (Path(named) / "extraction").is_dir() else None


def shingles(text: str) -> set[tuple[str, ...]]:
    """Runs of four words, the unit of the full-text score."""
    words = re.findall(r"\w+", text.lower())
    return {tuple(words[n : n + 4]) for n in range(max(len(words) - 3, 1))} if words else set()


def pages(folder: Path) -> Iterator[tuple[dict[str, Any], str]]:
    """Each page's gold row and its HTML."""
    for line in (folder / "gold.jsonl").read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        with gzip.open(folder / row["html_file"], "rb") as page:
            yield row, page.read().decode("utf-8", "replace")


def full_text_f1(folder: Path, extract: Extract) -> float:
    """Mean F1 over pages, of runs of four words."""
    scores = []
    for row, html in pages(folder):
        gold, found = shingles(row["text"]), shingles(extract(html, row["url"]))
        scores.append(2 * len(gold & found) / (len(gold) + len(found)) if gold or found else 0.0)
    return statistics.mean(scores)


def segments_f1(folder: Path, extract: Extract) -> float:
    """F1 over all segments that must and must not appear."""
    true = false = missed = 0
    for row, html in pages(folder):
        text = extract(html, row["url"])
        hits = sum(part in text for part in row["with"])
        true, missed = true + hits, missed + len(row["with"]) - hits
        false += sum(part in text for part in row["without"])
    return 2 * true / (2 * true + false + missed)


def ours(html: str, url: str) -> str:
    """The service's own extraction."""
    return extract_article(supplied_page(html, url)).text


def trafilatura_default(html: str, url: str) -> str:
    """The library with nothing set."""
    from trafilatura import extract

    return extract(html, url=url) or ""


def walls(folder: Path) -> list[str]:
    """Real pages that would be taken for a wall if they were fetched, with the reason."""
    taken = []
    for row, html in pages(folder):
        try:
            refuse_walls(look_at(parse_page(html)), html, ours(html, row["url"]))
        except CheckFault as fault:
            taken.append(f"{row['url']}: {fault}")
    return taken


def main() -> None:
    """Print the figures."""
    data = data_folder()
    if data is None:
        print("skipped: there is no measuring data (name its folder)")
        return
    for name, score in (("full_text", full_text_f1), ("segments", segments_f1)):
        folder = data / "extraction" / name
        for label, extract in (("trafilatura default", trafilatura_default), ("ours", ours)):
            started = time.perf_counter()
            figure = score(folder, extract)
            count = sum(1 for _ in (folder / "gold.jsonl").open())
            print(
                f"{name} {label}: F1 {figure:.4f}, {1000 * (time.perf_counter() - started) / count:.0f} ms a page",
                flush=True,
            )
        for line in walls(folder):
            print(f"{name} taken for a wall: {line}", flush=True)


if __name__ == "__main__":
    main()
