"""How many of the rating words that publishers really use are mapped, and whether X-Fact's authors read them alike.

A rating word is a row of X-Fact's maps (one file a site) that they call a rating of truth, and whose beginning, up to
the first full stop, dash, colon or bracket, has at most four words. The others are prose that states a result without
naming it. Our ratings are compared with X-Fact's on their coarse classes, in which missing context is partly true and
satire is "other".
Run: python -m benchmarks.ratings [DATA]   (DATA: the folder with ratings/; GEGENCHECK_BENCHMARK_DATA or ../shared/data
by default; skipped, visibly, where it is absent)
"""

from __future__ import annotations

import gzip
import json
import os
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from index.exchange.ratings import ENDS_THE_PHRASE, NUMBERED, normalize_rating
from index.models import NormalizedRating

MAX_WORDS = 4
NO_RATING = "other"  # X-Fact's class of whatever says nothing about truth
PARTLY, HARD = "partly true/misleading", "complicated/hard to categorise"
COARSE = {
    NormalizedRating.FALSE: "false", NormalizedRating.MOSTLY_FALSE: "mostly false", NormalizedRating.MIXED: PARTLY,
    NormalizedRating.MISSING_CONTEXT: PARTLY, NormalizedRating.ALTERED_MEDIA: PARTLY, NormalizedRating.UNPROVEN: HARD,
    NormalizedRating.MOSTLY_TRUE: "mostly true", NormalizedRating.TRUE: "true", NormalizedRating.SATIRE: NO_RATING,
}  # fmt: skip
LANGUAGES = {
    "agi.it": "it", "aosfatos.org": "pt", "apublica.org": "pt", "cekfakta.com": "id", "cekfakta.tempo.co": "id",
    "chequeado.com": "es", "correctiv.org": "de", "demagog.org.pl": "pl", "dogrulukpayi.com": "tr",
    "factcheck.ge": "ka", "factcheck.kz": "ru", "factnameh.com": "fa", "factual.ro": "ro", "faktisk.no": "nb",
    "faktistfakt.com": "de", "faktoje.al": "sq", "fr.africacheck.org": "fr", "istinomer.rs": "sr",
    "kallxo.com": "sq", "misbar.com": "ar", "nieuwscheckers.nl": "nl", "pagellapolitica.it": "it",
    "piaui.folha.uol.com.br": "pt", "poligrafo.sapo.pt": "pt", "teyit.org": "tr",
}  # fmt: skip  # of a site's statements; the others rate in English


@dataclass(frozen=True, slots=True)
class Row:
    """A site's rating with X-Fact's label, its coarse class, and ours."""

    site: str
    words: str
    label: str
    coarse: str
    ours: NormalizedRating

    @property
    def is_word(self) -> bool:
        """Whether it is a rating word, see above."""
        parts = (part for part in ENDS_THE_PHRASE.split(NUMBERED.sub("", self.words)) if part.strip("[] "))
        return self.coarse != NO_RATING and len(next(parts, "").split()) <= MAX_WORDS

    @property
    def agrees(self) -> bool:
        """Whether ours is the same on coarse classes."""
        return COARSE.get(self.ours) == self.coarse


def read_classes(table: str) -> dict[str, str]:
    """X-Fact's coarse class of each label."""
    lines = (line.split("\t") for line in table.splitlines() if "\t" in line)
    return {label.strip().lower(): coarse for coarse, labels in lines for label in labels.split("|")}


def read_rows(site: str, table: str, classes: dict[str, str]) -> list[Row]:
    """The rows of a site's map. Lines without a label name the site's page about its method."""
    rows = []
    for line in table.splitlines():
        words, tab, label = line.partition("\t")
        label = label.strip().lower()
        coarse = classes.get(label) or classes.get(label.partition("/")[0])
        if tab and coarse:
            ours = normalize_rating(words, LANGUAGES.get(site, "en"), site)
            rows.append(Row(site, words.strip(), label, coarse, ours))
    return rows


def shares(rows: Iterable[Row]) -> tuple[int, float, float]:
    """How many rows there are, the share that is mapped, and of these the share that agrees."""
    listed = list(rows)
    mapped = [row for row in listed if row.ours is not NormalizedRating.UNMAPPED]
    return len(listed), len(mapped) / len(listed), sum(row.agrees for row in mapped) / len(mapped)


def mapped_articles(folder: Path) -> tuple[int, float]:
    """How many articles of CORRECTIV have a rating, and the share of these whose rating is mapped."""
    with gzip.open(folder / "correctiv_de.jsonl.gz", "rt", encoding="utf-8") as lines:
        words = [row["rating"] for row in map(json.loads, lines) if row["rating"]]
    return len(words), sum(normalize_rating(word, "de") is not NormalizedRating.UNMAPPED for word in words) / len(words)


def main() -> None:
    """Print the shares, and every disagreement and unmapped word."""
    named = sys.argv[1] if len(sys.argv) > 1 else os.environ.get("GEGENCHECK_BENCHMARK_DATA", "../shared/data")
    folder = Path(named) / "ratings"
    if not folder.is_dir():
        print(f"SKIPPED: no {folder}")
        return
    maps = folder / "label_maps"
    classes = read_classes((maps / "master_mapping.tsv").read_text(encoding="utf-8"))
    files = sorted(maps.glob("*.txt"))
    rows = [row for file in files for row in read_rows(file.stem, file.read_text(encoding="utf-8"), classes)]
    kinds = {
        "rating words": [row for row in rows if row.is_word],
        "with prose": [row for row in rows if row.coarse != NO_RATING],
        "with what is no rating of truth": rows,
    }
    for name, chosen in kinds.items():
        print("{}: {} rows, mapped {:.4f}, of these agree {:.4f}".format(name, *shares(chosen)))
    print("CORRECTIV: {} rated articles, mapped {:.4f}".format(*mapped_articles(folder)))
    for row in rows:
        if row.ours is not NormalizedRating.UNMAPPED and not row.agrees:
            print(f"  differs: {row.site}: {row.words[:60]!r}: X-Fact {row.label!r}, ours {row.ours.value!r}")
    for row in kinds["rating words"]:
        if row.ours is NormalizedRating.UNMAPPED:
            print(f"  unmapped: {row.site}: {row.words[:60]!r}: X-Fact {row.label!r}")


if __name__ == "__main__":
    main()
