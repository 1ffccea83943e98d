"""The ways in which two similar sentences differ: numbers, dates, names, negation, attribution, reach (de, en).

A difference is reported only where both sides say something of the same kind and it does not agree (negation and
attribution: where one side has it and the other has not). Where it is unsure, there is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from index.models import Difference, DifferenceKind
from index.pairs.names import find_names
from index.pairs.reach import causation_differs, extent_differs
from index.pairs.words import MAX_READ, content_words, main_language

MAX_COMPARED = 2500  # numbers or dates of one side times those of the other: between lists nothing is sure

# ---------------------------------------------------------------- numbers

UNITS = {
    "eins": 1, "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6, "sieben": 7, "acht": 8, "neun": 9, "zehn": 10,
    "elf": 11, "zwölf": 12, "zwanzig": 20, "dreißig": 30, "dreissig": 30, "vierzig": 40, "fünfzig": 50, "hundert": 100,
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
    "twelve": 12, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "hundred": 100,
}  # fmt: skip
SCALES = {
    "tausend": 1e3, "thousand": 1e3, "million": 1e6, "millionen": 1e6, "mio": 1e6, "milliarde": 1e9,
    "milliarden": 1e9, "mrd": 1e9, "billion": 1e9, "billions": 1e9, "bn": 1e9, "millions": 1e6, "billionen": 1e12,
    "trillion": 1e12, "dutzend": 12, "dozen": 12,
}  # fmt: skip
SHARES = {"hälfte": 50.0, "half": 50.0, "drittel": 33.3, "third": 33.3, "viertel": 25.0, "quarter": 25.0}
NUMBER = re.compile(
    r"(?<![\w.,/:-])(?P<digits>\d{1,3}(?:[.,'’ \u202f]\d{3})+(?:[.,]\d++)?|\d++(?:[.,]\d++)?)"
    r"(?:\s?-?\s?(?P<scale>tausend|thousand|million(?:en|s)?|mio\b|milliarden?|mrd\b|billion(?:en|s)?|bn\b|trillion"
    r"|dutzend))?"
    r"\s?-?(?P<unit>%|prozent\w{0,40}|percent|per cent|promille|€|euros?\b|\$|dollars?\b|franken\b|chf\b|grad\b"
    r"|°|degrees?\b)?"
    r"(?![\d:/-]*\d)",
    re.I,
)
WORD_NUMBER = re.compile(
    rf"\b(?P<word>{'|'.join(UNITS)})\b(?:\s?-?\s?(?P<scale>{'|'.join(SCALES)})\b)?"
    r"(?:\s?(?P<unit>prozent\w*|percent|per cent|euros?\b|dollars?\b))?",
    re.I,
)
SHARE = re.compile(rf"\b(?:die|der|a|one|ein|eine|the|jede[rs]?)?\s?({'|'.join(SHARES)})\b", re.I)


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its kind of unit, and the words it stands in."""

    value: float
    unit: str
    words: str

    def agrees(self, other: Quantity) -> bool:
        """Equal, or one is the other rounded to two significant digits."""
        if self.unit != other.unit and "" not in (self.unit, other.unit):
            return False
        largest = max(abs(self.value), abs(other.value))
        if largest == 0 or self.value == other.value:
            return True
        return any(
            round_to(exact.value, digits) == rough.value
            for exact, rough in ((self, other), (other, self))
            for digits in (1, 2, 3)
            if largest >= 10 and not (digits == 1 and abs(exact.value - rough.value) / largest > 0.1)
        )


def round_to(value: float, digits: int) -> float:
    """A value at so many significant digits."""
    return float(f"{value:.{digits}g}")


def find_quantities(text: str) -> list[Quantity]:
    """The numbers of a text, in digits or words; years, clock times and ordinals of dates are left out."""
    plain = DATE.sub(lambda found: " " * len(found[0]), text)
    found = []
    for match in NUMBER.finditer(plain):
        value = parse_digits(match["digits"])
        after = plain[match.end() : match.end() + 2]
        if value is None:
            continue
        ordinal = re.match(r"\.\s", after) and not match["scale"] and not match["unit"] and value < 100
        if ordinal or (is_year(match["digits"]) and not match["unit"] and not match["scale"]):
            continue
        found.append(_quantity(value, match))
    for match in WORD_NUMBER.finditer(plain):
        found.append(_quantity(float(UNITS[match["word"].lower()]), match))
    found += [Quantity(SHARES[m[1].lower()], "%", m[0].strip()) for m in SHARE.finditer(plain)]
    return found


