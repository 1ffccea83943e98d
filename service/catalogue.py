"""The message catalogues, and days, numbers and languages as people write them. No page, no markup.

A language is `de`, `en`, or `de-CH`, which is `de` with ss for ß.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import date
from functools import cache
from importlib.resources import files

LANGUAGES = ("de", "en")
SWISS = "de-CH"

NO_LANGUAGE = ("", "und", "mul", "zxx", "mis")  # tags of texts in no, many or unknown languages

Message = str | dict[str, str]


@cache
def catalogue(language: str) -> dict[str, Message]:
    """Every message of a language; a message that counts holds a text each for `one` and `other`."""
    name = language.partition("-")[0]
    messages: dict[str, Message] = json.loads(files("service").joinpath("messages", f"{name}.json").read_bytes())
    return {key: _spelled(message, language) for key, message in messages.items()}


def say(language: str, key: str, **values: object) -> str:
    """The message under `key` with its values filled in; one that counts goes by `n`. Raises KeyError."""
    message = catalogue(language)[key]
    text = message if isinstance(message, str) else message["one" if values.get("n") == 1 else "other"]
    shown = {
        name: format_number(value, language) if isinstance(value, int) else value for name, value in values.items()
    }
    return text.format(**shown)


def choose_language(accept_language: str | None, swiss: bool = False) -> str:
    """`de` or `en` by an Accept-Language header (RFC 9110 section 12.5.4); English where neither is wanted.

    With `swiss`, `de-CH` where that is what is wanted most.
    """
    wanted = sorted(_weights(accept_language or ""), key=lambda entry: -entry[0])
    for weight, tag in wanted:
        name = tag.partition("-")[0]
        if weight > 0 and name in LANGUAGES:
            return SWISS if swiss and tag == SWISS.lower() else name
    return "en"


def format_date(day: date, language: str) -> str:
    """A day as people write it: 3. Mai 2021, 3 May 2021."""
    from babel.dates import format_date as babel_date

    return str(babel_date(day, "long", locale=_locale(language)))


def format_number(number: int, language: str) -> str:
    """A whole number with its thousands apart."""
    from babel.numbers import format_decimal

    return str(format_decimal(number, locale=_locale(language)))


def format_share(share: float, language: str) -> str:
    """A share between 0 and 1 in per cent. What is nearly certain is never called certain."""
    from babel.numbers import format_percent

    return str(format_percent(min(max(share, 0.01), 0.99), locale=_locale(language)))


def format_fraction(share: float, language: str) -> str:
    """A share between 0 and 1 in per cent, with a decimal where it is small, as figures are given."""
    from babel.numbers import format_percent

    pattern = "#,##0.0\u00a0%" if 0 < share < 0.1 else "#,##0\u00a0%"
    return str(format_percent(share, format=pattern, locale=_locale(language)))


def format_decimal(number: float, language: str) -> str:
    """A number with two decimals."""
    from babel.numbers import format_decimal as format_number

    return str(format_number(number, format="#,##0.00", locale=_locale(language)))


def name_language(tag: str | None, language: str) -> str:
    """What a language (a BCP 47 tag) is called in another; "" for none, and for one that has no name."""
    from babel import Locale

    primary = primary_of(tag)
    names = Locale.parse(_locale(language)).languages
    return "" if primary in NO_LANGUAGE else str(names.get(primary, ""))


def primary_of(tag: str | None) -> str:
    """The language of a tag without its region and script; "" for none."""
    return (tag or "").replace("_", "-").partition("-")[0].lower()


def _weights(header: str) -> Iterable[tuple[float, str]]:
    for entry in header.split(","):
        tag, _, parameters = entry.strip().partition(";")
        try:
            weight = float(parameters.strip().removeprefix("q=")) if parameters else 1.0
        except ValueError:
            weight = 0.0
        yield weight, tag.strip().lower()


def _locale(language: str) -> str:
    return {"de": "de", SWISS: "de_CH"}.get(language, "en_GB")


def _spelled(message: Message, language: str) -> Message:
    if language != SWISS:
        return message
    if isinstance(message, str):
        return message.replace("ß", "ss")
    return {form: text.replace("ß", "ss") for form, text in message.items()}
