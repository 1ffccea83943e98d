"""The pictures of a page, read, and where their texts stand in the article."""

from __future__ import annotations

import pytest
from doubles import DictFetcher, WordsInPictures, picture_saying

from service.models import Article, Page
from service.pictures import Recognition
from service.pipeline.pictures.gathering import PictureGatherer
from service.pipeline.walls import ARTICLE_WORDS

URL = "https://blatt.example/ulm"
A, B = "https://blatt.example/a.png", "https://blatt.example/b.png"
BODY = " ".join(["Wort"] * ARTICLE_WORDS) + "."


def page(*bodies: str) -> Page:
    source = f"<html><body><main><h1>Ulm</h1><p>Ein Absatz.</p>{''.join(bodies)}</main></body></html>"
    return Page(URL, URL, source, "text/html", fetched=True)


def gathered(article: Article, pictures: dict[str, bytes], *bodies: str) -> Article:
    fetcher, reader = DictFetcher(pictures=pictures), WordsInPictures()
    return PictureGatherer(fetcher, reader, reader, lambda: None).with_pictures(article, page(*bodies))


def test_the_text_of_each_picture_stands_behind_the_article_s_and_its_lines_know_where() -> None:
    pictures = {A: picture_saying("Ulm zahlt", "jedem 500 Euro."), B: picture_saying("Das Bad schließt.")}
    found = gathered(Article("Ein Text."), pictures, '<img src="/a.png">', '<img src="/b.png">')
    assert found.text == "Ein Text.\n\nUlm zahlt jedem 500 Euro.\n\nDas Bad schließt."
    first, second = found.pictures
    assert found.text[first.start : first.end] == "Ulm zahlt jedem 500 Euro."
    assert [found.text[line.start : line.end] for line in (first.recognition or Recognition(0, 0)).lines] == [
        "Ulm zahlt",
        "jedem 500 Euro.",
    ]
    assert found.picture_at(second.start) == 1
    assert found.picture_at(0) is None
    assert found.boxes_of(second.start, second.end) == (((0, 0), (300, 0), (300, 20), (0, 20)),)
    assert found.boxes_of(0, 5) is None


def test_a_page_with_a_text_of_its_own_quotes_what_its_pictures_say() -> None:
    found = gathered(Article(BODY), {A: picture_saying("Ulm zahlt jedem 500 Euro.")}, '<img src="/a.png">')
    assert [found.text[start:end] for start, end in found.quoted] == ["Ulm zahlt jedem 500 Euro."]


def test_a_page_that_says_little_beside_its_picture_says_what_that_says() -> None:
    found = gathered(Article("Unbedingt teilen!"), {A: picture_saying("Ulm zahlt 500 Euro.")}, '<img src="/a.png">')
    assert found.quoted == ()


def test_captions_are_the_page_s_own_words_and_names_of_photographers_are_none() -> None:
    figure = "<figure><img src='/a.png'><figcaption>{}</figcaption></figure>"
    picture = {A: picture_saying("Ulm zahlt jedem 500 Euro.")}
    found = gathered(Article(BODY), picture, figure.format("Dieses Plakat hing im Rathaus."))
    assert found.text.endswith("Euro.\n\nDieses Plakat hing im Rathaus.")
    assert len(found.quoted) == 1
    assert found.picture_at(found.text.index("Dieses")) is None
    assert gathered(Article(BODY), picture, figure.format("Foto: dpa")).text.endswith("Euro.")


def test_an_alternative_text_stands_for_a_picture_without_any() -> None:
    found = gathered(Article(BODY), {A: picture_saying()}, '<img src="/a.png" alt="Ein Plakat: Ulm zahlt 500 Euro.">')
    assert found.text.endswith("\n\nEin Plakat: Ulm zahlt 500 Euro.")
    assert found.pictures[0].recognition is None
    assert found.pictures[0].end - found.pictures[0].start == len("Ein Plakat: Ulm zahlt 500 Euro.")


def test_what_the_page_says_already_is_not_said_twice() -> None:
    article = Article(f"{BODY} Ulm zahlt jedem 500 Euro.")
    found = gathered(article, {A: picture_saying("ULM ZAHLT", "JEDEM 500 EURO")}, '<img src="/a.png">')
    assert found.text == article.text
    assert found.pictures[0].start == found.pictures[0].end


def test_a_picture_that_cannot_be_had_is_named_with_the_reason_and_the_others_are_read() -> None:
    pictures = {B: picture_saying("Das Bad schließt.")}
    found = gathered(Article("Ein Text."), pictures, '<img src="/a.png">', '<img src="/b.png">')
    assert [one.problem for one in found.pictures] == ["page-unavailable", None]
    assert found.text.endswith("Das Bad schließt.")


def test_a_page_at_the_address_of_a_picture_is_no_picture() -> None:
    fetcher, reader = DictFetcher(pages={A: "<p>Nein"}), WordsInPictures()
    gatherer = PictureGatherer(fetcher, reader, reader, lambda: None)
    assert gatherer.with_pictures(Article("x"), page('<img src="/a.png">')).pictures[0].problem == "picture-unsupported"


def test_whoever_no_longer_waits_ends_it() -> None:
    def cancelled() -> None:
        raise InterruptedError

    reader = WordsInPictures()
    with pytest.raises(InterruptedError):
        PictureGatherer(DictFetcher(), reader, reader, cancelled).with_pictures(
            Article("x"), page('<img src="/a.png">')
        )