def _quantity(value: float, match: re.Match[str]) -> Quantity:
    scale = (match["scale"] or "").lower()
    unit = (match["unit"] or "").lower()
    kind = "%" if unit.startswith(("%", "prozent", "percent", "per cent")) else ""
    kind = kind or ("money" if unit and unit[:4] in ("€", "euro", "$", "doll", "fran", "chf") else "")
    # Older German counts "Billion" a thousand times higher than English; the ending tells them apart.
    factor = 1e12 if scale == "billionen" else SCALES.get(scale, 1.0)
    return Quantity(value * factor, kind, match[0].strip())


def parse_digits(digits: str) -> float | None:
    """1.000, 1,000, 1'000 and 1 000 are a thousand; 1,5 and 1.5 one and a half."""
    plain = re.sub(r"['’ \u202f]", "", digits)
    groups = re.fullmatch(r"\d{1,3}(?:([.,])\d{3})(?:\1\d{3})*(?:[.,]\d+)?", plain)
    if groups:
        mark = groups[1]
        whole, *rest = plain.replace(mark, "").replace("," if mark == "." else ".", ".").split(".")
        plain = whole + ("." + rest[0] if rest else "")
    try:
        return float(plain.replace(",", "."))
    except ValueError:
        return None


def is_year(digits: str) -> bool:
    """Whether four digits read as a year."""
    return bool(re.fullmatch(r"1[5-9]\d\d|20\d\d", digits))


