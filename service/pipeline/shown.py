"""What a person sees on a page, block by block, and in which part of it: the page itself, a banner, a dialog, the rest.

For telling notices and walls from short articles (walls.py); the article itself is trafilatura's business.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from typing import Any

from service.pipeline.markup import parents
from service.pipeline.unsaid import measure, names_of, unsaid_elements

MAX_BLOCKS = 3000
MUCH, MOST = 0.4, 0.7  # of a page's text: what holds more is the page, whatever its name says
TEASER_LETTERS = 500  # of what announces another page
HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
SKIPPED = frozenset(
    {"script", "style", "head", "svg", "template", "noscript", "select", "option", "iframe", "textarea"}
)
INLINE = frozenset(
    {
        "a", "abbr", "b", "bdi", "br", "cite", "code", "em", "font", "i", "img", "ins", "kbd", "mark", "nobr", "q",
        "small", "span", "strong", "sub", "sup", "time", "u", "wbr",
    }
)  # fmt: skip
FRAME_TAGS = frozenset({"header", "aside", "menu"})
FRAME_ROLES = frozenset({"navigation", "banner", "contentinfo", "complementary", "search"})
FRAME_NAMES = re.compile(
    r"(?:^|[\s_-])(?:nav\w*|menu|foot(?:er)?|breadcrumbs?|sidebar|share|sharing|social|newsletter|advert\w*|ads?|banner-ad|promo|"
    r"skip-?links?|toolbar|topbar|masthead|site-?header|page-?header|imprint|impressum|byline|tags?)(?=$|[\s_-])",
    re.I,
)
BANNER_NAMES = re.compile(
    r"cookie|consent|gdpr|dsgvo|onetrust|usercentrics|didomi|borlabs|sourcepoint|sp_message|quantcast|trustarc|\bcmp|-cmp|cmp-|"
    r"privacy-?(?:banner|bar|notice|layer|modal)|datenschutz-?(?:banner|hinweis)|tracking-?(?:layer|banner)",
    re.I,
)
WALL_NAMES = re.compile(
    r"(?:^|[\s_-])(?:(?:pay|reg|registration|login|subscri\w{2,6}|offer|plus|premium|metered)[-_]?(?:wall|barrier|gate))"
    r"(?=$|[\s_-])",
    re.I,
)
DIALOG_NAMES = re.compile(
    r"(?:^|[\s_-])(?:modal|dialog|popup|pop-up|popover|lightbox|overlay|off-?canvas|drawer|flyout|dropdown|login|signin|anmeldung|"
    r"(?:is-|u-|d-)?hidden|d-none|hide|is-closed|collapsed?|accordion)(?=$|[\s_-])",
    re.I,
)
POST_NAMES = re.compile(r"(?:^|\s)(?:hentry|type-post|h-entry)(?=\s|$)")  # with its topics among the names
OPENED = re.compile(r"(?:^|\s)(?:show|open|opened|active|visible|is-(?:open|active|visible))(?=\s|$)", re.I)
TEASER_NAMES = re.compile(
    r"(?:^|[\s_-])(?:teasers?|cards?|tiles?|related|recommend\w*|recirc\w*|most-?read|meistgelesen|popular|trending|more-?(?:from|on|news|stories)|"
    r"read-?(?:more|next)|top-?stories|latest|mehr-?zum|weitere|empfehlung\w*|next-?up|up-?next|suggest\w*)(?=$|[\s_-])",
    re.I,
)
TEASER_HEADING = re.compile(
    r"^\W*(?:meist ?gelesen|am meisten gelesen|mehr (?:zum thema|aus|von|nachrichten|meldungen|artikel)|weitere|"
    r"das könnte (?:sie|dich)|auch interessant|"
    r"lesen sie (?:auch|mehr)|aktuelle?|neueste|neues|top[- ]?(?:themen|news|stories)|beliebt|empfehl|heute|zuletzt|"
    r"aus (?:dem|der|unser)|most (?:read|popular|viewed)|related|more (?:from|on|in|news|stories)|popular|trending|"
    r"you (?:may|might) (?:also )?(?:like|be)|latest|recommended|read (?:more|next|also)|top stories|"
    r"also (?:in|on|read)|in other news|what (?:others|people)|editor)",
    re.I,
)


class Part(StrEnum):
    """Where on a page something stands."""

    MAIN = "main"
    FRAME = "frame"  # around the page: navigation, footer, boxes
    TEASER = "teaser"  # of another page
    BANNER = "banner"  # about cookies
    DIALOG = "dialog"  # waits for a click
    BESIDE = "beside"  # around the page or a dialog, as far as its name tells
    WALL = "wall"  # says by its name that it stands before the page


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, a heading, an item of a list or the words on a button."""

    text: str
    tag: str
    part: Part
    linked: int = 0  # characters of links


