"""What a page gives of its video's words."""

from __future__ import annotations

import pytest

from service.models import Page
from service.pipeline.timed.on_pages import Speech, find_speech, may_speak

URL = "https://blatt.example/video/1"


def page(body: str, lang: str = "de") -> Page:
    return Page(URL, URL, f"<html lang={lang}><body>{body}</body></html>".encode(), "text/html", fetched=True)


TRACKS = (
    "<video><track kind=captions src=en.vtt srclang=en default><track kind=subtitles src=/de.vtt srclang=de>"
    "<track kind=chapters src=c.vtt srclang=de><track kind=descriptions src=d.vtt srclang=de></video>"
)


def test_captions_in_the_page_s_language_come_first_then_the_default() -> None:
    assert find_speech(page(TRACKS)).captions == "https://blatt.example/de.vtt"
    assert find_speech(page(TRACKS, "fr")).captions == "https://blatt.example/video/en.vtt"


@pytest.mark.parametrize("src", ["", "data:text/vtt,WEBVTT", "blob:https://x", "javascript:1"])
def test_a_track_that_cannot_be_fetched_is_none(src: str) -> None:
    assert find_speech(page(f"<video><track src='{src}'></video>")).captions is None


def test_a_transcript_is_found_wherever_it_stands() -> None:
    script = '<script type="application/ld+json">{"@graph": [{"video": {"@type": "VideoObject", "transcript": "Ja."}}]}</script>'
    assert find_speech(page(script)) == Speech(None, "Ja.")


@pytest.mark.parametrize("data", ["{", "[" * 100_000, '{"transcript": 5}', '{"transcript": " "}', ""])
def test_broken_data_are_none(data: str) -> None:
    assert find_speech(page(f'<script type="application/ld+json">{data}</script>')) == Speech()


def test_what_is_no_page_gives_nothing() -> None:
    assert find_speech(Page(URL, URL, "transcript", "text/plain", fetched=True)) == Speech()


def test_it_is_seen_from_outside_whether_a_page_may_speak() -> None:
    assert may_speak(page(TRACKS))
    assert not may_speak(page("<p>Ein Text."))
    assert may_speak(Page(None, None, "<TRACK>", "text/html", fetched=False))
