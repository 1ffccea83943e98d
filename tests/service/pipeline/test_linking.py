"""Evidence of one cluster is linked by its first, whatever the ratings."""

from __future__ import annotations

from typing import Any

import pytest

from index.models import NormalizedRating, Publisher, Rating

RATINGS = {
    "False": Rating("False", normalized=NormalizedRating.FALSE),
    "Mostly false": Rating("Mostly false", normalized=NormalizedRating.MOSTLY_FALSE),
}
WORDS = "Der Bürgermeister von Ulm hat die alte Stadtbrücke heimlich an einen Wanderzirkus verkauft"


@pytest.fixture
def checked(house: Any) -> Any:
    for name, rating, words in (
        ("one", "False", WORDS), ("two", "Mostly false", f"{WORDS}!"), ("three", "False", "Enten fliegen im Mai nach Ulm"),
    ):  # fmt: skip
        house.add_statement(
            claim_reviewed=words, url=f"https://{name}.example/1", language="de",
            rating=RATINGS[rating], publisher=Publisher(name.title(), f"{name}.example"), date_published=None,
        )  # fmt: skip
    return house.check(text=f"{WORDS}.")


def test_two_that_say_the_same_bear_the_id_of_the_first(checked: Any) -> None:
    (claim,) = [claim for claim in checked["claims"] if claim["evidence"]]
    first = claim["evidence"][0]["statement"]["id"]
    assert [(each["statement"]["url"], each["cluster"]) for each in claim["evidence"]] == [
        ("https://one.example/1", first), ("https://two.example/1", first),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("language", "also", "otherwise"),
    [
        ("de", "Auch geprüft von Two: «Mostly false»", "Die Faktenchecks bewerten diese Aussage unterschiedlich."),
        ("en", "Also checked by Two: “Mostly false” (in German)", "The fact-checks rate this statement differently."),
    ],
)
def test_the_page_shows_them_together_and_says_that_they_differ(
    house: Any, checked: Any, language: str, also: str, otherwise: str
) -> None:
    shown = house.client.get(f"/checks/{checked['id']}?lang={language}").text
    assert also in shown
    assert otherwise in shown
    assert shown.count('class="further"') == 0


def test_a_statement_lists_who_else_checked_the_same(house: Any, checked: Any) -> None:
    (claim,) = [claim for claim in checked["claims"] if claim["evidence"]]
    first, second = (each["statement"] for each in claim["evidence"])
    listed = house.client.get(f"/v1/statements/{first['id']}/cluster")
    assert (listed.status_code, listed.json) == (200, {"statements": [second], "rated_alike": False})
    (ducks,) = house.client.get("/v1/statements?query=Enten").json["statements"]
    alone = house.client.get(f"/v1/statements/{ducks['id']}/cluster").json
    assert alone == {"statements": [], "rated_alike": True}
