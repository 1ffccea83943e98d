"""Which pages are fact-checks by their own markup, however dirty that is and whatever the page's address looks like."""

from __future__ import annotations

import json
from typing import Any

import pytest

from service.errors import PageUnsupported
from service.models import Page, Review
from service.pipeline.article import extract_article
from service.pipeline.fact_checks import find_own_review, page_key, read_reviews_of

URL = "https://pruefstelle.example/fc/masern"
CLAIM = "Die Masernimpfung löst bei Kindern Autismus aus."
REVIEW: dict[str, Any] = {
    "@type": "ClaimReview",
    "claimReviewed": CLAIM,
    "url": URL,
    "reviewRating": {"alternateName": "Falsch"},
}
OWN = Review(CLAIM, "Falsch", URL)


def script(*reviews: dict[str, Any]) -> str:
    return f'<script type="application/ld+json">{json.dumps(list(reviews), ensure_ascii=False)}</script>'


def at(url: str | None, **changes: Any) -> dict[str, Any]:
    return {**REVIEW, "url": url, **changes}


DATA = json.dumps(REVIEW, ensure_ascii=False)
DIRTY = {
    "semicolon": f"{DATA};", "trailing comma": f"{DATA[:-1]},}}", "comment": f"/* plugin */{DATA}", "entities": DATA.replace('"', "&quot;"),
    "CDATA": f"<![CDATA[{DATA}]]>", "unescaped quotes": DATA.replace("Masernimpfung", '"Masernimpfung"'), "graph": f'{{"@graph": [{DATA}]}}',
    "about": f'{{"@type": "NewsArticle", "about": {DATA}}}', "by reference": f'{{"@graph": [{{"mainEntity": {{"@id": "#1"}}}}, {{"@id": "#1", {DATA[1:]}]}}',
    "a claim with text": DATA.replace(json.dumps(CLAIM, ensure_ascii=False), json.dumps({"@type": "Claim", "text": CLAIM})),
}  # fmt: skip


@pytest.mark.parametrize("form", DIRTY)
def test_a_fact_check_is_recognised_in_dirty_markup(form: str) -> None:
    is_fact_check, review = find_own_review(f'<script type="application/ld+json">{DIRTY[form]}</script>', URL)
    assert is_fact_check
    assert review is not None
    assert review.url == URL
    assert review.claim_reviewed.replace('"', "") == CLAIM


@pytest.mark.parametrize(
    ("review_url", "page_url"),
    [
        ("/fc/masern", URL), ("masern", URL), ("#1", URL), (f"{URL}#1", URL), (f"{URL}/", URL), (URL, f"{URL}/"), (URL, f"{URL}?utm_source=x&fbclid=1"),
        ("http://pruefstelle.example/fc/masern", URL), ("https://www.pruefstelle.example/fc/masern", URL), (URL, "https://m.pruefstelle.example/fc/masern"),
        (URL, "https://amp.pruefstelle.example/fc/masern"), (URL, "https://www.amp.pruefstelle.example/fc/masern"), (URL, f"{URL}/amp"),
        (URL, f"{URL}/amp/"), (URL, "https://pruefstelle.example/amp/fc/masern"), (URL, f"{URL}?amp=1"), (f"{URL}.html", f"{URL}.amp.html"),
        (URL, f"{URL}?outputType=amp"), (None, URL), (f"{URL}?a=1&b=2", f"{URL}?b=2&a=1"),
        ("https://prüfstelle.example/größe", "https://xn--prfstelle-r9a.example/gr%C3%B6%C3%9Fe"), ("HTTPS://PRUEFSTELLE.example/fc/masern", URL),
    ],
)  # fmt: skip
def test_a_page_is_the_same_under_all_its_addresses(review_url: str | None, page_url: str) -> None:
    for page in (
        script(at(review_url)),
        script(at("https://pruefstelle.example/fc/mumps", claimReviewed="x"), at(review_url)),
    ):
        is_fact_check, review = find_own_review(page, page_url)
        assert is_fact_check
        assert review is not None
        assert review.claim_reviewed == CLAIM


def test_a_single_review_of_the_site_under_another_address_is_the_pages_own() -> None:
    assert find_own_review(script(at("https://pruefstelle.example/?p=17")), URL)[0]


