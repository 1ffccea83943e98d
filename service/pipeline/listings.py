"""What a feed or a sitemap lists: addresses, newest first, each with a mark that changes when its page does.

Runs in a process that reads. The only home of feedparser.
"""

from __future__ import annotations

import gzip
import io
import zlib
from calendar import timegm
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin, urlsplit
from xml.sax import SAXException

from service.errors import PageUnsupported

MAX_LISTED = 50_000  # addresses in one list, as sitemaps allow
MAX_UNPACKED = 60_000_000
MAX_MARK = 100
GZIP = b"\x1f\x8b"
SITEMAPS = ("urlset", "sitemapindex")


@dataclass(frozen=True, slots=True)
class Entry:
    """One address of a list. `mark` is "" where the list does not say when it changed.

    What `follows` is a further part of the same list, worth reading where this part held something new.
    """

    address: str
    mark: str = ""
    is_list: bool = False
    said: dict[str, Any] = field(default_factory=dict)
    follows: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """What a list holds. One that is not `whole`, for it is cut off or damaged, is to be read again."""

    entries: tuple[Entry, ...]
    whole: bool = True


def read_feed(content: bytes, content_type: str, url: str) -> Listing:
    """The articles of an RSS or Atom feed, newest first. Raises PageUnsupported where it is none.

    The type that a site names is often wrong, so what is there decides.
    """
    import feedparser

    headers = {"content-location": url}
    if "charset" in content_type.lower():
        headers["content-type"] = f"application/xml;{content_type.partition(';')[2]}"
    try:  # bytes alone would be taken for the name of a file
        feed = feedparser.parse(io.BytesIO(content), response_headers=headers, sanitize_html=False)
    except MemoryError:
        raise
    except Exception:  # such as a charset that decodes nothing
        raise PageUnsupported("This feed is damaged, or names a charset that is none.") from None
    if not feed.get("version"):
        raise PageUnsupported(f"This is not a feed but {looks_like(content)}.")
    found: list[tuple[int, Entry]] = []
    for item in feed.entries[:MAX_LISTED]:
        link = item.get("link")
        if isinstance(link, str) and link.strip() and (address := web_address(link, url)):
            said = dict(item)  # which, unlike the item itself, takes nothing for what it is not
            changed = said.get("updated_parsed") or said.get("published_parsed")
            mark = str(said.get("updated") or said.get("published") or "")[:MAX_MARK]
            found.append((timegm(changed) if changed else 0, Entry(address, mark)))
    found.sort(key=lambda pair: -pair[0])  # not every feed is in order
    return Listing(tuple(entry for _, entry in found), whole=not isinstance(feed.get("bozo_exception"), SAXException))


def read_sitemap(content: bytes, content_type: str, url: str) -> Listing:  # noqa: ARG001 - as read_feed
    """The pages and further sitemaps of a sitemap (XML or text, also packed), newest first. Raises PageUnsupported."""
    text = unpacked(content)
    if not text.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        return plain_sitemap(text, url)
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, recover=True)
    try:
        root = etree.fromstring(text, parser)
    except etree.XMLSyntaxError:
        root = None
    if root is None or local_name(root) not in SITEMAPS:
        raise PageUnsupported(f"This is not a sitemap but {looks_like(text)}.")
    found: list[Entry] = []
    for element in root:
        parts = {local_name(part): (part.text or "").strip() for part in element}
        loc = parts.get("loc", "")
        if loc.startswith("http") and (address := web_address(loc, url)):
            is_list = local_name(element) == "sitemap"
            found.append(Entry(address, parts.get("lastmod", "")[:MAX_MARK], is_list))
        if len(found) >= MAX_LISTED:
            break
    damaged = bool(parser.error_log.filter_from_errors())
    if damaged:
        found = found[:-1]  # where it is cut off, so is the last address
    newest_first = tuple(sorted(found, key=lambda entry: entry.mark, reverse=True))
    return Listing(newest_first, whole=not damaged)


def plain_sitemap(text: bytes, url: str) -> Listing:
    """A sitemap that is one address a line. Raises PageUnsupported where it is none."""
    lines = [line.strip() for line in text.decode("utf-8-sig", "replace").splitlines() if line.strip()]
    if not lines or not all(line.startswith(("http://", "https://")) for line in lines):
        raise PageUnsupported(f"This is not a sitemap but {looks_like(text)}.")
    return Listing(tuple(Entry(address) for line in lines[:MAX_LISTED] if (address := web_address(line, url))))


def unpacked(content: bytes) -> bytes:
    """What a packed sitemap holds. Raises PageUnsupported where it is damaged or too large."""
    if not content.startswith(GZIP):
        return content
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(content)) as packed:
            text = packed.read(MAX_UNPACKED + 1)
    except (OSError, EOFError, zlib.error):
        raise PageUnsupported("This sitemap is packed and damaged.") from None
    if len(text) > MAX_UNPACKED:
        raise PageUnsupported("This sitemap is too large.")
    return text


def web_address(link: str, base: str) -> str | None:
    """A link as an http(s) address without its anchor; None where it is no such address."""
    try:
        address = urljoin(base, link.strip()).partition("#")[0]
        parts = urlsplit(address)
    except ValueError:
        return None
    return address if parts.scheme in ("http", "https") and parts.hostname else None


def looks_like(content: bytes) -> str:
    """What it is instead, for a message."""
    start = content[:512].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if not start:
        return "empty"
    if start.startswith((b"<!doctype html", b"<html")):
        return "a web page"
    return "JSON" if start.startswith((b"{", b"[")) else "something else"


def local_name(element: Any) -> str:
    """An XML element's name without its namespace; "" for comments and the like."""
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""
