"""Numbers in a text, German and English, in digits or words: amounts, shares and fractions, with their kind of unit."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from index.pairs.dates import DATE
from index.pairs.words import main_language

UNITS = {
    "eins": 1, "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "sechs": 6, "sieben": 7, "acht": 8, "neun": 9, "zehn": 10,
    "elf": 11, "zwölf": 12, "zwanzig": 20, "dreißig": 30, "dreissig": 30, "vierzig": 40, "fünfzig": 50, "hundert": 100,
    "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "eleven": 11,
    "twelve": 12, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "hundred": 100,
    "dreizehn": 13, "vierzehn": 14, "fünfzehn": 15, "sechzehn": 16, "siebzehn": 17, "achtzehn": 18, "neunzehn": 19,
    "sechzig": 60, "siebzig": 70, "achtzig": 80, "neunzig": 90, "thirteen": 13, "fourteen": 14, "fifteen": 15,
    "sixteen": 16, "seventeen": 17, "eighteen": 18, "nineteen": 19, "sixty": 60, "seventy": 70, "eighty": 80,
    "ninety": 90,
}  # fmt: skip
TENS = {
    "und": ["zwanzig", "dreißig", "vierzig", "fünfzig", "sechzig", "siebzig", "achtzig", "neunzig"],
    "-": ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"],
}
ONES = {
    "und": ["ein", "zwei", "drei", "vier", "fünf", "sechs", "sieben", "acht", "neun"],
    "-": ["one", "two", "three", "four", "five", "six", "seven", "eight", "nine"],
}
COMPOUNDS = {
    f"{one}und{ten}" if link == "und" else f"{ten}-{one}": 10 * tens + ones
    for link in TENS
    for tens, ten in enumerate(TENS[link], 2)
    for ones, one in enumerate(ONES[link], 1)
}
ONE = {
    "ein": 1,
    "eine": 1,
    "einer": 1,
    "einem": 1,
    "einen": 1,
    "one": 1,
    "a": 1,
}  # numbers before others alone
HALVES = {
    "anderthalb": 1.5, "eineinhalb": 1.5, "einhalb": 0.5, "zweieinhalb": 2.5, "dreieinhalb": 3.5, "viereinhalb": 4.5,
    "one and a half": 1.5, "two and a half": 2.5, "three and a half": 3.5, "four and a half": 4.5,
}  # fmt: skip
SCALES = {
    "tausend": 1e3, "thousand": 1e3, "million": 1e6, "millionen": 1e6, "mio": 1e6, "milliarde": 1e9,
    "milliarden": 1e9, "mrd": 1e9, "billion": 1e9, "billions": 1e9, "bn": 1e9, "millions": 1e6, "billionen": 1e12,
    "billiarde": 1e15, "billiarden": 1e15, "trillion": 1e12, "trillions": 1e12, "trillionen": 1e18, "dutzend": 12,
    "dozen": 12, "k": 1e3, "m": 1e6, "b": 1e9,
}  # fmt: skip
GERMAN_SCALES = {"billion": 1e12, "trillion": 1e18}  # the same word, and a thousand or a million times as much
GERMAN = re.compile(r"[äöüß]|\b(?:euro|mrd|mio|milliarden?|millionen)\b", re.I)
SCALE = (
    r"tausend|thousand|millionen|millions?|mio\b\.?|milliarden?|mrd\b\.?|billiarden?|billionen|billions?|bn\b|trillionen"
    r"|trillions?|dutzend|dozen"
)
PARTS = {
    "hälfte": 2, "half": 2, "zweite": 2, "second": 2, "drittel": 3, "dritte": 3, "third": 3, "viertel": 4, "vierte": 4,
    "quarter": 4, "fourth": 4, "fünftel": 5, "fünfte": 5, "fifth": 5, "sechstel": 6, "sechste": 6, "sixth": 6,
    "achtel": 8, "achte": 8, "eighth": 8, "zehntel": 10, "zehnte": 10, "tenth": 10,
}  # fmt: skip
WORDS: dict[str, float] = {**COMPOUNDS, **HALVES, **UNITS}
SPELT = "|".join(sorted(WORDS, key=lambda word: (-len(word), word)))
COUNTED = "|".join(sorted({*UNITS, *ONE}, key=lambda word: (-len(word), word)))
NUMBER = re.compile(
    r"(?<![\w.,/:-])(?P<digits>\d{1,3}(?:[.,'’ \u202f]\d{3})+(?:[.,]\d++)?|\d++(?:[.,]\d++)?)"
    rf"(?:\s?-?\s?(?P<scale>{SCALE})|(?P<letter>(?-i:[kKMB]))\b)?"  # "100m" may be metres
    r"\s?-?(?P<unit>%|prozent\w{0,40}|percent|per cent|promille|€|euros?\b|\$|dollars?\b|franken\b|chf\b|grad\b"
    r"|°|degrees?\b)?"
    r"(?![\d:/-]*\d)",
    re.I,
)
WORD_NUMBER = re.compile(
    rf"\b(?:(?P<word>{SPELT})(?:\b|(?=jährig|tägig|wöchig|monatig|stündig|köpfig))"
    rf"(?P<hundreds>[\s-]hundred\b)?(?:\s?-?\s?(?P<scale>{SCALE})\b)?|"
    rf"(?P<one>{'|'.join(ONE)})\s(?P<halved>halbe\s)?(?P<one_scale>{SCALE})\b"
    rf"|(?P<half>half a)\s(?P<half_scale>{SCALE})\b)"
    r"(?:\s?(?P<unit>prozent\w*|percent|per cent|euros?\b|dollars?\b))?",
    re.I,
)
# "drei Viertel", "two-thirds", "the half"; "Viertel" alone is a part of a town, and "third" is what comes after second.
FRACTION = re.compile(
    rf"\b(?:(?P<of>{COUNTED}|\d{{1,2}})[\s-]?(?P<part>drittel|viertel|fünftel|sechstel|achtel|zehntel|thirds?|quarters?"
    r"|fourths?|fifths?|sixths?|eighths?|tenths?)n?|(?P<half>hälfte|(?<!and a )half(?!\sa\b))"
    r"|(?P<third>(?<!letzte )(?<!letzten )drittel))\b",
    re.I,
)
# "drei von vier Deutschen", "one in three", "9 out of 10"; "jeder dritte", "every third".
RATIO = re.compile(
    rf"\b(?:(?P<of>{COUNTED}|\d{{1,2}})\s(?:von|in|out of)\s(?P<all>{'|'.join(UNITS)}|\d{{1,3}})\b"
    r"(?!\s?(?:%|prozent|percent|uhr))|"
    r"(?:jede[rmns]?|every)\s(?P<nth>zweite|dritte|vierte|fünfte|sechste|achte|zehnte|second|third|fourth|fifth|tenth)[rmns]?\b)",
    re.I,
)
# "twice as many", "verdreifacht": how much more, of whatever. "a double" and "halb so wild" say nothing of the kind.
TIMES = {
    "halb": 0.5, "half": 0.5, "halv": 0.5, "doppel": 2, "doubl": 2, "twice": 2, "zwei": 2, "two": 2, "drei": 3,
    "tripl": 3, "trebl": 3, "three": 3, "vier": 4, "quadrupl": 4, "four": 4, "fünf": 5, "five": 5, "zehn": 10,
    "ten": 10,
}  # fmt: skip
MULTIPLE = re.compile(
    r"\b(?:ver(?P<risen>doppel|drei|vier|fünf|zehn)(?:fach)?(?:t|te|ten|n|ung)"
    r"|(?P<halved>halbier|halv)(?:t|te|ten|en|es|ed|ing)|(?P<grown>doubl|tripl|trebl|quadrupl)(?:ed|es|ing)"
    r"|(?P<as>doppelt|halb|(?:zwei|drei|vier|fünf|zehn)mal) so (?:viele?|hoch|hohe\w?|groß\w{0,2}|teuer|oft|lange?)"
    r"|(?P<as_en>twice|half|(?:two|three|four|five|ten) times)"
    r" as (?:much|many|high|large|big|often|long|expensive|likely)"
    r")\b",
    re.I,
)
# "Hundreds", "Zehntausende": nobody counted, but the one is not the other.
ORDERS = {
    "dutzende": 1e1, "hunderte": 1e2, "tausende": 1e3, "zehntausende": 1e4, "hunderttausende": 1e5, "millionen": 1e6,
    "milliarden": 1e9, "dozens": 1e1, "hundreds": 1e2, "thousands": 1e3, "tens of thousands": 1e4,
    "hundreds of thousands": 1e5, "millions": 1e6, "billions": 1e9,
}  # fmt: skip
ORDER = re.compile(rf"\b(?P<order>{'|'.join(sorted(ORDERS, key=len, reverse=True))})(?P<end>n|r)?\b", re.I)
CURRENCIES = frozenset({"€", "euro", "$", "doll", "fran", "chf"})
SIGNS = frozenset("€$£")  # also before the amount
PRICED = re.compile(r"[mb]\b")
NEARLY = 1.0  # per cent by which a share in words may differ from one in digits: two thirds are 66 or 67


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number with its kind of unit, and the words it stands in; shares in words are rough."""

    value: float
    unit: str
    words: str
    is_rough: bool = False

    def agrees(self, other: Quantity) -> bool:
        """Equal, or one is the other rounded to two significant digits."""
        if self.unit != other.unit and "" not in (self.unit, other.unit):
            return False
        if (self.is_rough or other.is_rough) and abs(self.value - other.value) <= NEARLY:
            return True
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
    plain = DATE.sub(blanked, text)
    shares = [*find_multiples(plain)]
    plain = MULTIPLE.sub(blanked, plain)
    shares += find_shares(plain)
    plain = RATIO.sub(blanked_ratio, FRACTION.sub(blanked, plain))
    german = is_german(text)
    found = []
    for match in NUMBER.finditer(plain):
        value = parse_digits(match["digits"])
        after = plain[match.end() : match.end() + 2]
        if value is None:
            continue
        scale = match["scale"] or match["letter"] or priced_scale(match)
        ordinal = re.match(r"\.\s", after) and not scale and not match["unit"] and value < 100
        if ordinal or (is_year(match["digits"]) and not match["unit"] and not scale):
            continue
        found.append(_quantity(value, scale, match, german))
    for match in WORD_NUMBER.finditer(plain):
        value = WORDS[match["word"].lower()] if match["word"] else 0.5 if match["half"] or match["halved"] else 1.0
        value *= 100 if match["hundreds"] else 1
        found.append(_quantity(value, match["scale"] or match["one_scale"] or match["half_scale"], match, german))
    return found + shares + [*find_orders(WORD_NUMBER.sub(blanked, NUMBER.sub(blanked, plain)))]


