"""Statements for others to read: a schema.org DataFeed in the shape of Data Commons, and RSS.

Where a statement has a page of its own, what is written names it: `page_of` gives its address, or None.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, time
from email.utils import format_datetime
from typing import Any
from xml.etree import ElementTree

from index.exchange.claimreview import statement_to_claimreview
from index.models import Statement

PageOf = Callable[[Statement], str | None]

NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def data_feed_parts(statements: Iterable[Statement], page_of: PageOf | None = None) -> Iterator[str]:
    """A DataFeed as text, one element a statement, however many there are; the import reads it again without loss."""
    yield '{"@context": "https://schema.org", "@type": "DataFeed", "dataFeedElement": ['
    between = "\n"
    for statement in statements:
        element = {"@type": "DataFeedItem", "item": [_review(statement, page_of)]}
        yield between + json.dumps(element, ensure_ascii=False)
        between = ",\n"
    yield "\n]}\n"


def review_lines(statements: Iterable[Statement], page_of: PageOf | None = None) -> Iterator[str]:
    """Each statement as one line of ClaimReview."""
    for statement in statements:
        yield json.dumps(_review(statement, page_of), ensure_ascii=False) + "\n"


def write_rss(statements: Iterable[Statement], title: str, link: str, page_of: PageOf) -> bytes:
    """Statements as RSS 2.0: what was checked, how it was rated, a link to the statement's page or the fact-check."""
    root = ElementTree.Element("rss", version="2.0")
    channel = ElementTree.SubElement(root, "channel")
    for name, text in (("title", title), ("link", link), ("description", title)):
        _add(channel, name, text)
    for statement in statements:
        item = ElementTree.SubElement(channel, "item")
        _add(item, "title", statement.headline or statement.claim_reviewed)
        _add(item, "link", page_of(statement) or statement.url)
        ElementTree.SubElement(item, "guid", isPermaLink="false").text = statement.id
        if published := statement.date_published:
            _add(item, "pubDate", format_datetime(datetime.combine(published, time(), UTC)))
        rated = f"{statement.rating.alternate_name}: {statement.claim_reviewed}"
        _add(item, "description", f"{rated} – {statement.explanation}" if statement.explanation else rated)
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _review(statement: Statement, page_of: PageOf | None) -> dict[str, Any]:
    review = statement_to_claimreview(statement)
    page = page_of(statement) if page_of else None
    return {**review, "mainEntityOfPage": page} if page else review


def _add(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, name).text = NOT_IN_XML.sub("", text)
