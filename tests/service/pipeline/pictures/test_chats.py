"""What people wrote in a chat, without what the program puts around it: with lines that are given."""

from __future__ import annotations

import time

import pytest

from service.pipeline.pictures.chats import is_stamp, without_interface
from service.pipeline.pictures.order import in_paragraphs
from service.pipeline.pictures.recognising import Seen

HEIGHT = 20


def line(text: str, x: float, y: float, width: float = 300) -> Seen:
    return Seen(text, 0.9, ((x, y), (x + width, y), (x + width, y + HEIGHT), (x, y + HEIGHT)))


def read(*lines: Seen) -> list[str]:
    return [
        " ".join(each.text for row in rows for each in row) for rows in without_interface(in_paragraphs(list(lines)))
    ]


def test_times_and_interface_words_are_left_out_and_each_message_stands_by_itself() -> None:
    assert read(
        line("12:41", 20, 0, 60), line("5G 87%", 500, 0, 80),
        line("Käthe", 100, 60), line("online", 100, 85),
        line("Gestern", 280, 150, 80),
        line("Zitronen heilen Diabetes", 20, 220), line("in sieben Tagen.", 20, 245), line("12:30", 330, 247, 60),
        line("Wirklich? Das glaube ich nicht.", 240, 320), line("12:31 √√", 560, 322, 70),
        line("Nachricht", 60, 600),
    ) == ["Käthe", "Zitronen heilen Diabetes in sieben Tagen.", "Wirklich? Das glaube ich nicht."]  # fmt: skip


def test_who_says_it_stands_before_it() -> None:
    assert read(
        line("Jörg Müßig", 20, 100), line("Zitronen heilen Diabetes. 12:30", 20, 125),
        line("Änne", 20, 200), line("Das ist falsch. 12:31", 20, 225),
    ) == ["Jörg Müßig:", "Zitronen heilen Diabetes.", "Änne:", "Das ist falsch."]  # fmt: skip


def test_two_messages_that_touch_are_two() -> None:
    assert read(
        line("Ulm zahlt 500 Euro 12:30", 20, 100), line("Wer hat das gesagt 12:31", 20, 125)
    ) == ["Ulm zahlt 500 Euro", "Wer hat das gesagt"]  # fmt: skip


def test_a_picture_without_times_is_left_alone() -> None:
    lines = (line("Heute", 20, 0), line("Das Bad öffnet um 12:30", 20, 60), line("Teilen", 20, 120))
    assert read(*lines) == ["Heute", "Das Bad öffnet um 12:30", "Teilen"]


@pytest.mark.parametrize("text", ["12:31", "9.05", "12:31 ✓✓", "12:31 Uhr", "9:05 PM", "12:31 VV", "bearbeitet 12:31"])
def test_these_are_stamps(text: str) -> None:
    assert is_stamp(text)


@pytest.mark.parametrize("text", ["25:31", "12:61", "2:1", "um 12:31", "3.141", "", "12"])
def test_these_are_none(text: str) -> None:
    assert not is_stamp(text)


@pytest.mark.parametrize("sign", [" ", "✓", "1", "x", "12:30 ", "a "])
def test_long_lines_take_no_time(sign: str) -> None:
    started = time.process_time()
    read(line("12:30", 0, 0), line("12:31", 0, 50), line(sign * 20_000, 0, 100), line("1" + sign * 20_000 + "!", 0, 1))
    assert time.process_time() - started < 2
