"""What the files of deploy/ say, as tests and the room they start it in read it."""

from __future__ import annotations

import json
import re
import shlex
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
UNITS = ("gegencheck.service", "gegencheck-worker@.service")

Lines = dict[str, list[str]]


@dataclass(frozen=True)
class Start:
    """How something is started: its words and its environment."""

    command: tuple[str, ...]
    environment: dict[str, str]


def read_unit(name: str) -> Lines:
    """The settings of a unit, those of all sections: systemd has no two of the same name here."""
    lines: Lines = defaultdict(list)
    for line in (DEPLOY / name).read_text(encoding="utf-8").splitlines():
        if line and not line.startswith(("#", "[")):
            key, _, value = line.partition("=")
            lines[key].append(value)
    return lines


def unit_start(name: str) -> Start:
    """What a unit starts."""
    unit = read_unit(name)
    (command,) = unit["ExecStart"]
    return Start(tuple(shlex.split(command)), dict(each.split("=", 1) for each in unit["Environment"]))


def read_containerfile() -> list[tuple[str, str]]:
    """The instructions of the Containerfile: name and what follows, on one line each."""
    text = re.sub(r"^#.*\n", "", (DEPLOY / "Containerfile").read_text(encoding="utf-8"), flags=re.M)
    lines = re.sub(r"\\\n\s*", "", text).splitlines()
    return [(line.split()[0], line.split(maxsplit=1)[1].strip()) for line in lines if line.strip()]


def last_stage() -> Lines:
    """The instructions that are in force in the image itself."""
    stage: Lines = {}
    for name, rest in read_containerfile():
        stage = {} if name == "FROM" else stage
        stage.setdefault(name, []).append(rest)
    return stage


def image_start() -> Start:
    """What the image starts when nobody says otherwise."""
    stage = last_stage()
    words = json.loads(stage["ENTRYPOINT"][0]) + json.loads(stage["CMD"][0])
    environment = dict(each.split("=", 1) for line in stage["ENV"] for each in line.split())
    return Start(tuple(words), environment | {"PATH": environment["PATH"].replace("$PATH", "/usr/bin:/bin")})


def image_health() -> list[str]:
    """The command that tells whether the image's service is alive."""
    (line,) = last_stage()["HEALTHCHECK"]
    return list(json.loads(line.split("CMD", 1)[1]))


def read_compose() -> dict[str, Any]:
    """The compose file."""
    return dict(yaml.safe_load((DEPLOY / "compose.yaml").read_text(encoding="utf-8")))


def compose_start(service: str) -> Start:
    """What a service of the compose file starts, which is built from the image."""
    image, said = image_start(), read_compose()["services"][service]
    return Start((image.command[0], *said["command"]), image.environment | said["environment"])
