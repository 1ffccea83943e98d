"""Sentences beside themselves, all but unchanged: however many words are shared, it is the same claim.

Families hold many texts that share nearly every word with their statement and claim something else, a number or a name
being another, and few that share them and claim the same. Who learns from families alone takes a sentence beside itself
for a different claim; so each is shown beside itself too, and beside itself denied and reported.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable

_OPENINGS = {
    "de": ("Fakt ist: ", "Leute, ", "Übrigens: ", "Wusstet ihr das? ", "Krass: ", "Unfassbar! ", "Wichtig: "),
    "en": ("Fact: ", "Folks, ", "By the way: ", "Did you know? ", "Wow: ", "Unbelievable! ", "Important: "),
}
_DENIALS = {
    "de": (
        "Falsch: {}", "Nein, das stimmt nicht: {}", "{} Das ist falsch.", "{} Stimmt aber nicht.", "Eine Lüge: {}",
        "Widerlegt: {}", "{} Dafür gibt es keinen Beleg.", "Es ist ein Gerücht, mehr nicht: {}",
    ),
    "en": (
        "False: {}", "No, this is not true: {}", "{} That is false.", "{} It is not so, though.", "A lie: {}",
        "Debunked: {}", "{} There is no proof of that.", "It is a rumour and nothing more: {}",
    ),
}  # fmt: skip
_REPORTS = {
    "de": (
        "In einem Beitrag heißt es: {}", "Behauptet wird: {}", "Ein Nutzer schreibt: „{}“", "Stimmt das? {}",
        "{} So steht es in einem Kettenbrief.", "{} Das jedenfalls behauptet ein Video.",
    ),
    "en": (
        "A post says: {}", "It is being claimed: {}", "A user writes: “{}”", "Is this true? {}",
        "{} So says a chain letter.", "{} That, at least, is what a video claims.",
    ),
}  # fmt: skip

_DIGITS = {
    "de": dict(zip("zwei drei vier fünf sechs sieben acht neun zehn elf zwölf".split(), range(2, 13), strict=True)),  # noqa: SIM905 - reads better
    "en": dict(zip("two three four five six seven eight nine ten eleven twelve".split(), range(2, 13), strict=True)),  # noqa: SIM905 - reads better
}
_EQUALS = {
    "de": (
        (r"(?<=\d) Prozent\b", " %"), (r"(?<=\d) ?%", " Prozent"), (r"(?<=\d) Euro\b", " €"), (r"(?<=\d) ?€", " Euro"),
        (r"\bin einer Woche\b", "in sieben Tagen"), (r"\binnerhalb einer Woche\b", "innerhalb von sieben Tagen"),
        (r"\b24 Stunden\b", "einem Tag"), (r"\b(?:sieben|7) Tage(n?)\b", "einer Woche"),
    ),
    "en": (
        (r"(?<=\d) ?per ?cent\b", "%"), (r"(?<=\d) ?%", " percent"), (r"\b(?:a|one) week\b", "seven days"),
        (r"\b(?:seven|7) days\b", "a week"), (r"\b24 hours\b", "a day"), (r"\b(?:a|one) year\b", "twelve months"),
    ),
}  # fmt: skip
_ARTICLE = {"de": r"\b(?:der|die|das|den|dem|ein|eine|einen) ", "en": r"\b(?:the|a|an) "}
_TIME = {
    "de": r" (?:seit|innerhalb von|binnen|im Jahr|in) (?:\w+ ){0,2}?"
    r"(?:Tagen?|Wochen?|Monaten?|Jahren?|(?:19|20)\d\d)\b",
    "en": r" (?:since|within|in|by) (?:\w+ ){0,2}?(?:days?|weeks?|months?|years?|(?:19|20)\d\d)(?=\.?$)",
}
_UMLAUTS = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ß": "ss", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue"})
_UNCHANGED = 0.25
_MOST = 3  # edits of a sentence


def lightly_changed(text: str, language: str, draw: random.Random) -> str:
    """The sentence as it is, or with up to _MOST changes that leave what it claims."""
    if draw.random() < _UNCHANGED:
        return text
    for edit in draw.sample(_EDITS, draw.randint(1, _MOST)):
        text = edit(text, language, draw)
    return text


def denied(text: str, language: str, draw: random.Random) -> str:
    """The sentence with words that reject it."""
    return draw.choice(_DENIALS[language]).format(text)


def reported(text: str, language: str, draw: random.Random) -> str:
    """The sentence as what others say, or ask."""
    return draw.choice(_REPORTS[language]).format(text)


def without_its_time(text: str, language: str) -> str | None:
    """The sentence without its "since …" or "within …"; None where it has none."""
    shorter = re.sub(_TIME[language], "", text, count=1)
    return shorter if shorter != text else None


def _another_end(text: str, _language: str, draw: random.Random) -> str:
    return text.rstrip(".!") + draw.choice(("", "!", "!!!", " …", " 😳", " 👀"))


def _small(text: str, _language: str, _draw: random.Random) -> str:
    return text.lower()


def _opened(text: str, language: str, draw: random.Random) -> str:
    return draw.choice(_OPENINGS[language]) + text


def _typed_without_umlauts(text: str, language: str, _draw: random.Random) -> str:
    return text.translate(_UMLAUTS) if language == "de" else text


def _without_an_article(text: str, language: str, draw: random.Random) -> str:
    found = list(re.finditer(_ARTICLE[language], text))
    if not found:
        return text
    one = draw.choice(found)
    return text[: one.start()] + text[one.end() :]


def _with_a_typo(text: str, _language: str, draw: random.Random) -> str:
    words = list(re.finditer(r"[a-zäöüß]{6,}", text))
    if not words:
        return text
    place = (word := draw.choice(words)).start() + draw.randrange(1, len(word[0]) - 2)
    return text[:place] + text[place + 1] + text[place] + text[place + 2 :]


def _with_another_numeral(text: str, language: str, _draw: random.Random) -> str:
    for word, digit in _DIGITS[language].items():
        if re.search(rf"\b{word}\b", text):
            return re.sub(rf"\b{word}\b", str(digit), text)
        if re.search(rf"(?<![\d.,]){digit}(?![\d.,]*\d|\. )", text):
            return re.sub(rf"(?<![\d.,]){digit}(?![\d.,]*\d)", word, text)
    return text


def _with_another_unit(text: str, language: str, _draw: random.Random) -> str:
    for pattern, equal in _EQUALS[language]:
        if re.search(pattern, text):
            return re.sub(pattern, equal, text)
    return text


_EDITS: tuple[Callable[[str, str, random.Random], str], ...] = (
    _another_end, _small, _opened, _typed_without_umlauts, _without_an_article, _with_a_typo, _with_another_numeral,
    _with_another_unit,
)  # fmt: skip
