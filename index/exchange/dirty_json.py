"""JSON as it is found: with comments, trailing commas and semicolons, HTML entities, CDATA marks, unescaped quotes.

What cannot change a value is mended silently; anything else is repaired only in markup that is short and whole,
and said. The only home of json_repair.
"""

from __future__ import annotations

import json
import re
from typing import Any

from index.retrieval.queries import unescaped

MAX_REPAIRED = 100_000  # characters of one input: repairing takes 10 microseconds each
# A string is matched first, so that nothing in it is taken for a comment; one without end reaches to the end.
STRING_OR_COMMENT = re.compile(
    r'"(?:[^"\\]++|\\.)*+(?:"|\Z|\\\Z)|//[^\n]*+|/\*(?:[^*]++|\*(?!/))*+(?:\*/|\Z)|[\u00a0\u2028\u2029\ufeff]', re.S
)
STRING_OR_COMMA = re.compile(r'"(?:[^"\\]++|\\.)*+(?:"|\Z|\\\Z)|,(?=\s*+[}\]])', re.S)
BEFORE = re.compile(
    r"(?:\s++|\ufeff|<!--[^{}\[\]\"<]{0,500}-->|<!--|<!\[CDATA\["
    r"|(?:(?:var|let|const)\s{1,9})?[A-Za-z_$][\w.$]{0,60}\s{0,9}=(?!=))++"  # a variable that it is put into
)
BEHIND_COMMENT = re.compile(r"<!--[^{}\[\]\"<]{0,500}\Z")
ESCAPE = re.compile(r"\\(x[0-9A-Fa-f]{2}|.)", re.S)
BETWEEN = " \t\r\n,;"  # objects of one text
BEHIND = " \t\r\n;\ufeff"
CLOSING = ("-->", "]]>")


def read_json(text: str, most_repaired: int = MAX_REPAIRED) -> tuple[Any, bool]:
    """The value, and whether it had to be repaired, so that something in it may be wrong.

    JSON within a string of JSON is read too, once. Raises ValueError where it is none, or is longer than may be
    repaired.
    """
    value, repaired = _read(text, most_repaired)
    if isinstance(value, str) and "claimreview" in value.lower():
        inner, again = _read(value, most_repaired)
        return inner, repaired or again
    return value, repaired


def _read(text: str, most_repaired: int) -> tuple[Any, bool]:
    try:
        return strict_json(text), False
    except RecursionError:
        raise ValueError("nested too deeply") from None
    except json.JSONDecodeError as error:
        told = ValueError(f"{error.msg} at line {error.lineno}, column {error.colno}")
    for form in forms_of(text):
        try:
            return strict_json(form), False
        except RecursionError:
            raise ValueError("nested too deeply") from None
        except ValueError:
            pass
        try:
            return listed_json(form), False
        except RecursionError:
            raise ValueError("nested too deeply") from None
        except ValueError:
            pass
    repaired = repaired_json(text) if len(text) <= most_repaired else None
    if not repaired:
        raise told
    return repaired, True


def strict_json(text: str) -> Any:
    """JSON that may hold control characters, NaN or huge numbers."""
    return json.loads(text, strict=False, parse_int=_whole)


def listed_json(text: str) -> Any:
    """Reviews that stand one after another, with or without commas, as one array; a single one as it is."""
    if "claimreview" not in text.lower():
        raise ValueError("no review")
    decoder = json.JSONDecoder(strict=False, parse_int=_whole)
    found: list[Any] = []
    at = 0
    while at < len(text):
        value, at = decoder.raw_decode(text, at)
        if not isinstance(value, dict | list):
            raise ValueError("neither an object nor an array")  # noqa: TRY004
        found.append(value)
        while at < len(text) and text[at] in BETWEEN:
            at += 1
    if not found:
        raise ValueError("nothing is there")
    return found[0] if len(found) == 1 else found


def forms_of(text: str) -> list[str]:
    """A text without everything that may stand around JSON without changing it."""
    forms = [bare_json(text)]
    if "&" in text:
        forms.append(bare_json(unescaped(text)))
    return forms


def bare_json(text: str) -> str:
    """JSON without the marks around it, comments, trailing commas and semicolons."""
    text = STRING_OR_COMMENT.sub(_unless_string, without_wrapper(text))
    return STRING_OR_COMMA.sub(_unless_string, without_wrapper(text))


def without_wrapper(text: str) -> str:
    """Text without the marks of comments and CDATA around it, and without semicolons at its end."""
    start = found.end() if (found := BEFORE.match(text)) else 0
    end = len(text)
    while end > start:
        if text[end - 1] in BEHIND:
            end -= 1
        elif text.endswith(CLOSING, start, end):
            end -= 3
            if comment := BEHIND_COMMENT.search(text, max(start, end - 510), end):
                end = comment.start()
        else:
            break
    return text[start:end]


def repaired_json(text: str) -> Any:
    """What json_repair makes of short markup of reviews that is whole; None of anything else."""
    if "&quot;" in text or "&#34;" in text:
        text = unescaped(text)
    text = without_wrapper(text)
    is_whole = text[:1] in ("{", "[") and text[-1:] in ("}", "]")
    if not is_whole or "claimreview" not in text.lower():
        return None
    from json_repair import loads

    try:
        found = loads(text, skip_json_loads=True)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict | list) else None


def _unless_string(found: re.Match[str]) -> str:
    if not found[0].startswith('"'):
        return " "
    return ESCAPE.sub(_known_escape, found[0]) if "\\" in found[0] else found[0]


def _known_escape(found: re.Match[str]) -> str:
    """An escape of JavaScript as JSON knows it."""
    escaped = found[1]
    if escaped == "'":
        return "'"
    return f"\\u00{escaped[1:]}" if escaped.startswith("x") and len(escaped) == 3 else found[0]


def _whole(digits: str) -> int | float:
    return int(digits) if len(digits) < 300 else float(digits)
