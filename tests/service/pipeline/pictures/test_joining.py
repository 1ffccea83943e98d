"""Rows to a text whose places are known; what the recogniser cannot write is put back."""

from __future__ import annotations

import pytest

from service.pipeline.pictures.joining import joined
from service.pipeline.pictures.recognising import Seen


def row(*texts: str) -> list[Seen]:
    return [Seen(text, 0.9, ((0, n), (10, n), (10, n + 1), (0, n + 1))) for n, text in enumerate(texts)]


def text_of(*paragraphs: list[list[Seen]]) -> str:
    """The text, its places tried."""
    text, lines = joined(paragraphs)
    places = [(line.start, line.end) for line in lines]
    assert places == sorted(places)
    assert all(0 <= start < end <= len(text) for start, end in places)
    return text


def test_rows_of_a_paragraph_are_one_line_and_paragraphs_stand_apart() -> None:
    assert text_of([row("Ulm zahlt"), row("jedem 500 Euro.")], [row("Quelle: Netz")]) == (
        "Ulm zahlt jedem 500 Euro.\n\nQuelle: Netz"
    )


def test_each_line_is_found_where_it_stands_in_the_text() -> None:
    text, lines = joined([[row("Ulm zahlt", "allen"), row("500 Euro.")], [row("Ende")]])
    assert [text[line.start : line.end] for line in lines] == ["Ulm zahlt", "allen", "500 Euro.", "Ende"]


def test_a_divided_word_is_made_whole_and_a_compound_keeps_its_hyphen() -> None:
    assert text_of([row("Die Bundes-"), row("regierung und die Corona-"), row("Impfung")]) == (
        "Die Bundesregierung und die Corona-Impfung"
    )


def test_a_divided_word_is_found_in_both_lines() -> None:
    text, lines = joined([[row("Bundes-"), row("regierung")]])
    assert [text[line.start : line.end] for line in lines] == ["Bundes", "regierung"]


def test_items_of_a_list_keep_their_lines() -> None:
    assert text_of([row("• Fenster zu"), row("• Licht aus")]) == "• Fenster zu\n• Licht aus"


@pytest.mark.parametrize(
    ("seen", "text"),
    [
        ("Das ist falsch“, sagt er.", "„Das ist falsch“, sagt er."),
        ("Müller: Das ist falsch“", "Müller: „Das ist falsch“"),
        ("Er lachte. Das ist falsch.“", "Er lachte. „Das ist falsch.“"),
        (",,Das ist falsch“", "„Das ist falsch“"),
        ("Er sagt ,Das ist falsch“", "Er sagt „Das ist falsch“"),
        ("das ,einfache‘ Wort", "das ‚einfache‘ Wort"),
        ("“That is wrong”, he said", "“That is wrong”, he said"),
        ("»Das ist falsch«", "»Das ist falsch«"),
        ("„Ganz“ ohne Fehler", "„Ganz“ ohne Fehler"),
        ('Das ist "falsch", sagt er', 'Das ist "falsch", sagt er'),
        ('Das ist falsch." Käthe', "„Das ist falsch.“ Käthe"),
        ('Ein 27" großer Schirm', 'Ein 27" großer Schirm'),
        ("Erst eins“ und dann zwei“", "„Erst eins“ und dann zwei“".replace("und", "„und")),
        ("Haus, Hof und 1,5 Euro", "Haus, Hof und 1,5 Euro"),
    ],
)
def test_quotation_marks_that_the_recogniser_cannot_write_are_put_back(seen: str, text: str) -> None:
    assert text_of([row(seen)]) == text


def test_a_mark_that_was_put_back_belongs_to_the_line_that_it_begins() -> None:
    text, lines = joined([[row("Müller:"), row("Das ist falsch“")]])
    assert [text[line.start : line.end] for line in lines] == ["Müller:", "„Das ist falsch“"]


def test_misread_symbols_of_other_scripts_are_left_out() -> None:
    text, lines = joined([[row("Ulm zahlt jedem 500 Euro.")], [row("口")], [row("凸 12")]])
    assert text == "Ulm zahlt jedem 500 Euro."
    assert len(lines) == 1


def test_a_picture_in_another_script_is_kept() -> None:
    assert text_of([row("柠檬水可以治愈糖尿病")]) == "柠檬水可以治愈糖尿病"
