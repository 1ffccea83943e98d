"""Write the OpenAPI document, as `/openapi.json` answers it, into a file: without a service that runs, or any data."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from service.app import create_app
from service.bootstrap import build
from service.config import Settings


def describe_to(target: Path) -> None:
    """Ask an application on an empty data folder for its document."""
    with tempfile.TemporaryDirectory() as folder:
        application = build(Settings(data_dir=Path(folder)))
        try:
            document = create_app(application).test_client().get("/openapi.json").get_data()
        finally:
            application.close()
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_bytes(document)


if __name__ == "__main__":
    describe_to(Path(sys.argv[1]))