@dataclass(frozen=True, slots=True)
class Shown:
    """A page as a person sees it."""

    title: str
    blocks: tuple[Block, ...]
    pictures: int  # in the page itself, larger than signs
    scripts: int
    asks_password: bool

    def texts(self, *parts: Part) -> list[str]:
        """The texts of some parts, in order."""
        return [block.text for block in self.blocks if block.part in parts]

    @property
    def headings(self) -> list[str]:
        """The headings of the page itself, the first ones."""
        return [block.text for block in self.blocks if block.part is Part.MAIN and block.tag in ("h1", "h2")][:3]


def parse_page(source: str) -> Any:
    """The element tree of a page; None where there is none. Hostile depth is the caller's to refuse."""
    from lxml import etree, html

    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    try:
        return html.document_fromstring(source.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, ValueError):
        return None


@dataclass(frozen=True, slots=True)
class Places:
    """Elements of a page that decide about parts of it."""

    unseen: frozenset[Any]
    headed: frozenset[Any]  # those around the main heading, and itself
    teasers: frozenset[Any]
    sizes: Mapping[Any, int]  # characters of text in each
    whole: int

    def is_most(self, element: Any, share: float) -> bool:
        """Whether an element holds more than a share of the page's text: then its name says nothing about it."""
        return self.sizes.get(element, 0) > share * self.whole


def look_at(tree: Any) -> Shown:
    """What is to be seen on a parsed page; nothing where there is none."""
    if tree is None:
        return Shown("", (), 0, 0, False)
    found = tree.find(".//title")
    title = " ".join((found.text or "").split()) if found is not None else ""
    places = places_of(tree)
    blocks = behind_headings(list(islice(walk(tree, places), MAX_BLOCKS)))
    inputs = [each for each in tree.iter("input") if (each.get("type") or "").lower() == "password"]
    pictures = sum(is_large(each) and is_plain(each, places) for each in islice(tree.iter("img"), 200))
    asks_password = any(is_plain(each, places) for each in inputs[:20])
    return Shown(title, tuple(blocks), pictures, sum(1 for _ in tree.iter("script")), asks_password)


def places_of(tree: Any) -> Places:
    """The places of a parsed page."""
    sizes, around = measure([element for element in tree.iter() if isinstance(element.tag, str)])
    headed = frozenset(around | set(tree.iter("h1")))
    teasers = frozenset(linked_teasers(tree, headed, sizes))
    return Places(frozenset(unsaid_elements(tree)), headed, teasers, sizes, sizes.get(tree, 0))


class Walk:
    """Where somebody is who reads a page from its beginning, and what was read of the block there."""

    def __init__(self) -> None:
        self.parts, self.tags = [Part.MAIN], ["body"]  # around this place, the innermost last
        self._pieces: list[str] = []
        self._links, self._linked = 0, 0  # links around this place; characters of the pieces that are linked

    def flush(self) -> Iterator[Block]:
        """The block that ends here, where it says anything."""
        text = " ".join("".join(self._pieces).split())
        if text:
            yield Block(text, self.tags[-1], self.parts[-1], min(self._linked, len(text)))
        self._pieces, self._linked = [], 0

    def add(self, text: str | None) -> None:
        """Read a piece of text."""
        if text:
            self._pieces.append(text)
            self._linked += len(text) if self._links else 0

    def enter(self, tag: str, part: Part) -> Iterator[Block]:
        """Into an element."""
        if tag not in INLINE or part is not self.parts[-1]:
            yield from self.flush()
        self.parts.append(part)
        self.tags.append(self.tags[-1] if tag in INLINE else tag)
        self._links += tag == "a"

    def leave(self, tag: str) -> Iterator[Block]:
        """Out of it."""
        if tag not in INLINE or self.parts[-1] is not self.parts[-2]:
            yield from self.flush()
        self.parts.pop()
        self.tags.pop()
        self._links -= tag == "a"


