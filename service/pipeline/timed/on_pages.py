"""What a page gives of its video's words: captions as a `<track>`, or a `transcript` in its JSON-LD."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from service.models import Page
from service.pipeline.article import MAX_HTML, page_language, parseable
from service.pipeline.decoding import decode_page
from service.pipeline.pictures.on_pages import address
from service.pipeline.shown import parse_page

SIGNS = ("<track", "transcript")  # without either of them a page gives nothing
SPEECH = ("", "captions", "subtitles")  # kinds of tracks; descriptions and chapters are not said
MAX_SCRIPTS, MAX_NESTED, MAX_ITEMS = 50, 12, 5_000


@dataclass(frozen=True, slots=True)
class Speech:
    """The address of a page's captions, and its transcript, as far as it has them."""

    captions: str | None = None
    transcript: str | None = None


def may_speak(page: Page) -> bool:
    """Whether it is worth while to look, told from the bytes alone."""
    if isinstance(page.content, str):
        return any(sign in page.content.lower() for sign in SIGNS)
    return any(sign.encode() in page.content.lower() for sign in SIGNS)


def find_speech(page: Page) -> Speech:
    """What a page gives; nothing where it is no HTML."""
    content, kind = decode_page(page)
    whole = parseable(content.replace("\0", "")[:MAX_HTML]) if kind == "text/html" else None
    tree = parse_page(whole) if whole is not None else None
    if tree is None:
        return Speech()
    tracks = [each for each in islice(tree.iter("track"), 100) if (each.get("kind") or "").strip().lower() in SPEECH]
    spoken = page_language(content, "")
    tracks.sort(key=lambda track: ((track.get("srclang") or "")[:2].lower() != spoken, track.get("default") is None))
    found = (address(track.get("src"), page.final_url) for track in tracks)
    return Speech(next((url for url in found if url), None), next(transcripts(tree), None))


def transcripts(tree: Any) -> Iterator[str]:
    """The transcripts that JSON-LD gives, wherever in it they stand."""
    scripts = (each for each in tree.iter("script") if "ld+json" in (each.get("type") or "").lower())
    for script in islice(scripts, MAX_SCRIPTS):
        try:
            data = json.loads(script.text or "")
        except (ValueError, RecursionError):
            continue
        for item in items_of(data):
            said = item.get("transcript")
            if isinstance(said, str) and said.strip():
                yield said


def items_of(data: Any) -> Iterator[dict[str, Any]]:
    """The objects in a JSON value, the outer ones first, up to a depth and a number."""
    level, seen = [data], 0
    for _ in range(MAX_NESTED):
        inner: list[Any] = []
        for each in level:
            seen += 1
            if seen > MAX_ITEMS:
                return
            if isinstance(each, dict):
                yield each
                inner += each.values()
            elif isinstance(each, list):
                inner += each
        level = [each for each in inner if isinstance(each, dict | list)]
