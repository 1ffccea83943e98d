"""The packed extension: the same bytes each time, nothing in it that is not shipped, a manifest each browser takes."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent


@pytest.fixture(scope="module")
def packed(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    """Two folders, each packed into anew."""
    folders = [tmp_path_factory.mktemp("first"), tmp_path_factory.mktemp("second")]
    for folder in folders:
        subprocess.run(
            [sys.executable, ROOT / "scripts" / "pack_extension.py", folder], check=True, stdout=subprocess.DEVNULL
        )
    return folders


@pytest.mark.parametrize("browser", ["chrome", "firefox"])
def test_packing_twice_gives_the_same_bytes(packed: list[Path], browser: str) -> None:
    first, second = (folder / f"gegencheck-{browser}.zip" for folder in packed)
    assert first.read_bytes() == second.read_bytes()


@pytest.mark.parametrize("browser", ["chrome", "firefox"])
def test_everything_shipped_is_in_it_and_nothing_else(packed: list[Path], browser: str) -> None:
    with zipfile.ZipFile(packed[0] / f"gegencheck-{browser}.zip") as content:
        names = set(content.namelist())
        manifest = json.loads(content.read("manifest.json"))
    assert {"background.js", "popup/popup.js", "content/pause.js", "_locales/de/messages.json"} <= names
    assert not [name for name in names if name.endswith((".d.ts", "jsconfig.json", "README.md"))]
    assert not [name for name in names if "node_modules" in name]
    assert ("managed.json" in names) == ("storage" in manifest) == (browser == "chrome")
    assert ("scripts" in manifest["background"]) == (browser == "firefox")
