"""Pages to articles: text, headline, dates, language, own fact-check; hostile pages end quietly."""

from __future__ import annotations

import json
import time
from datetime import date

import pytest

from service.errors import PageBrokenOff
from service.models import Page, Review
from service.pipeline.article import article_from_text, extract_article, with_headline
from service.pipeline.fetch import supplied_page

URL = "https://news.example/2021/essig"
BODY = [
    "Ein Glas Essig am Tag soll den Blutdruck senken, behauptet ein Heilpraktiker aus Passau in einem Video.",
    "Fachleute der Universität widersprechen: Es gebe keine einzige Studie, die das zeige, sagte eine Sprecherin am Montag.",
    "Wer Tabletten nimmt, soll sie nicht ohne ärztlichen Rat absetzen, denn das kann gefährlich werden.",
]


def page(head: str = "", body: str | None = None, lang: str = "de") -> str:
    content = body if body is not None else "".join(f"<p>{paragraph}</p>" for paragraph in BODY)
    return (
        f'<!doctype html><html lang="{lang}"><head><title>Essig gegen Bluthochdruck? – Morgenblatt</title>{head}</head><body>'
        f"<nav><a href='/'>Start</a> <a href='/abo'>Abo bestellen</a></nav><main><article>"
        f"<h1>Essig gegen Bluthochdruck?</h1>{content}</article></main><footer>Impressum Datenschutz</footer></body></html>"
    )


HEAD = f"""
<link rel="canonical" href="{URL}">
<meta property="og:site_name" content="Morgenblatt">
<meta name="author" content="Erika Beispiel">
<meta name="description" content="Was an dem Hausmittel dran ist.">
<meta property="article:published_time" content="2021-05-03T08:00:00+02:00">
"""


def test_an_article_is_read_with_all_that_the_page_says_about_it() -> None:
    article = extract_article(supplied_page(page(HEAD), URL))
    assert all(paragraph in article.text for paragraph in BODY)
    assert "Impressum" not in article.text
    assert "Abo bestellen" not in article.text
    assert article.title is not None
    assert article.title.startswith("Essig gegen Bluthochdruck?")
    assert (article.author, article.site_name, article.language) == ("Erika Beispiel", "Morgenblatt", "de")
    assert article.description == "Was an dem Hausmittel dran ist."
    assert article.date_published == date(2021, 5, 3)
    assert article.canonical_url == article.url == URL
    assert not article.is_fact_check


def test_headline_and_description_come_before_the_body_unless_it_holds_them() -> None:
    article = extract_article(supplied_page(page(HEAD), URL))
    whole = with_headline(article)
    assert whole.text.endswith(article.text)
    assert "Was an dem Hausmittel dran ist." in whole.text
    assert with_headline(whole).text == whole.text


@pytest.mark.parametrize(
    ("link", "expected"),
    [
        ('<link href="/kurz" rel=canonical>', "https://news.example/kurz"),
        ('<link rel="canonical" href="https://other.example/x">', "https://other.example/x"),
        ('<link rel="canonical" href="javascript:alert(1)">', URL),
        ('<link rel="canonical" href="http://[broken">', URL),
        ("", URL),
    ],
)
def test_the_canonical_link_is_shown_where_it_is_a_web_address(link: str, expected: str) -> None:
    assert extract_article(supplied_page(page(link), URL)).canonical_url == expected


@pytest.mark.parametrize(
    ("lang", "hint", "expected"),
    [("de", None, "de"), ("de-AT", None, "de"), ("en", None, "de"), ("", None, "de"), ("de", "fr", "fr")],
)
def test_the_language_is_the_pages_own_unless_the_text_says_otherwise(
    lang: str, hint: str | None, expected: str
) -> None:
    assert extract_article(supplied_page(page(lang=lang), URL), hint).language == expected


def claim_review(url: str = URL) -> str:
    review = {
        "@type": "ClaimReview", "claimReviewed": "Essig senkt den Blutdruck.", "url": url,
        "reviewRating": {"alternateName": "Größtenteils falsch"},
    }  # fmt: skip
    return f'<script type="application/ld+json">{json.dumps(review)}</script>'


def test_a_fact_check_is_recognised_by_its_own_markup() -> None:
    article = extract_article(supplied_page(page(claim_review()), URL))
    assert article.is_fact_check
    assert article.review == Review("Essig senkt den Blutdruck.", "Größtenteils falsch", URL)


def test_markup_about_other_sites_or_a_list_of_reviews_makes_no_fact_check() -> None:
    for markup in (claim_review("https://elsewhere.example/1"), claim_review(URL + "/1") + claim_review(URL + "/2")):
        assert not extract_article(supplied_page(page(markup), URL)).is_fact_check


