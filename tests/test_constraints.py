"""The constraints: whatever is installed is one version, known by the digest of its files, and from no named host."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Iterable
from importlib.metadata import version
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
FILES = ["constraints.txt", "constraints-milvus.txt", "constraints-test.txt", "constraints-tools.txt"]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
EXTRAS = PROJECT["project"]["optional-dependencies"]
BUILD = PROJECT["build-system"]["requires"]


def entries(name: str) -> list[tuple[Requirement, list[str]]]:
    """The requirements in a file, each with its hashes."""
    lines = (ROOT / name).read_text(encoding="utf-8").replace("\\\n", " ").splitlines()
    parts = [re.split(r"\s+--hash=", line.strip()) for line in lines if line and not line.startswith("#")]
    return [(Requirement(required), hashes) for required, *hashes in parts]


@pytest.mark.parametrize("name", FILES)
def test_every_package_is_one_version_with_the_digests_of_its_files(name: str) -> None:
    found = entries(name)
    assert len(found) > 20
    for required, hashes in found:
        assert re.fullmatch(r"==[\w.+!]+", str(required.specifier)), required
        assert required.url is None
        assert hashes, required
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", each) for each in hashes)
    names = [canonicalize_name(required.name) for required, _ in found]
    assert len(names) == len(set(names))


@pytest.mark.parametrize("name", FILES)
def test_no_index_is_named(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    assert "://" not in text
    assert "--index" not in text
    assert "--find-links" not in text


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("constraints.txt", [*PROJECT["project"]["dependencies"], *BUILD]),
        ("constraints-milvus.txt", [*PROJECT["project"]["dependencies"], *BUILD, EXTRAS["milvus"][0]]),
        (
            "constraints-test.txt",
            [*PROJECT["project"]["dependencies"], *BUILD, *(each for extra in EXTRAS.values() for each in extra)],
        ),
        ("constraints-tools.txt", PROJECT["dependency-groups"]["tools"]),
    ],
)
def test_whatever_the_project_asks_for_is_in_them(name: str, wanted: Iterable[str]) -> None:
    pinned = {canonicalize_name(required.name): str(required.specifier)[2:] for required, _ in entries(name)}
    for each in map(Requirement, wanted):
        if each.name != "torch":  # comes by itself, see the Makefile
            found = pinned.get(canonicalize_name(each.name))
            assert found is not None, f"{each} is not in {name}: run `make lock`"
            assert each.specifier.contains(found), f"{name} has {each.name} {found}: run `make lock`"


@pytest.mark.parametrize("name", ["constraints.txt", "constraints-milvus.txt"])
def test_the_tests_run_what_is_served(name: str) -> None:
    served, tested = (
        {f"{required.name}{required.specifier}": tuple(hashes) for required, hashes in entries(each)}
        for each in (name, "constraints-test.txt")
    )
    assert served.items() <= tested.items()


def test_what_is_installed_is_what_is_named() -> None:
    for required, _ in entries("constraints-test.txt"):
        if required.marker is None or required.marker.evaluate():
            assert version(required.name) == str(required.specifier)[2:], required.name


def test_npm_packages_are_known_by_their_digests() -> None:
    packages = json.loads((ROOT / "package-lock.json").read_text(encoding="utf-8"))["packages"]
    fetched = {name: each for name, each in packages.items() if name and not each.get("link")}
    assert len(fetched) > 10
    assert all(each["integrity"].startswith("sha512-") for each in fetched.values())
    named = json.loads((ROOT / "package.json").read_text(encoding="utf-8"))["devDependencies"]
    assert all(re.fullmatch(r"(?:npm:[\w@/-]+@)?\d+\.\d+\.\d+", exact) for exact in named.values()), (
        "npm's tools are pinned exactly"
    )
