"""Digests: a changed file does not fit its seal, and shipped weights are those that were released."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import index
import service
from index.digests import DIGESTS_FILE, check_shipped, note_shipped, read_seals, seal_files, sha256_of, write_seals
from index.errors import ModelUnavailable

TABLES = sorted(
    path for package in (index, service) for path in Path(package.__path__[0]).rglob(DIGESTS_FILE)
)  # fmt: skip
WEIGHTS = [path for table in TABLES for path in sorted(table.parent.iterdir()) if path.suffix == ".npz"]


def test_a_digest_is_sha_256(tmp_path: Path) -> None:
    (tmp_path / "abc").write_bytes(b"abc")
    assert sha256_of(tmp_path / "abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


def test_a_seal_fits_the_same_bytes_only(tmp_path: Path) -> None:
    (tmp_path / "deep").mkdir()
    file = tmp_path / "deep" / "file"
    file.write_bytes(b"four")
    seals = read_seals(write_seals(seal_files(tmp_path)))
    assert list(seals) == ["deep/file"]
    assert seals["deep/file"].fits(file)
    for content in (b"fous", b"four ", b""):
        file.write_bytes(content)
        assert not seals["deep/file"].fits(file)


def test_every_shipped_weight_is_noted_and_is_the_one_noted() -> None:
    assert {path.name for path in WEIGHTS} == {"e5_ranges.npz", "pair_weights.npz", "token_projection.npz"}
    noted = [table.parent / name for table in TABLES for name in json.loads(table.read_text())]
    assert {path.name for path in noted} > {path.name for path in WEIGHTS}
    for path in noted:
        assert check_shipped(path) == sha256_of(path)


def test_weights_that_are_not_those_released_are_refused(tmp_path: Path) -> None:
    weights = tmp_path / "weights.npz"
    weights.write_bytes(b"learned")
    note_shipped(weights)
    check_shipped(weights)
    weights.write_bytes(b"learnee")
    with pytest.raises(ModelUnavailable, match="not those that this version came with"):
        check_shipped(weights)
    note_shipped(weights)
    check_shipped(weights)
    weights.unlink()
    with pytest.raises(ModelUnavailable, match="install Gegencheck again"):
        check_shipped(weights)


def test_weights_that_nobody_noted_are_refused(tmp_path: Path) -> None:
    (tmp_path / "weights.npz").write_bytes(b"learned")
    with pytest.raises(ModelUnavailable):
        check_shipped(tmp_path / "weights.npz")
