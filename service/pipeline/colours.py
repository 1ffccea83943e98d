"""Text in the colour of what lies behind it, as far as the page itself says both: nobody sees it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Colour = tuple[int, int, int]
WHITE: Colour = (255, 255, 255)
NAMED: Mapping[str, Colour] = {
    "white": WHITE, "black": (0, 0, 0), "red": (255, 0, 0), "green": (0, 128, 0), "blue": (0, 0, 255),
    "navy": (0, 0, 128), "yellow": (255, 255, 0), "gray": (128, 128, 128), "grey": (128, 128, 128),
    "silver": (192, 192, 192), "snow": (255, 250, 250), "ivory": (255, 255, 240), "whitesmoke": (245, 245, 245),
}  # fmt: skip
INK = re.compile(r"(?<![\w-])color:([^;!}]{1,60})")
GROUND = re.compile(r"(?<![\w-])background(?:-color)?:([^;!}]{1,200})")
HEX = re.compile(r"#([0-9a-f]{3}|[0-9a-f]{6})")
RGB = re.compile(r"rgb\((\d{1,3}),(\d{1,3}),(\d{1,3})\)")
PLAIN = re.compile(r"(?<![\w.#:>+~-])(?<![\w.)\]] )(body|html)\s{0,9}\{([^{}]{0,2000})\}")
COLOURED = re.compile(r"color|font")  # in a style, or the old element
NEAR = 12  # in each of red, green and blue: nobody can tell them apart
# ".box:hover{color:black}", ".dark .box{color:…}": it is not always so.
CHANGING = (
    re.compile(r"[.#]([\w-]{1,60})[.:#\[][^{}]{0,200}\{[^{}]{0,500}color\s{0,9}:"),
    re.compile(r"[\w\])][\s>+~]{1,5}\w{0,20}[.#]([\w-]{1,60})[^{},]{0,100}\{[^{}]{0,500}color\s{0,9}:"),
)


def unseen_by_colour(elements: Sequence[Any], rules: Sequence[tuple[str, str]], sheet: str) -> set[Any]:
    """The elements whose own text has the colour of their background; `rules` are the sheet's simple ones.

    What lies around an element counts only where no other style sheet may say otherwise.
    """
    if "color" not in sheet and not any(COLOURED.search(element.get("style") or element.tag) for element in elements):
        return set()
    styles = Styles(elements, rules, sheet)
    return {element for element in elements if styles.hides(element)}


class Styles:
    """What the page itself says of the colours of its elements."""

    def __init__(self, elements: Sequence[Any], rules: Sequence[tuple[str, str]], sheet: str) -> None:
        plain = [(name, squeezed(said)) for name, said in PLAIN.findall(sheet)]
        coloured = [(name, said) for name, said in (*plain, *rules) if "color" in said or "background" in said]
        self.rules: dict[str, str] = {}
        for name, said in coloured:
            self.rules[name] = f"{self.rules.get(name, '')};{said}"
        self.changing = {name for pattern in CHANGING for name in pattern.findall(sheet)}
        known = sum(len(GROUND.findall(said)) for _, said in coloured)
        sheets = (element.get("rel") or "" for element in elements if element.tag == "link")
        self.knows_all = len(GROUND.findall(squeezed(sheet))) <= known and not any(
            "stylesheet" in rel.lower() for rel in sheets
        )

    def hides(self, element: Any) -> bool:
        """Whether an element says of its text that it has the colour of what lies behind."""
        ink = self.ink_of(element)
        if ink is None or self.changing.intersection(names_of(element)):
            return False
        ground = next(self.grounds(element), WHITE if self.knows_all else None)
        if ground is None or any(abs(one - other) > NEAR for one, other in zip(ink, ground, strict=True)):
            return False
        inside = (each for each in element.iterdescendants() if isinstance(each.tag, str))
        return all(self.ink_of(each) in (None, ink) for each in inside)

    def ink_of(self, element: Any) -> Colour | None:
        """The colour that an element gives its text; None where it gives none, or one that is not known here."""
        inks = INK.findall(self.said_of(element))
        if not inks and element.tag == "font":
            inks = [(element.get("color") or "").strip().lower()]
        return colour_of(inks[-1]) if inks else None

    def grounds(self, element: Any) -> Iterator[Colour | None]:
        """The backgrounds behind an element, the nearest first; None for pictures and what is no plain colour."""
        place = element
        while place is not None:
            found = GROUND.findall(self.said_of(place))
            if found:
                yield None if any("url(" in each or "gradient" in each for each in found) else colour_of(found[-1])
            elif place.get("background") or place.get("bgcolor"):
                yield None if place.get("background") else colour_of(place.get("bgcolor").strip().lower())
            if not self.knows_all:
                yield None
            place = place.getparent()

    def said_of(self, element: Any) -> str:
        """The page's own style of an element, squeezed."""
        style = element.get("style") or ""
        own = squeezed(style[:5000]) if "color" in style or "background" in style else ""
        names = [element.tag if element.tag in ("html", "body") else "", *names_of(element)]
        return ";".join([*(self.rules[name] for name in names if name in self.rules), own])


def squeezed(style: str) -> str:
    """A style without blanks, in small letters."""
    return re.sub(r"\s", "", style).lower()


def names_of(element: Any) -> list[str]:
    """An element's classes and its id."""
    return f"{element.get('class') or ''} {element.get('id') or ''}".split()


def colour_of(said: str) -> Colour | None:
    """A colour as style sheets write it; None where it is transparent or written in a way not known here."""
    if said in NAMED:
        return NAMED[said]
    if found := HEX.fullmatch(said):
        digits = found[1] if len(found[1]) == 6 else "".join(2 * digit for digit in found[1])
        return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)
    if found := RGB.fullmatch(said):
        return int(found[1]), int(found[2]), int(found[3])
    return None
