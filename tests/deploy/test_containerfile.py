"""The Containerfile: sound by hadolint, another user than root, no secret, and nothing in the image but the program."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
from shipped import DEPLOY, ROOT, image_health, image_start, last_stage, read_containerfile

from service.config import Settings, read_settings


def test_hadolint_finds_nothing() -> None:
    program = Path(sys.executable).with_name("hadolint")
    found = subprocess.run([program, DEPLOY / "Containerfile"], capture_output=True, text=True)
    assert (found.returncode, found.stdout) == (0, "")


def test_the_user_is_a_number_and_not_root() -> None:
    assert re.fullmatch(r"[1-9]\d+:[1-9]\d+", last_stage()["USER"][0])


def test_it_serves_from_the_one_folder_that_is_kept() -> None:
    start, stage = image_start(), last_stage()
    settings = read_settings(start.environment)
    assert start.command == ("gegencheck", "serve")
    assert stage["VOLUME"] == stage["WORKDIR"] == [str(settings.data_dir)]
    assert stage["EXPOSE"] == [str(settings.port)] == [str(Settings().port)]
    assert f"http://127.0.0.1:{settings.port}/healthz" in image_health()[-1]


def test_no_secret_is_in_it() -> None:
    for name, rest in read_containerfile():
        assert name != "ARG", "what is given to a build stays in its history"
        if name == "ENV":
            assert not re.search(r"PASSWORD|SECRET|TOKEN|KEY|URL|URI", rest)


def test_every_package_is_known_by_its_digest() -> None:
    installs = [rest for _, rest in read_containerfile() if "pip install" in rest]
    assert len(installs) == 2
    assert "--require-hashes --only-binary :all: -r constraints-milvus.txt" in installs[0]
    assert "--no-index --no-deps" in installs[1], "the project itself brings nothing along"


def copied() -> set[str]:
    """What is taken from the folder that the image is built from."""
    found: set[str] = set()
    for name, rest in read_containerfile():
        if name == "COPY" and not rest.startswith("--from="):
            found |= set(rest.split()[:-1])
    return found


@pytest.mark.parametrize("name", sorted(copied()))
def test_what_is_copied_is_there(name: str) -> None:
    assert (ROOT / name).exists()


def test_a_build_sees_what_it_copies_and_nothing_else() -> None:
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    rules = [line for line in lines if line and not line.startswith("#")]
    assert rules[0] == "*"
    assert {rule[1:] for rule in rules if rule.startswith("!")} == copied()
    assert [rule for rule in rules[1:] if not rule.startswith("!")] == ["**/__pycache__"]
