"""Pages whose pictures are read: on request, by setting, or because the page says nothing else."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING, Any

import pytest
from doubles import PICTURE, picture_saying

if TYPE_CHECKING:
    from tests.service.conftest import House

FALSE = ("Hot lemon water cures", "diabetes within seven days.")
URL = "https://blatt.example/zitronen"
PICTURE_URL = "https://blatt.example/zitronen.png"
REPORT = (
    "The market hall in Ulm was crowded on Saturday, when the winter fair opened with forty stalls and a choir. "
    "Visitors came from the whole region, and the town hall counted more than in the year before. The mayor said that "
    "the hall would be renovated in spring, and that the stalls would move to the square until the work is done."
)


def with_picture(house: House, text: str = REPORT, picture: bytes | None = None) -> None:
    figure = '<figure><img src="/zitronen.png" alt="A poster"><figcaption>Seen at the hall</figcaption></figure>'
    house.fetcher.pages[URL] = (
        f'<html lang="en"><head><title>Fair</title></head><body><main><article><h1>Winter fair</h1>'
        f"<p>{text}</p>{figure}</article></main></body></html>"
    )
    house.fetcher.pictures[PICTURE_URL] = picture or picture_saying(*FALSE)


def only_a_picture(house: House, picture: bytes | None = None) -> None:
    house.fetcher.pages[URL] = (
        "<html><head><title>Sharepic</title></head><body><main><h1>Sharepic</h1>"
        "<img src='/zitronen.png' width=1080 height=1080></main></body></html>"
    )
    house.fetcher.pictures[PICTURE_URL] = picture or picture_saying(*FALSE)


def test_the_pictures_of_a_page_are_read_where_somebody_asks_and_count_as_shown_not_said(house: House) -> None:
    with_picture(house)
    check = house.check(url=URL, pictures=True)
    assert check["verdict"]["code"] == "mentions_refuted"
    (picture,) = check["article"]["pictures"]
    assert (picture["url"], picture["alt"], picture["problem"]) == (PICTURE_URL, "A poster", None)
    assert picture["picture"] == {"width": 300, "height": 40, "moves": False}
    (claim,) = [each for each in check["claims"] if each["evidence"]]
    assert (claim["text"], claim["mode"], claim["picture"]) == (" ".join(FALSE), "quoted", 0)
    assert claim["boxes"][0] == [[0, 0], [300, 0], [300, 20], [0, 20]]
    assert check["article"]["kind"] == "page"


def test_nobody_s_pictures_are_fetched_unasked(house: House) -> None:
    with_picture(house)
    check = house.check(url=URL)
    assert check["article"]["pictures"] == []
    assert house.fetcher.fetched == [URL]
    assert not [each for each in check["claims"] if each["evidence"]]


def test_with_and_without_pictures_are_two_questions_and_each_is_answered_from_the_store(house: House) -> None:
    with_picture(house)
    without, asked = house.check(url=URL), house.check(url=URL, pictures=True)
    assert without["id"] != asked["id"]
    assert house.check(url=URL)["id"] == without["id"]
    assert house.check(url=URL, pictures=True)["id"] == asked["id"]
    assert house.client.get("/v1/checks", query_string={"url": URL}).json["id"] == asked["id"]


def test_a_page_that_is_only_a_picture_is_read_by_default_and_says_what_it_says(house: House) -> None:
    only_a_picture(house)
    check = house.check(url=URL)
    assert check["verdict"]["code"] == "refuted"
    assert [each["mode"] for each in check["claims"] if each["evidence"]] == ["asserted"]
    assert [each["url"] for each in check["article"]["pictures"]] == [PICTURE_URL]


def test_where_nothing_is_read_in_it_either_the_page_is_reported_as_a_picture(house: House) -> None:
    only_a_picture(house, PICTURE)
    check = house.check(url=URL)
    assert check["problem"]["code"] == "page-only-pictures"
    del house.fetcher.pictures[PICTURE_URL]
    assert house.check(url=URL, fresh=True)["problem"]["code"] == "page-only-pictures"


def test_of_supplied_html_nothing_is_fetched_unless_somebody_asks(house: House) -> None:
    only_a_picture(house)
    source = house.fetcher.pages[URL]
    assert house.check(html=source, url=URL)["article"]["pictures"] == []
    assert house.fetcher.fetched == []
    assert house.check(html=source, url=URL, pictures=True)["verdict"]["code"] == "refuted"
    assert house.fetcher.fetched == [PICTURE_URL]


def test_a_setting_reads_the_pictures_of_each_page_that_is_fetched(house: House) -> None:
    with_picture(house)
    house.application.checker._reads_pictures = True
    assert house.check(url=URL)["verdict"]["code"] == "mentions_refuted"
    assert house.check(html=house.fetcher.pages[URL], url=URL)["article"]["pictures"] == []


@pytest.mark.parametrize("beside", [{"text": "Ein Text."}, {"image": {"url": PICTURE_URL}}])
def test_to_ask_for_pictures_where_there_is_no_page_changes_nothing(house: House, beside: dict[str, Any]) -> None:
    assert house.client.post("/v1/checks", json={**beside, "pictures": True, "wait": 0}).status_code == 202


def test_the_page_has_a_box_to_tick_and_says_which_pictures_were_read(house: House) -> None:
    with_picture(house)
    start = house.client.get("/?lang=de").text
    assert "Auch die Bilder der Seite lesen" in start
    ours = {"X-Requested-With": "test", "Origin": "http://localhost"}
    told = house.client.post("/check", json={"input": URL, "pictures": "yes"}, headers=ours)
    house.work()
    shown = house.client.get(told.json["page"] + "?lang=de").text
    assert "In einem Bild der Seite" in shown
    assert "Bilder der Seite (1)" in shown
    assert f'<a href="{PICTURE_URL}"' in shown
    assert "Text darin gelesen." in shown


def test_a_form_without_a_script_keeps_the_tick_where_the_link_was_refused(house: House) -> None:
    data = {"input": "http://10.0.0.1/", "pictures": "yes", "picture": (io.BytesIO(b""), "")}
    refused = house.client.post("/check", data=data, headers={"Origin": "http://localhost"})
    assert refused.status_code == 400
    assert 'name="pictures" value="yes" aria-describedby="pictures-hint" checked' in refused.text
