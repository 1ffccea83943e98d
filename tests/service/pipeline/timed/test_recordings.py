"""Supplied texts that tell of a recording, as articles."""

from __future__ import annotations

import json
from datetime import date

from service.models import Page
from service.pipeline.timed.recordings import article_of_page, article_of_subtitles, article_of_text

VTT = "WEBVTT\n\n00:01.000 --> 00:03.000\nUlm zahlt jedem\n\n01:23.000 --> 01:25.000\n500 Euro.\n"
INFO = {
    "_type": "video", "title": "Zitronen heilen", "uploader": "Kanal", "upload_date": "20260131",
    "webpage_url": "https://www.youtube.com/watch?v=abc", "extractor_key": "Youtube", "language": "de",
    "description": "Ein Video über Zitronen.\nMehr unter https://a.example",
    "chapters": [{"start_time": 83.0, "end_time": 90.0, "title": "Zitronen heilen Diabetes"}],
    "subtitles": {"en": [{"ext": "vtt", "data": "WEBVTT\n\n00:01.000 --> 00:02.000\nHello.\n"}],
                  "de": [{"ext": "vtt", "url": "https://x.example"}, {"ext": "vtt", "data": VTT}]},
}  # fmt: skip


def test_a_subtitle_file_is_what_it_says() -> None:
    article = article_of_text(VTT, "de")
    assert article.text == "Ulm zahlt jedem\n\n500 Euro."
    assert [article.second_at(article.text.index(word)) for word in ("Ulm", "500")] == [1.0, 83.0]


def test_a_video_s_info_is_its_description_and_what_its_file_says() -> None:
    article = article_of_text(json.dumps(INFO))
    assert (article.title, article.author, article.site_name) == ("Zitronen heilen", "Kanal", "Youtube")
    assert article.date_published == date(2026, 1, 31)
    assert article.canonical_url == "https://www.youtube.com/watch?v=abc"
    assert article.text.startswith("Ein Video über Zitronen.")
    assert "Hello" not in article.text
    assert article.second_at(article.text.index("500 Euro")) == 83.0
    assert article.second_at(article.text.index("Zitronen heilen Diabetes")) == 83.0
    assert article.second_at(0) is None


def test_an_address_that_is_none_is_not_shown() -> None:
    assert article_of_text(json.dumps({**INFO, "webpage_url": "javascript:alert(1)"})).canonical_url is None


def test_broken_values_of_a_video_s_info_are_left_out() -> None:
    odd = {"webpage_url": 5, "chapters": [{"start_time": "x"}, 3], "subtitles": {"de": 7}, "upload_date": "gestern"}
    article = article_of_text(json.dumps(odd))
    assert (article.text, article.title, article.date_published, article.canonical_url) == ("", None, None, None)


def test_any_other_text_stays_as_it_is() -> None:
    for text in ("Ein Text.", '{"name": "Ulm"}', "{", "WEBVTT"):
        assert article_of_text(text).text == text
        assert article_of_text(text).cues == ()


def test_a_page_that_is_a_subtitle_file_is_read_as_one() -> None:
    page = Page("https://a.example/a.vtt", "https://a.example/a.vtt", VTT.encode(), "text/vtt", fetched=True)
    article = article_of_page(page)
    assert article.text == "Ulm zahlt jedem\n\n500 Euro."
    assert article.url == "https://a.example/a.vtt"
    captions = article_of_subtitles(page)
    assert captions is not None
    assert captions.text == article.text


def test_a_page_in_the_place_of_captions_is_none() -> None:
    page = Page("https://a.example/a.vtt", None, b"<html><p>Nein</p></html>", "text/html", fetched=True)
    assert article_of_subtitles(page) is None
