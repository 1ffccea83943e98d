"""The bundled weights, turned once into what the fast engine reads, and for training into a folder in float32."""

from __future__ import annotations

import json
import shutil
import tempfile
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from index.digests import read_seals, seal_files, write_seals
from index.disk import lock_alone, to_disk
from index.errors import ModelUnavailable, reason_of
from index.model.floats_folder import FLOATS_FILE, TRANSFORMERS_TOKENIZER_FILE, write_floats_folder
from index.model.packed_weights import SHA256, PackedWeights, find_packed_file, read_packed_file
from index.model.pair_weights import read_pair_weights, shipped_digest

Progress = Callable[[str], None]

MAX_TOKENS = 512
TOKENIZER_FILE = "sentencepiece.model"
ENGINE_FILE = "encoder.onnx"
PAIR_READER_FILE = "pair_reader.onnx"

# Changes whenever what is written below does, so that folders of older versions are prepared again.
_LAYOUT = 6
_ENGINE_FOLDER = f"multilingual-e5-small-{SHA256[:8]}-{_LAYOUT}"
_FLOATS_FOLDER = f"{_ENGINE_FOLDER}-fp32"
_MANIFEST = "manifest.json"
_ASIDE = ".preparing-"


@dataclass(frozen=True, slots=True)
class _Product:
    """A folder to prepare: its name, what is said meanwhile, which files must be there, and what writes it."""

    folder: str
    title: str
    needed: tuple[str, ...]
    write: Callable[[PackedWeights, Path], None]


def prepare_bundled_model(models_dir: Path, progress: Progress | None = None) -> Path:
    """The folder of the bundled model in float32, which only training and benchmarks need, every file checked.

    Written first where it is missing or damaged; sentence-transformers opens it by its path. Raises ModelUnavailable
    (weights missing or not the ones expected, folder not writable, disk full).
    """
    title = "the bundled model in float32 (once, about 480 MB on disk)"
    needed = (TOKENIZER_FILE, TRANSFORMERS_TOKENIZER_FILE, FLOATS_FILE)
    return _prepared(_Product(_FLOATS_FOLDER, title, needed, _write_floats_folder), models_dir, progress)


def prepare_engine(models_dir: Path, progress: Progress | None = None) -> Path:
    """The folder with the files that the fast engine reads, checked; written first where needed. Raises alike."""
    title = "the bundled model multilingual-e5-small (once, about 90 MB on disk)"
    needed = (TOKENIZER_FILE, ENGINE_FILE)
    return _prepared(_Product(_ENGINE_FOLDER, title, needed, _write_engine_folder), models_dir, progress)


def prepare_pair_reader(models_dir: Path, progress: Progress | None = None) -> Path:
    """The file of the pair model's graph, checked; written first where it is missing or damaged. Raises alike."""
    name = f"pair-reader-{shipped_digest()}-{_LAYOUT}"
    product = _Product(name, "the pair model (once, about 85 MB on disk)", (PAIR_READER_FILE,), _write_pair_reader)
    return _prepared(product, models_dir, progress) / PAIR_READER_FILE


def _prepared(product: _Product, models_dir: Path, progress: Progress | None) -> Path:
    folder = models_dir / product.folder
    if _is_whole(folder, product.needed):
        return folder
    say = progress or (lambda _line: None)
    try:
        models_dir.mkdir(parents=True, exist_ok=True)
        with _alone(models_dir):
            if not _is_whole(folder, product.needed):  # another process may have prepared it while we waited
                _prepare(product, folder, say)
    except OSError as error:
        advice = "make room, or check who owns it"
        raise ModelUnavailable(
            f"The model cannot be written to the data folder ({reason_of(error)}): {advice}."
        ) from error
    return folder


def _prepare(product: _Product, folder: Path, say: Progress) -> None:
    started = time.monotonic()
    say(f"Preparing {product.title} …")
    for left_over in folder.parent.glob(f"{_ASIDE}*"):
        shutil.rmtree(left_over, ignore_errors=True)
    weights = read_packed_file(find_packed_file())
    aside = Path(tempfile.mkdtemp(prefix=_ASIDE, dir=folder.parent))
    try:
        product.write(weights, aside)
        _write_manifest(aside)
        if folder.exists():
            shutil.rmtree(folder)
        aside.rename(folder)
    finally:
        shutil.rmtree(aside, ignore_errors=True)
    say(f"It is ready ({time.monotonic() - started:.0f} s).")


def _write_pair_reader(weights: PackedWeights, folder: Path) -> None:
    from index.model.onnx_graph import build_pair_reader

    (folder / PAIR_READER_FILE).write_bytes(build_pair_reader(weights, read_pair_weights()))


@contextmanager
def _alone(models_dir: Path) -> Iterator[None]:
    """One process at a time; the lock goes with the process that holds it, however it ends."""
    with (models_dir / ".lock").open("w") as lock:
        lock_alone(lock)
        yield


def _is_whole(folder: Path, needed: Collection[str]) -> bool:
    """Whether the manifest names the needed files, and all that it names are what was written, by their digests."""
    try:
        manifest = json.loads((folder / _MANIFEST).read_text(encoding="utf-8"))
        seals = read_seals(manifest["files"])
        return {*needed} <= seals.keys() and all(seal.fits(folder / name) for name, seal in seals.items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def _write_manifest(folder: Path) -> None:
    files = seal_files(folder)
    for name in files:
        to_disk(folder / name)
    manifest = {"weights_sha256": SHA256, "files": write_seals(files)}
    (folder / _MANIFEST).write_text(json.dumps(manifest, indent=2), encoding="utf-8")
    to_disk(folder / _MANIFEST)


def _write_engine_folder(weights: PackedWeights, folder: Path) -> None:
    from index.model.onnx_graph import build_embedder

    _write_tokenizer(weights, folder)
    (folder / ENGINE_FILE).write_bytes(build_embedder(weights))


def _write_floats_folder(weights: PackedWeights, folder: Path) -> None:
    write_floats_folder(weights, folder, MAX_TOKENS)
    _write_tokenizer(weights, folder)


def _write_tokenizer(weights: PackedWeights, folder: Path) -> None:
    from index.model.tokenizer import build_tokenizer

    (folder / TOKENIZER_FILE).write_bytes(build_tokenizer(weights.vocabulary))
