"""Mark-up that changes what a text means, through the whole extraction: each in the middle of an article and at its end."""

from __future__ import annotations

import pytest

from service.models import Article
from service.pipeline.article import extract_article, with_headline
from service.pipeline.fetch import supplied_page
from service.pipeline.modes import read_modes
from service.pipeline.sentences import split_sentences

AROUND = [
    "Der Gesundheitsausschuss des Landtags hat am Montag über die Impfquote in den Kreisen beraten.",
    "In drei Kreisen liegt sie nach Angaben des Landesamts unter dem Ziel von 95 Prozent.",
    "Die Ärztekammer schlägt vor, Impfungen an Schulen anzubieten und Eltern besser zu informieren.",
    "Das Ministerium will bis zum Herbst einen Plan vorlegen, der auch die Kosten nennt.",
]
CLAIM = "Die Masernimpfung löst bei Kindern Autismus aus."
SHEET = """<style>@media print {.text{display:none} .more{text-decoration:line-through}}
.away{position:absolute;width:1px;height:1px;clip:rect(0 0 0 0)} p.old { color: red; text-decoration: line-through }
.off{display:none} #aside, .dropped { display : none } .panel{display:none} .open .panel{display:block} .tab{display:none}
.clear{opacity:0} .box{opacity:0} .box.seen{opacity:1} article p.gone{text-decoration:line-through}
.white{color:#FFF;background:#ffffff}</style>"""


def read(passage: str, place: int = 2) -> Article:
    text = [f"<p>{paragraph}</p>" for paragraph in AROUND]
    text.insert(place, passage)
    source = (
        f"<!doctype html><html lang=de><head><title>Ausschuss berät</title>{SHEET}</head><body><nav><a href=/>Start</a></nav>"
        f"<main><article class=text><h1>Ausschuss berät über die Impfquote</h1>{''.join(text)}</article></main></body></html>"
    )
    article = with_headline(extract_article(supplied_page(source, "https://news.example/a")))
    assert all(paragraph in article.text for paragraph in AROUND)
    return article


def mode_of_claim(article: Article) -> str | None:
    sentences = split_sentences(article)
    modes = zip(sentences, read_modes(article, sentences), strict=True)
    return next((reading.mode.value for sentence, reading in modes if CLAIM in sentence.text), None)


@pytest.mark.parametrize("place", [2, 4])
@pytest.mark.parametrize(
    "passage",
    [
        f"<p hidden>{CLAIM}</p>", f"<div hidden=''><p>{CLAIM}</p></div>", f"<p style='display: none'>{CLAIM}</p>",
        f"<p style='color:red;VISIBILITY : hidden'>{CLAIM}</p>", f"<p style='position:absolute;left:-9999px'>{CLAIM}</p>",
        f"<p class=off>{CLAIM}</p>", f"<div id=aside><p>{CLAIM}</p></div>", f"<p class='note dropped'>{CLAIM}</p>",
        f"<p class=away>{CLAIM}</p>", f"<span class='visually-hidden'>{CLAIM}</span>", f"<div class='x sr-only'><p>{CLAIM}</p></div>",
        f"<p style='opacity:0'>{CLAIM}</p>", f"<div style='opacity: 0.00; top: 0'><p>{CLAIM}</p></div>", f"<p class=clear>{CLAIM}</p>",
        f"<p style='color: transparent'>{CLAIM}</p>", f"<div style='max-height:0; overflow:hidden'><p>{CLAIM}</p></div>",
        f"<p class='is-hidden'>{CLAIM}</p>", f"<p class=d-none>{CLAIM}</p>", f"<amp-consent><p>{CLAIM}</p></amp-consent>",
        f"<p class=screen-reader-text>{CLAIM}</p>", f"<template><p>{CLAIM}</p></template>", f"<noscript><p>{CLAIM}</p></noscript>",
        f"<p style='color:#fff;background-color:white'>{CLAIM}</p>", f"<p class=white>{CLAIM}</p>",
    ],
)  # fmt: skip
def test_what_nobody_sees_is_not_said(passage: str, place: int) -> None:
    assert mode_of_claim(read(passage, place)) is None


@pytest.mark.parametrize(
    "passage",
    [f"<p class=panel>{CLAIM}</p>", f"<p class=tab>{CLAIM}</p><script>show('.tab')</script>"],
)
def test_what_a_rule_or_a_script_opens_is_read(passage: str) -> None:
    assert mode_of_claim(read(passage)) == "asserted"


@pytest.mark.parametrize(
    "passage",
    [f"<p><del>{CLAIM}</del> Das stimmt nicht.</p>", f"<p>Wir schrieben: <s>{CLAIM}</s></p>", f"<p class=old>{CLAIM}</p>",
     f"<p><strike>{CLAIM}</strike></p>", f"<p><span style='text-decoration: line-through'>{CLAIM}</span></p>",
     f"<p style='text-decoration-line:line-through'>{CLAIM}</p>", f"<p class='text-sm line-through'>{CLAIM}</p>",
     f"<p class=gone>{CLAIM}</p>"],
)  # fmt: skip
def test_what_is_struck_out_is_not_said_any_more(passage: str) -> None:
    assert mode_of_claim(read(passage)) is None


