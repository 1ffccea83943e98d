"""Putting the application together: nothing heavy is loaded, and a database that cannot be opened is said."""

from __future__ import annotations

import pytest

from index.errors import StoreUnavailable
from service.bootstrap import build
from service.config import Settings


def test_building_loads_no_model(tmp_path) -> None:
    application = build(Settings(data_dir=tmp_path))
    application.keys.create("desk", ["check"])
    assert not (tmp_path / "models").exists()
    application.close()


def test_a_database_that_cannot_be_opened_is_said(tmp_path) -> None:
    (tmp_path / "gegencheck.db").write_bytes(b"something else" * 500)
    with pytest.raises(StoreUnavailable, match="damaged"):
        build(Settings(data_dir=tmp_path))
    with pytest.raises(StoreUnavailable):
        build(Settings(database_url="nonsense://"))
