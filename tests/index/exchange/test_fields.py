"""Single values as structured data brings them: what is read of each, and what is said of those that are damaged."""

from __future__ import annotations

from typing import Any

import pytest

from index.exchange.fields import MAX_TEXT, Warnings, clean, first, host_of, read_text, read_url


def read(value: Any, language: str | None = None, name: str = "headline") -> tuple[str | None, list[str]]:
    warnings = Warnings()
    return read_text(value, name, warnings, language), list(warnings)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("Lemons &amp; limes", "Lemons & limes"),
        ("Lemons &amp;amp; limes", "Lemons & limes"),
        ("5 &lt; 7 and 7 > 5", "5 < 7 and 7 > 5"),
        ("<p>Lemons</p><p>cure</p>", "Lemons cure"),
        ("Le<b>mon</b>s", "Lemons"),
        ('<a href="https://a.example?b=c&d">here</a>', "here"),
        ("vac\u00adcine\u200b", "vaccine"),
        (" a \n\t b ", "a b"),
        ("AT&T", "AT&T"),
        ("1 <2> 3", "1 <2> 3"),
    ],
)
def test_a_text_is_what_a_reader_of_the_page_would_see(value: str, text: str) -> None:
    assert clean(value) == text
    assert read(value) == (text, [])


@pytest.mark.parametrize(
    ("value", "language", "text"),
    [
        (7, None, "7"),
        ({"@value": "Lemons"}, None, "Lemons"),
        ({"name": "Lemons", "url": "https://a.example"}, None, "Lemons"),
        ({"de": "Zitronen", "en": "Lemons"}, "en", "Lemons"),
        ({"de": "Zitronen", "en": "Lemons"}, None, "Zitronen"),
        ([{"@language": "de-AT", "@value": "Zitronen"}, {"@language": "en", "@value": "Lemons"}], "en", "Lemons"),
        ([{"@language": "de-AT", "@value": "Zitronen"}, {"@language": "en", "@value": "Lemons"}], "de", "Zitronen"),
        (["", None, "Lemons"], None, "Lemons"),
        ([], None, None),
        ("", None, None),
        (None, None, None),
        ("\u200b", None, None),
    ],
)
def test_objects_and_lists_give_their_text(value: Any, language: str | None, text: str | None) -> None:
    assert read(value, language) == (text, [])


@pytest.mark.parametrize(
    ("value", "text", "warning"),
    [
        ({"url": "https://a.example"}, None, "headline is not a text"),
        (True, None, "headline is not a text"),
        (["One", "Two"], "One", "headline has several values; the first one is taken"),
        ("MÃ¤rz", "MÃ¤rz", "looks as if it was decoded wrongly"),
        ("M\ufffdrz", "M\ufffdrz", "damaged earlier"),
        ("a" * (MAX_TEXT + 1), "a" * MAX_TEXT, "longer than 20,000 characters"),
    ],
)
def test_what_is_damaged_or_left_out_is_said(value: Any, text: str | None, warning: str) -> None:
    found, (said,) = read(value)
    assert found == text
    assert warning in said


def test_half_a_character_is_damaged_too() -> None:
    found, (said,) = read("M\ud83drz")
    assert found == "M\ufffdrz"
    assert "damaged earlier" in said


def test_what_may_be_named_by_its_address_is() -> None:
    licence = {"@id": "https://creativecommons.org/licenses/by/4.0/"}
    assert read(licence, name="license") == ("https://creativecommons.org/licenses/by/4.0/", [])


def test_a_warning_is_said_once_and_in_order() -> None:
    warnings = Warnings()
    for said in ("b", "a", "b"):
        warnings.say(said)
    assert list(warnings) == ["b", "a"]


@pytest.mark.parametrize(
    ("value", "base", "url"),
    [
        ("https://a.example/1", None, "https://a.example/1"),
        ("www.a.example/1", None, "https://www.a.example/1"),
        ("//a.example/1", None, "https://a.example/1"),
        ("/1", "https://a.example/b/c", "https://a.example/1"),
        ("1", "https://a.example/b/c", "https://a.example/b/1"),
        ("1", None, None),
        ({"@id": "https://a.example/1"}, None, "https://a.example/1"),
        (["", {"url": ["https://a.example/1"]}], None, "https://a.example/1"),
        ("javascript:alert(1)", "https://a.example", None),
        ("https://a b.example", None, None),
        ("http://[half", None, None),
        (7, None, None),
        (None, "https://a.example", None),
    ],
)
def test_the_first_address_of_the_web_is_taken(value: Any, base: str | None, url: str | None) -> None:
    assert read_url(value, base) == url


@pytest.mark.parametrize(
    ("url", "host"),
    [("https://www.a.example/1", "a.example"), ("http://A.example:80", "a.example"), ("nothing", None), ("http://[half", None)],
)  # fmt: skip
def test_a_host_is_named_without_www(url: str, host: str | None) -> None:
    assert host_of(url) == host


def test_of_a_list_the_first_useful_item_is_taken() -> None:
    assert (first(["", 0, "x", "y"]), first([]), first("x"), first(None)) == ("x", None, "x", None)
