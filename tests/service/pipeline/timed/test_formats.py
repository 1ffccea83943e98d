"""Subtitles and transcripts, whole and broken, as what is said when."""

from __future__ import annotations

import time

import pytest

from service.pipeline.timed.formats import (
    Spoken,
    is_subtitles,
    parse_json,
    read_json3,
    read_subtitles,
    read_transcript,
)

VTT = """WEBVTT - Abendsendung
Kind: captions

NOTE eine Bemerkung
über zwei Zeilen

STYLE
::cue { color: red }

erste
00:00:01.000 --> 00:00:04.000 align:start position:0%
<v Anna>Guten <i>Abend</i> &amp; willkommen.</v>

00:05.000 --> 00:07.500
<v Ben>Danke<00:00:05.500><c> schön</c>.</v>

01:02:03.000 --> 01:02:04.000
[Musik]
"""
SRT = "1\r\n00:00:01,000 --> 00:00:02,000\r\n<b>Hallo</b> {\\an8}Welt\r\n\r\n2\r\n00:01:23,500 --> 00:01:25,000\r\nNeu\r\n"


def times(found: list[Spoken]) -> list[tuple[float, str]]:
    return [(one.seconds, one.text) for one in found]


def test_webvtt_is_read_without_notes_styles_and_marks() -> None:
    found = read_subtitles(VTT)
    assert times(found) == [(1.0, "Guten Abend & willkommen."), (5.0, "Danke schön.")]
    assert [one.turns for one in found] == [True, True]
    assert found[0].end == 4.0


@pytest.mark.parametrize("text", [SRT, "\ufeff" + SRT, SRT.replace("\r\n", "\n"), SRT.replace(",", ".")])
def test_srt_is_read_whatever_its_line_ends_and_points(text: str) -> None:
    assert times(read_subtitles(text)) == [(1.0, "Hallo Welt"), (83.5, "Neu")]


def test_captions_that_roll_up_say_each_line_once() -> None:
    rolling = (
        "WEBVTT\n\n00:00.000 --> 00:02.000\nich sage das\n\n00:02.000 --> 00:04.000\nich sage das\nund noch das\n\n"
        "00:04.000 --> 00:06.000\nund noch das\nund Schluss\n"
    )
    assert times(read_subtitles(rolling)) == [(0, "ich sage das"), (2, "und noch das"), (4, "und Schluss")]


def test_what_is_heard_and_not_said_is_left_out() -> None:
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\n♪ la la ♪\n\n00:03.000 --> 00:04.000\n(Applaus)\n- [lacht] Ja.\n"
    (one,) = read_subtitles(text)
    assert (one.text, one.seconds, one.turns) == ("Ja.", 3.0, True)


@pytest.mark.parametrize(
    "text", ["WEBVTT", "WEBVTT\n", "WEBVTT\n\n00:01.000 -->\nx", "1\n00:00:01,000 --> 00:00:02,000"]
)
def test_a_file_that_is_cut_off_says_nothing(text: str) -> None:
    assert read_subtitles(text) == [] if is_subtitles(text) else True


@pytest.mark.parametrize("text", ["Ein Text.", "WEBVTTX\n", "12:30 Mittag", "1\n2\n3\n", ""])
def test_other_texts_are_no_subtitles(text: str) -> None:
    assert not is_subtitles(text)


def test_a_transcript_has_its_times_before_or_above_the_words() -> None:
    assert times(read_transcript("0:00 Guten Abend.\n(0:07) Ulm zahlt.\n1:02:03 - Schluss.")) == [
        (0, "Guten Abend."), (7, "Ulm zahlt."), (3723, "Schluss."),
    ]  # fmt: skip
    assert times(read_transcript("0:00\nGuten Abend.\n0:07\nUlm zahlt.\n0:20\nSchluss.")) == [
        (0, "Guten Abend."), (7, "Ulm zahlt."), (20, "Schluss."),
    ]  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "12:30 Anna: Hallo\n12:31 Ben: Hallo\n12:32 Anna: Na?",  # a chat: times of the day
        "0:00 Eins\n0:10 Zwei",
        "0:30 Eins\n0:10 Zwei\n0:20 Drei",
        "Das Spiel endete 2:1.\nDanach 0:3.\nUnd 1:45 Stunden später war Schluss.",
        "Ein Text.\nNoch einer.\nUnd noch.\nMehr.\n0:01 Eins\n0:02 Zwei\n0:03 Drei",
    ],
)
def test_times_of_the_day_and_results_make_no_transcript(text: str) -> None:
    assert read_transcript(text) == []


def test_youtube_s_own_captions_are_read() -> None:
    data = {"events": [{"tStartMs": 1000, "segs": [{"utf8": "Guten "}, {"utf8": "Abend."}]}, {"tStartMs": 5}, 7, None]}
    assert times(read_json3(data)) == [(1.0, "Guten Abend.")]
    assert read_json3({"events": 5}) == read_json3([]) == read_json3(None) == []


@pytest.mark.parametrize("time", ["NaN", "Infinity", "1e400", "-1", "1" + "0" * 400, '"1"'])
def test_what_is_said_at_no_time_is_left_out(time: str) -> None:
    data = parse_json('{"events": [{"tStartMs": ' + time + ', "segs": [{"utf8": "Guten Abend."}]}]}')
    assert isinstance(data, dict)
    assert read_json3(data) == []


def test_only_a_json_object_is_one() -> None:
    assert parse_json('\ufeff{"a": 1}') == {"a": 1}
    assert parse_json('{"a": ') is parse_json("[1]") is parse_json("Text") is parse_json('{"a":' * 100_000) is None


@pytest.mark.parametrize(
    "text",
    [
        "1\n00:00:01,000 --> 00:00:02,000\n" + "<" * 300_000,
        "1\n00:00:01,000 --> 00:00:02,000\n" + "[" * 300_000,
        "WEBVTT\n\n00:00.000 --> 00:01.000\n" + "♪" * 300_000,
        "WEBVTT\n\n" + "00:00:01.000 --> " * 50_000,
        "0:00 " + " " * 300_000 + "\n0:01 x\n0:02 y",
    ],
)
def test_hostile_files_take_no_time(text: str) -> None:
    started = time.process_time()
    (read_subtitles if is_subtitles(text) else read_transcript)(text)
    assert time.process_time() - started < 3
