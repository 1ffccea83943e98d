"""The JSON shapes of rating words that are not mapped, and of what persons mapped."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.moments import present_moment
from service.presenters import Json, present_statement

if TYPE_CHECKING:
    from index.store.ratings import Mapped, MappedPage, UnmappedPage, UnmappedWords


def present_unmapped(page: UnmappedPage) -> Json:
    """Some rating words, and how many there are in all."""
    return {
        "ratings": [present_words(each) for each in page.ratings],
        "words": page.words,
        "statements": page.statements,
        "next_cursor": page.next_cursor,
    }


def present_words(found: UnmappedWords) -> Json:
    """Rating words, with who writes them and where."""
    return {
        "words": found.words,
        "count": found.count,
        "publishers": [{"site": site or None, "count": n} for site, n in found.publishers],
        "examples": [present_statement(each) for each in found.examples],
    }


def present_mappings(page: MappedPage) -> Json:
    """Some mappings."""
    return {"mappings": [present_mapped(each) for each in page.mapped], "next_cursor": page.next_cursor}


def present_mapped(mapped: Mapped) -> Json:
    """A mapping."""
    mapping = mapped.mapping
    return {
        "id": mapping.id,
        "words": mapping.words,
        "publisher": mapping.site,
        "normalized": mapping.normalized.value,
        "statements": mapped.statements,
        "mapped_by": mapping.mapped_by,
        "mapped_at": present_moment(mapping.mapped_at),
    }
