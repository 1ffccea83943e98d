"""Structured data in pages: scripts, microdata and RDFa, however they are written."""

from __future__ import annotations

import json
from typing import Any

import pytest

from index.exchange.importing import import_reviews, read_page
from index.exchange.page_markup import MAX_OPEN, read_markup
from index.models import NormalizedRating, Statement
from index.store.statements import StatementStore

URL = "https://pruefstelle.example/fc/bruecke"
CLAIM = "Die Brücke von Musterstadt ist seit März gesperrt."
REVIEW = {
    "@context": "https://schema.org", "@type": "ClaimReview", "claimReviewed": CLAIM, "url": URL, "datePublished": "2024-05-03",
    "reviewRating": {"@type": "Rating", "alternateName": "Falsch"}, "author": {"@type": "Organization", "name": "Prüfstelle"},
}  # fmt: skip
DATA = json.dumps(REVIEW, ensure_ascii=False)


def script(content: str, attributes: str = 'type="application/ld+json"') -> str:
    return f"<!doctype html><html><head><script {attributes}>{content}</script></head><body><p>Text.</p></body></html>"


def statements(page: str, url: str | None = URL) -> list[Statement]:
    return [read.statement for read in read_page(page, url) if read.statement]


def is_whole(statement: Statement) -> bool:
    return (
        (statement.claim_reviewed, statement.url, statement.publisher.name) == (CLAIM, URL, "Prüfstelle")
        and statement.rating.normalized is NormalizedRating.FALSE
        and str(statement.date_published) == "2024-05-03"
    )


SCRIPTS = {
    "clean": script(DATA),
    "semicolon": script(f"{DATA};"),
    "comment before": script(f"/* by a plugin */\n{DATA}"),
    "comment in HTML": script(f"<!-- by a plugin -->\n{DATA}"),
    "CDATA": script(f"//<![CDATA[\n{DATA}\n//]]>"),
    "trailing comma": script(f"{DATA[:-1]},}}"),
    "entities": script(DATA.replace('"', "&quot;")),
    "entities and comma": script(f"{DATA[:-1]},}};".replace('"', "&#34;")),
    "escaped slashes": script(DATA.replace("/", "\\/")),
    "numeric escapes": script(json.dumps(REVIEW)),
    "entity in the type": script(DATA, 'type="application/ld&#43;json"'),
    "entity escaped twice": script(DATA, 'type="application/ld&amp;#43;json"'),
    "parameters in the type": script(DATA, "type='Application/LD+JSON; charset=utf-8' id=x"),
    "type without quotes": script(DATA, "type=application/ld+json"),
    "class before": script(DATA, 'class="yoast" data-x="a>b" type="application/ld+json"'),
    "broken block before": script("{broken") + script(DATA),
    "several blocks": script('{"@type": "WebSite"}') + script(DATA) + script('{"@type": "Organization"}'),
    "tags in a text": script(DATA.replace("Musterstadt", "<b>Musterstadt</b>")),
    "entities in a text": script(DATA.replace("Brücke", "Br&uuml;cke")),
    "in the body": f"<html><body><p>Text.<script type='application/ld+json'>{DATA}</script></body></html>",
    "no head, no body": f'<script type="application/ld+json">{DATA}</script>',
    "upper case": script(DATA).replace("script", "SCRIPT"),
    "twice": script(DATA) + script(DATA),
    "references between blocks": script(json.dumps({**REVIEW, "author": {"@id": "#desk"}}))
    + script('{"@id": "#desk", "@type": "Organization", "name": "Prüfstelle"}'),
}


@pytest.mark.parametrize("form", SCRIPTS)
def test_json_ld_is_read_in_every_dress(form: str) -> None:
    (statement,) = statements(SCRIPTS[form])
    assert is_whole(statement)


