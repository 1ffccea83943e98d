"""The synchronous half is what `make client` writes from the other, and the package needs nothing of the service."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CLIENT = ROOT / "gegencheck_client"
HALVES = [sorted(path.name for path in (CLIENT / half).glob("[!_]*.py")) for half in ("asynchronous", "synchronous")]


@pytest.fixture(scope="module")
def writer():
    spec = importlib.util.spec_from_file_location("write_client", ROOT / "scripts" / "write_client.py")
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_both_halves_have_the_same_modules() -> None:
    assert HALVES[0] == HALVES[1]


@pytest.mark.parametrize("name", HALVES[0])
def test_the_synchronous_half_is_written_from_the_other(writer, name: str) -> None:
    source = (CLIENT / "asynchronous" / name).read_text(encoding="utf-8")
    written = (CLIENT / "synchronous" / name).read_text(encoding="utf-8")
    assert written == writer.synchronous(source, f"synchronous/{name}"), "run `make client`"
    assert "await" not in written
    assert "async" not in written.replace("asynchronous/", "")


def test_it_needs_nothing_of_the_service() -> None:
    heavy = ["service", "index", "flask", "numpy", "faiss", "sqlalchemy", "onnxruntime"]
    program = "import sys, gegencheck_client; print([name for name in sys.argv[1:] if name in sys.modules])"
    ran = subprocess.run([sys.executable, "-c", program, *heavy], capture_output=True, text=True, cwd=ROOT, check=True)
    assert ran.stdout.strip() == "[]"
