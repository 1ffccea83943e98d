"""Raised text: marks of notes leave no digit behind, exponents become signs, and letters stay."""

from __future__ import annotations

import pytest
from lxml import html

from service.models import Page
from service.pipeline.article import extract_article
from service.pipeline.raised import settle_raised

URL = "https://blatt.example/2026/a"


def read(source: str) -> str:
    tree = html.fromstring(f"<div><p>{source}</p></div>")
    settle_raised(tree)
    return str(tree.text_content())


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("Seit 2020<sup>3</sup> steigt sie.", "Seit 2020 steigt sie."),
        ("890.000<sup id=x class=reference><a href=#n2>[2]</a></sup> kamen.", "890.000 kamen."),
        ("um 20 Prozent<sup>4, 5</sup>.", "um 20 Prozent."),
        ("Ende.<sup>*</sup> Anfang", "Ende. Anfang"),
        ("In 2015<a href=#fn1><sup>1</sup></a> it rose.", "In 2015 it rose."),
        ("<b>1998</b><sup>7</sup> war es.", "1998 war es."),
        ("der Rat<sup>a</sup> tagt", "der Rat tagt"),
        ("100<sup>2</sup> Leute", "100 Leute"),
    ],
)
def test_a_mark_of_a_note_is_taken_out(source: str, text: str) -> None:
    assert read(source) == text


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("500 m<sup>2</sup> groß", "500 m² groß"),
        ("kostet 10<sup>6</sup> Euro", "kostet 10⁶ Euro"),
        ("bei 3 · 10<sup>-4</sup> liegt", "bei 3 · 10⁻⁴ liegt"),
        ("12 km<sup><b>2</b></sup> Wald", "12 km² Wald"),
    ],
)
def test_an_exponent_is_a_sign_of_its_own(source: str, text: str) -> None:
    assert read(source) == text


@pytest.mark.parametrize("source", ["on the 3<sup>rd</sup> day", "Marke<sup>TM</sup> kauft", "<sup>5</sup> Eine Note"])
def test_other_raised_text_stays(source: str) -> None:
    assert read(source) == html.fromstring(f"<p>{source}</p>").text_content()


def test_no_number_of_an_article_grows_by_its_note() -> None:
    body = "<p>Der Rat hat am Montag lange beraten und nichts beschlossen.</p>" * 3
    page = f"<html lang=de><body><article><h1>Rat</h1>{body}<p>Seit 2020<sup>3</sup> gibt es 40<sup>4</sup> Sitze mehr.</p>"
    text = extract_article(Page(URL, URL, f"{page}</article></body></html>", "text/html", fetched=True)).text
    assert "Seit 2020 gibt es 40 Sitze mehr." in text