MICRODATA = f"""<html><body><article itemscope itemtype="http://schema.org/ClaimReview">
<a itemprop="url" href="{URL}">Faktencheck</a><meta itemprop="datePublished" content="2024-05-03">
<h1 itemprop="claimReviewed">Die <b>Brücke</b> von&nbsp;Musterstadt<!-- hier --> ist seit März gesperrt.</h1>
<div itemprop="author" itemscope itemtype="http://schema.org/Organization"><span itemprop="name">Prüfstelle</span></div>
<div itemprop="reviewRating" itemscope itemtype="http://schema.org/Rating"><span itemprop="alternateName">Falsch</span></div>
</article></body></html>"""
RDFA = f"""<html><body vocab="https://schema.org/" typeof="ClaimReview">
<a property="url" href="{URL}">x</a><time property="datePublished" datetime="2024-05-03">3. Mai</time>
<h1 property="claimReviewed">Die <b>Brücke</b> von Musterstadt<!-- hier --> ist seit März gesperrt.</h1>
<div property="author" typeof="Organization"><span property="name">Prüfstelle</span></div>
<div property="reviewRating" typeof="Rating"><span property="alternateName">Falsch</span></div></body></html>"""
PREFIXED = (
    RDFA.replace('vocab="https://schema.org/" ', 'prefix="og: https://ogp.me/ns# s: https://schema.org/" ')
    .replace('property="', 'property="s:').replace('typeof="', 'typeof="s:')
)  # fmt: skip
RELATED = f"""<html><body xmlns:s="http://schema.org/"><div typeof="s:ClaimReview">
<a rel="s:url" href="{URL}">x</a><time property="s:datePublished" datetime="2024-05-03">3. Mai</time>
<h1 property="s:claimReviewed">Die Brücke von Musterstadt ist seit März gesperrt.</h1>
<div rel="s:author" typeof="s:Organization"><span property="s:name">Prüfstelle</span></div>
<div rel="s:reviewRating"><div typeof="s:Rating"><span property="s:alternateName">Falsch</span></div></div></div></body></html>"""
ELEMENTS = {
    "microdata": MICRODATA,
    "microdata, https": MICRODATA.replace("http://schema", "https://schema"),
    "microdata with values in attributes": MICRODATA.replace(
        '<span itemprop="alternateName">Falsch</span>', '<meta itemprop="alternateName" content="Falsch">'
    ),
    "microdata with a picture as rating": MICRODATA.replace(
        '<span itemprop="alternateName">Falsch</span>', '<img itemprop="alternateName" alt="Falsch" src="/falsch.png">'
    ),
    "microdata with a linked publisher": MICRODATA.replace(
        '<span itemprop="name">Prüfstelle</span>', '<a itemprop="name" href="/wir">Prüfstelle</a>'
    ),
    "microdata by itemref": MICRODATA.replace(' itemtype="http://schema.org/ClaimReview">', ' itemtype="http://schema.org/ClaimReview" itemref="where when">')
    .replace("<a itemprop", "</article><a itemprop").replace("</article></body>", "</body>")
    .replace('<a itemprop="url"', '<div id="where"><a itemprop="url"').replace("Faktencheck</a>", "Faktencheck</a></div><div id=when>")
    .replace("<h1 itemprop", '<h1 itemprop').replace("</body>", "</div></body>"),
    "microdata as part of an article": f'<div itemscope itemtype="https://schema.org/NewsArticle"><div itemprop="about">{MICRODATA}</div></div>',
    "RDFa": RDFA,
    "RDFa with names of the whole": RDFA.replace('property="', 'property="https://schema.org/').replace('typeof="', 'typeof="http://schema.org/'),
    "RDFa with a prefix": PREFIXED,
    "RDFa with the usual prefix": PREFIXED.replace("s: https", "x: https").replace('"s:', '"schema:'),
    "RDFa by resource": RDFA.replace('<div property="author" typeof="Organization"><span property="name">Prüfstelle</span></div>',
                                     '<span property="author" resource="#desk"></span>')
    .replace("</body>", '</body><div resource="#desk" typeof="Organization"><span property="name">Prüfstelle</span></div>'),
    "RDFa by rel": RELATED,
    "RDFa by rel around its value": RELATED.replace('rel="s:author" typeof="s:Organization">', 'rel="s:author"><p><span typeof="s:Organization">')
    .replace("</span></div>\n<div rel", "</span></span></p></div>\n<div rel"),
    "RDFa by rel without a prefix": RELATED.replace("xmlns:s", "vocab").replace('"s:', '"').replace("<body", '<body lang="de"'),
    "RDFa by rel to a resource": RELATED.replace('<div rel="s:author" typeof="s:Organization">', '<a rel="s:author" resource="#desk"></a><div resource="#desk" typeof="s:Organization">'),
    "RDFa by rel and about": RELATED.replace('typeof="s:ClaimReview"', 'about="#it" rel="s:about" typeof="s:ClaimReview"'),
    "both, and JSON-LD": MICRODATA + RDFA + script(DATA),
}  # fmt: skip


@pytest.mark.parametrize("form", ELEMENTS)
def test_microdata_and_rdfa_are_read(form: str) -> None:
    (statement,) = statements(ELEMENTS[form])
    assert is_whole(statement)


def test_what_html_means_by_rel_is_no_property() -> None:
    page = RDFA.replace(
        "<h1", '<a rel="author" href="/autorin">Ute Prüfer</a><a rel="license nofollow" href="/l">©</a><h1'
    )
    (statement,) = statements(page)
    assert is_whole(statement)
    assert (statement.author, statement.license) == (None, None)


