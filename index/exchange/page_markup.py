"""The structured data of an HTML page: JSON-LD scripts, microdata and RDFa, each as JSON values for `find_reviews`.

The only home of lxml. Written here because the library for it (extruct) refuses a page for one bad script, takes
68 seconds over 40 KB of `itemref`, and brings an RDF store along.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urljoin

from index.exchange.dirty_json import MAX_REPAIRED, read_json
from index.exchange.property_values import ADDRESSES, Item, Text, give, value_of
from index.retrieval.queries import unescaped

if TYPE_CHECKING:
    from lxml.etree import _Element

MAX_OPEN = 40  # properties whose text is being collected at once, one within the other
MAX_OWNERS = 10  # items that a property may belong to, by `itemref`
JSON_LD = re.compile(r"\b(?:ld\s?\+?\s?json|json\s?\+?\s?ld)\b", re.I)
OVERLONG_TAG = re.compile(r"<(\w{1,20})\b[^<>]{5000,}>")  # the parser takes quadratic time over one's attributes
LAST_TAG = re.compile(r"</(?:html|body)\s{0,9}>", re.I)  # the parser's tree ends here, a browser's does not
PREFIX = re.compile(r"([\w.-]{1,40}):\s{1,9}https?://schema\.org/")
SCHEMA = re.compile(r"\s{0,9}https?://schema\.org/")
HIDDEN = ("script", "style", "template", "noscript")
LINKING = ("url", "mainEntityOfPage")  # properties that are addresses, and no word that HTML has for `rel`


@dataclass(frozen=True, slots=True)
class Markup:
    """What a page says in its markup, in order: `unread` says of each script with reviews why it cannot be read.

    `repaired` counts the scripts that were no JSON before they were repaired; `address` is what the page calls itself.
    """

    values: tuple[Any, ...] = ()
    unread: tuple[str, ...] = ()
    repaired: int = 0
    address: str | None = None


def read_markup(source: str, url: str | None = None) -> Markup:
    """The structured data of a page that has ClaimReview anywhere in it; nothing of any other page."""
    if "claimreview" not in source.lower():
        return Markup()
    root = parse(source)
    if root is None:  # nothing but comments
        return Markup()
    values: list[Any] = []
    unread: list[str] = []
    repaired, room = 0, MAX_REPAIRED
    for script in scripts(root):
        try:
            value, was_repaired = read_json(script, room)
        except ValueError as error:
            room -= len(script)
            if "claimreview" in script.lower():
                unread.append(f"the page's ClaimReview markup is not JSON: {error}")
            continue
        values.append(value)
        if was_repaired:
            room -= len(script)
            repaired += 1
    values += [item for syntax in (MICRODATA, RDFA) for item in Items(syntax, root).read()]
    return Markup(tuple(values), tuple(unread), repaired, address_of(root, url))


def parse(source: str) -> _Element | None:
    """The tree of a page; None where there is none."""
    from lxml import etree

    parser = etree.HTMLParser(encoding="utf-8", recover=True, huge_tree=True, no_network=True)
    source = LAST_TAG.sub("", OVERLONG_TAG.sub(r"<\1>", source))
    try:
        return etree.fromstring(source.encode("utf-8", "replace"), parser)
    except (etree.LxmlError, ValueError):
        return None


def scripts(root: _Element) -> Iterator[str]:
    """The contents of the JSON-LD scripts; what stands in a comment is none."""
    for script in root.iter("script"):
        if JSON_LD.search(unescaped(script.get("type") or "")):
            yield "".join(script.itertext())


def address_of(root: _Element, url: str | None) -> str | None:
    """Where the page's relative addresses start: its base, else where it came from, else what it calls itself."""
    base = next((element.get("href") for element in root.iter("base") if element.get("href")), None)
    own = (
        url or _named(root, "link", "rel", "canonical", "href") or _named(root, "meta", "property", "og:url", "content")
    )
    try:
        return urljoin(own or "", base) if base else own
    except ValueError:
        return own


def _named(root: _Element, tag: str, key: str, word: str, value: str) -> str | None:
    found = (element for element in root.iter(tag) if word in (element.get(key) or "").lower().split())
    return next((element.get(value) for element in found if element.get(value)), None)


# ---------------------------------------------------------------- microdata and RDFa


@dataclass(frozen=True, slots=True)
class Syntax:
    """The attributes of a syntax: what begins an item, and what names its type, a property, itself."""

    scope: str
    type: str
    name: str
    ids: tuple[str, ...]


MICRODATA = Syntax("itemscope", "itemtype", "itemprop", ("itemid",))
RDFA = Syntax("typeof", "typeof", "property", ("resource", "about"))


