"""Where a page sends its reader on by itself: a Refresh header, a meta refresh, also one for browsers without scripts.

It is read from the bytes that the page begins with, by patterns of linear time: this happens where pages are fetched.
"""

from __future__ import annotations

import html
import re
from urllib.parse import urljoin, urlsplit

SOON = 5  # seconds: a browser is gone before anybody has read the page
LATER = 30  # seconds: it is a notice that leads on, if it says little; what waits longer reloads itself
FEW_WORDS = 120  # of a notice
FEWER_WORDS = 40  # of a page that leads on only readers without scripts: short news may do so as well
LOOKED_AT = 100_000  # bytes of a page's beginning
REFRESH = re.compile(r"\s*+(\d{0,6})(?:\.[\d.]*+)?\s*+(?:[;,]\s*+|(?<=\s))(?:url\s*+=\s*+)?(\S.{0,4000})", re.I | re.S)
# What is no mark-up of the page, and what holds for readers without scripts. No pattern may run over another `<!--`.
SET_ASIDE = re.compile(r"<!--|<(?=(?:script|style|template|textarea|noscript|title|svg)\b)", re.I)
META = re.compile(r"<meta\b[^<>]{0,4000}>", re.I)
BASE = re.compile(r"<base\b[^<>]{0,2000}>", re.I)
ATTRIBUTE = re.compile(r"([\w-]{1,40})\s{0,50}=\s{0,50}(?:\"([^\"]{0,4000})\"|'([^']{0,4000})'|([^\s\"'>]{1,4000}))")


def refreshed_address(address: str, header: dict[str, str], content: bytes) -> str | None:
    """Where the page at `address` leads on, not yet judged; None where it stays, or reloads itself."""
    shown, without_scripts = divided(content[:LOOKED_AT].decode("utf-8", "replace"))
    own = target_of(header.get("refresh", "")) or meta_target(shown)
    found = own if own and own[0] <= SOON else None
    if found is None and len(content) <= LOOKED_AT and words_of(shown) < FEW_WORDS:
        for_some = meta_target(without_scripts) if words_of(shown) < FEWER_WORDS else None
        found = next((each for each in (own, for_some) if each and each[0] <= LATER), None)
    return elsewhere(address, base_of(shown, address), found[1]) if found else None


def elsewhere(address: str, base: str, target: str) -> str | None:
    """A target as an address, where it is another one than the page's own and one of the web."""
    try:
        found = urljoin(base, target)
        same = urlsplit(found)._replace(fragment="") == urlsplit(address)._replace(fragment="")
        return None if same or urlsplit(found).scheme not in ("http", "https") else found
    except ValueError:
        return None


def target_of(value: str) -> tuple[int, str] | None:
    """The seconds and the address of a refresh: `5; url=/there`."""
    found = REFRESH.match(value)
    if not found:
        return None
    place = found[2]
    if place.rstrip().lower().removesuffix("=").rstrip() == "url":  # it names none: the page reloads itself
        return None
    quote = place[0] if place[0] in "\"'" else ""
    place = place[1:].split(quote)[0] if quote else place
    return (int(found[1] or 0), place.strip()) if place.strip() else None


def meta_target(source: str) -> tuple[int, str] | None:
    """What the first meta refresh with an address says."""
    for tag in META.finditer(source):
        values = attributes(tag[0])
        if values.get("http-equiv", "").strip().lower() == "refresh":
            found = target_of(values.get("content", ""))
            if found:
                return found
    return None


def base_of(source: str, address: str) -> str:
    """The address that relative ones on the page go by."""
    tag = BASE.search(source)
    try:
        return urljoin(address, attributes(tag[0]).get("href", "").strip()) if tag else address
    except ValueError:
        return address


def attributes(tag: str) -> dict[str, str]:
    """A tag's attributes by their names in small letters."""
    found: dict[str, str] = {}
    for name, *values in ATTRIBUTE.findall(tag):
        found.setdefault(name.lower(), html.unescape(next((value for value in values if value), "")))
    return found


def divided(source: str) -> tuple[str, str]:
    """The page's own mark-up, and that for readers without scripts; comments and scripts are in neither."""
    lower, place = source.lower(), 0
    shown, without_scripts = [], []
    for block in SET_ASIDE.finditer(source):
        if block.start() < place:
            continue
        shown.append(source[place : block.start()])
        name = re.match(r"<(\w+|!--)", source[block.start() : block.start() + 10])
        ending = "-->" if name is None or name[1] == "!--" else f"</{name[1].lower()}"
        end = lower.find(ending, block.start() + 4)
        place = len(source) if end < 0 else end + len(ending)
        if ending == "</noscript":
            without_scripts.append(source[block.start() : place])
    return "".join([*shown, source[place:]]), "".join(without_scripts)


def words_of(shown: str) -> int:
    """How many words are to be seen: of a mere notice few."""
    return len(re.sub(r"<[^<>]{0,3000}>", " ", shown).split())