def walk(tree: Any, places: Places) -> Iterator[Block]:
    """The blocks of a page in their order."""
    from lxml import etree

    here = Walk()
    walker = etree.iterwalk(tree, events=("start", "end"))
    for event, element in walker:
        tag = element.tag if isinstance(element.tag, str) else "!"
        skipped = tag in SKIPPED or tag == "!" or element in places.unseen
        if event == "start":
            if skipped:
                walker.skip_subtree()
            else:
                yield from here.enter(tag, part_of(element, here.parts[-1], places))
                here.add(element.text)
            continue
        if not skipped:
            yield from here.leave(tag)
        here.add(" " if tag == "br" else None)
        here.add(element.tail)
    yield from here.flush()


def part_of(element: Any, around: Part, places: Places) -> Part:
    """The part of the page that an element begins, or the one around it."""
    if around not in (Part.MAIN, Part.DIALOG, Part.BESIDE) or element.tag in ("html", "body", "main"):
        return around
    names, role = names_of(element), element.get("role") or ""
    names = "" if POST_NAMES.search(names) else names
    named = not places.is_most(element, MUCH)
    if WALL_NAMES.search(names) and named:
        return Part.WALL
    if BANNER_NAMES.search(names) and not places.is_most(element, MOST):
        return Part.BANNER
    if element in places.headed:
        return around
    is_dialog = element.tag == "dialog" or role in ("dialog", "alertdialog")
    if is_dialog and named and element.get("open") is None and not OPENED.search(names):
        return Part.DIALOG
    if element.tag in ("nav", "footer") or (named and (element.tag in FRAME_TAGS or role in FRAME_ROLES)):
        return Part.FRAME
    if around is not Part.MAIN or not named:
        return around
    if element in places.teasers or (TEASER_NAMES.search(names) and element.tag != "p"):
        return Part.TEASER
    waits = DIALOG_NAMES.search(names) and not OPENED.search(names)
    return Part.BESIDE if waits or FRAME_NAMES.search(names) or element.get("aria-hidden") == "true" else around


def linked_teasers(tree: Any, headed: frozenset[Any], sizes: Mapping[Any, int]) -> set[Any]:
    """The boxes that announce other pages: those around headings that are links, and items of a row of articles.

    The largest by far is the page itself, whose heading may be a link to itself.
    """
    found = set()
    for heading in tree.iter("h2", "h3", "h4", "h5"):
        inside = any(each.tag == "a" for each in parents(heading))
        linked = sum(sizes.get(each, 0) for each in heading.iter("a"))
        if inside or 0 < 0.8 * sizes.get(heading, 0) <= linked:
            box = heading.getparent()
            outside = box is None or box.tag in ("html", "body", "main") or box in headed
            found.add(heading if outside else box)
    articles = list(tree.iter("article"))
    main = [each for each in articles if each in headed]
    if main or len(articles) > 2:
        found |= {each for each in articles if each not in main and not any(one in main for one in parents(each))}
    ranked = sorted((sizes.get(each, 0) for each in found), reverse=True)
    least = 2 * ranked[1] if len(ranked) > 1 else 0
    return {each for each in found if sizes.get(each, 0) < max(least, 1) and sizes.get(each, 0) < TEASER_LETTERS}


def behind_headings(blocks: list[Block]) -> list[Block]:
    """The blocks, with short ones behind a heading that announces other pages as teasers, up to the next heading."""
    found: list[Block] = []
    level = 0  # of the heading that announces; none
    for block in blocks:
        if block.part is Part.MAIN and block.tag in HEADINGS:
            own = HEADINGS.index(block.tag) + 1
            if TEASER_HEADING.match(block.text) and own > 1:
                level = own
            elif own <= level:
                level = 0
        short = len(block.text) < TEASER_LETTERS
        is_teaser = level > 0 and block.part is Part.MAIN and short
        found.append(Block(block.text, block.tag, Part.TEASER, block.linked) if is_teaser else block)
    return found


def is_plain(element: Any, places: Places) -> bool:
    """Whether an element stands on the page itself, in no part that is hidden, waits or is around it."""
    place = element
    while place is not None:
        if place in places.unseen or (
            place is not element and part_of(place, Part.MAIN, places) not in (Part.MAIN, Part.WALL)
        ):
            return False
        place = place.getparent()
    return True


def is_large(picture: Any) -> bool:
    """Whether a picture is no sign or logo, as far as the mark-up says."""
    sizes = [re.match(r"\d{1,6}", picture.get(name) or "") for name in ("width", "height")]
    small = any(size and int(size[0]) < 120 for size in sizes)
    return not small and not re.search(
        r"logo|icon|avatar|sprite|pixel|badge", f"{picture.get('src')} {names_of(picture)}"[:500], re.I
    )