@pytest.mark.parametrize(
    "source",
    ["<p>{}</p>", "<p>{}", "<div>{}</div>", "<section>{}</section>", "<blockquote>{}</blockquote>", "<article><p>{}</p></article>",
     "<body><p>{}</body>", "<html><p>{}</html>", "<!doctype html><p>{}", "<span>{}</span>"],
)  # fmt: skip
def test_a_page_of_one_element_is_read(source: str) -> None:
    sentence = "Hot lemon water cures diabetes within seven days."
    assert extract_article(supplied_page(source.format(sentence), None)).text.strip() == sentence


@pytest.mark.parametrize("source", ["", " ", "<html></html>", "<p>", "\x00", "<script>x</script>", "not html", "<!--"])
def test_a_page_without_text_has_no_text(source: str) -> None:
    assert extract_article(supplied_page(source, URL)).text.strip() in ("", "not html")


HOSTILE = {
    "deep nesting": "<div>" * 100_000 + "x",
    "deep inline nesting": "<b><i>" * 50_000 + "x",
    "unclosed tags": "<p><a href=" * 50_000,
    "one huge attribute": f'<p title="{"x" * 2_000_000}">x</p>',
    "many attributes": "<p " + " ".join(f"a{n}=1" for n in range(100_000)) + ">x</p>",
    "entities": "&lt;&#x1F600;&nosuch;" * 100_000,
    "comments": "<!-- x -->" * 100_000,
    "half a canonical": "<link rel=canonical href=" * 50_000,
    "half a script": '<script type="application/ld+json">{"@type":"ClaimReview"' * 20_000,
    "deep json": '<script type="application/ld+json">' + "[" * 100_000 + "</script>claimreview",
    "lone surrogates": "<html><p>" + "\ud800" * 1000 + "</p>",
    "right to left": f"<html dir=rtl><p>{'عربي ' * 200}</p>",
}


@pytest.mark.parametrize("kind", HOSTILE)
def test_hostile_html_ends_quickly_and_never_raises(kind: str) -> None:
    started = time.monotonic()
    article = extract_article(supplied_page(HOSTILE[kind], URL))
    article.text.encode("utf-8")
    assert time.monotonic() - started < 20, "a guard against endless loops, not a benchmark"


# ---------------------------------------------------------------- walls


def fetched(source: str) -> Page:
    return Page(URL, URL, source, "text/html", fetched=True)


def test_an_article_about_logins_and_lost_pages_is_no_wall() -> None:
    long = "".join(f"<p>{' '.join(BODY)} Seite nicht gefunden, bitte melden Sie sich an. {n}</p>" for n in range(5))
    assert extract_article(fetched(page("<input type=password>", long))).text


# ---------------------------------------------------------------- supplied text


def test_supplied_text_keeps_every_character_but_nul_and_lone_surrogates() -> None:
    article = article_from_text("  Zwei\u00a0Zeilen\r\n😀\x00und \ud83d ein Rest\t ")
    assert article.text == "  Zwei\u00a0Zeilen\r\n😀und \ufffd ein Rest\t "


@pytest.mark.parametrize(
    ("text", "hint", "language"),
    [
        ("Die Erde ist nicht flach, sondern rund wie ein Ball.", None, "de"), ("The earth is round.", None, "en"),
        ("Das ist gut", None, "de"), ("it is", None, "en"), ("💥", None, None), ("", None, None), ("OK", "de-CH", "de"),
        ("OK", "nonsense-language", None),
    ],
)  # fmt: skip
def test_the_language_of_a_text(text: str, hint: str | None, language: str | None) -> None:
    assert article_from_text(text, hint).language == language


def test_plain_text_pages_are_articles_too() -> None:
    article = extract_article(Page(URL, URL, "Just words.\nAnd more.", "text/plain", fetched=True))
    assert (article.text, article.canonical_url) == ("Just words.\nAnd more.", URL)


def broken_off(source: str) -> Page:
    return Page(URL, URL, source.encode(), "text/html; charset=utf-8", fetched=True, is_whole=False)


def test_of_a_page_that_broke_off_what_came_is_read_and_known_to_be_a_part() -> None:
    whole = page(HEAD)
    article = extract_article(broken_off(whole[: whole.index(BODY[2]) + 10]))
    assert not article.is_whole
    assert all(paragraph in article.text for paragraph in BODY[:2])
    assert BODY[2] not in article.text


@pytest.mark.parametrize(
    "came",
    [
        page(HEAD)[: page(HEAD).index(BODY[0])],  # its head and its navigation
        page(HEAD)[: page(HEAD).index(BODY[0]) + 40],
        page(
            body="<h1>Einen Moment</h1><p>Bitte bestätigen Sie, dass Sie ein Mensch sind.</p>"
        ),  # a wall, or its beginning
        "",
    ],
)
def test_where_too_little_of_a_page_came_that_is_the_reason(came: str) -> None:
    with pytest.raises(PageBrokenOff, match="broke off"):
        extract_article(broken_off(came))
