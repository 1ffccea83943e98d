"""Who is certainly gone, by a worker's name."""

from __future__ import annotations

from dataclasses import replace

import pytest

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
