"""Settings: read once from variables and flags, and a wrong value fails by its variable's name."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import pytest

from service.config import SettingError, Settings, read_settings, settings_table, variable


def test_without_anything_set_there_are_the_defaults() -> None:
    read = read_settings({})
    assert (read.host, read.port, read.workers, read.retention_days) == ("127.0.0.1", 8000, 2, 30)


def test_a_flag_wins_over_the_variable_and_nothing_over_neither() -> None:
    environment = {"GEGENCHECK_PORT": "9000", "GEGENCHECK_WORKERS": "4", "PORT": "1"}
    read = read_settings(environment, {"port": "9100", "workers": None})
    assert (read.port, read.workers) == (9100, 4)


def test_what_is_set_to_nothing_is_set() -> None:
    assert read_settings({"GEGENCHECK_FETCH_PROXY": "", "HTTPS_PROXY": "http://proxy.example"}).fetch_proxy == ""


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("port", "eighty"), ("port", "-1"), ("port", "8000.5"), ("port", ""), ("read_seconds", "0"),
        ("min_match_confidence", "1.1"), ("min_match_confidence", "-0.5"), ("min_match_confidence", "nan"),
        ("min_checkworthiness", "half"), ("workers", "two"),
    ],
)  # fmt: skip
def test_a_value_that_cannot_be_used_fails_by_the_variables_name(name: str, text: str) -> None:
    with pytest.raises(SettingError) as raised:
        read_settings({variable(name): text})
    assert str(raised.value).startswith(f"{variable(name)}={text!r} cannot be used: ")


@pytest.mark.parametrize(
    ("text", "names"),
    [("", ()), ("a.example", ("a.example",)), (" A.example , b.example,, ", ("a.example", "b.example"))],
)
def test_names_are_a_list_with_commas(text: str, names: tuple[str, ...]) -> None:
    assert read_settings({"GEGENCHECK_ALLOWED_HOSTS": text}).allowed_hosts == names


def test_the_data_folder_holds_everything_that_is_not_set_elsewhere() -> None:
    read = read_settings({"GEGENCHECK_DATA_DIR": "/srv/gegencheck"})
    assert read.database == "sqlite:////srv/gegencheck/gegencheck.db"
    assert read.database_file == Path("/srv/gegencheck/gegencheck.db")
    assert (read.index_dir, read.models_dir) == (Path("/srv/gegencheck/index"), Path("/srv/gegencheck/models"))
    elsewhere = read_settings({"GEGENCHECK_DATABASE_URL": "postgresql://db.example/gegencheck"})
    assert (elsewhere.database, elsewhere.database_file) == ("postgresql://db.example/gegencheck", None)


def test_each_setting_has_a_row_with_its_variable_and_meaning() -> None:
    rows = settings_table().splitlines()[2:]
    assert len(rows) == len(fields(Settings))
    for row, entry in zip(rows, fields(Settings), strict=True):
        assert row.startswith(f"| `{variable(entry.name)}` | ")
        assert entry.metadata["meaning"] in row
    assert "| `GEGENCHECK_PORT` | `8000` | Port to listen on. |" in rows


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


@pytest.mark.parametrize(
    ("given", "address"),
    [
        ("", ""),
        (" https://facts.example/ ", "https://facts.example"),
        ("http://[::1]:8000/desk/", "http://[::1]:8000/desk"),
    ],
)
def test_a_public_address_has_a_scheme_and_no_slash_behind(given: str, address: str) -> None:
    assert read_settings({"GEGENCHECK_PUBLIC_URL": given}).public_url == address


@pytest.mark.parametrize(
    "given", ["facts.example", "ftp://facts.example", "https://", 'https://a"b', "https://a.example/?x"]
)
def test_what_is_no_public_address_is_refused_by_name(given: str) -> None:
    with pytest.raises(SettingError, match="GEGENCHECK_PUBLIC_URL"):
        read_settings({"GEGENCHECK_PUBLIC_URL": given})
