"""Subtitles and transcripts through every door: the finding names the second, and links to it where that is possible."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from service.pipeline.reader import DirectReader
from service.terminal import read_request
from service.web.forms import text_of_upload

if TYPE_CHECKING:
    from tests.service.conftest import House

FALSE = "Hot lemon water cures diabetes within seven days."
VTT = f"WEBVTT\n\n00:01.000 --> 00:03.000\nGood evening.\n\n01:23.400 --> 01:27.000\n{FALSE}\n"
INFO = json.dumps(
    {
        "title": "Lemons", "webpage_url": "https://www.youtube.com/watch?v=abc", "description": "A video.",
        "subtitles": {"en": [{"ext": "vtt", "data": VTT}]},
    }
)  # fmt: skip
URL = "https://blatt.example/video"
OURS = {"X-Requested-With": "test", "Origin": "http://localhost"}


def found(check: Any) -> Any:
    (claim,) = [each for each in check["claims"] if each["evidence"]]
    return claim


def test_a_subtitle_file_as_text_says_when_it_is_said(house: House) -> None:
    check = house.check(text=VTT)
    assert check["verdict"]["code"] == "refuted"
    assert found(check)["text"] == FALSE
    assert found(check)["moment"] == {"seconds": 83.4, "clock": "1:23", "url": None}


def test_what_is_written_has_no_moment(house: House) -> None:
    assert found(house.check(text=FALSE))["moment"] is None


def test_the_info_of_a_video_links_to_the_second(house: House) -> None:
    check = house.check(text=INFO)
    assert found(check)["moment"]["url"] == "https://www.youtube.com/watch?v=abc&t=83s"
    assert check["article"]["title"] == "Lemons"


def test_a_subtitle_file_is_sent_as_a_form_like_a_picture(house: House) -> None:
    data = {"file": (io.BytesIO(VTT.encode()), "a.vtt"), "wait": "0"}
    made = house.client.post("/v1/checks", data=data, headers=OURS)
    house.work()
    check = house.client.get(f"/v1/checks/{made.json['id']}").json
    assert (found(check)["moment"]["clock"], check["article"]["kind"]) == ("1:23", "text")


def test_captions_of_a_page_s_video_are_read_and_linked(house: House) -> None:
    house.fetcher.pages[URL] = (
        "<html lang=en><head><title>Lemons</title></head><body><main><h1>Lemons</h1><p>A video about lemons and what "
        "they are good for, from our kitchen.</p><video><track src='/en.vtt' srclang=en></video></main></body></html>"
    )
    house.fetcher.pages["https://blatt.example/en.vtt"] = VTT
    check = house.check(url=URL)
    assert check["verdict"]["code"] == "refuted"
    assert found(check)["moment"] == {"seconds": 83.4, "clock": "1:23", "url": None}


def test_the_page_takes_a_subtitle_file_and_shows_the_second(house: House) -> None:
    upload = (io.BytesIO(INFO.encode()), "Zitronen.info.json")
    told = house.client.post("/check", data={"input": "", "picture": upload}, headers=OURS)
    house.work()
    shown = house.client.get(told.json["page"] + "?lang=de").text
    assert 'href="https://www.youtube.com/watch?v=abc&amp;t=83s"' in shown
    assert ">bei 1:23</a>" in shown


def test_the_command_line_takes_a_subtitle_file(tmp_path: Path) -> None:
    path = tmp_path / "a.srt"
    path.write_bytes(VTT.encode())
    assert read_request(DirectReader(), str(path)).text == VTT


@pytest.mark.parametrize(
    ("content", "text"),
    [
        (b"\xef\xbb\xbfWEBVTT\n", "WEBVTT\n"),
        ("WEBVTT\n".encode("utf-16"), "WEBVTT\n"),
        ("1\n00:00:01,000 --> 00:00:02,000\nÄpfel".encode("cp1252"), "1\n00:00:01,000 --> 00:00:02,000\nÄpfel"),
        ("Äpfel".encode("cp1252"), None),
        (b"\x89PNG\r\n\x1a\nText", None),
        (b"\0\1\2\3\4\5\6", None),
    ],
)
def test_what_is_no_text_is_left_to_whoever_reads_pictures(content: bytes, text: str | None) -> None:
    assert text_of_upload(content) == text
