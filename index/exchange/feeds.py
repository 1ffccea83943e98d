"""Statements for others to read: a schema.org DataFeed in the shape of Data Commons, and RSS."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, time
from email.utils import format_datetime
from xml.etree import ElementTree

from index.exchange.claimreview import statement_to_claimreview
from index.models import Statement

NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def data_feed_parts(statements: Iterable[Statement]) -> Iterator[str]:
    """A DataFeed as text, one element a statement, however many there are; the import reads it again without loss."""
    yield '{"@context": "https://schema.org", "@type": "DataFeed", "dataFeedElement": ['
    between = "\n"
    for statement in statements:
        element = {"@type": "DataFeedItem", "item": [statement_to_claimreview(statement)]}
        yield between + json.dumps(element, ensure_ascii=False)
        between = ",\n"
    yield "\n]}\n"


def review_lines(statements: Iterable[Statement]) -> Iterator[str]:
    """Each statement as one line of ClaimReview."""
    for statement in statements:
        yield json.dumps(statement_to_claimreview(statement), ensure_ascii=False) + "\n"


def write_rss(statements: Iterable[Statement], title: str, link: str) -> bytes:
    """Statements as RSS 2.0: what was checked, and how it was rated."""
    root = ElementTree.Element("rss", version="2.0")
    channel = ElementTree.SubElement(root, "channel")
    for name, text in (("title", title), ("link", link), ("description", title)):
        _add(channel, name, text)
    for statement in statements:
        item = ElementTree.SubElement(channel, "item")
        _add(item, "title", statement.headline or statement.claim_reviewed)
        _add(item, "link", statement.url)
        ElementTree.SubElement(item, "guid", isPermaLink="false").text = statement.id
        if published := statement.date_published:
            _add(item, "pubDate", format_datetime(datetime.combine(published, time(), UTC)))
        rated = f"{statement.rating.alternate_name}: {statement.claim_reviewed}"
        _add(item, "description", f"{rated} – {statement.explanation}" if statement.explanation else rated)
    written: bytes = ElementTree.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _add(parent: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(parent, name).text = NOT_IN_XML.sub("", text)
