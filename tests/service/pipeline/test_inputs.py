"""What becomes of a page whose text is in its pictures, and when pictures are fetched."""

from __future__ import annotations

import pytest
from doubles import DictFetcher, WordsInPictures, picture_saying

from service.errors import PageOnlyPictures
from service.models import CheckRequest, Page
from service.pipeline.inputs import article_of_input
from service.pipeline.pictures.gathering import PictureGatherer

URL, PICTURE_URL = "https://blatt.example/ulm", "https://blatt.example/a.png"
ONLY = "<html><head><title>Ulm</title></head><body><img src='/a.png' width=1080 height=1080></body></html>"
TEXT = (
    "<html><body><main><h1>Ulm</h1><p>Die Halle am Markt war am Samstag bis auf den letzten Platz besetzt, sagte die "
    "Stadt. Der Chor sang drei Stunden lang, und die Stände waren am Abend leer.</p><img src='/a.png'></main></body></html>"
)


def gatherer() -> PictureGatherer:
    reader = WordsInPictures()
    return PictureGatherer(
        DictFetcher(pictures={PICTURE_URL: picture_saying("Das Bad schließt.")}), reader, reader, int
    )


def read(source: str, *, fetched: bool = True, asked: bool = False, always: bool = False) -> str:
    page = Page(URL, URL, source, "text/html", fetched=fetched)
    return article_of_input(page, CheckRequest(url=URL, reads_pictures=asked), gatherer(), always=always).text


def test_a_page_that_is_a_picture_says_what_that_says() -> None:
    assert read(ONLY).endswith("Das Bad schließt.")


def test_pictures_beside_a_text_are_read_on_request_or_by_setting() -> None:
    assert "Bad" not in read(TEXT)
    assert "Bad" in read(TEXT, asked=True)
    assert "Bad" in read(TEXT, always=True)


def test_the_setting_is_for_pages_that_the_service_fetches() -> None:
    assert "Bad" not in read(TEXT, fetched=False, always=True)
    assert "Bad" in read(TEXT, fetched=False, asked=True)


def test_a_picture_in_which_nothing_is_read_leaves_the_page_unreadable() -> None:
    with pytest.raises(PageOnlyPictures):
        read(ONLY.replace("/a.png", "/b.png"))


def test_a_text_and_a_picture_are_taken_as_they_are() -> None:
    made = gatherer()
    assert article_of_input(None, CheckRequest(text="Ein Text."), made, always=True).text == "Ein Text."
    picture = CheckRequest(picture=picture_saying("Das Bad", "schließt."))
    assert article_of_input(None, picture, made, always=False).text == "Das Bad schließt."
