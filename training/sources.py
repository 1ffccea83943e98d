"""What each set of weights was made from: sources.json beside it names every file with its SHA-256.

Some of these files are no part of this repository, for their licences do not allow it or do not say. Before hours are
spent, `python -m training.sources FILE-OR-FOLDER …` says which of them are missing, where they come from, and which
are others than those that made the weights that ship.
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from index.digests import sha256_of
from index.model.pair_weights import PAIR_WEIGHTS_FILE
from index.model.token_projection import PROJECTION_FILE
from index.pairs.reader import CALIBRATION_FILE
from service.pipeline.checkworthiness import WEIGHTS_FILE

ROOT = Path(__file__).parents[1]
SOURCES_FILE = "sources.json"
RULES_FILE = ROOT / "training" / "rules" / "weights.json"

JUDGED_FILES = (".qrels.jsonl", ".queries.jsonl", ".statements.jsonl.gz")  # of each set of judged posts

_FAMILIES, _SENTENCES = "training/pairs/families/*.jsonl", "training/sentences/*.tsv"
_CHATTER = "training/pairs/chatter.tsv"
MADE_FROM = {
    WEIGHTS_FILE: (_FAMILIES, _SENTENCES),
    RULES_FILE: (_FAMILIES,),
    PROJECTION_FILE: (_FAMILIES,),
    PAIR_WEIGHTS_FILE: (_FAMILIES, _SENTENCES, _CHATTER, "training/pairs/premises/*.jsonl"),
    CALIBRATION_FILE: (
        _FAMILIES, _SENTENCES, _CHATTER, "index/starter/statements.jsonl", "index/model/pair_weights.npz",
        "index/model/token_projection.npz",
    ),
}  # fmt: skip

_AS_LINES = "as JSON lines with premise, hypothesis, label (entailment, neutral, contradiction) and lang"
_JUDGED = "as training/pairs/judged.py describes; the labels are readers' and are not published"
ORIGINS = {
    "fm2_": f"Fool Me Twice (https://github.com/google-research/fool-me-twice, Apache-2.0), {_AS_LINES}",
    "feversymmetric_": f"FEVER-Symmetric (https://github.com/TalSchuster/FeverSymmetric, MIT), {_AS_LINES}",
    "de_posts.": "CheckThat! 2025, task 2 (https://gitlab.com/checkthat_lab/clef2025-checkthat-lab, no licence), "
    + _JUDGED,
    "en_tweets.": "Kazemi et al. 2022 (https://arxiv.org/abs/2202.07094, for research), " + _JUDGED,
}


@dataclass(frozen=True, slots=True)
class Sources:
    """The files that made some weights, by their paths in the repository, and those from elsewhere by their names."""

    repository: Mapping[str, str]
    elsewhere: Mapping[str, str]


def note_sources(weights: Path, elsewhere: Mapping[str, str] | None = None) -> None:
    """Note what weights that were just written were made from; `elsewhere` are digests of files that are not here."""
    sources = Sources(files_of(MADE_FROM[weights]), dict(elsewhere or {}))
    table = weights.with_name(SOURCES_FILE)
    noted = json.loads(table.read_text(encoding="utf-8")) if table.exists() else {}
    noted[weights.name] = asdict(sources)
    table.write_text(json.dumps(noted, indent=2, sort_keys=True) + "\n", encoding="utf-8")


def digests_of(paths: Iterable[Path]) -> dict[str, str]:
    """The SHA-256 of files by their names."""
    return {path.name: sha256_of(path) for path in paths}


def read_sources(weights: Path) -> Sources:
    """What is noted beside weights. Raises KeyError where nothing is."""
    return Sources(**json.loads(weights.with_name(SOURCES_FILE).read_text(encoding="utf-8"))[weights.name])


def files_of(patterns: Sequence[str], root: Path = ROOT) -> dict[str, str]:
    """The SHA-256 of the files that patterns mean, by their paths from `root`."""
    return {
        path.relative_to(root).as_posix(): sha256_of(path)
        for pattern in patterns
        for path in sorted(root.glob(pattern))
    }


def changed_since(weights: Path) -> list[str]:
    """The files of the repository that are not as they were, new or gone since the weights were made from them."""
    now, then = files_of(MADE_FROM[weights]), read_sources(weights).repository
    return sorted(name for name in now.keys() | then.keys() if now.get(name) != then.get(name))


def complaints(given: Sequence[Path], noted: Mapping[str, str]) -> Iterator[str]:
    """What is wrong with the files given to learn from: missing, or others than those that are noted."""
    for path in given:
        if not path.exists():
            origin = next((text for start, text in ORIGINS.items() if path.name.startswith(start)), "unknown here")
            yield f"{path} is missing. It comes from elsewhere: {origin}. SHA-256: {noted.get(path.name, 'not noted')}."
        elif noted.get(path.name) != sha256_of(path):
            yield f"{path} is another file than the one that made the weights which ship: others will come of it."


def given_files(paths: Sequence[Path], noted: Mapping[str, str]) -> list[Path]:
    """The files themselves; of a folder of judged posts those that are noted."""
    names = [name for name in noted if name.endswith(JUDGED_FILES)]
    return [each for path in paths for each in ([path] if path.suffix else [path / name for name in names])]


def main() -> int:
    """Say what is missing or other; 1 where something is missing."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("given", type=Path, nargs="*", help="files and folders from elsewhere")
    given = parser.parse_args().given
    noted = {name: sha for weights in MADE_FROM for name, sha in read_sources(weights).elsewhere.items()}
    files = given_files(given, noted)
    for line in complaints(files, noted):
        print(line)
    for name in sorted(noted.keys() - {path.name for path in files}):
        print(f"{name} is left out, although the weights that ship learned from it: others will come of it.")
    missing = [path for path in files if not path.exists()]
    if missing:
        print("Put them there, or learn without: make train STANCE_DATA= JUDGED_POSTS=")
    return 1 if missing else 0


if __name__ == "__main__":
    raise SystemExit(main())