@pytest.mark.parametrize(
    "passage",
    [f"<p style='opacity:.9'>{CLAIM}</p>", f"<p style='opacity:0; transition: opacity 1s'>{CLAIM}</p>", f"<p class=box>{CLAIM}</p>",
     f"<p style='color:transparent;background-clip:text'>{CLAIM}</p>", f"<p class='hidden md:block'>{CLAIM}</p>",
     f"<p class='d-none d-md-block'>{CLAIM}</p>"],
)  # fmt: skip
def test_what_is_faded_in_or_hidden_on_telephones_alone_is_said(passage: str) -> None:
    assert mode_of_claim(read(passage)) == "asserted"


def test_a_corrected_sentence_reads_as_corrected() -> None:
    text = read("<p>Die Impfung ist <del>nicht</del> <ins>gut</ins> verträglich, sagt das Amt.</p>").text
    assert "Die Impfung ist gut verträglich, sagt das Amt." in text


@pytest.mark.parametrize("place", [2, 4])
@pytest.mark.parametrize(
    "passage",
    [
        f"<section id=comments><h2>Kommentare</h2><div class=comment><p>{CLAIM}</p></div></section>",
        f"<div itemprop=comment itemscope itemtype='https://schema.org/Comment'><p itemprop=text>{CLAIM}</p></div>",
        f"<div itemscope itemtype='http://schema.org/UserComments'><p>{CLAIM}</p></div>",
        f"<div class='leser-kommentare'><p>{CLAIM}</p></div>", f"<ol class='commentlist'><li><p>{CLAIM}</p></li></ol>",
        f"<article class='comment-body'><p>{CLAIM}</p></article>", f"<ul class='comment__list'><li><p>{CLAIM}</p></li></ul>",
    ],
)  # fmt: skip
def test_readers_comments_are_not_the_article(passage: str, place: int) -> None:
    assert mode_of_claim(read(passage, place)) is None


@pytest.mark.parametrize(
    "passage", [f"<div class='commentary'><p>{CLAIM}</p></div>", f"<div class='has-comments'><p>{CLAIM}</p></div>"]
)
def test_a_commentary_is_no_comment(passage: str) -> None:
    assert mode_of_claim(read(passage)) == "asserted"


@pytest.mark.parametrize("place", [2, 4])
@pytest.mark.parametrize(
    "passage",
    [f"<blockquote><p>{CLAIM}</p></blockquote>", f"<blockquote>{CLAIM}</blockquote>", f"<p><q>{CLAIM}</q></p>",
     f"<blockquote class='tweet'><p>{CLAIM}</p>– Ein Nutzer <a href=/t>3. Mai</a></blockquote>",
     f"<blockquote><p>Wir wissen: <b>{CLAIM}</b></p></blockquote>", f"<blockquote><ul><li>{CLAIM}</li></ul></blockquote>",
     f"<div class=blockquote><p>{CLAIM}</p></div>", f"<div role=blockquote><p>{CLAIM}</p></div>", f"<p class='intro zitat'>{CLAIM}</p>",
     f"<figure><blockquote><p>{CLAIM}</p></blockquote><figcaption>Eine Ärztin</figcaption></figure>", f"<figure class=quote><blockquote>{CLAIM}</blockquote></figure>",
     f"<figure class='wp-block-pullquote'><blockquote><p>{CLAIM}</p><cite>Eine Ärztin</cite></blockquote></figure>"],
)  # fmt: skip
def test_quotations_are_quoted(passage: str, place: int) -> None:
    assert mode_of_claim(read(passage, place)) == "quoted"


def test_the_places_of_quotations_hold_in_the_article_with_its_headline() -> None:
    article = read(f"<blockquote><p>{CLAIM} Und mehr.</p></blockquote><p>Er nannte das <q>einen Skandal</q>.</p>")
    assert [article.text[start:end] for start, end in article.quoted] == [f"{CLAIM} Und mehr.", "einen Skandal"]


def test_a_page_laid_out_in_quotation_elements_speaks_for_itself() -> None:
    words = "".join(f"<p>{paragraph}</p>" for paragraph in [*AROUND, CLAIM])
    article = extract_article(supplied_page(f"<html><body><blockquote>{words}</blockquote></body></html>", None))
    assert CLAIM in article.text
    assert article.quoted == ()


@pytest.mark.parametrize(
    "passage",
    [f"<ul><li>{CLAIM}</li><li>Eine Dosis kostet 30 Euro.</li></ul>", f"<ol><li><p>{CLAIM}</p></li></ol>", f"<ul><li>Erstens<ul><li>{CLAIM}</li></ul></li></ul>",
     f"<ul><li>{CLAIM} <a href=/x>Mehr dazu</a></li><li>Zweitens gilt das auch für Mumps. <a href=/y>Quelle</a></li></ul>",
     f"<section class=summary><h2>Kurz gesagt</h2><ul><li>{CLAIM}</li></ul></section>", f"<p><ins>{CLAIM}</ins></p>", f"<p>{CLAIM}</p>"],
)  # fmt: skip
def test_items_of_lists_are_kept(passage: str) -> None:
    assert mode_of_claim(read(passage)) == "asserted"


def test_what_a_script_shows_later_is_the_article() -> None:
    hidden = "".join(f"<p>{paragraph}</p>" for paragraph in AROUND * 3)
    source = f"<html><body><p>Lädt</p><div hidden id='S:0'>{hidden}</div></body></html>"
    assert AROUND[0] in extract_article(supplied_page(source, None)).text


def test_signs_used_as_marks_are_brackets_on_the_page() -> None:
    article = read(f"<p>⸨Ein Hinweis⸩ steht hier, ⦃und⦄ mehr.</p><p>{CLAIM}</p>")
    assert "((Ein Hinweis)) steht hier, {und} mehr." in article.text
    assert article.quoted == ()
