"""The pictures of a page that are worth reading: its lead image and those of the article, with their captions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice, pairwise
from typing import Any
from urllib.parse import urljoin, urlsplit

from service.models import Page
from service.pipeline.article import MAX_HTML, parseable
from service.pipeline.decoding import decode_page
from service.pipeline.markup import parents
from service.pipeline.shown import is_large, is_plain, parse_page, places_of

MOST = 6
MIN_SIDE = 200  # pixels, as the mark-up says. A choice: in less, no sentence is legible.
WIDE = 2000  # pixels: of several sizes the largest up to this one is read, as opening.py makes larger ones smaller
MAX_LOOKED_AT = 200
MAX_WORDS = 1000  # characters of a caption or an alternative text
LEAD = frozenset({"og:image", "og:image:url", "og:image:secure_url", "twitter:image", "twitter:image:src"})
# Where pages name a picture that a script shows later; `src` holds an empty one until then.
LATER = ("data-src", "data-original", "data-lazy-src", "data-lazy", "data-full-src")
SEVERAL = ("srcset", "data-srcset", "data-lazy-srcset")
WIDTH = re.compile(r"(\d{1,5})w,?")


@dataclass(frozen=True, slots=True)
class Announced:
    """A picture as its page announces it, with the words that the page sets below it and in its place."""

    url: str
    caption: str | None = None
    alt: str | None = None


def find_pictures(page: Page) -> tuple[Announced, ...]:
    """The lead image first, then those of the article in their order; nothing where the page is no HTML."""
    content, kind = decode_page(page)
    whole = parseable(content.replace("\0", "")[:MAX_HTML]) if kind == "text/html" else None
    tree = parse_page(whole) if whole is not None else None
    if tree is None:
        return ()
    found: dict[str, Announced] = {}
    for one in [*inside(tree, page.final_url), *leading(tree, page.final_url)]:
        found.setdefault(one.url, one)
    first = [one.url for one in leading(tree, page.final_url)]
    ordered = sorted(found.values(), key=lambda one: one.url not in first)
    return tuple(ordered[:MOST])


def leading(tree: Any, base: str | None) -> Iterator[Announced]:
    """The picture that the page shows of itself elsewhere; several sizes of it are one."""
    for meta in islice(tree.iter("meta"), MAX_LOOKED_AT):
        named = (meta.get("property") or meta.get("name") or "").strip().lower()
        url = address(meta.get("content"), base) if named in LEAD else None
        if url:
            yield Announced(url)
            return


def inside(tree: Any, base: str | None) -> Iterator[Announced]:
    """The pictures of the article itself: none of navigation, teasers and banners, and no small ones."""
    places = places_of(tree)
    for picture in islice(tree.iter("img"), MAX_LOOKED_AT):
        if is_large(picture) and not is_small(picture) and is_plain(picture, places):
            url = address(source_of(picture), base)
            if url:
                yield Announced(url, caption_of(picture), words(picture.get("alt")))


def is_small(picture: Any) -> bool:
    """Whether the mark-up says that both sides are short."""
    sides = [re.match(r"\d{1,6}", picture.get(name) or "") for name in ("width", "height")]
    said = [int(side[0]) for side in sides if side]
    return bool(said) and max(said) < MIN_SIDE


def source_of(picture: Any) -> str | None:
    """The largest picture that is offered up to WIDE, or the one that is shown."""
    offered = [picture.get(name) for name in SEVERAL]
    around = next((each for each in parents(picture) if each.tag == "picture"), None)
    if around is not None:
        offered += [source.get("srcset") for source in around.iter("source")]
    sizes = {width: url for one in offered for width, url in widths_of((one or "")[:20_000])}
    if sizes:
        fitting = [width for width in sizes if width <= WIDE]
        return sizes[max(fitting) if fitting else min(sizes)]
    later = (picture.get(name) for name in (*LATER, "src"))
    found: str | None = next((url for url in later if url), None)
    return found


def widths_of(offered: str) -> Iterator[tuple[int, str]]:
    """The widths in a list of sizes, with the address of each; addresses may hold commas, but no blanks."""
    for url, size in pairwise(offered.split()):
        if found := WIDTH.fullmatch(size):
            yield int(found[1]), url.lstrip(",")


def address(given: str | None, base: str | None) -> str | None:
    """A whole http(s) address; None for what is inlined, and for what is none."""
    if not given or len(given) > MAX_WORDS * 2:
        return None
    try:
        url = urljoin(base or "", given.strip())
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.hostname else None


def caption_of(picture: Any) -> str | None:
    """What the figure around a picture says of it."""
    figure = next((each for each in parents(picture) if each.tag == "figure"), None)
    caption = figure.find(".//figcaption") if figure is not None else None
    return words(caption.text_content()) if caption is not None else None


def words(text: str | None) -> str | None:
    """A text in one line; None where there is none."""
    return " ".join((text or "").split())[:MAX_WORDS] or None