@pytest.mark.parametrize(
    "reviews",
    [
        [at(f"{URL}#1"), at(f"{URL}#2", claimReviewed="Ein zweiter Satz.")], [at("#1"), at("#2"), at("#3")], [at(None), at(None)],
        [at(URL), at(URL, claimReviewed="Ein zweiter Satz.")], [at("https://elsewhere.example/1"), at(URL)],
    ],
)  # fmt: skip
def test_several_reviews_of_one_page_make_it_a_fact_check(reviews: list[dict[str, Any]]) -> None:
    for page in (script(*reviews), "".join(map(script, reviews))):
        is_fact_check, review = find_own_review(page, URL)
        assert is_fact_check
        assert review is not None
        assert review.claim_reviewed == CLAIM


@pytest.mark.parametrize(
    ("page", "url"),
    [
        (script(at(f"{URL}/1"), at(f"{URL}/2")), URL), (script(at(f"{URL}?p=1"), at(f"{URL}?p=2")), URL), (script(at("https://elsewhere.example/1")), URL),
        (script(at(URL)), "https://elsewhere.example/fc/masern"), (f"<!-- {script(REVIEW)} -->", URL), (f"<pre>{DATA}</pre>", URL),
        ('<script type="application/ld+json">{"@type": "NewsArticle", </script> about ClaimReview', URL), ("<p>ClaimReview</p>", URL),
        (script(at("https://elsewhere.example/1")) + '<script type="application/ld+json">{"ClaimReview": </script>', URL),
        (script({"@type": "ClaimReview", "url": f"{URL}/1"}, {"@type": "ClaimReview", "url": f"{URL}/2"}), URL),
    ],
)  # fmt: skip
def test_lists_other_sites_and_mentions_make_no_fact_check(page: str, url: str) -> None:
    assert find_own_review(page, url) == (False, None)


@pytest.mark.parametrize(
    "page",
    [
        '<script type="application/ld+json">{"@type": "ClaimReview", "claimReviewed": "Die Maser</script>',
        script({"@type": "ClaimReview", "claimReviewed": CLAIM, "url": URL}), script({"@type": "ClaimReview", "url": URL}),
        script({"@type": "ClaimReview"}),
    ],
)  # fmt: skip
def test_own_markup_that_cannot_be_read_still_makes_a_fact_check(page: str) -> None:
    assert find_own_review(page, URL) == (True, None)


def test_a_page_whose_address_nobody_knows_is_what_its_markup_says() -> None:
    assert find_own_review(script(REVIEW), None) == (True, OWN)
    assert find_own_review(script(at(f"{URL}#1"), at(f"{URL}#2")), None)[0]


def test_different_pages_stay_different() -> None:
    pages = [
        URL,
        f"{URL}/2",
        "https://pruefstelle.example/masern",
        f"{URL}?id=2",
        "https://xn--a.example/fc/masern",
        "https://m.example/",
        "https://example/",
    ]
    assert len({page_key(url) for url in pages}) == len(pages)


@pytest.mark.parametrize(
    "url", [None, "", "x", "http://[broken", "https://a.example:99999999/x?" + "&" * 500, "https://a..example/%ff"]
)
def test_odd_addresses_never_raise(url: str | None) -> None:
    find_own_review(script(at(url), REVIEW), url)


@pytest.mark.parametrize("charset", ["iso-8859-1", "windows-1252", "utf-8"])
def test_a_page_is_read_in_its_own_charset(charset: str) -> None:
    page = Page(URL, URL, script(REVIEW).encode(charset), f"text/html; charset={charset}", fetched=True)
    (read,) = read_reviews_of(page)
    assert read.statement is not None
    assert read.statement.claim_reviewed == CLAIM
    with pytest.raises(PageUnsupported):
        read_reviews_of(Page(URL, URL, b"\x00\x01\x02" * 99, "text/html", fetched=True))


def test_an_article_says_that_it_is_a_fact_check() -> None:
    page = f"<html><head>{script(REVIEW, at(f'{URL}#2'))}</head><body><article><p>{CLAIM} So beginnt ein Brief.</p></article></body></html>"
    article = extract_article(Page(URL, URL, page, "text/html", fetched=False))
    assert (article.is_fact_check, article.review) == (True, OWN)
