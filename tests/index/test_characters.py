"""What nobody sees: dropped, and offsets on either side still mean the same character."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.characters import places_in_visible, places_of_visible, visible_text


@pytest.mark.parametrize(
    ("text", "seen"),
    [
        ("\ufeffHallo", "Hallo"), ("Ma\u00adsern", "Masern"), ("a\u200bb\u2060c", "abc"), ("\u202eabc\u202c", "abc"),
        ("Impf\u200dung", "Impfung"), ("\u0645\u06cc\u200c\u062e\u0648", "\u0645\u06cc\u200c\u062e\u0648"),
        ("👩\u200d🔬", "👩\u200d🔬"), ("x\U000e0041y", "xy"), ("a b\nc", "a b\nc"), ("", ""),
    ],
)  # fmt: skip
def test_what_is_seen(text: str, seen: str) -> None:
    assert visible_text(text) == seen


@given(st.text(st.sampled_from("ab \n\u00ad\u200b\ufeff"), max_size=30))
def test_each_visible_character_is_found_on_both_sides(text: str) -> None:
    seen, place_of, place_in = visible_text(text), places_of_visible(text), places_in_visible(text)
    for place, character in enumerate(seen):
        assert text[place_of(place)] == character
        assert place_in(place_of(place)) == place
    assert place_in(len(text)) == len(seen)
