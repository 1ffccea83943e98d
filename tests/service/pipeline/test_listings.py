"""Feeds and sitemaps from bytes: whatever they are called, the newest first, nothing opened that they name."""

from __future__ import annotations

import gzip
import zlib

import pytest

from service.errors import PageUnsupported
from service.pipeline.listings import Entry, looks_like, read_feed, read_sitemap, unpacked, web_address

URL = "https://check.example/feeds/all"
ATOM = """<?xml version="1.0"?><feed xmlns="http://www.w3.org/2005/Atom"><title>C</title>
<entry><link rel="alternate" href="/a"/><updated>2026-01-01T00:00:00Z</updated></entry>
<entry><link href="https://check.example/b#top"/><updated>2026-02-01T00:00:00Z</updated></entry>
<entry><link href="javascript:alert(1)"/></entry><entry><title>no link</title></entry></feed>"""
RSS = """<rss version="2.0"><channel><item><guid>https://check.example/guid</guid></item>
<item><link>https://check.example/\xfc</link><pubDate>not a date</pubDate></item></channel></rss>"""


def addresses(listing) -> list[str]:
    return [entry.address for entry in listing.entries]


def test_atom_is_read_newest_first_with_its_marks() -> None:
    assert read_feed(ATOM.encode(), "application/atom+xml", URL).entries == (
        Entry("https://check.example/b", "2026-02-01T00:00:00Z"),
        Entry("https://check.example/a", "2026-01-01T00:00:00Z"),
    )


def test_rss_is_read_in_the_charset_that_the_site_names() -> None:
    found = read_feed(RSS.encode("latin-1"), "text/plain; charset=iso-8859-1", URL)
    assert addresses(found) == ["https://check.example/guid", "https://check.example/\xfc"]
    assert found.entries[1].mark == "not a date"


def test_entities_of_a_feed_open_nothing() -> None:
    evil = b'<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/hostname">]><rss version="2.0"><channel><item><link>https://check.example/&x;</link></item></channel></rss>'
    assert addresses(read_feed(evil, "", URL)) == ["https://check.example/&x"]
    bomb = b'<!DOCTYPE urlset [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]><urlset><url><loc>https://check.example/&b;</loc></url></urlset>'
    assert all(len(address) < 50 for address in addresses(read_sitemap(bomb, "", URL)))


@pytest.mark.parametrize("charset", ["punycode", "undefined"])
def test_a_charset_that_decodes_nothing_makes_a_feed_unreadable(charset: str) -> None:
    feed = '<rss version="2.0"><channel><title>Checks</title></channel></rss>'
    with pytest.raises(PageUnsupported, match="charset"):
        read_feed(f'<?xml version="1.0" encoding="{charset}"?>{feed}'.encode(), "application/rss+xml", URL)
    with pytest.raises(PageUnsupported, match="charset"):
        read_feed(feed.encode(), f"application/rss+xml; charset={charset}", URL)


@pytest.mark.parametrize(
    "content", [b"", b"<html><p>Hi</html>", b"{}", b"/etc/hostname", b"https://check.example/feed", bytes(range(256))]
)
def test_what_is_no_feed_and_no_sitemap_is_refused(content: bytes) -> None:
    for read in (read_feed, read_sitemap):
        if read is read_sitemap and content.startswith(b"https"):
            continue
        with pytest.raises(PageUnsupported, match="This is not a"):
            read(content, "application/xml", URL)


def test_a_sitemap_gives_pages_and_further_sitemaps() -> None:
    pages = b"\xef\xbb\xbf<urlset xmlns='x'><!-- c --><url><loc> https://check.example/1 </loc><lastmod>2026-01-01</lastmod></url><url><loc>https://check.example/2</loc><lastmod>2026-03-01</lastmod></url><url><loc/></url><url/></urlset>"
    assert read_sitemap(pages, "", URL).entries == (
        Entry("https://check.example/2", "2026-03-01"),
        Entry("https://check.example/1", "2026-01-01"),
    )
    index = b"<sitemapindex><sitemap><loc>https://check.example/s.xml</loc></sitemap></sitemapindex>"
    assert read_sitemap(gzip.compress(index), "", URL).entries == (
        Entry("https://check.example/s.xml", "", is_list=True),
    )


def test_a_sitemap_that_is_cut_off_gives_what_is_whole() -> None:
    cut = b"<urlset><url><loc>https://check.example/1</loc></url><url><loc>https://check.exam"
    listing = read_sitemap(cut, "", URL)
    assert (addresses(listing), listing.whole) == (["https://check.example/1"], False)
    assert read_sitemap(cut.partition(b"</url>")[0] + b"</url></urlset>", "", URL).whole


def test_a_damaged_packing_is_refused() -> None:
    packed = gzip.compress(b"<urlset/>")
    for damaged in (packed[:-9], b"\x1f\x8b" + bytes(20), packed[:5]):
        with pytest.raises((PageUnsupported, zlib.error)):
            unpacked(damaged)
        with pytest.raises(PageUnsupported):
            read_sitemap(damaged, "", URL)


@pytest.mark.parametrize(
    ("link", "address"),
    [
        ("/x", "https://check.example/x"),
        ("//other.example/y", "https://other.example/y"),
        ("mailto:a@b.example", None),
        ("https://[", None),
        (" https://check.example/z#top ", "https://check.example/z"),
    ],
)
def test_links_become_addresses(link: str, address: str | None) -> None:
    assert web_address(link, URL) == address


def test_what_it_is_instead_is_named() -> None:
    assert [looks_like(content) for content in (b" ", b"\n<!DOCTYPE HTML>", b"[1]", b"?")] == [
        "empty",
        "a web page",
        "JSON",
        "something else",
    ]
