"""Where files lie is nobody's business: no error that a caller reads names a path."""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index.errors import IndexFault, shown_name
from index.model.onnx_engine import open_session
from index.model.packed_weights import read_packed_file
from index.model.pair_weights import read_pair_weights
from index.model.tokenizer import open_tokenizer
from index.model.weights import prepare_engine
from index.pairs.reader import read_calibration
from index.retrieval.lexical import KeywordIndex
from index.retrieval.vectors import FaissVectors
from index.store.statements import StatementStore

SENTENCE = "Hot lemon water cures diabetes within seven days."

ROOT = Path(__file__).parents[2]
# What a terminal alone shows, and names that are no paths.
SAID_AT_THE_TERMINAL = (
    "service/commands/opening.py",
    "service/terminal.py",
    "service/terminal_data.py",
    "service/config.py",
    "service/store/restoring.py",
)
HARMLESS = ("index/exchange/importing.py", "index/exchange/unfolding.py")  # JSON's and CSV's own words about the input


def raised_messages(path: Path) -> Iterator[tuple[int, str]]:
    """The parts of messages of raised errors that are filled in, with their lines."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Raise) and node.exc is not None:
            for part in ast.walk(node.exc):
                if isinstance(part, ast.FormattedValue):
                    yield part.lineno, ast.unparse(part.value)


def test_no_error_tells_where_files_lie() -> None:
    """A caller reads errors in /readyz and in problems: libraries put whole paths into theirs."""
    told = [
        f"{path.relative_to(ROOT)}:{line}: {{{what}}}"
        for package in ("index", "service")
        for path in sorted((ROOT / package).rglob("*.py"))
        if path.relative_to(ROOT).as_posix() not in (*SAID_AT_THE_TERMINAL, *HARMLESS)
        for line, what in raised_messages(path)
        if re.fullmatch(r"error|fault|str\(\w+\)|error\.filename2?|(\w+[._])*(path|folder|file|dir|database_url)", what)
    ]
    assert told == []


def test_the_readiness_tells_no_path_whatever_is_broken(house, tmp_path: Path) -> None:
    nowhere = tmp_path / "geheimer-ordner"
    nowhere.write_text("a file where folders should be")
    broken: list[Callable[[], object]] = [
        lambda: prepare_engine(nowhere / "models"),
        lambda: read_packed_file(nowhere / "weights.bin"),
        lambda: read_packed_file(nowhere),
        lambda: open_tokenizer(nowhere),
        lambda: open_session(nowhere),
        lambda: read_pair_weights(nowhere),
        lambda: read_calibration(nowhere / "calibration.json"),
        lambda: KeywordIndex.create(nowhere / "lexical"),
        lambda: KeywordIndex.load(nowhere),
        lambda: FaissVectors.load(nowhere / "vectors.faiss"),
        lambda: FaissVectors(4).save(nowhere / "vectors.faiss"),
        lambda: StatementStore.open(f"sqlite:///{nowhere}/gegencheck.db"),
    ]
    for breaks in broken:
        with pytest.raises(IndexFault) as raised:
            breaks()

        def fail(fault: IndexFault = raised.value) -> object:
            raise fault

        house.application.index._live = None
        house.application.index._fault = None
        house.application.index._open_index = fail
        for reply in (
            house.client.get("/readyz"),
            house.client.post("/v1/checks", json={"text": SENTENCE}),
            house.client.post("/v1/match", json={"texts": [SENTENCE]}),
        ):
            assert reply.status_code == 503
            assert str(raised.value) == reply.json["detail"]
            for piece in ("geheimer-ordner", str(tmp_path), "/tmp", str(ROOT)):
                assert piece not in reply.text


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("intfloat/multilingual-e5-small", "intfloat/multilingual-e5-small"), ("words", "words"), ("/srv/models/mine", "mine"),
        ("./mine", "mine"), ("~/models/mine@0123456789ab", "mine@0123456789ab"), ("C:\\\\models\\\\mine", "mine"),
    ],
)  # fmt: skip
def test_of_a_model_in_a_folder_only_the_folders_name_is_shown(given: str, shown: str) -> None:
    assert shown_name(given) == shown
