"""What is said when, written down as one text."""

from __future__ import annotations

from service.pipeline.timed.formats import Spoken
from service.pipeline.timed.speech import MOST_WORDS, written_down


def test_a_sentence_over_several_cues_is_one_and_each_piece_knows_its_second() -> None:
    text, cues = written_down([Spoken(1.0, "Ulm zahlt jedem", 2.0), Spoken(2.0, "500 Euro.", 3.0)])
    assert text == "Ulm zahlt jedem 500 Euro."
    assert [(text[cue.start : cue.end], cue.seconds) for cue in cues] == [("Ulm zahlt jedem", 1.0), ("500 Euro.", 2.0)]


def test_a_pause_and_another_speaker_begin_a_paragraph() -> None:
    text, _ = written_down([Spoken(0, "Ja.", 1), Spoken(9, "Nein.", 10), Spoken(10, "Doch.", 11, turns=True)])
    assert text == "Ja.\n\nNein.\n\nDoch."


def test_speech_without_full_stops_is_divided_where_somebody_breathes_or_after_many_words() -> None:
    words = " ".join(["wort"] * 8)
    spoken = [Spoken(3 * n, words, 3 * n + 2.9) for n in range(6)]
    text, _ = written_down(spoken)
    assert all(len(part.split()) <= MOST_WORDS for part in text.split("\n\n"))
    assert len(text.split("\n\n")) == 3
    breathing = [Spoken(3 * n, words, 3 * n + 2.0) for n in range(6)]
    assert len(written_down(breathing)[0].split("\n\n")) == 6


def test_speech_with_full_stops_is_left_as_it_is_written() -> None:
    spoken = [Spoken(3 * n, " ".join(["wort"] * 7) + " ende.", 3 * n + 2.0) for n in range(6)]
    assert "\n\n" not in written_down(spoken)[0]


def test_nothing_said_is_no_text() -> None:
    assert written_down([]) == ("", ())
