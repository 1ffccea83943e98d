"""The documents tell the truth: settings, make targets, commands and links are what the code has."""

from __future__ import annotations

import re
from dataclasses import fields
from pathlib import Path

import click
import pytest

from service.cli import main
from service.config import Settings, settings_table, variable

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")


def test_the_settings_table_is_the_one_of_the_code() -> None:
    found = re.search(r"<!-- settings -->\n(.*?)<!-- /settings -->", README, re.S)
    assert found is not None
    assert found[1].strip() == settings_table().strip(), "put the output of `python -m service.config` into README.md"


def test_every_setting_is_a_flag_of_serve() -> None:
    serve = main.commands["serve"]
    flags = {option for parameter in serve.params for option in parameter.opts}
    assert {f"--{entry.name.replace('_', '-')}" for entry in fields(Settings)} <= flags


@pytest.mark.parametrize("name", sorted(set(re.findall(r"(?:`|^)make ([a-z]+)", README, re.M))))
def test_make_targets_in_the_readme_exist(name: str) -> None:
    assert re.search(rf"^{name}:", (ROOT / "Makefile").read_text(encoding="utf-8"), re.M)


@pytest.mark.parametrize("line", sorted(set(re.findall(r"^gegencheck ([a-z]+(?: [a-z]+)?)", README, re.M))))
def test_commands_in_the_readme_exist(line: str) -> None:
    command: click.Command = main
    for word in line.split():
        if not isinstance(command, click.Group):
            break
        assert word in command.commands, f"there is no command {line!r}"
        command = command.commands[word]


def test_variables_in_the_readme_exist() -> None:
    known = {variable(entry.name) for entry in fields(Settings)}
    assert set(re.findall(r"GEGENCHECK_[A-Z_]+", README)) <= known


@pytest.mark.parametrize(
    "document",
    [
        "README.md",
        "CHANGELOG.md",
        "index/starter/README.md",
        "benchmarks/RESULTS.md",
        "docs/api.md",
        "docs/client.md",
        "docs/deploy.md",
        "docs/scale.md",
        "docs/webhooks.md",
        "docs/policies.md",
        "docs/accounts.md",
    ],
)
def test_local_links_lead_somewhere(document: str) -> None:
    path = ROOT / document
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", path.read_text(encoding="utf-8")):
        assert (path.parent / target).exists(), f"{document} links to {target}"
