"""The words of a page's video beside its article."""

from __future__ import annotations

from doubles import DictFetcher

from service.models import Article, Page
from service.pipeline.reader import DirectReader
from service.pipeline.timed.listening import with_speech_of
from service.pipeline.walls import ARTICLE_WORDS

URL, TRACK = "https://blatt.example/video", "https://blatt.example/de.vtt"
VTT = "WEBVTT\n\n01:23.000 --> 01:25.000\nUlm zahlt jedem 500 Euro.\n"
VIDEO = (
    '<html><body><video><track src="/de.vtt"></video>'
    '<script type="application/ld+json">{"transcript": "Ulm zahlt nichts."}</script></body></html>'
)
BODY = " ".join(["Wort"] * ARTICLE_WORDS) + "."


def heard(article: Article, fetched: bool = True, captions: str | None = VTT, source: str = VIDEO) -> Article:
    fetcher = DictFetcher(pages={TRACK: captions} if captions else {})
    return with_speech_of(Page(URL, URL, source, "text/html", fetched=fetched), article, fetcher, DirectReader())


def test_captions_stand_behind_the_text_and_know_when() -> None:
    found = heard(Article("Ein Video."))
    assert found.text == "Ein Video.\n\nUlm zahlt jedem 500 Euro."
    assert found.second_at(found.text.index("Ulm")) == 83.0
    assert found.quoted == ()


def test_a_page_with_a_text_of_its_own_quotes_its_video() -> None:
    found = heard(Article(BODY))
    assert [found.text[start:end] for start, end in found.quoted] == ["Ulm zahlt jedem 500 Euro."]


def test_without_captions_the_transcript_is_read() -> None:
    assert heard(Article("Ein Video."), captions=None).text.endswith("Ulm zahlt nichts.")
    assert heard(Article("Ein Video."), captions="<html>Nein").text.endswith("Ulm zahlt nichts.")


def test_nothing_is_fetched_for_html_that_somebody_supplied() -> None:
    assert heard(Article("Ein Video."), fetched=False).text.endswith("Ulm zahlt nichts.")


def test_what_the_page_says_already_is_not_said_twice() -> None:
    article = Article("Transkript: Ulm zahlt jedem 500 Euro.")
    assert heard(article) == article


def test_a_page_without_a_video_is_left_alone() -> None:
    article = Article("Ein Text.")
    assert heard(article, source="<html><p>Ein Text.</p></html>") is article
