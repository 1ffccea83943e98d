"""No function that meets foreign text takes more than linear time, on any of the hostile bodies."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress

import pytest
from growth import too_fast_code
from hostile_bodies import IMPORTS, NO_CHARSETS, PAGES, TEXTS
from worst_cases import WorstCase

from index.characters import visible_text
from index.errors import ImportRejected
from index.exchange.importing import read_reviews, sniff_content_type
from index.exchange.ratings import normalize_rating
from index.models import Difference, DifferenceKind, Pair
from index.pairs.differences import find_differences
from index.pairs.rules import judge_by_rules
from index.retrieval.queries import bare_claim, clean_query, passage_of
from service.errors import AddressRefused, CheckFault
from service.models import Article, Page
from service.pipeline.addresses import clean_url
from service.pipeline.article import article_from_text, extract_article, with_headline
from service.pipeline.claims import select_claims, within_budget
from service.pipeline.decoding import decode_page
from service.pipeline.refresh import refreshed_address
from service.pipeline.sentences import split_sentences
from service.web.contrast import contrast

STATEMENT = "Am 3. Mai waren 5 Prozent nicht in London, sagt der Minister; alle führt das zu 7 Euro."


def read_text(text: str) -> None:
    article = with_headline(article_from_text(text, "de"))
    within_budget(article, select_claims(article, split_sentences(article)))


def clean(text: str) -> None:
    passage_of(clean_query(text)).texts()
    bare_claim(text[:20_000], "Checks checks.example")
    normalize_rating(text[:20_000], "de")


def compare_texts(text: str) -> None:
    find_differences(text, STATEMENT)
    find_differences(text, text[1:] + "7")
    judge_by_rules(Pair(text, STATEMENT, 0.9, None), 0.9)


def draw(text: str) -> None:
    named = Difference(DifferenceKind.NEGATION, text[:150], text[1:151])
    contrast(text, text[1:] + " nicht", [named])


def type_address(text: str) -> None:
    for url in (text, f"https://{text}/", f"https://a.example/{text}", f"{text}:x"):
        with suppress(AddressRefused):
            clean_url(url)


def page_of(content: bytes, content_type: str) -> Page:
    return Page("https://a.example/", "https://a.example/", content, content_type, fetched=True)


def read_page(source: str) -> None:
    with suppress(CheckFault):  # a wall, or no text
        extract_article(page_of(source.encode("utf-8", "replace"), "text/html"))


def lead_on(source: str) -> None:
    refreshed_address("https://a.example/", {"refresh": source[:8000]}, source.encode("utf-8", "replace"))


def read_latin(source: str) -> None:
    content = source.encode("cp1252", "replace")
    decode_page(page_of(content + b"\xe4\xf6\xfc", "text/html; charset=windows-1252"))
    decode_page(page_of(b"\xe4 " + content, ""))


def import_all(kind: str) -> Callable[[str], None]:
    def run(text: str) -> None:
        content = text.encode("utf-8", "replace")
        sniff_content_type("", content)
        with suppress(ImportRejected):
            list(read_reviews(content, kind, "https://a.example/"))

    return run


def slow(work: Callable[[str], None], cases: Iterable[tuple[str, WorstCase]]) -> list[object]:
    return [(name, growth) for name, case in cases if (growth := too_fast_code(work, case.build))]


@pytest.mark.parametrize("work", [read_text, clean, compare_texts, draw, type_address])
def test_texts_take_linear_time(work: Callable[[str], None]) -> None:
    assert slow(work, TEXTS.items()) == []


@pytest.mark.parametrize("work", [read_page, read_latin, lead_on])
def test_pages_take_linear_time(work: Callable[[str], None]) -> None:
    assert slow(work, PAGES.items()) == []


@pytest.mark.parametrize("kind", [*IMPORTS, "text/html"])
def test_imports_take_linear_time(kind: str) -> None:
    cases = {name: WorstCase(*parts) for name, parts in IMPORTS.get(kind, {}).items()} or PAGES
    assert slow(import_all(kind), cases.items()) == []


def test_there_are_many_kinds() -> None:
    assert len(TEXTS) + len(PAGES) + sum(map(len, IMPORTS.values())) + len(NO_CHARSETS) >= 120


def test_the_measure_sees_what_is_quadratic() -> None:
    def quadratic(text: str) -> None:
        while text:
            text = text[1:]
            text.count("a")

    assert slow(quadratic, [("letters", TEXTS["letters"])]) != []


def letters(text: str) -> str:
    return "".join(filter(str.isalnum, visible_text(text)))


def test_sentences_hold_every_letter_that_is_seen_of_every_hostile_text() -> None:
    for name, case in TEXTS.items():
        article = Article(case.build(12_000), language="de")
        found = split_sentences(article)
        # The marks of lists and of answered mails stand outside of sentences.
        assert letters("".join(one.text for one in found)) == letters(article.text), name
        assert all(article.text[one.start : one.end] == one.text for one in found), name


def test_a_page_of_comments_is_a_page() -> None:
    assert decode_page(page_of(b"<!-- a --> <!-- b --><html>", ""))[1] == "text/html"
    assert decode_page(page_of(b"<!---->" * 250 + b"x", ""))[1] == "text/plain"
    assert decode_page(page_of(b"<!---->" * 250 + b"<p>", ""))[1] == "text/html"
