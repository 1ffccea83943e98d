"""Single values of structured data to texts and addresses, with a note about each that is damaged or left out."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator, Mapping
from typing import Any
from urllib.parse import urljoin, urlsplit

MAX_TEXT = 20_000
REFERENCE = re.compile(r"&(?:#\d{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,30});")
RESOLVED = 3  # times: some sites escape what was escaped before
MARK = r"(?:\s+[\w:-]{1,60}\s*=\s*(?:\"[^\"<>]{0,2000}\"|'[^'<>]{0,2000}'|[^\s\"'<>]{1,500}))*+\s*+/?"
INLINE = "a|abbr|b|cite|em|font|i|ins|mark|q|small|span|strong|sub|sup|u"
BLOCKS = "blockquote|br|div|figcaption|figure|h[1-6]|hr|li|ol|p|section|ul"
INLINE_TAG = re.compile(rf"</?(?:{INLINE}){MARK}>", re.I)
BLOCK_TAG = re.compile(rf"</?(?:{BLOCKS}){MARK}>", re.I)
NAMED_BY_ADDRESS = ("license", "identifier", "itemReviewed.author")
LANGUAGES_FIRST = ("de", "en")  # of an object with a text for each language
INVISIBLE = re.compile("[\u00ad\u200b\u2060\ufeff]")
SURROGATE = re.compile("[\ud800-\udfff]")
# Letters of UTF-8 that were read as Windows-1252 or Latin-1: "MÃ¤rz", "â€œ".
TWICE_DECODED = re.compile("Ã[¤¶¼Ÿ„–œ©¨\x80-\x9f]|â€[œžš™“”]")


class Warnings:
    """What is to be said about one review, in order, each once."""

    def __init__(self) -> None:
        self._said: dict[str, None] = {}

    def say(self, warning: str) -> None:
        """One more."""
        self._said[warning] = None

    def __iter__(self) -> Iterator[str]:
        return iter(self._said)


def first(value: Any) -> Any:
    """Of a list the first useful item: markup often wraps single things in lists."""
    if isinstance(value, list):
        return next((item for item in value if item), None)
    return value


def read_text(value: Any, name: str, warnings: Warnings, language: str | None = None) -> str | None:
    """A text in one line without tags and references; of several the one in `language`, else the first."""
    value = _words_of(_chosen(value, name, warnings, language), name, language)
    if value is None or value == "":
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        warnings.say(f"{name} is not a text")
        return None
    text = str(value)
    if SURROGATE.search(text) or "\ufffd" in text:
        warnings.say(f"{name} contains a character that was damaged earlier (\ufffd)")
    if TWICE_DECODED.search(text):
        warnings.say(f"{name} looks as if it was decoded wrongly earlier: {clean(text[:60])}")
    if len(text) > MAX_TEXT:
        warnings.say(f"{name} is longer than {MAX_TEXT:,} characters; the rest is left out")
    return clean(text[:MAX_TEXT]) or None


def clean(text: str) -> str:
    """Text in one line as a reader of the page would see it."""
    text = SURROGATE.sub("\ufffd", text.replace("\0", ""))
    for _ in range(RESOLVED):
        if "&" not in text:
            break
        text = REFERENCE.sub(lambda found: html.unescape(found[0]), text)
    if "<" in text:
        text = BLOCK_TAG.sub(" ", INLINE_TAG.sub("", text))
    return re.sub(r"\s+", " ", INVISIBLE.sub("", text)).strip()


def read_url(value: Any, base: str | None = None) -> str | None:
    """The first http(s) address among the values, a relative one completed from `base`; None where there is none."""
    for one in value if isinstance(value, list) else [value]:
        if isinstance(one, Mapping):
            one = first(one.get("@id")) or first(one.get("url"))
        if isinstance(one, str) and (url := _absolute(clean(one[:MAX_TEXT]), base)):
            return url
    return None


def host_of(url: str) -> str | None:
    """The host name of a URL, without `www.`."""
    try:
        host = urlsplit(url).hostname
    except ValueError:
        return None
    return host.removeprefix("www.") if host else None


def _absolute(url: str, base: str | None) -> str | None:
    if url.lower().startswith(("www.", "//")):
        url = f"https://{url.lstrip('/')}"
    try:
        if base and url and not urlsplit(url).scheme:
            url = urljoin(base, url)
        parts = urlsplit(url)
        usable = parts.scheme in ("http", "https") and bool(parts.hostname) and " " not in url
    except ValueError:
        return None
    return url if usable else None


def _chosen(value: Any, name: str, warnings: Warnings, language: str | None) -> Any:
    """Of several values the one in the language, else the first; a note says that others were left out."""
    if not isinstance(value, list):
        return value
    listed = [item for item in value if item]
    told = [item for item in listed if isinstance(item, Mapping) and isinstance(item.get("@language"), str)]
    if told:
        own = (item for item in told if language and item["@language"].lower().split("-")[0] == language)
        return next(own, told[0])
    if len(listed) > 1 and any(isinstance(item, str) and item != listed[0] for item in listed[1:]):
        warnings.say(f"{name} has several values; the first one is taken")
    return listed[0] if listed else None


def _words_of(value: Any, name: str, language: str | None) -> Any:
    """The words of an object: its text or name; its address only for what may be named by one."""
    if not isinstance(value, Mapping):
        return value
    for key in ("text", "@value", "name", "value", language, *LANGUAGES_FIRST):
        if key and (said := first(value.get(key))):
            return said
    return first(value.get("url")) or first(value.get("@id")) if name in NAMED_BY_ADDRESS else value