class Items:
    """Reads the items of one syntax in a single pass over the tree."""

    def __init__(self, syntax: Syntax, root: _Element) -> None:
        self._syntax, self._root = syntax, root
        self._found: list[Item] = []
        self._items: dict[_Element, Item] = {}
        self._owners: list[tuple[Item, ...]] = [()]  # of each open element: the items its properties belong to
        self._awaited: list[list[str]] = [[]]  # of each open element: the properties (`rel`) whose value is in it
        self._open: list[tuple[_Element, Text]] = []
        self._hidden = 0
        self._prefixes = {"schema"}
        self._referring: dict[str, list[_Element]] = {}

    def read(self) -> list[Item]:
        """The items that are part of no other, in order."""
        from lxml import etree

        if not any(self._syntax.scope in element.attrib for element in self._root.iter()):
            return []
        self._prepare()
        for event, element in etree.iterwalk(self._root, events=("start", "end", "comment", "pi")):
            if event == "start":
                self._begin(element)
                self._hear(element.text)
                continue
            if event == "end":
                self._end(element)
            self._hear(element.tail)
        return self._found

    def _prepare(self) -> None:
        for element in self._root.iter():
            if self._syntax is MICRODATA and "itemref" in element.attrib and "itemscope" in element.attrib:
                for name in element.get("itemref", "").split()[:MAX_OWNERS]:
                    referring = self._referring.setdefault(name, [])
                    if len(referring) < MAX_OWNERS:
                        referring.append(element)
            if self._syntax is RDFA and "prefix" in element.attrib:
                self._prefixes.update(PREFIX.findall(element.get("prefix", "")))
            if self._syntax is RDFA:
                spaces = ((name, value) for name, value in element.items() if name.startswith("xmlns:"))
                self._prefixes.update(name[6:] for name, value in spaces if SCHEMA.match(value))

    def _begin(self, element: _Element) -> None:
        self._hidden += element.tag in HIDDEN
        owners, inner = self._owners[-1], None
        referring = self._referring.get(element.get("id") or "", ())
        if referring:
            more = [self._item(other) for other in referring]
            inner = owners = (*owners, *(item for item in more if not any(item is one for one in owners)))[:MAX_OWNERS]
        names, awaited = self._names(element.get(self._syntax.name)), self._awaited[-1]
        related = self._related(element)
        if self._syntax.scope in element.attrib:
            item = self._item(element)
            named = names or ([] if element.get("about") else related) or awaited
            if named and owners:
                give(owners, named, item)
            else:
                self._found.append(item)
            inner, awaited = (item,), related if element.get("about") else []
        elif names and owners:
            self._read_value(element, owners, names)
        elif related and owners:
            awaited = self._relate(element, owners, related)
        elif self._syntax is RDFA and not element.get("property") and self._id_of(element):
            inner, awaited = ({"@id": self._id_of(element)},), []
            self._found += inner
        self._owners.append(owners if inner is None else inner)
        self._awaited.append(awaited)

    def _related(self, element: _Element) -> list[str]:
        """The properties that RDFa's `rel` names, as far as they are not what HTML means by it (author, license)."""
        given = element.get("rel") if self._syntax is RDFA else None
        if not given:
            return []
        plain_link = element.get("href") is not None and element.get("resource") is None
        words = [word for word in given.split() if not plain_link or ":" in word or word in LINKING]
        return self._names(" ".join(words))

    def _relate(self, element: _Element, owners: tuple[Item, ...], names: list[str]) -> list[str]:
        """Give the address that `rel` leads to; where it leads to none, the names that wait for what is within."""
        reference, address = element.get("resource"), element.get("href") or element.get("src")
        if reference:
            give(owners, names, {"@id": reference})
        elif address:
            give(owners, names, address)
        return [] if reference or address else names

    def _end(self, element: _Element) -> None:
        self._owners.pop()
        self._awaited.pop()
        self._hidden -= element.tag in HIDDEN
        if self._open and self._open[-1][0] is element:
            self._open.pop()[1].finish()

    def _hear(self, text: str | None) -> None:
        if text and not self._hidden:
            for _, collected in self._open:
                collected.take(text)

    def _read_value(self, element: _Element, owners: tuple[Item, ...], names: list[str]) -> None:
        value, fallback = value_of(element, is_address=any(name in ADDRESSES for name in names))
        if value is None and self._syntax is RDFA and element.get("resource"):
            give(owners, names, {"@id": element.get("resource")})
        elif value is not None:
            give(owners, names, value)
        elif len(self._open) < MAX_OPEN:
            self._open.append((element, Text(owners, names, fallback)))

    def _item(self, element: _Element) -> Item:
        if element not in self._items:
            item: Item = {"@type": self._names(element.get(self._syntax.type))}
            if name := self._id_of(element):
                item["@id"] = name
            self._items[element] = item
        return self._items[element]

    def _id_of(self, element: _Element) -> str | None:
        return next((element.get(name) for name in self._syntax.ids if element.get(name)), None)

    def _names(self, given: str | None) -> list[str]:
        """The names of schema.org in an attribute, without their vocabulary; those of others are left out."""
        names = []
        for word in (given or "").split()[:MAX_OWNERS]:
            prefix, colon, rest = word.partition(":")
            if rest.startswith("//"):
                names.append(rest.replace("#", "/").rsplit("/", 1)[-1])
            elif not colon or prefix in self._prefixes:
                names.append(rest or prefix)
        return names
