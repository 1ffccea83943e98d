"""Dates in a text, German and English, as far as they are said."""

from __future__ import annotations

import re
from dataclasses import dataclass

MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan", "feb", "mar mär", "apr", "may mai", "jun", "jul", "aug", "sep", "oct okt", "nov", "dec dez"), 1
    )
    for name in names.split()
}
MONTH = (
    r"(?:jan(?:uary|uar)?|jänner|feb(?:ruary|ruar)?|mar(?:ch)?|märz|apr(?:il)?|may|mai|june?|juni|july?|juli|"
    r"aug(?:ust)?|sept?(?:ember)?|o[ck]t(?:ober)?|nov(?:ember)?|de[cz](?:ember)?)"
)
# A month without day and year, where it surely is one: "may" and "march" are other words too.
IN_MONTH = (
    rf"(?:im|in|seit|ab|bis|ende|anfang|mitte|since|until|during|early|late|mid|this|last|next)[\s-](?:{MONTH})\b"
)
DATE = re.compile(
    rf"\b(?P<iso>\d{{4}}-\d\d-\d\d)\b|\b(?P<d1>\d{{1,2}})\.\s?(?P<m1>\d{{1,2}})\.\s?(?P<y1>\d{{4}})|"
    rf"\b(?P<d2>\d{{1,2}})(?:\.|st|nd|rd|th)?\s(?:of\s)?(?P<m2>{MONTH})\b\.?,?(?:\s(?P<y2>\d{{4}}))?|"
    rf"\b(?P<m3>{MONTH})\s(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s(?P<y3>\d{{4}}))?|"
    rf"\b(?P<m4>{MONTH})\.?,?\s(?P<y4>1[5-9]\d\d|20\d\d)\b|\b(?P<m5>{IN_MONTH})(?:\s(?P<y5>1[5-9]\d\d|20\d\d)\b)?|"
    r"\b(?P<year>1[5-9]\d\d|20\d\d)\b(?!\s?(?:%|prozent|euro|€|\$|dollar|menschen|people))",
    re.I,
)


@dataclass(frozen=True, slots=True)
class Day:
    """A date as far as it is said: any part may be missing."""

    year: int | None
    month: int | None
    day: int | None
    words: str

    def agrees(self, other: Day) -> bool:
        """No part that both say differs."""
        pairs = ((self.year, other.year), (self.month, other.month), (self.day, other.day))
        return all(a is None or b is None or a == b for a, b in pairs)


def find_dates(text: str) -> list[Day]:
    """The calendar dates and years of a text."""
    found = []
    for match in DATE.finditer(text):
        if match["iso"]:
            year, month, day = map(int, match["iso"].split("-"))
            found.append(Day(year, month, day, match[0]))
        elif match["year"]:
            found.append(Day(int(match["year"]), None, None, match[0]))
        elif match["m1"]:
            found.append(Day(int(match["y1"]), int(match["m1"]), int(match["d1"]), match[0]))
        else:
            name = match["m2"] or match["m3"] or match["m4"] or re.split(r"[\s-]", match["m5"])[1]
            years, days = match["y2"] or match["y3"] or match["y4"] or match["y5"], match["d2"] or match["d3"]
            found.append(Day(int(years) if years else None, month_of(name), int(days) if days else None, match[0]))
    return found


def month_of(name: str) -> int:
    """The number of a month by its name, German or English, also cut off."""
    short = name.lower()[:3]
    return MONTHS["jan" if short == "jän" else short]
