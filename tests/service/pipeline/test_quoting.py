"""Where a text quotes: between marks, as the page sets it apart, and in lines that a mail answers."""

from __future__ import annotations

import pytest

from service.models import Article
from service.pipeline.quoting import quotations, quoted_places


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("Er sagt: 'Das ist seit Jahren so.' Punkt", ["'Das ist seit Jahren so.'"]),
        ("‘It’s been like that for years’ he said", ["‘It’s been like that for years’"]),
        ("rock 'n' roll", []), ("'Kurz.' und weg", []), ("'Ohne Ende, was lang dauert", []), ("'Über die Zeile\nhinaus geht es'", []),
        (f"'{'a ' * 460}' zu lang", []), ("„Eins“ und »zwei zwei«", ["„Eins“", "»zwei zwei«"]), ("Hans' Haus und Max' Auto da", []),
    ],
)  # fmt: skip
def test_what_a_text_quotes(text: str, quoted: list[str]) -> None:
    assert [text[start:end] for start, end in quotations(text)] == quoted


def test_marks_lines_and_what_the_page_sets_apart_are_one_list_in_order() -> None:
    text = "> Zimt heilt Krebs.\nEr rief „Zimt heilt“ laut.\nEin Satz."
    article = Article(text, quoted=((47, 56),))
    assert [text[start:end] for start, end in quoted_places(article)] == [
        "> Zimt heilt Krebs.",
        "„Zimt heilt“",
        "Ein Satz.",
    ]


def test_a_text_that_is_nothing_but_answered_lines_speaks_for_itself() -> None:
    assert quoted_places(Article("> Zimt heilt Krebs.\n> Sagt es allen weiter.")) == []
