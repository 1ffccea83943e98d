"""Dates as publishers write them, in German and English; None for whatever does not name one certain day."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime

ISO = re.compile(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)")
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})(?!\d)")
# Behind a date may stand a time, and before it what it is and a day of the week:
# "Stand: Freitag, den 3.5.2024, 10:15 Uhr".
LABEL = (
    r"(?:(?:[Ee]rstmals |[Ff]irst )?(?:[Vv]eröffentlicht|[Ee]rschienen|[Pp]ubliziert|[Ss]tand|[Dd]atum"
    r"|[Pp]ublished|[Pp]osted|[Dd]ate):?\s{1,3})?"
)
WEEKDAY = LABEL + r"(?:(?:am|vom|on)\s{1,3})?(?:[^\W\d_]{2,10}\.?,?\s{1,3})?(?:(?:den|dem|the)\s{1,3})?"
TIME = r"(?:,?\s{1,3}(?:um\s|at\s|[|–-]\s)?\d{1,2}[:.]\d{2}\b.{0,20})?"
GERMAN = re.compile(WEEKDAY + r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4}|\d{2})(?!\d)" + TIME)
DAY_FIRST = re.compile(
    WEEKDAY
    + r"(\d{1,2})(?:(?:st|nd|rd|th)?\s{1,3}|\.\s{0,3})(?:of\s)?([^\W\d_]{3,9})\.?,?\s{1,3}(\d{4}|['’]?\d{2})(?!\d)"
    + TIME
)
ROMAN = re.compile(WEEKDAY + r"(\d{1,2})\.\s?([IVXivx]{1,4})\.\s?(\d{4}|\d{2})(?!\d)" + TIME)
MONTH_FIRST = re.compile(WEEKDAY + r"([^\W\d_]{3,9})\.?\s{1,3}(\d{1,2})(?:st|nd|rd|th)?,?\s{1,3}(\d{4})\b" + TIME)
SLASHED = re.compile(WEEKDAY + r"(\d{1,2})([/-])(\d{1,2})\2(\d{4})(?!\d)" + TIME)  # day or month first, who knows
MONTHS = (
    ("januar", "january", "jänner"), ("februar", "february", "feber"), ("märz", "march", "mrz", "maerz"), ("april",),
    ("mai", "may"), ("juni", "june"), ("juli", "july"), ("august",), ("september",), ("oktober", "october"),
    ("november",), ("dezember", "december"),
)  # fmt: skip
ROMAN_MONTHS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
EPOCH = re.compile(r"(1\d{9})(?:\d{3}|\.\d{1,9})?")  # seconds since 1970, or milliseconds: 2001 to 2033
CENTURY = 2000  # of a year in two digits: fact-checks are younger
MAX_LENGTH = 100


def read_day(text: str) -> date | None:
    """The day that a text names, whatever time follows it."""
    text = unicodedata.normalize("NFC", text.strip()[:MAX_LENGTH])
    if found := ISO.match(text) or COMPACT.match(text):
        return _day(found[1], found[2], found[3])
    if found := GERMAN.fullmatch(text):
        return _day(found[3], found[2], found[1])
    if found := DAY_FIRST.fullmatch(text):
        return _day(found[3], month_of(found[2]), found[1])
    if (found := ROMAN.fullmatch(text)) and found[2].upper() in ROMAN_MONTHS:
        return _day(found[3], ROMAN_MONTHS.index(found[2].upper()) + 1, found[1])
    if found := EPOCH.fullmatch(text):
        return datetime.fromtimestamp(int(found[1]), UTC).date()
    if found := MONTH_FIRST.fullmatch(text):
        return _day(found[3], month_of(found[1]), found[2])
    if SLASHED.fullmatch(text):
        days = possible_days(text)
        return days[0] if len(days) == 1 else None
    try:
        return parsedate_to_datetime(text).date()
    except (ValueError, IndexError, TypeError):
        return None


def possible_days(text: str) -> tuple[date, ...]:
    """The days that a text like 03/05/2024 may name, in Europe's reading and in America's, each once."""
    found = SLASHED.fullmatch(unicodedata.normalize("NFC", text.strip()[:MAX_LENGTH]))
    if not found:
        return ()
    read = (_day(found[4], found[3], found[1]), _day(found[4], found[1], found[3]))
    return tuple(dict.fromkeys(day for day in read if day))


def month_of(word: str) -> int:
    """The number of a month by its name or the beginning of it; 0 for any other word."""
    word = word.casefold()
    return next((number for number, names in enumerate(MONTHS, 1) if any(n.startswith(word) for n in names)), 0)


def _day(year: str, month: str | int, day: str) -> date | None:
    year = year.lstrip("'’")
    century = CENTURY if len(year) == 2 else 0
    try:
        return date(century + int(year), int(month), int(day))
    except ValueError:
        return None
