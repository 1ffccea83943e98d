"""The words that are compared: stems of content words, in German and English."""

from __future__ import annotations

import pytest

from index.pairs.words import MAX_READ, UNKNOWN, content_words, main_language, shared_words


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Die Impfungen wirken!", {"impfun", "wirken"}),
        ("The vaccines are working.", {"vaccin", "workin"}),
        ("A B-52 flew 3,000 miles", {"52", "flew", "3,000", "miles"}),
        ("O’Neill’s", {"o’neil"}),
        ("ﬁnance ＮＡＴＯ", {"financ", "nato"}),
        ("vac\u00adcine va\u200bccine", {"vaccin"}),
        ("der die das und of the", set()),
        ("", set()),
    ],
)
def test_content_words_are_lower_case_stems_without_function_words(text: str, words: set[str]) -> None:
    assert content_words(text) == words


def test_of_a_long_text_only_the_beginning_counts() -> None:
    assert content_words("word " * (MAX_READ // 5) + "hidden") == {"word"}


@pytest.mark.parametrize(
    ("text", "other", "share"),
    [
        ("Lemons cure diabetes.", "Lemons cure diabetes.", 1.0),
        ("Lemons cure diabetes.", "Lemons cause cancer.", 1 / 3),
        ("Lemons cure diabetes.", "Lemons cure diabetes in seven days, says a doctor.", 1.0),
        ("Lemons cure diabetes.", "Windows were broken.", 0.0),
        ("Lemons cure diabetes.", "of the", UNKNOWN),
        ("The lemons are from the garden.", "Die Zitronen sind aus dem Garten.", UNKNOWN),
    ],
)
def test_the_share_is_of_the_shorter_side(text: str, other: str, share: float) -> None:
    assert shared_words(text, other) == shared_words(other, text) == pytest.approx(share)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Die Erde ist nicht flach und das weiß jeder.", "de"),
        ("The earth is not flat and everybody knows that.", "en"),
        ("Lemons", None),
        ("", None),
    ],
)
def test_function_words_tell_the_language(text: str, language: str | None) -> None:
    assert main_language(text) == language
