"""The values of properties in microdata and RDFa: from an attribute, or the text of the element."""

from __future__ import annotations

from typing import Any

MAX_VALUE = 30_000  # characters of one property
LINKS = ("a", "area", "link")
PICTURES = ("img", "audio", "video", "source", "embed", "iframe")
ADDRESSES = ("url", "sameAs", "mainEntityOfPage", "image", "logo", "license", "sdLicense", "contentUrl")

Item = dict[str, Any]


class Text:
    """The text of an element on its way to being a property's value; `fallback` is taken where there is none."""

    def __init__(self, owners: tuple[Item, ...], names: list[str], fallback: str | None) -> None:
        self.owners, self.names, self.fallback = owners, names, fallback
        self._parts: list[str] = []
        self._room = MAX_VALUE

    def take(self, part: str) -> None:
        """Hear of a piece of text within the element."""
        if self._room > 0:
            self._parts.append(part[: self._room])
            self._room -= len(part)

    def finish(self) -> None:
        """The element has ended."""
        value = "".join(self._parts).strip() or self.fallback
        if value:
            give(self.owners, self.names, value)


def value_of(element: Any, *, is_address: bool) -> tuple[str | None, str | None]:
    """The value of a property that an attribute gives, None where it is the text; and what stands for an empty text.

    A link names a page by its address, but a claim or a publisher by its text: that is how people write it.
    """
    tag = element.tag
    for name in ("content", "datetime", "value"):
        if name in element.attrib and (name == "content" or tag in ("time", "data", "meter")):
            return element.get(name), None
    if tag in LINKS or tag in PICTURES:
        address = element.get("href") or element.get("src")
        if is_address or tag == "link":
            return address, None
        return (element.get("alt") or address if tag in PICTURES else None), address
    return None, None


def give(owners: tuple[Item, ...], names: list[str], value: Any) -> None:
    """One more value of properties."""
    for owner in owners:
        for name in names:
            owner.setdefault(name, []).append(value)
