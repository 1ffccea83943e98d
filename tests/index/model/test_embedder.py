"""The embedders: the bundled engine beside fp32 sentence-transformers, odd texts, many threads, no network."""

from __future__ import annotations

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest

from index.errors import ModelUnavailable
from index.exchange.importing import read_reviews
from index.model.embedder import BundledEmbedder, Embedder, SentenceTransformerEmbedder, default_embedder, open_embedder
from index.model.onnx_engine import OnnxEncoder, batches
from index.model.tokenizer import open_tokenizer
from index.model.weights import ENGINE_FILE, prepare_bundled_model
from index.starter import starter_reviews

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def embedder(models_dir: Path) -> Embedder:
    return default_embedder(models_dir)


@pytest.fixture(scope="module")
def claims() -> list[str]:
    """The starter statements' claims, in both languages."""
    parsed = read_reviews(starter_reviews(), "application/x-ndjson")
    return [each.statement.claim_reviewed for each in parsed if each.statement]


def test_vectors_are_float32_of_length_one(embedder: Embedder) -> None:
    vectors = embedder.encode_statements(["Wasser ist nass.", "Water is wet."])
    assert (vectors.shape, vectors.dtype) == ((2, embedder.dimensions), np.float32)
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(1, abs=1e-5)


def test_no_texts_give_no_vectors(embedder: Embedder) -> None:
    assert embedder.encode_queries([]).shape == (0, embedder.dimensions)


def test_translations_are_nearer_than_other_claims(embedder: Embedder) -> None:
    german, english, other = embedder.encode_queries(
        ["Zitronenwasser heilt Diabetes.", "Lemon water cures diabetes.", "Die Wahl wurde verschoben."]
    )
    assert german @ english > german @ other + 0.05


@pytest.mark.parametrize("text", ["", " ", "\x00", "a\ud800b", "🙂" * 3000, "Wort " * 5000, "\u202eabc", "</s><s>"])
def test_any_text_has_a_vector(embedder: Embedder, text: str) -> None:
    (vector,) = embedder.encode_queries([text])
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)


def test_a_vector_does_not_depend_on_the_batch(embedder: Embedder, claims: list[str]) -> None:
    together = embedder.encode_queries(claims[:40])
    alone = np.concatenate([embedder.encode_queries([claim]) for claim in claims[:40]])
    assert np.sum(together * alone, axis=1).min() > 0.9999


def test_many_threads_get_their_own_vectors(embedder: Embedder, claims: list[str]) -> None:
    expected = embedder.encode_queries(claims[:64])
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda start: embedder.encode_queries(claims[start : start + 8]), range(0, 64, 8)))
    assert np.sum(np.concatenate(found) * expected, axis=1).min() > 0.9999


def test_the_engine_stays_near_fp32_and_finds_the_same_neighbours(
    embedder: Embedder, models_dir: Path, claims: list[str]
) -> None:
    """Floors, pinned: measured .9997 on average, .9995 at least, and 98 of 100 nearest neighbours the same."""
    plain = SentenceTransformerEmbedder(str(prepare_bundled_model(models_dir)))
    ours, theirs = embedder.encode_queries(claims), plain.encode_queries(claims)
    cosines = np.sum(ours * theirs, axis=1)
    nearest = []
    for vectors in (ours, theirs):
        similarities = vectors @ vectors.T
        np.fill_diagonal(similarities, -1)
        nearest.append(similarities.argmax(axis=1))
    assert cosines.mean() >= 0.999
    assert cosines.min() >= 0.998
    assert np.mean(nearest[0] == nearest[1]) >= 0.96


def test_the_default_needs_neither_torch_nor_a_network(models_dir: Path) -> None:
    program = (
        "import socket, sys\n"
        "def refuse(*_): raise AssertionError('a socket was opened')\n"
        "socket.socket.connect = socket.create_connection = socket.getaddrinfo = refuse\n"
        "from pathlib import Path\n"
        "from index.model.embedder import open_embedder\n"
        f"open_embedder('', Path({str(models_dir)!r})).encode_queries(['Wasser ist nass.'])\n"
        "print('torch' in sys.modules, 'transformers' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT)
    assert (done.returncode, done.stdout.split()) == (0, ["False", "False"]), done.stderr


def test_another_model_is_opened_by_its_path(models_dir: Path) -> None:
    folder = prepare_bundled_model(models_dir)
    other = open_embedder(str(folder), models_dir)
    assert isinstance(other, SentenceTransformerEmbedder)
    assert other.dimensions == 384
    assert other.model_id.startswith(f"{folder}@")
    assert other.encode_statements([]).shape == (0, 384)
    query, statement = other.encode_queries(["Wasser"]), other.encode_statements(["Wasser"])
    assert query.dtype == np.float32
    assert not np.allclose(query, statement)  # its own prompts: "query: " and "passage: "


def test_a_model_that_is_not_there_is_said(models_dir: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(ModelUnavailable, match="cannot be loaded"):
        open_embedder(str(tmp_path / "empty"), models_dir)


def test_without_the_extra_it_says_what_to_install() -> None:
    program = (
        "import sys; sys.modules['sentence_transformers'] = None\n"
        "from index.model.embedder import SentenceTransformerEmbedder\n"
        "from index.errors import ModelUnavailable\n"
        "try: SentenceTransformerEmbedder('some/model')\n"
        "except ModelUnavailable as fault: print(fault)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=ROOT)
    assert "pip install 'gegencheck[models]'" in done.stdout


def test_damaged_files_are_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"not a model")
    with pytest.raises(ModelUnavailable, match="cannot be loaded"):
        OnnxEncoder(tmp_path / "file", 384)
    with pytest.raises(ModelUnavailable, match="cannot be read"):
        open_tokenizer(tmp_path / "file")
    with pytest.raises(ModelUnavailable):
        BundledEmbedder(tmp_path)
    assert not (tmp_path / ENGINE_FILE).exists()


@pytest.mark.parametrize("lengths", [[], [5], [3, 900, 3, 700, 2], [2000], [10] * 500])
def test_batches_hold_every_row_once_and_little_padding(lengths: list[int]) -> None:
    found = list(batches(lengths))
    assert sorted(row for batch in found for row in batch) == list(range(len(lengths)))
    assert all(len(batch) == 1 or len(batch) * max(lengths[row] for row in batch) <= 1024 for batch in found)


SESSION = """
import sys
from pathlib import Path
from onnx import TensorProto, helper
from index.model.onnx_engine import open_session
value = [helper.make_tensor_value_info(name, TensorProto.FLOAT, [1]) for name in "xy"]
graph = helper.make_graph([helper.make_node("Identity", ["x"], ["y"])], "same", value[:1], value[1:])
model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8)
Path(sys.argv[1]).write_bytes(model.SerializeToString())
open_session(Path(sys.argv[1]))
"""


def test_the_runtime_notes_no_id_of_the_machine_for_its_makers(tmp_path: Path) -> None:
    """It would, in the home folder, and call them; but not where it sees a CI, so nothing of one is in its environment."""
    home = tmp_path / "home"
    home.mkdir()
    line = [sys.executable, "-c", SESSION, str(tmp_path / "same.onnx")]
    environment = {"HOME": str(home), "PYTHONPATH": str(Path(__file__).parents[3])}
    ran = subprocess.run(line, env=environment, capture_output=True, text=True)
    assert ran.returncode == 0, ran.stderr
    assert (tmp_path / "same.onnx").exists()
    assert list(home.iterdir()) == []
