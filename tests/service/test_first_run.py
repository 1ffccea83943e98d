"""The first run: starter statements once, the index brought up to date, and plain words where that fails."""

from __future__ import annotations

from service.first_run import load_starter, make_ready


def test_an_empty_store_gets_the_starter_statements_and_an_index(empty_house) -> None:
    said: list[str] = []
    make_ready(empty_house.application, said.append)
    assert said[0] == "First run: loaded 504 starter statements."
    assert said[-1] == "Ready: 504 verified statements."
    assert empty_house.client.get("/readyz").status_code == 200


def test_a_second_run_loads_nothing_and_says_only_that_it_is_ready(house) -> None:
    said: list[str] = []
    make_ready(house.application, said.append)
    assert said == ["Ready: 1 verified statements."]


def test_deleting_the_starter_statements_lasts(empty_house) -> None:
    load_starter(empty_house.application, print)
    store = empty_house.application.statements
    for _ in range(6):
        for statement in store.select(limit=100).statements:
            store.delete(statement.id)
    said: list[str] = []
    load_starter(empty_house.application, said.append)
    assert said == []
    assert store.select().statements == ()


def test_an_index_that_cannot_be_written_is_said_and_nothing_is_lost(empty_house) -> None:
    empty_house.application.settings.index_dir.write_text("in the way")
    said: list[str] = []
    make_ready(empty_house.application, said.append)
    assert said[-1].startswith("The index is not ready: ")
    assert len(empty_house.application.statements.select(limit=5).statements) == 5
