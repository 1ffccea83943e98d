"""The readable part of a page: text, title, author, dates, language. The only home of trafilatura."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import date
from functools import cache
from typing import Any
from urllib.parse import urljoin, urlsplit

from index.exchange.fields import host_of
from index.exchange.language import detect_language
from index.exchange.page_markup import OVERLONG_TAG
from service.errors import CheckFault, PageBrokenOff, PageOnlyPictures, PageUnreadable
from service.models import Article, Page
from service.pipeline.asking import BROKEN_OFF
from service.pipeline.decoding import decode_page
from service.pipeline.fact_checks import find_own_review
from service.pipeline.markup import TOO_MUCH, cut, mark_text, take_out_unsaid, unmarked
from service.pipeline.shown import look_at, parse_page
from service.pipeline.walls import MOST_WORDS, refuse_empty, refuse_walls

MAX_HTML = 5_000_000  # code points
MAX_DEPTH = 400  # nested elements; more is hostile, and slow
MAX_ESCAPED = 1000  # quotation marks with a backslash
MIN_DETECTABLE = 20  # characters
ENOUGH_OF_A_PART = 20  # words of a page that broke off. A choice: a sentence or two, so more than a site's navigation.
LANGUAGE_TAG = re.compile(r"<html[^<>]{0,1000}?\s(?:xml:)?lang\s*=\s*[\"']?([a-zA-Z]{2,3})\b", re.I)
# No tag pattern may run over a `<`: on hostile pages that would take quadratic time.
LINK = re.compile(r"<link\b[^<>]{0,3000}>", re.I)
CANONICAL = re.compile(r"\brel\s*=\s*[\"']?canonical\b", re.I)
WHOLE = re.compile(r"<(?:!doctype|html)\b", re.I)
HREF = re.compile(r"\bhref\s*=\s*(?:\"([^\"]{1,2000})\"|'([^']{1,2000})'|([^\s>]{1,2000}))", re.I)


def article_from_text(text: str, language: str | None = None) -> Article:
    """A supplied text as an article: only NUL is taken out and lone surrogates are replaced."""
    clean = text.replace("\0", "").encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return Article(clean, language=known_language(language) or language_of(clean))


def extract_article(page: Page, language: str | None = None) -> Article:
    """The article in a page; its text is "" where none is readable. Hostile HTML never raises.

    Raises PageUnsupported where the bytes are none of a page; where a fetched page is a notice or a wall, what
    refuse_walls raises; PageBrokenOff where too little came of it.
    """
    if page.is_whole:
        return read_article(page, language)
    try:
        article = read_article(page, language)
    except CheckFault:  # nobody knows whether what is missing would have been another page
        raise PageBrokenOff(BROKEN_OFF) from None
    if len(article.text.split()) < ENOUGH_OF_A_PART:
        raise PageBrokenOff(BROKEN_OFF)
    return replace(article, is_whole=False)


def read_article(page: Page, language: str | None) -> Article:
    """See extract_article; of a page that broke off what there is."""
    content, kind = decode_page(page)
    if kind != "text/html":
        plain = article_from_text(content, language)
        return replace(plain, url=page.url, canonical_url=page.final_url)
    source = content.replace("\0", "")[:MAX_HTML]
    whole = parseable(source)
    found = read_html(whole, page.final_url) if whole is not None else {}
    text, quoted = unmarked(valid(found.get("text") or ""))
    if page.fetched and whole is not None and len(text.split()) < MOST_WORDS:
        refuse_walls(look_at(parse_page(whole)), source, text)
    is_fact_check, review = find_own_review(source, page.final_url)
    return Article(
        text=text,
        quoted=quoted,
        url=page.url,
        canonical_url=canonical_url(source, page.final_url),
        title=one_line(found.get("title")),
        author=one_line(found.get("author")),
        site_name=one_line(found.get("sitename")) or (host_of(page.final_url) if page.final_url else None),
        description=one_line(found.get("description")),
        date_published=day(found.get("date")),
        language=known_language(language) or page_language(source, text),
        is_fact_check=is_fact_check,
        review=review,
    )


def refuse_unreadable(page: Page) -> None:
    """Raise PageUnreadable, or the child of it that says why: of a page that no text was found in."""
    content, kind = decode_page(page)
    whole = parseable(content[:MAX_HTML]) if kind == "text/html" else None
    if whole is not None:
        refuse_empty(look_at(parse_page(whole)))
    if kind == "application/pdf":
        raise PageOnlyPictures("This PDF holds pictures of a text, which are not read. Paste the text from them.")
    raise PageUnreadable("No readable text was found on this page. Paste the text to have it checked.")


def with_headline(article: Article) -> Article:
    """The article with title and description before its body, each where the body does not hold it already."""
    parts = []
    for part in (article.title, article.description):
        if part and folded(part) not in folded(article.text[:4000]) and part not in parts:
            parts.append(part)
    head = "".join(f"{part}\n\n" for part in parts)
    quoted = tuple((start + len(head), end + len(head)) for start, end in article.quoted)
    return replace(article, text=head + article.text, quoted=quoted)


# ---------------------------------------------------------------- HTML


def read_html(source: str, url: str | None) -> Mapping[str, Any]:
    """Text and metadata as trafilatura finds them; an empty mapping where it finds none or gives up.

    The metadata are those of the whole page; the text is without what the mark-up takes back, with marks of markup.py
    around quotations.
    """
    from trafilatura import bare_extraction, extract_metadata, load_html
    from trafilatura.settings import Extractor

    try:
        tree = load_html(source)
        if tree is None:
            return {}
        options = Extractor(output_format="python", url=url, comments=False)
        found = extract_metadata(tree, options.url, options.date_params, options.fast)
        mark_text(tree)
        text, unsaid = cut(text_of(bare_extraction(tree, options=options)))
        if unsaid > TOO_MUCH * (len(text) + unsaid):
            tree = load_html(source)
            take_out_unsaid(tree)
            mark_text(tree)
            text, _ = cut(text_of(bare_extraction(tree, options=options)))
    except MemoryError:
        raise
    except Exception:  # the library and lxml raise anything on hostile input; no text is the honest answer
        return {}
    names = ("title", "author", "sitename", "description", "date")
    return {"text": text, **{name: getattr(found, name, None) for name in names}}


def parseable(source: str) -> str | None:
    """The source without very long tags, as a whole page; None where it is nested deeper than any page.

    Over the attributes of one element the parser takes quadratic time, and inlined images and data are not needed. Of a
    single element the library says that it is no HTML.
    """
    if nested_depth(source) > MAX_DEPTH:
        return None
    source = OVERLONG_TAG.sub(r"<\1>", source)
    if source.count('\\"') > MAX_ESCAPED:  # in scripts; the library takes quadratic time over them
        source = source.replace('\\"', "'")
    return source if WHOLE.search(source) else f"<html>{source}</html>"


def text_of(document: Any) -> str:
    """The text that the library extracted; "" where it found none."""
    return getattr(document, "text", None) or ""


def nested_depth(source: str) -> int:
    """How deep elements are nested, roughly and fast: void and unclosed inline elements count little."""
    depth = deepest = 0
    for tag in re.finditer(r"<(/?)(?:div|span|table|ul|ol|section|b|i|font|blockquote|a)\b", source, re.I):
        depth = max(depth - 1, 0) if tag[1] else depth + 1
        deepest = max(deepest, depth)
    return deepest


def canonical_url(source: str, base: str | None) -> str | None:
    """The page's canonical link where it is an http(s) address, else the address it was fetched from.

    For show only: a page may claim any address.
    """
    link = next((found[0] for found in LINK.finditer(source) if CANONICAL.search(found[0])), None)
    target = HREF.search(link) if link else None
    if target:
        try:
            url = urljoin(base or "", next(part for part in target.groups() if part).strip())
            if urlsplit(str(url)).scheme in ("http", "https") and urlsplit(url).hostname:
                return str(url)
        except ValueError:
            pass
    return base


# ---------------------------------------------------------------- fields


def valid(text: str) -> str:
    """Text without lone surrogates."""
    return text.encode("utf-8", "replace").decode("utf-8")


def one_line(value: Any) -> str | None:
    """A text in one line, or None where there is none."""
    return (re.sub(r"\s+", " ", valid(str(value))).strip()[:1000] or None) if value else None


def folded(text: str) -> str:
    """Letters and digits only, for comparing."""
    return re.sub(r"\W+", " ", text.casefold()).strip()


def day(value: Any) -> date | None:
    """A date from its ISO 8601 beginning."""
    try:
        return date.fromisoformat(str(value)[:10]) if value else None
    except ValueError:
        return None


# ---------------------------------------------------------------- language


def known_language(tag: str | None) -> str | None:
    """The two- or three-letter code of a language tag, None where it is none."""
    found = re.match(r"[A-Za-z]{2,3}(?=$|[-_])", (tag or "").strip())
    return found[0].lower() if found else None


def page_language(source: str, text: str) -> str | None:
    """The page's own `lang`, unless the text is long and plainly in another language."""
    tag = LANGUAGE_TAG.search(source[:20_000])
    declared = tag[1].lower() if tag else None
    detected = language_of(text)
    if declared and (len(text) < 200 or detected in (declared, None)):
        return declared
    return detected or declared


def language_of(text: str) -> str | None:
    """The language of a text by its letters; None where there is too little of it."""
    sample = text[:3000]
    if sum(sign.isalpha() for sign in sample) < MIN_DETECTABLE:
        return short_language(sample)
    return detect_language(sample)


def short_language(text: str) -> str | None:
    """German or English by their small words, for texts too short to detect."""
    words = set(re.findall(r"\w+", text.lower()))
    scores = {name: len(words & signs) for name, signs in small_words().items()}
    best = max(scores, key=lambda name: scores[name])
    return best if scores[best] else None


@cache
def small_words() -> dict[str, frozenset[str]]:
    """Words that hardly occur in the other language."""
    german = "der das und nicht ist sind ein eine mit auf wird werden hat ich auch den dem im für"
    english = "the and not is are of to this that with has have will was were for it on by from"
    return {"de": frozenset(german.split()), "en": frozenset(english.split())}
