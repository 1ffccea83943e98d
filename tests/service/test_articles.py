"""Where in which picture a sentence of an article stands."""

from __future__ import annotations

from service.articles import Article
from service.pictures import PagePicture, PictureLine, Recognition

BOX = ((0.0, 0.0), (100.0, 0.0), (100.0, 20.0), (0.0, 20.0))
SEEN = Recognition(100, 20, (PictureLine(10, 20, BOX),))


def test_a_sentence_stands_in_the_picture_whose_text_it_begins_in() -> None:
    article = Article("x" * 40, pictures=(PagePicture("https://a.example/1.png", 10, 20, SEEN),))
    assert [article.picture_at(place) for place in (9, 10, 19, 20)] == [None, 0, 0, None]
    assert article.boxes_of(10, 15) == (((0.0, 0.0), (50.0, 0.0), (50.0, 20.0), (0.0, 20.0)),)
    assert article.boxes_of(0, 9) is None


def test_a_picture_without_a_text_holds_no_sentence_and_an_alternative_text_has_no_box() -> None:
    nothing = PagePicture("https://a.example/1.png", 10, 10)
    described = PagePicture("https://a.example/2.png", 10, 20, alt="Ein Plakat")
    article = Article("x" * 40, pictures=(nothing, described))
    assert article.picture_at(10) == 1
    assert article.boxes_of(10, 15) is None


def test_a_picture_that_was_checked_itself_holds_all_of_its_text() -> None:
    article = Article("x" * 40, picture=SEEN)
    assert article.picture_at(10) is None
    assert article.boxes_of(10, 20) == (BOX,)
    assert article.boxes_of(30, 40) == ()