# ---------------------------------------------------------------- dates

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
DATE = re.compile(
    rf"\b(?P<iso>\d{{4}}-\d\d-\d\d)\b|\b(?P<d1>\d{{1,2}})\.\s?(?P<m1>\d{{1,2}})\.\s?(?P<y1>\d{{4}})|"
    rf"\b(?P<d2>\d{{1,2}})(?:\.|st|nd|rd|th)?\s(?:of\s)?(?P<m2>{MONTH})\b\.?,?(?:\s(?P<y2>\d{{4}}))?|"
    rf"\b(?P<m3>{MONTH})\s(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?\b(?:,?\s(?P<y3>\d{{4}}))?|"
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
            name = (match["m2"] or match["m3"]).lower()
            month = MONTHS["jan" if name.startswith("jän") else name[:3]]
            year_words = match["y2"] or match["y3"]
            day_words = match["d2"] or match["d3"]
            found.append(Day(int(year_words) if year_words else None, month, int(day_words), match[0]))
    return found


# ---------------------------------------------------------------- negation and attribution

NEGATION = re.compile(
    r"\b(?:nicht|kein(?:e[nmrs]?|erlei|esfalls|eswegs)?|nie(?:mals|mand\w*)?|nirgend\w*|weder|ohne|nein|nichts|"
    r"not|no|never|none|nobody|nothing|neither|nor|without|cannot|"
    r"\w+n['’]t|falsch(?:e[nmrs]?|meldung|behauptung)?|erfunden\w*|unwahr|widerlegt|widerspricht|dementier\w*|bestreite\w*|"
    r"false(?:ly)?|untrue|hoax|fake|debunked|den(?:y|ies|ied)|refut\w+|fabricated|unfounded|baseless|"
    r"haltlos|unbegründet|lüge|gerücht|mythos|myth|rumou?r)\b",
    re.I,
)
CLAUSE = re.compile(r"(?<=[.!?;:,])\s+|\s[–—-]\s|\n+")
BRIEF = 5  # words
FEW = 2  # clauses
# These do not turn a sentence round: "nicht nur", "no longer" keep their own sense, "not only" adds.
NOT_NEGATING = re.compile(
    r"\b(?:nicht nur|not only|nicht zuletzt|ohne zweifel|no doubt|ohnehin|no matter|kein wunder|no wonder)\b", re.I
)
ATTRIBUTION = re.compile(
    r"\b(?:laut|zufolge|angeblich\w*|behaupte\w*|sagt(?:e|en)?|erklärt(?:e|en)?|heißt es|"
    r"soll(?:en)?\b(?=.{0,400}\b(?:haben|sein)\b)|"
    r"according to|alleged(?:ly)?|claim(?:s|ed|ing)?|says?|said|report(?:s|ed|edly)|purport\w*)\b",
    re.I,
)


def negations(text: str) -> list[str]:
    """The words that negate or deny."""
    plain = NOT_NEGATING.sub(" ", text)
    found = list(NEGATION.finditer(plain))
    # German "Not" is distress, and "None" within a text a name or a slip.
    return [match[0] for match in found if match[0] not in ("Not", "None") or match.start() == 0]


# Where the same preposition leads to another name, it is another place, person or body.
PLACED_NAME = re.compile(r"\b(of|in|from|at|near|to|by)\s+(?:the\s)?([A-Z][a-z]+(?:\s[A-Z][a-z]+)*)\b")


def clauses_about(text: str, other: str) -> str:
    """The clauses of a text that share content words with the other text, and what may deny them.

    A "not" in a side remark denies the remark alone.
    """
    clauses = [clause for clause in CLAUSE.split(text) if clause.strip()]
    words = content_words(other)
    shared = [len(content_words(clause) & words) for clause in clauses]
    best = max(shared, default=0)
    if len(clauses) <= FEW or best == 0:
        return text if len(clauses) <= FEW else ""
    near = [n for n, count in enumerate(shared) if count * 2 >= best and (count > 1 or best == 1)]
    # What stands right before or after in few words may deny the whole: "Nein, …", "…: Das ist falsch."
    beside = {place for n in near for place in (n - 1, n + 1)}
    brief = [n for n, clause in enumerate(clauses) if n in beside and len(clause.split()) <= BRIEF]
    return " ".join(clauses[n] for n in sorted({*near, *brief}))


# ---------------------------------------------------------------- all together


def find_differences(claim: str, statement: str) -> tuple[Difference, ...]:
    """How the claim departs from the statement, by the first MAX_READ characters of each; empty where none is sure."""
    claim, statement = claim[:MAX_READ], statement[:MAX_READ]
    found: list[Difference | None] = [
        _unmatched(DifferenceKind.NUMBER, find_quantities(claim), find_quantities(statement)),
        _unmatched(DifferenceKind.DATE, find_dates(claim), find_dates(statement)),
        _names_differ(claim, statement),
        _negation_differs(claim, statement),
        _attribution_differs(claim, statement),
        extent_differs(claim, statement),
        causation_differs(claim, statement),
    ]
    return tuple(difference for difference in found if difference is not None)


def _unmatched(
    kind: DifferenceKind, here: list[Quantity] | list[Day], there: list[Quantity] | list[Day]
) -> Difference | None:
    if len(here) * len(there) > MAX_COMPARED:
        return None
    # Only where each side has something that the other lacks: a number more is a detail, not a contradiction.
    only_here = [item for item in here if not any(item.agrees(other) for other in there)]  # type: ignore[arg-type]
    only_there = [item for item in there if not any(item.agrees(other) for other in here)]  # type: ignore[arg-type]
    if not only_here or not only_there:
        return None
    if kind is DifferenceKind.NUMBER and not _same_unit(only_here, only_there):  # type: ignore[arg-type]
        return None
    return Difference(kind, only_here[0].words, only_there[0].words)


def _same_unit(here: Iterable[Quantity], there: Iterable[Quantity]) -> bool:
    return bool({quantity.unit for quantity in here} & {quantity.unit for quantity in there})


def _names_differ(claim: str, statement: str) -> Difference | None:
    here, there = find_names(claim), find_names(statement)
    for group in here:  # in the order of the claim's words, so that every run says the same
        if group in there and not here[group].keys() & there[group].keys():
            return Difference(DifferenceKind.NAME, next(iter(here[group].values())), next(iter(there[group].values())))
    return None if here or there else _other_names_differ(claim, statement)


def _other_names_differ(claim: str, statement: str) -> Difference | None:
    """Names on no list, in English alone: German writes every noun with a capital."""
    if main_language(claim) != "en" or main_language(statement) != "en":
        return None
    here = {found[1].lower(): found[2] for found in PLACED_NAME.finditer(claim) if found[2] not in statement}
    there = {found[1].lower(): found[2] for found in PLACED_NAME.finditer(statement) if found[2] not in claim}
    place = next((word for word in here if word in there), None)
    return Difference(DifferenceKind.NAME, here[place], there[place]) if place else None


def _negation_differs(claim: str, statement: str) -> Difference | None:
    here, there = negations(clauses_about(claim, statement)), negations(clauses_about(statement, claim))
    if len(here) % 2 == len(there) % 2:
        return None
    return Difference(DifferenceKind.NEGATION, ", ".join(here), ", ".join(there))


def _attribution_differs(claim: str, statement: str) -> Difference | None:
    here = ATTRIBUTION.search(claim)
    if here is None or ATTRIBUTION.search(statement):
        return None
    return Difference(DifferenceKind.ATTRIBUTION, here[0], "")
