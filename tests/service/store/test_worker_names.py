"""Who is certainly gone, by a worker's name."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from service.clock import boot_name
from service.store.worker_names import WorkerName


@pytest.mark.parametrize(
    ("changes", "outlived"),
    [
        ({"token": "before"}, True),  # our own number, given to us after a restart
        ({}, False),
        ({"host": "elsewhere", "token": "before"}, False),
        ({"process": 1, "token": "before"}, False),  # somebody lives under this number
    ],
)
def test_only_who_is_certainly_gone_is_taken_for_dead(changes: dict, outlived: bool) -> None:
    own = WorkerName.own()
    assert own.outlived(str(replace(own, **changes))) is outlived


def test_a_container_that_is_called_alike_has_processes_of_its_own(tmp_path: Path) -> None:
    """In each of them the first process has the number 1: an equal number says nothing there."""
    own = WorkerName.own()
    numbering = str(Path("/proc/self/ns/pid").stat().st_ino)
    assert numbering in own.host
    beside = replace(own, host=own.host.replace(numbering, "4026532999"), token="before")
    assert not own.outlived(str(beside))
    assert not own.outlived(str(replace(beside, process=1 << 21)))


def test_a_machine_that_is_called_alike_is_another() -> None:
    own = WorkerName.own()
    name, _, run = own.host.rpartition("-")
    assert boot_name().startswith(run)
    assert not own.outlived(str(replace(own, host=f"{name}-{run[::-1]}x", process=1 << 21, token="before")))
