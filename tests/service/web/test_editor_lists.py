"""The editor's list: what is searched, and one kind of statements at a time."""

from __future__ import annotations

from typing import Any

import pytest

from service.web.editor_lists import PAGE_SIZE


@pytest.fixture
def several(house: Any) -> Any:
    for name, more in (("own", {"owner": "Risk desk"}), ("expired", {"valid_until": "2020-12-31"}),
                       ("future", {"valid_from": "2099-01-01"}), ("gone", {}), ("odd", {"rating": {"alternate_name": "Drei"}})):  # fmt: skip
        body = {
            "claim_reviewed": f"Number {name}.",
            "url": f"https://x.example/{name}",
            "rating": {"alternate_name": "False"},
        }
        made = house.writer.post("/v1/statements", json={**body, **more})
        if name == "gone":
            house.writer.delete(made.headers["Location"])
    return house


def shown(house: Any, query: str = "", language: str = "en") -> str:
    text: str = house.writer.get(f"/editor?lang={language}{query}").text
    return text


@pytest.mark.parametrize(
    ("query", "there", "absent"),
    [
        ("", ["Number own.", "Number expired.", "Number odd."], ["Number gone."]),
        ("&show=own", ["Number own."], ["Number expired.", "Number gone."]),
        ("&show=retired", ["Number gone."], ["Number own."]),
        ("&query=expired", ["Number expired."], ["Number own."]),
        ("&show=own&query=expired", ["No statement has all these words."], ["Number own."]),
    ],
)
def test_kinds_and_words_are_filtered_together(several: Any, query: str, there: list[str], absent: list[str]) -> None:
    text = shown(several, query)
    assert all(each in text for each in there)
    assert not any(f">{each}</bdi>" in text for each in absent)


def test_it_is_said_who_keeps_a_statement_and_whether_it_holds(several: Any) -> None:
    english, german = shown(several), shown(several, language="de")
    for said in (
        "kept by Risk desk",
        "was valid until 31 December 2020",
        "valid from 1 January 2099",
        "rating not mapped",
    ):
        assert said in english
    for said in (
        "gepflegt von Risk desk",
        "galt bis 31. Dezember 2020",
        "gilt ab 1. Januar 2099",
        "Bewertung nicht zugeordnet",
    ):
        assert said in german


def test_long_lists_are_turned_over(house: Any) -> None:
    for number in range(PAGE_SIZE + 1):
        body = {
            "claim_reviewed": f"Number {number}.",
            "url": f"https://x.example/{number}",
            "rating": {"alternate_name": "False"},
        }
        house.writer.post("/v1/statements", json={**body, "owner": "Desk"})
    first = shown(house, "&show=own")
    assert first.count("<article") == PAGE_SIZE
    assert "More statements" in first
    cursor = first.split("cursor=")[1].split('"')[0].split("&")[0]
    assert shown(house, f"&show=own&cursor={cursor}").count("<article") == 1


def test_what_is_asked_wrongly_is_refused(house: Any) -> None:
    assert house.writer.get("/editor?show=all").status_code == 400