def test_properties_of_other_vocabularies_are_none_of_ours() -> None:
    page = RDFA.replace("<h1", '<meta property="og:url" content="https://elsewhere.example/"><h1')
    (statement,) = statements(page)
    assert statement.url == URL


@pytest.mark.parametrize(
    "page",
    [
        f'<!-- <script type="application/ld+json">{DATA}</script> -->', f"<!-- {MICRODATA} -->", f"<textarea>{script(DATA)}</textarea>",
        f"<pre>{DATA}</pre>", f"<script>const data = {DATA}</script>", f'<script type="text/x-template">{MICRODATA}</script>',
    ],
)  # fmt: skip
def test_markup_that_is_none_is_not_read_and_that_is_said(page: str) -> None:
    (note,) = read_page(page, URL)
    assert (note.statement, note.rejection) == (None, None)
    assert note.warnings == ("there is no ClaimReview markup on this page",)


def test_several_reviews_of_a_page_are_all_read_with_their_anchors() -> None:
    listed = [{**REVIEW, "url": f"#{n}", "claimReviewed": f"{CLAIM} {n}"} for n in range(3)]
    for page in (script(json.dumps(listed)), "".join(script(json.dumps(one)) for one in listed),
                 script(json.dumps({"@type": "ItemList", "itemListElement": [{"item": one} for one in listed]}))):  # fmt: skip
        assert [statement.url for statement in statements(page)] == [f"{URL}#{n}" for n in range(3)]


@pytest.mark.parametrize(
    ("head", "url", "expected"),
    [
        ("", "https://a.example/x/y", "https://a.example/fc/1"),
        ('<link rel="canonical" href="https://b.example/x">', "https://a.example/x", "https://a.example/fc/1"),
        ('<link rel="canonical" href="https://b.example/x">', None, "https://b.example/fc/1"),
        ('<meta property="og:url" content="https://c.example/x">', None, "https://c.example/fc/1"),
        ('<base href="https://d.example/">', "https://a.example/x", "https://d.example/fc/1"),
        ('<base href="/sub/">', "https://a.example/x", "https://a.example/fc/1"),
    ],
)
def test_relative_addresses_start_at_the_page(head: str, url: str | None, expected: str) -> None:
    page = head + script(json.dumps({**REVIEW, "url": "/fc/1"}))
    assert [statement.url for statement in statements(page, url)] == [expected]


def test_a_saved_page_without_any_address_rejects_a_relative_one() -> None:
    (read,) = read_page(script(json.dumps({**REVIEW, "url": "/fc/1"})))
    assert read.rejection == "url is missing or not an http(s) address"


@pytest.mark.parametrize(
    "broken", ['{"@type": "ClaimReview", "claimReviewed": "Die Brü', "ClaimReview", "{ClaimReview"]
)
def test_markup_that_cannot_be_read_says_so_and_the_rest_is_read(broken: str) -> None:
    first, second = read_page(script(broken) + script(DATA), URL)
    assert first.rejection is not None
    assert first.rejection.startswith("the page's ClaimReview markup is not JSON: ")
    assert second.statement is not None


def test_markup_that_had_to_be_repaired_says_so() -> None:
    note, read = read_page(script(DATA.replace("Musterstadt", '"Musterstadt"')), URL)
    assert "repaired" in note.warnings[0]
    assert read.statement is not None
    assert read.statement.claim_reviewed == CLAIM.replace("Musterstadt", '"Musterstadt"')


@pytest.mark.parametrize("charset", ["iso-8859-1", "windows-1252", "utf-8", "utf-16"])
def test_a_file_is_read_in_the_charset_that_it_names(store: StatementStore, charset: str) -> None:
    page = script(DATA).replace("<head>", f'<head><meta charset="{charset}">').encode(charset)
    report = import_reviews(store, page, "text/html")
    assert (report.added, report.warnings) == (1, ())
    assert store.select().statements[0].claim_reviewed == CLAIM


def test_letters_that_grow_when_made_small_do_not_shift_the_markup() -> None:
    page = "İ" * 50 + '<script type="application/ld+json">{"ClaimReview": "İ"}</SCRIPT> more </script>'
    assert read_markup(page).values == ({"ClaimReview": "İ"},)


def test_properties_within_properties_have_an_end() -> None:
    page = '<div itemscope itemtype="x/ClaimReview">' + "<b itemprop=name>a" * 500
    (item,) = read_markup(page).values
    assert len(item["name"]) == MAX_OPEN


def test_items_that_hold_each_other_end() -> None:
    ring = '<div itemscope itemtype="x/ClaimReview" itemref="b"></div><div id=b itemprop=about itemscope itemref="b c"></div>'
    values: list[Any] = list(read_markup(ring + '<i id=c itemprop="about" itemscope itemref=b></i>').values)
    assert values
    assert all(read.statement is None for read in read_page(ring))
