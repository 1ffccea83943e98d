"""Texts, pages, files and charsets that have stopped a service, or might: made, not stored, and of any length."""

from __future__ import annotations

from worst_cases import WorstCase

# What stands in a text over and over: name -> (before, repeated, after).
TEXTS = {
    name: WorstCase(*parts)
    for name, parts in {
        "letters": ("", "a", ""), "words": ("", "wort ", ""), "one long line": ("", "Das ist ein Satz mit Wort. ", ""),
        "blanks": ("", " ", "x"), "line breaks": ("", "\n", "x"), "tabs": ("a", "\t", "a"), "wide blanks": ("", "\u3000", "x"),
        "hyphenated lines": ("", "a-\n", ""), "one hyphen and line breaks": ("a-", "\n", "!"),
        "wrapped lines": ("", "wort wort,\nWort ", ""), "wrapped small letters": ("", "wort wort wort wort wort\n", ""),
        "lines ending with and": ("", "Er und\n", ""), "list": ("", "- a\n", ""),
        "digits": ("", "1", ""), "digits and a clock": ("", "1", ":1"), "clock": ("", "1:", ""), "times": ("", "11:11 ", ""),
        "thousands": ("1", ".000", ":1"), "spaced thousands": ("1", " 000", "x"), "numbers": ("", "17 ", ""),
        "different numbers": ("", "1 12 123 1234 12345 ", ""), "dates": ("", "1. Mai 2020 ", ""), "percent": ("", "5 prozent", ":1"),
        "soll": ("", "soll ", ""), "soll haben": ("", "soll ", "haben"), "nicht": ("", "nicht, ", ""), "alle der": ("alle", " der", "!"),
        "alle": ("", "alle ", ""), "some": ("", "some ", ""), "verbs of cause": ("", "führt ", ""), "places": ("", "in Paris ", ""),
        "capitals": ("", "Be-", ""), "names": ("Er ist da. ", "Anna Be ", "."), "pronouns": ("", "Er ist. Anna Bo kam. ", ""),
        "dots": ("", ".", ""), "spaced dots": ("", ". ", ""), "ellipses": ("", "… ", ""), "questions": ("", "? ", ""),
        "exclamations": ("", "!", ""), "abbreviations": ("", "z. B. Dr. A. ", ""), "ordinals": ("", "1. ", ""),
        "brackets": ("", "( . ", ""), "closed brackets": ("", "(a. b) ", ""), "low quotes": ("", "„ ", ""), "quotes": ("", '"Ja." ', ""),
        "closing quotes": ("", "“ . ", ""), "guillemets": ("", "» ", ""), "apostrophes": ("", " 'a", ""), "nested quotes": ("", "„'»", ""),
        "mentions": ("", "@a", ""), "hashtags": ("", "#aA1", ""), "emoji": ("", "😀\u200d", ""), "links": ("", "https://a.b ", ""),
        "short links": ("", "t.co/", ""), "forwards": ("", "RT ", "x"), "references": ("", "&#1", ""), "endless reference": ("&#", "1", ";"),
        "zeros in a reference": ("&#", "0", "65;"), "ampersands": ("", "&", ""), "combining marks": ("a", "\u0301", ""),
        "ligatures": ("", "\ufdfa", ""), "right to left": ("", "\u202e\u05d0 ", ""), "zero width": ("", "\u200b", ""),
        "lone surrogates": ("", "\ud800", ""), "NUL": ("", "\0", ""), "Chinese": ("", "中文。", ""), "dotted capital I": ("", "İ", ""),
        "labels": ("", "Behauptung: a. ", ""), "label and blanks": ("Behauptung", " ", ": a"), "verdicts": ("", "ist falsch. ", ""),
        "rating": ("", "Falsch / ", ""), "rating and blanks": ("Verdict", " ", "x"), "fact check": (".", "’. ", "Fact check"),
    }.items()
}  # fmt: skip

