"""When what is said, and the link to that second."""

from __future__ import annotations

import pytest

from service.timed import Cue, clock_words, moment_link, second_at


def test_a_place_is_said_when_its_cue_begins() -> None:
    cues = (Cue(0, 10, 1.5), Cue(12, 20, 83.0))
    assert [second_at(cues, place) for place in (0, 9, 10, 12, 19, 20)] == [1.5, 1.5, None, 83.0, 83.0, None]
    assert second_at((), 0) is None


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0.0, "0:00"), (83.9, "1:23"), (3599.0, "59:59"), (3723.0, "1:02:03"), (36_000.0, "10:00:00")],
)
def test_times_are_shown_as_players_show_them(seconds: float, words: str) -> None:
    assert clock_words(seconds) == words


@pytest.mark.parametrize(
    ("url", "link"),
    [
        ("https://www.youtube.com/watch?v=abc&t=5", "https://www.youtube.com/watch?v=abc&t=83s"),
        ("https://youtu.be/abc", "https://youtu.be/abc?t=83s"),
        ("https://vimeo.com/123", "https://vimeo.com/123#t=83s"),
        ("https://www.dailymotion.com/video/x1", "https://www.dailymotion.com/video/x1?start=83"),
        ("https://blatt.example/video", None),
        ("https://youtube.com.evil.example/watch", None),
        ("javascript://youtube.com/%0aalert(1)", None),
        ("https://[::1", None),
        (None, None),
    ],
)
def test_only_players_that_take_a_second_get_a_link_with_one(url: str | None, link: str | None) -> None:
    assert moment_link(url, 83.4) == link