def priced_scale(match: re.Match[str]) -> str | None:
    """The small letter behind an amount of money: "€1.2m". Without the sign before it, it may be metres."""
    if match.string[max(0, match.start() - 1) : match.start()] not in SIGNS:
        return None
    letter = PRICED.match(match.string, match.end())
    return letter and letter[0]


def find_multiples(text: str) -> Iterator[Quantity]:
    """How many times as much something is, or has become."""
    for match in MULTIPLE.finditer(text):
        said = next(part for part in match.groups() if part).lower()
        word = next(word for word in TIMES if said.startswith(word))
        yield Quantity(TIMES[word], "times", match[0])


def find_orders(text: str) -> Iterator[Quantity]:
    """Hundreds, thousands and the like, where no number stands before them."""
    for match in ORDER.finditer(text):
        yield Quantity(ORDERS[match["order"].lower()], "order", match[0])


def find_shares(text: str) -> Iterator[Quantity]:
    """The shares of a text that are words, in per cent: fractions and "one in three"."""
    for match in FRACTION.finditer(text):
        part = (match["part"] or match["half"] or match["third"]).lower()
        parts = PARTS.get(part) or PARTS[part.rstrip("sn")]
        yield Quantity(100 * counted(match["of"]) / parts, "%", match[0].strip(), is_rough=True)
    for match in RATIO.finditer(text):
        parts = PARTS[match["nth"].lower()] if match["nth"] else counted(match["all"])
        if is_ratio(match):
            yield Quantity(100 * counted(match["of"]) / parts, "%", match[0].strip(), is_rough=True)


