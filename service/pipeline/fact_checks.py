"""Whether a page is itself a fact-check, by its ClaimReview markup; and a page's reviews, for importing."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, quote, unquote, urlsplit

from index.exchange.claimreview import ParsedReview
from index.exchange.fields import SURROGATE
from index.exchange.importing import read_page
from service.models import Page, Review
from service.pipeline.decoding import decode_page

# The same page under other names: for phones, for AMP, with the marks of whoever linked it.
TWIN_HOST = re.compile(r"(?:(?:www|m|mobile|mobil|amp)\.)+")
TWIN_PATH = re.compile(r"^/amp(?=/)|/amp$|[./]amp(?=\.html?$)|/index\.html?$|(?<=/)index\.php$")
TWIN_QUERY = re.compile(r"(?:amp|outputtype|mobile|m|utm_\w{1,30}|fbclid|gclid|wt_mc|ref|share)", re.I)


def read_reviews_of(page: Page) -> list[ParsedReview]:
    """The reviews in a page's markup. Raises PageUnsupported where the bytes are none of a page."""
    return list(read_page(decode_page(page)[0], page.final_url))


def find_own_review(source: str, url: str | None) -> tuple[bool, Review | None]:
    """Whether a page is a fact-check and no list of them, and its review where that can be read, the first of several.

    `url` is where it came from: reviews of other sites' pages make none. Markup of the page's own that cannot be read
    still does.
    """
    read = list(read_page(source, url)) if "claimreview" in source.lower() else []
    page = page_key(url)
    of_site = [one for one in read if one.url and (page is None or host_key(one.url) == page[0])]
    own = [one for one in of_site if page is None or page_key(one.url) == page]
    if not own and len({page_key(one.url) for one in of_site}) == 1:
        own = of_site  # the page under an address that it has besides
    if found := [one.statement for one in own if one.statement]:
        first, *others = dict.fromkeys(one.claim_reviewed for one in found)
        return True, Review(first, found[0].rating.alternate_name, found[0].url, tuple(others))
    unread = any(one.rejection and not one.url for one in read)
    return bool(own) or (unread and not any(one.statement for one in read)), None


def page_key(url: str | None) -> tuple[str, str, str] | None:
    """What all addresses of one page share: no scheme, no `www.`, `m.` or `amp.`, no anchor, no marks of links."""
    try:
        parts = urlsplit(url or "")
        host = parts.hostname or ""
    except ValueError:
        return None
    if not host:
        return None
    path = TWIN_PATH.sub("", quote(unquote(SURROGATE.sub("", parts.path))).rstrip("/")).rstrip("/")
    try:
        asked = parse_qsl(parts.query, keep_blank_values=True, max_num_fields=100)
    except ValueError:
        asked = [(parts.query, "")]
    query = sorted((name, value) for name, value in asked if not TWIN_QUERY.fullmatch(name))
    return plain_host(host), path, repr(query)


def host_key(url: str) -> str | None:
    """The host part of `page_key`."""
    key = page_key(url)
    return key[0] if key else None


def plain_host(host: str) -> str:
    """A host without the names that its versions for phones and AMP have before it, umlauts as they travel."""
    twin = TWIN_HOST.match(host)
    bare = host[twin.end() :] if twin and "." in host[twin.end() :] else host
    try:
        return bare.encode("idna").decode("ascii")
    except UnicodeError:
        return bare
