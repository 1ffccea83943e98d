"""Sentences with another's words in another order: another claim where two names changed places, the same where only
the way of saying it did. A reader that counts shared words fails on both (Zhang et al., PAWS, NAACL 2019).
"""

from __future__ import annotations

import random
import re
from collections.abc import Collection

_NUMBER = re.compile(r"\b\d{1,3}(?:[.,]\d{1,3})?\b(?![.,]?\d)")
_NAME = re.compile(r"(?<=[a-zäöüß,] )[A-ZÄÖÜ][\w’'-]+(?: [A-ZÄÖÜ][\w’'-]+)*")
_MONTH = r"(?:[A-ZJ]\w{2,8} )?"
_TIME_EN = re.compile(
    rf"^(?P<rest>(?!In|On|At|By|To|Since|When).+) (?P<time>(?:in|on) (?:\d\d? )?{_MONTH}(?:19|20)\d\d)\.$"
)
_TIME_DE = re.compile(
    r"^(?P<subject>[^,:]+?) (?P<verb>hat|haben|ist|sind|wurde|wurden|wird|werden|darf|dürfen|muss|müssen) "
    rf"(?P<time>(?:im|in|seit|ab|bis|am) (?:\d\d?\. )?{_MONTH}(?:19|20)\d\d) (?P<rest>.+)$"
)
_LIST = re.compile(
    r"\b(?P<before>zwischen|aus|mit|von|für|gegen|between|with|from|for|against) (?P<first>[^\W\d_]{4,}) "
    r"(?P<word>und|and|oder|or) (?P<second>[^\W\d_]{4,})(?P<after>[.,]|$)"
)
_SMALL = {"Der", "Die", "Das", "Ein", "Eine", "The", "A", "An", "Alle", "All", "Seine", "Ihre"}
_CALENDAR = frozenset(
    "January February March April May June July August September October November December "  # noqa: SIM905 - reads better
    "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()
)


def names_in(texts: Collection[str]) -> frozenset[str]:
    """What English texts write with a capital inside a sentence: names, which German texts mostly share."""
    found = {name for text in texts for name in _NAME.findall(text)}
    return frozenset(name for name in found if not _CALENDAR & set(name.split()))


def with_names_swapped(text: str, names: Collection[str], draw: random.Random) -> str | None:
    """The text with two of the names, or two numbers, in each other's place; None where it has no such two.

    Names that are only listed together stay, for their order means nothing.
    """
    groups = ([found for found in _NAME.finditer(text) if found[0] in names], list(_NUMBER.finditer(text)))
    pairs = [
        (first, second)
        for group in groups
        for place, first in enumerate(group)
        for second in group[place + 1 :]
        if first[0] != second[0] and second.start() - first.end() > len(" and also ")
    ]
    if not pairs:
        return None
    first, second = draw.choice(pairs)
    return text[: first.start()] + second[0] + text[first.end() : second.start()] + first[0] + text[second.end() :]


def said_in_another_order(text: str) -> str | None:
    """The same claim with its time moved to the front, or two listed words exchanged; None where neither can be."""
    if found := _TIME_DE.match(text):
        return f"{_capital(found['time'])} {found['verb']} {_inner(found['subject'])} {found['rest']}"
    if found := _TIME_EN.match(text):
        return f"{_capital(found['time'])}, {_inner(found['rest'])}."
    if found := _LIST.search(text):
        swapped = f"{found['before']} {found['second']} {found['word']} {found['first']}{found['after']}"
        return text[: found.start()] + swapped + text[found.end() :]
    return None


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _inner(text: str) -> str:
    """What began a sentence as it stands within one: articles and the like lose their capital."""
    first, _, rest = text.partition(" ")
    return f"{first.lower() if first in _SMALL else first} {rest}".strip()