def is_ratio(match: re.Match[str]) -> bool:
    """Whether "3 von 4" is a share: of two numbers the second is larger."""
    return match["nth"] is not None or counted(match["of"]) < counted(match["all"])


def counted(word: str | None) -> int:
    """The number that a word or digits say; one where none is said."""
    if word is None:
        return 1
    return int(word) if word.isdigit() else UNITS.get(word.lower()) or ONE[word.lower()]


def blanked(found: re.Match[str]) -> str:
    """Blanks in place of what was found."""
    return " " * len(found[0])


def blanked_ratio(found: re.Match[str]) -> str:
    """Blanks in place of a ratio that is one."""
    return blanked(found) if is_ratio(found) else found[0]


def is_german(text: str) -> bool:
    """Whether "Billion" in a text means a million millions."""
    return main_language(text) == "de" or (main_language(text) is None and GERMAN.search(text) is not None)


def _quantity(value: float, scale: str | None, match: re.Match[str], german: bool) -> Quantity:
    scale, unit = (scale or "").lower().rstrip("."), (match["unit"] or "").lower()
    kind = "%" if unit.startswith(("%", "prozent", "percent", "per cent")) else ""
    before = match.string[max(0, match.start() - 2) : match.start()].strip()
    kind = kind or ("money" if unit[:4] in CURRENCIES or before[-1:] in SIGNS else "")
    factor = (GERMAN_SCALES.get(scale) if german else None) or SCALES.get(scale, 1.0)
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
