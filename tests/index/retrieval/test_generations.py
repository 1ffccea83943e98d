"""Generations on disk: whatever happened to a file is noticed before it is opened, and mended from the truth."""

from __future__ import annotations

import hashlib
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from index.errors import IndexUnavailable
from index.retrieval import vectors
from index.retrieval.live_index import LiveIndex
from index.store.statements import StatementStore

from ..conftest import make_statement, numbered
from .conftest import assert_equals_truth, found, live

DAMAGED = "The index is damaged; it is being built anew."
TEXT = "town3 bans rubber ducks"


def generation(folder: Path) -> Path:
    """The folder of the generation in force."""
    return folder / (folder / "CURRENT").read_text().split()[0]


def files_of(folder: Path) -> list[Path]:
    """Every file that makes the index."""
    lexical = [path for path in (generation(folder) / "lexical").iterdir() if not path.name.endswith(".lock")]
    segments = generation(folder).glob("vectors-*.faiss")
    return [folder / "CURRENT", generation(folder) / "manifest.json", *segments, *lexical]


def flip(path: Path) -> None:
    """Change one bit in the middle of a file, and nothing else: neither its size nor its times of change tell."""
    with path.open("r+b") as file:
        file.seek(path.stat().st_size // 2)
        bit = file.read(1)[0] ^ 1
        file.seek(-1, 1)
        file.write(bytes([bit]))


def put(path: Path, content: bytes) -> None:
    """Another file under this name. One that keywords are read from must not be shortened: the process would end."""
    path.unlink()
    path.write_bytes(content)


def cut(path: Path) -> None:
    put(path, path.read_bytes()[:-1])


def lengthen(path: Path) -> None:
    with path.open("ab") as file:
        file.write(b"\n")


@pytest.fixture
def built(store: StatementStore, folder: Path) -> StatementStore:
    """A store with statements, and their index in the folder."""
    store.put_many(numbered(8))
    live(store, folder).update()
    return store


def assert_noticed_and_mended(store: StatementStore, folder: Path, before: list[str]) -> None:
    """A process that starts now serves nothing of it, says why, and afterwards answers as before."""
    index = live(store, folder)
    status = index.status()
    assert (status.ready, status.reason) == (False, DAMAGED)
    with pytest.raises(IndexUnavailable, match="damaged"):
        index.current()
    assert not index.is_sound()
    index.update()
    assert index.status().ready
    assert index.is_sound()
    assert found(index, TEXT) == before
    assert_equals_truth(index, store)


@pytest.mark.parametrize("harm", [flip, cut, lengthen, Path.unlink])
def test_harm_to_any_file_is_noticed_and_mended(
    built: StatementStore, folder: Path, harm: Callable[[Path], object]
) -> None:
    before = found(live(built, folder), TEXT)
    harmed = 0
    for number in range(len(files_of(folder))):
        path = sorted(files_of(folder))[number]
        if path.stat().st_size:
            harm(path)
            if path.name == "CURRENT" and not path.exists():  # as before the first build
                live(built, folder).update()
                continue
            assert_noticed_and_mended(built, folder, before)
            harmed += 1
    assert harmed >= 10


HARM: dict[str, Callable[[Path], object]] = {
    "a file too many": lambda gen: (gen / "lexical" / "left.over").write_text("of another build"),
    "a folder lost": lambda gen: shutil.rmtree(gen / "lexical"),
    "everything lost": shutil.rmtree,
    "files exchanged": lambda gen: exchange(*sorted((gen / "lexical").glob("*.term"))[:1], gen / "vectors-1.faiss"),
    "a manifest of another kind": lambda gen: (gen / "manifest.json").write_text("[1]"),
    "a manifest made to fit": lambda gen: claim_fewer(gen / "manifest.json"),
}


def exchange(one: Path, other: Path) -> None:
    content = one.read_bytes()
    put(one, other.read_bytes())
    put(other, content)


def claim_fewer(path: Path) -> None:
    row = json.loads(path.read_text())
    path.write_text(json.dumps({**row, "statements": row["statements"] - 1}))


@pytest.mark.parametrize("harm", HARM)
def test_harm_of_every_kind_is_noticed_and_mended(built: StatementStore, folder: Path, harm: str) -> None:
    before = found(live(built, folder), TEXT)
    HARM[harm](generation(folder))
    assert_noticed_and_mended(built, folder, before)


@pytest.mark.parametrize("name", ["CURRENT", "building.lock"])
def test_a_folder_where_a_file_belongs_is_replaced(built: StatementStore, folder: Path, name: str) -> None:
    path = folder / name
    path.unlink()
    (path / "inside").mkdir(parents=True)
    index = live(built, folder)
    index.update()
    assert_equals_truth(index, built)
    assert_equals_truth(live(built, folder), built)
    assert path.is_file()


@pytest.mark.parametrize("digits", ["9" * 300, "9" * 5000])
def test_a_number_that_is_too_long_for_a_name_is_not_counted_on_from(
    built: StatementStore, folder: Path, digits: str
) -> None:
    (folder / "CURRENT").write_text(f"gen-{digits} 0")
    live(built, folder).update()
    assert generation(folder).name == "gen-2"


def test_what_cannot_be_put_in_force_leaves_nothing_behind(
    built: StatementStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, content: str) -> None:
        if path.name == "CURRENT":
            raise OSError(28, "No space left on device")
        path.write_text(content)

    monkeypatch.setattr("index.retrieval.generations.write_durably", full)
    before = generation(folder)
    built.create(make_statement("Another town bans rubber ducks altogether."))
    with pytest.raises(IndexUnavailable, match="No space left"):
        live(built, folder).update()
    assert list(folder.glob("gen-*")) == [before]


def test_files_of_an_older_generation_are_no_index(built: StatementStore, folder: Path, tmp_path: Path) -> None:
    shutil.copytree(generation(folder), tmp_path / "older")
    built.put_many(numbered(4, start=50))
    live(built, folder).update()
    before = found(live(built, folder), TEXT)
    newer = generation(folder)
    shutil.rmtree(newer)
    (tmp_path / "older").rename(newer)
    assert_noticed_and_mended(built, folder, before)


def opened(store: StatementStore, folder: Path) -> LiveIndex:
    """An index in memory."""
    index = live(store, folder)
    assert index.status().ready
    assert index.is_sound()
    return index


@pytest.mark.parametrize("name", ["vectors-1.faiss", "manifest.json"])
def test_an_index_in_memory_goes_on_serving_while_the_files_are_mended(
    built: StatementStore, folder: Path, name: str
) -> None:
    index = opened(built, folder)
    before = found(index, TEXT)
    flip(generation(folder) / name)
    assert not index.is_sound()
    assert index.status().ready
    assert found(index, TEXT) == before
    index.update()
    assert index.is_sound()
    assert found(opened(built, folder), TEXT) == before


def test_keywords_that_changed_on_disk_are_not_served_from_memory_either(built: StatementStore, folder: Path) -> None:
    index = opened(built, folder)
    before = found(index, TEXT)
    flip(next((generation(folder) / "lexical").glob("*.term")))
    assert not index.is_sound()
    assert (index.status().ready, index.status().reason) == (False, DAMAGED)
    index.update()
    assert index.status().ready
    assert found(index, TEXT) == before


def test_large_vectors_that_changed_on_disk_are_not_served_from_memory_either(
    built: StatementStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vectors, "MAPPED_BYTES", 1)
    index = opened(built, folder)
    before = found(index, TEXT)
    flip(generation(folder) / "vectors-1.faiss")
    assert not index.is_sound()
    assert (index.status().ready, index.status().reason) == (False, DAMAGED)
    index.update()
    assert found(index, TEXT) == before


def test_a_generation_published_meanwhile_is_no_damage(built: StatementStore, folder: Path) -> None:
    index = opened(built, folder)
    live(built, folder).rebuild()
    assert index.is_sound()
    assert index.status().ready


def test_a_rebuild_under_way_does_not_take_the_index_in_memory_away(built: StatementStore, folder: Path) -> None:
    index = opened(built, folder)
    whole = index.current().view
    engine = live(built, folder).engine
    with engine.writing(built.checkpoint, anew=True) as writer:
        writer.apply([], np.zeros((0, 64)), 0, is_whole=False)
    assert index.current().view == whole
    assert not live(built, folder).status().ready, "half an index is none for a process that starts now"
    built.create(make_statement("Llamas run the post office in Peru."))
    assert index.status().ready
    index.update()
    assert index.current().view.checkpoint.sequence > whole.checkpoint.sequence
    assert found(index, "llamas post office")[0] == "Llamas run the post office in Peru."
    assert_equals_truth(index, built)


def test_a_change_writes_what_changed_and_links_the_rest(built: StatementStore, folder: Path) -> None:
    index = opened(built, folder)
    before = {path.name: path.stat().st_ino for path in generation(folder).rglob("*") if path.is_file()}
    built.put_many(numbered(1, start=50))
    index.update()
    after = {path.name: path.stat().st_ino for path in generation(folder).rglob("*") if path.is_file()}
    kept = {name for name, inode in before.items() if after.get(name) == inode}
    assert "vectors-1.faiss" in kept
    assert {name.split(".")[-1] for name in kept} >= {"faiss", "term", "idx", "store"}


def test_a_file_damaged_since_it_was_linked_keeps_its_seal(built: StatementStore, folder: Path) -> None:
    """What goes on to the next generation is not sealed as it is then."""
    index = opened(built, folder)
    before = found(index, TEXT)
    flip(generation(folder) / "vectors-1.faiss")
    built.put_many(numbered(1, start=50))
    assert index.status().behind == 0
    assert found(index, TEXT) == before
    assert_noticed_and_mended(built, folder, before)


def test_words_damaged_on_disk_are_not_built_upon(built: StatementStore, folder: Path) -> None:
    index = opened(built, folder)
    before = found(index, TEXT)
    flip(next((generation(folder) / "lexical").glob("*.term")))
    built.put_many(numbered(1, start=50))
    index.update()
    assert index.is_sound()
    assert found(opened(built, folder), TEXT) == before
    assert_equals_truth(index, built)


def test_without_hard_links_files_are_copied(
    built: StatementStore, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_: object) -> None:
        raise OSError(1, "Operation not permitted")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    index = opened(built, folder)
    built.put_many(numbered(1, start=50))
    assert_equals_truth(index, built)
    assert index.is_sound()


@pytest.mark.parametrize("dropped", [True, False])
def test_a_generation_that_lost_a_segment_while_it_was_made_is_not_put_in_force(
    built: StatementStore, folder: Path, dropped: bool
) -> None:
    """The folder may be deleted at any time: what is left of a draft is no index."""
    index = live(built, folder)
    before, generations = (folder / "CURRENT").read_text(), index.engine.generations
    base = generations.load(generations.current(), built.checkpoint)
    draft, (name,) = generations.draft(base), base.manifest.segments
    (draft.folder / name).unlink()
    if dropped:
        draft.drop([name])
    with pytest.raises(IndexUnavailable, match="changed meanwhile"):
        generations.publish(draft, built.checkpoint(), base.manifest.segments, 8, is_whole=True)
    assert (folder / "CURRENT").read_text() == before


def test_a_manifest_that_names_a_segment_without_a_file_is_damaged_and_built_anew(
    built: StatementStore, folder: Path
) -> None:
    before = found(live(built, folder), TEXT)
    manifest = generation(folder) / "manifest.json"
    row = json.loads(manifest.read_text())
    manifest.write_text(json.dumps(row | {"segments": {"vectors-9.faiss": []}}))
    digest = hashlib.sha256(manifest.read_bytes()).hexdigest()
    (folder / "CURRENT").write_text(f"{generation(folder).name} {digest}")
    assert_noticed_and_mended(built, folder, before)
