"""Golden imports: dirty files of our own, and what is made of each, word for word.

`python tests/golden/imports.py` writes down anew what the import makes of them now: read every line that changes.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from index.exchange.importing import read_reviews, settled, sniff_content_type
from index.exchange.local_ratings import NO_MAPPINGS

FOLDER = Path(__file__).with_name("imports")
EXPECTED = Path(__file__).with_name("imports.json")


def dirty_files() -> list[Path]:
    """The files, in the order of their numbers."""
    return sorted(FOLDER.iterdir())


def made_of(file: Path) -> dict[str, Any]:
    """What the import makes of a file: statements, what was rejected and why, and warnings, each with its line."""
    content = file.read_bytes()
    made: dict[str, list[Any]] = {"statements": [], "rejected": [], "warnings": []}
    for review in read_reviews(content, sniff_content_type(file.name, content[:4096])):
        read = settled(review, NO_MAPPINGS)
        if (statement := read.statement) is not None:
            rating = statement.rating
            scale = [rating.rating_value, rating.worst_rating, rating.best_rating]
            said = [statement.claim_reviewed, statement.url, statement.language]
            day = statement.date_published.isoformat() if statement.date_published else None
            words = [rating.alternate_name, rating.normalized.value, scale if any(scale) else None]
            made["statements"].append([*said, statement.publisher.name, day, *words])
        if read.rejection:
            made["rejected"].append([read.line, read.rejection])
        made["warnings"] += [[read.line, warning] for warning in read.warnings]
    return made


if __name__ == "__main__":
    rows = (f"  {json.dumps(file.name)}: {json.dumps(made_of(file), ensure_ascii=False)}" for file in dirty_files())
    EXPECTED.write_text("{\n" + ",\n".join(rows) + "\n}\n", "utf-8")
