"""Pack the browser extension from its one source: a zip for Chrome and one for Firefox, the same bytes each time."""

from __future__ import annotations

import json
import sys
import zipfile
from pathlib import Path
from typing import Any

SOURCE = Path(__file__).parent.parent / "extension"
LEFT_OUT = ("jsconfig.json", "README.md", "*.d.ts")  # what only the type checker and people read
EPOCH = (2020, 1, 1, 0, 0, 0)


def manifest_for(browser: str) -> dict[str, Any]:
    """The manifest without what only the other browser knows, and would warn about."""
    manifest: dict[str, Any] = json.loads((SOURCE / "manifest.json").read_text(encoding="utf-8"))
    if browser == "chrome":
        del manifest["browser_specific_settings"], manifest["background"]["scripts"]
    else:
        del manifest["minimum_chrome_version"], manifest["storage"], manifest["background"]["service_worker"]
        del manifest["key"]
    return manifest


def pack(browser: str, folder: Path) -> Path:
    """Write one zip and return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    target = folder / f"gegencheck-{browser}.zip"
    files = sorted(path for path in SOURCE.rglob("*") if path.is_file() and not any(map(path.match, LEFT_OUT)))
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as packed:
        for path in files:
            name = path.relative_to(SOURCE).as_posix()
            if browser == "firefox" and name == "managed.json":
                continue
            content = path.read_bytes()
            if name == "manifest.json":
                content = json.dumps(manifest_for(browser), indent=2, ensure_ascii=False).encode() + b"\n"
            entry = zipfile.ZipInfo(name, EPOCH)
            entry.external_attr = 0o644 << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            packed.writestr(entry, content)
    return target


if __name__ == "__main__":
    destination = Path(sys.argv[1]) if len(sys.argv) > 1 else SOURCE.parent / "build"
    for name in ("chrome", "firefox"):
        print(pack(name, destination))
