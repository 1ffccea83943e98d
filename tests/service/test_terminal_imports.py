"""Imports from the command line: a file is read as its reviews are taken, and a bar says how far it is."""

from __future__ import annotations

import io
import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click
import pytest

from index.exchange.columns import AS_THEY_ARE
from service.terminal_data import Advance
from service.terminal_imports import import_source, open_source


def lines_of(count: int) -> bytes:
    rows = (
        {
            "@type": "ClaimReview", "claimReviewed": f"Windmill {1000 + n} kills every bird in its valley.",
            "url": f"https://checks.example/{n}", "reviewRating": {"alternateName": "False"},
        }
        for n in range(count)
    )  # fmt: skip
    return b"".join(json.dumps(row).encode() + b"\n" for row in rows)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "many.ndjson"
    path.write_bytes(lines_of(1200))
    return path


def test_a_file_is_read_as_its_reviews_are_taken(house: Any, file: Path) -> None:
    with open_source(house.application, str(file), AS_THEY_ARE) as opened:
        assert opened.size == file.stat().st_size
        reviews = iter(opened.reviews)
        next(reviews)
        assert 0 < opened.position() < opened.size / 2, "not the whole file"
        assert sum(1 for _ in reviews) == 1199
        assert opened.position() == opened.size


def test_the_bar_hears_how_many_there_will_be_about(house: Any, file: Path) -> None:
    heard: dict[str, list[tuple[int, int]]] = {}

    @contextmanager
    def bar(part: str) -> Iterator[Advance]:
        told = heard.setdefault(part, [])
        yield lambda done, total: told.append((done, total))

    assert import_source(house.application, str(file), AS_THEY_ARE, bar).added == 1200
    assert [done for done, _ in heard["Reading"]] == [500, 1000, 1200]
    assert all(abs(total - 1200) < 40 for _, total in heard["Reading"])
    assert heard["Reading"][-1] == (1200, 1200)
    assert heard["Embedding"][-1][0] == heard["Embedding"][-1][1] >= 1200


def test_what_comes_on_standard_input_is_read_as_a_file_is(house: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(lines_of(3))))
    with open_source(house.application, "-", AS_THEY_ARE) as opened:
        assert [review.statement.url for review in opened.reviews if review.statement] == [
            f"https://checks.example/{n}" for n in range(3)
        ]


def test_a_file_that_is_not_there_is_said_by_its_name(house: Any) -> None:
    with (
        pytest.raises(click.UsageError, match=r"missing\.json: No such file"),
        open_source(house.application, "missing.json", AS_THEY_ARE),
    ):
        pass