# The same for HTML.
PAGES = {
    name: WorstCase(*parts)
    for name, parts in {
        "comments": ("", "<!---->", "x"), "open comments": ("", "<!--", ""), "XML heads": ("", "<?xml ", ""), "cdata": ("", "<![CDATA[", ""),
        "blocks": ("", "<div>", ""), "open tags": ("", "<div", ""), "paragraphs": ("<html><body>", "<p>Ein Satz, der nichts sagt.</p>", ""),
        "open paragraphs": ("", "<p>", ""), "tables": ("", "<table><tr><td>", ""), "cells": ("<table>", "<td>a", ""), "bold": ("", "<b>", ""),
        "links": ("", "<a href='", ""), "anchors": ("", "<a href=/a>x</a> ", ""), "scripts": ("", "<script>", ""), "open scripts": ("", "<script ", ""),
        "styles": ("", "<style>", ""), "titles": ("", "<title>", ""), "title": ("<title>", "a ", "</title>"), "metas": ("", "<meta name='a", ""),
        "charset": ("<meta charset=", " ", ""), "canonical": ("", "<link rel=canonical ", ""), "languages": ("<html", " lang", ""),
        "inputs": ("", "<input type ", ""), "one input": ("<input", " type", ">"), "attributes": ("<p", " a=b", ">"), "lists": ("", "<ul><li>x", ""),
        "line breaks": ("", "<br>", ""), "headings": ("", "<h2>a</h2>", ""), "forms": ("", "<form>", ""), "frames": ("", "<iframe>", ""),
        "graphics": ("", "<svg>", ""), "templates": ("", "<template>", ""), "references": ("<p>", "&#1", ""), "endless reference": ("<p>&#", "1", ";"),
        "markup": ("", "<script type=application/ld+json>", ""), "empty markup": ("", "<script type=application/ld+json></script>", ""),
        "reviews": ("", '<script type=application/ld+json>{"@type":"ClaimReview"}</script>', ""),
        "markup that is no JSON": ("<script type=application/ld+json>ClaimReview", " ", "</script>"),
        "nested JSON": ("<script type=application/ld+json>", "[", "</script>"), "dates": ("<p>", "2020-01-01 ", ""), "authors": ("", "<span class=author>A B</span>", ""),
        "dotted capital I": ("", "İ<script>İ</script>", ""),
        "microdata": ("", "<i itemscope itemtype=x/ClaimReview><b itemprop=name>a</b></i>", ""),
        "nested microdata": ("", "<div itemscope itemprop=author itemtype=x/ClaimReview>a", ""),
        "nested properties": ("<div itemscope itemtype=x/ClaimReview>", "<b itemprop=name>a", ""),
        "itemref": ("<div id=a itemprop=b><i itemprop=c>d</i></div>", "<b itemscope itemref=a itemtype=x/ClaimReview></b>", ""),
        "items that hold themselves": ("", "<b id=a itemprop=about itemscope itemref=a itemtype=x/ClaimReview></b>", ""),
        "RDFa": ("", "<div typeof=ClaimReview><b property=name>a</b></div>", ""),
        "nested RDFa": ("", "<div typeof=ClaimReview property=author resource=a>", ""),
        "vocabularies": ('<b typeof=ClaimReview prefix="', "a: http://schema.org/ ", '">'),
        "open comment in JSON": ('<script type=application/ld+json>{"@type":"ClaimReview"', "/*", "</script>"),
        "escaped quotes in JSON": ('<script type=application/ld+json>{"@type":"ClaimReview', '\\"', "</script>"),
        "entities in JSON": ('<script type=application/ld+json>{"@type":"ClaimReview"', "&quot;", "}</script>"),
        "wrappers around JSON": ('<script type=application/ld+json>{"@type":"ClaimReview"}x', "]]>", "</script>"),
        "scripts to be repaired": ("", '<script type=application/ld+json>{"@type":"ClaimReview" "}</script>', ""),
        "references in JSON": ('<script type=application/ld+json>[{"@id":"a"}', ',{"@id":"a","@type":"ClaimReview","author":[{"@id":"a"},{"@id":"a"}]}', "]</script>"),
    }.items()
}  # fmt: skip

# The same for imports: content type -> name -> parts.
IMPORTS = {
    "text/csv": {
        "quotes": ("claim,url\n", '"', ""), "empty rows": ("claim,url\n", ",\n", ""), "columns": ("claim,url", ",a", "\n"),
        "long cell": ('claim,url\n"', "a ", '"'), "high bytes": ("claim,url\n", "ä", ""), "rows": ("claim,url,rating\n", "a,https://a.b,False\n", ""),
    },
    "application/x-ndjson": {"lines": ("", "{}\n", ""), "no JSON": ("", "{\n", ""), "braces": ("", '{"a":', "")},
    "application/ld+json": {
        "lists": ("", "[", ""), "graph": ('{"@graph":[', "{},", "{}]}"), "digits": ("", "1", ""), "fraction": ("1.", "1", ""),
        "reviews": ("[", '{"@type":"ClaimReview","claimReviewed":"a","url":"https://a.b","reviewRating":"  x"},', "{}]"),
        "references": ('[{"@id":"a"}', ',{"@id":"a","@type":"ClaimReview","author":[{"@id":"a"},{"@id":"a"}]}', "]"),
        "entities": ('{"@type":"ClaimReview","url":"https://a.b","reviewRating":"False","claimReviewed":"', "&amp;", '"}'),
        "tags": ('{"@type":"ClaimReview","url":"https://a.b","reviewRating":"False","claimReviewed":"', "<p a=b ", '"}'),
        "rating": ('{"@type":"ClaimReview","claimReviewed":"a","url":"https://a.b","reviewRating":"', " ", 'x"}'),
        "claim": ('{"@type":"ClaimReview","url":"https://a.b","reviewRating":"False","claimReviewed":"', ".’", 'x"}'),
    },
}  # fmt: skip

# Names that Python knows as codecs, or that nobody knows: none of them is a charset that a page may be in.
NO_CHARSETS = (
    "punycode", "undefined", "idna", "unicode_escape", "raw_unicode_escape", "utf-7", "utf_7", "rot13", "rot_13", "hex",
    "hex_codec", "zlib", "zlib_codec", "bz2", "base64", "quopri", "uu", "mbcs", "oem", "utf-32", "cp037", "cp65001",
    "replacement", "x-user-defined", "hz-gb-2312", "iso-2022-kr", "none", "utf8mb4", "\u0130so", "a" * 40,
)  # fmt: skip


def texts(size: int) -> dict[str, str]:
    """Every text at about `size` characters, by name."""
    return {name: case.build(size) for name, case in TEXTS.items()}


def pages(size: int) -> dict[str, str]:
    """Every page at about `size` characters, by name."""
    return {name: case.build(size) for name, case in PAGES.items()}
