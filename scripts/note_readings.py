"""How the pairs of tests/index/pairs/readings.json come before the models, written down anew.

Refuses where a pair is read otherwise than noted and the version is still the same: READING in index/pairs/plain.py is
to be raised first, so that past checks are known to be of another reading.
Usage: note_readings.py
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from index.pairs.differences import find_differences
from index.pairs.plain import READING, plain_pair, settle_stance
from index.pairs.words import shared_words

KEPT = Path(__file__).parents[1] / "tests" / "index" / "pairs" / "readings.json"
SUPPORTS, REFUTES = 0.6, 0.3  # what a model may say of a pair


def reading_of(claim: str, statement: str) -> dict[str, Any]:
    """A pair with everything of it that models and calibration go by, as JSON has it."""
    plain = plain_pair(claim, statement)
    return {
        "claim": claim,
        "statement": statement,
        "read": [plain.claim, plain.statement, plain.turned],
        "differences": [[each.kind.value, each.claim, each.statement] for each in find_differences(claim, statement)],
        "shared": round(shared_words(claim, statement), 4),
        "stance": list(settle_stance(plain, SUPPORTS, REFUTES)),
    }


def note_readings(kept: Path) -> None:
    """Read all pairs of a file again, and write what came of them: a line a pair."""
    noted = json.loads(kept.read_text(encoding="utf-8"))
    readings = [reading_of(each["claim"], each["statement"]) for each in noted["readings"]]
    changed = sum(new != old for new, old in zip(readings, noted["readings"], strict=True))
    if changed and noted["version"] == READING:
        raise SystemExit(f"{changed} pairs are read otherwise: raise READING in index/pairs/plain.py first.")
    lines = ",\n".join(json.dumps(each, ensure_ascii=False) for each in readings)
    kept.write_text(f'{{"version": {READING}, "readings": [\n{lines}\n]}}\n', encoding="utf-8")
    print(f"version {READING}, {len(readings)} pairs, {changed} of them read otherwise than before")


if __name__ == "__main__":
    note_readings(KEPT)
