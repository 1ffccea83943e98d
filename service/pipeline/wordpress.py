"""What WordPress's REST interface lists (`wp/v2/posts`): the posts that changed last, with CORRECTIV's verdict on each.

Runs in a process that reads. A field that nobody filled in is `false` there, not missing.
"""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from service.errors import PageUnsupported
from service.pipeline.listings import MAX_MARK, Entry, Listing, looks_like, read_feed, web_address

PER_PAGE = 100
VERDICT = "post::interpretation"
ASKED = {
    "per_page": str(PER_PAGE),
    "orderby": "modified",
    "order": "desc",
    "_fields": f"id,link,modified_gmt,acf.{VERDICT}",
}
# What CORRECTIV's slugs stand for, in its own words. What is not here is unknown, never guessed by part of a word.
WORDS = {
    "true": "Richtig",
    "mostly_true": "Größtenteils richtig",
    "partly_false": "Teilweise falsch",
    "mostly_false": "Größtenteils falsch",
    "false": "Falsch",
    "missing_context": "Fehlender Kontext",
    "misleading": "Irreführend",
    "manipulated": "Manipuliert",
    "unproven": "Unbelegt",
    "satire": "Satire",
}
BRAND = "faktenforum_"  # the same verdicts under another name


def first_page(address: str) -> str:
    """The address that lists the newest posts."""
    return _asking(address, ASKED)


def read_posts(content: bytes, content_type: str, url: str) -> Listing:
    """The posts of a page of the interface, and the page after it; a feed is read as one. Raises PageUnsupported."""
    try:
        posts = json.loads(content)
    except (ValueError, RecursionError):
        if looks_like(content) == "JSON":
            raise PageUnsupported("The interface's answer is cut off or damaged.") from None
        return read_feed(content, content_type, url)
    if not isinstance(posts, list):
        raise PageUnsupported("The interface answers with an error instead of posts.")
    entries = [entry for post in posts if (entry := _entry(post, url))]
    if len(posts) >= PER_PAGE and entries:
        query = dict(parse_qsl(urlsplit(url).query))
        number = query.get("page", "1")
        following = int(number) + 1 if number.isascii() and number.isdigit() and len(number) < 6 else 2
        entries.append(Entry(_asking(url, {"page": str(following)}), entries[-1].mark, is_list=True, follows=True))
    return Listing(tuple(entries))


def verdict_words(slug: Any) -> str | None:
    """CORRECTIV's words for a slug; None for one that is not known."""
    if not isinstance(slug, str):
        return None
    return WORDS.get(slug.strip().lower().replace("-", "_").removeprefix(BRAND))


def _entry(post: Any, url: str) -> Entry | None:
    link = post.get("link") if isinstance(post, dict) else None
    address = web_address(link, url) if isinstance(link, str) and link.strip() else None
    if address is None:
        return None
    fields = post.get("acf")
    verdict = fields.get(VERDICT) if isinstance(fields, dict) else None
    slug = verdict.get("value") if isinstance(verdict, dict) else verdict
    said = {"verdict": slug[:100]} if isinstance(slug, str) and slug.strip() else {}
    return Entry(address, str(post.get("modified_gmt") or "")[:MAX_MARK], said=said)


def _asking(address: str, more: dict[str, str]) -> str:
    parts = urlsplit(address)
    query = {**dict(parse_qsl(parts.query)), **more}
    return urlunsplit(parts._replace(query=urlencode(query)))
