"""The settings that are more than a word or a number."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.config import SettingError, read_settings


@pytest.mark.parametrize(
    ("given", "uri"),
    [
        ("", ""),
        ("http://milvus.example:19530", "http://milvus.example:19530"),
        (" https://ann:secret@milvus.example ", "https://ann:secret@milvus.example"),
        ("/srv/lite.db", "/srv/lite.db"),
        ("~/lite.db", f"{Path.home()}/lite.db"),
    ],
)
def test_a_milvus_is_an_address_or_a_file(given: str, uri: str) -> None:
    assert read_settings({"GEGENCHECK_MILVUS_URI": given}).milvus_uri == uri


@pytest.mark.parametrize("given", ["milvus.example:19530", "/srv/lite", "ftp://milvus.example", "lite.db.old"])
def test_any_other_is_refused_by_name(given: str) -> None:
    with pytest.raises(SettingError, match="GEGENCHECK_MILVUS_URI"):
        read_settings({"GEGENCHECK_MILVUS_URI": given})
