"""Raised text: marks of footnotes, which are no part of a number or word, and exponents, which change a number."""

from __future__ import annotations

import re
from typing import Any

from service.pipeline.unsaid import take_out

MARK = re.compile(
    r"[\[(]?\s*+(?:\d{1,3}|[a-z]|[ivx]{1,5}|[*†‡§]{1,3})\s*+[\])]?(?:\s*+[,;–-]\s*+\[?\d{1,3}\]?){0,9}", re.I
)
EXPONENT = re.compile(r"[-–−+]?\d{1,3}")
# What an exponent stands behind: a unit of length or time, "10" as a factor, a letter alone ("x").
BASE = re.compile(r"(?:(?<![\w])(?:[kdcmµn]?m|in|ft|s|[a-z])|(?<![\d.,])10)$")
RAISED = str.maketrans("0123456789+-–−", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁻")
NEAR = 60  # characters before that are looked at
AROUND = 4  # elements around one, in which what stands before it is looked for
PARAGRAPHS = frozenset({"p", "li", "td", "div", "article", "section", "body"})


def settle_raised(tree: Any) -> None:
    """Take out marks of footnotes, and write exponents as signs of their own: the library makes "10" and "6" "106"."""
    for raised in list(tree.iter("sup")):
        text = "".join(raised.itertext()).strip()
        if not MARK.fullmatch(text) and not EXPONENT.fullmatch(text):
            continue  # "3rd", "TM"
        before = text_before(raised)
        if EXPONENT.fullmatch(text) and BASE.search(before) and not is_linked(raised):
            write_exponent(raised, text)
        elif MARK.fullmatch(text) and (before or is_linked(raised)):
            take_out(raised)


def text_before(element: Any) -> str:
    """The characters directly before an element, within its paragraph."""
    for _ in range(AROUND):
        parent, previous = element.getparent(), element.getprevious()
        if parent is None:
            return ""
        if previous is not None:
            inside = "" if previous.tag == "br" else "".join(previous.itertext())
            found = (inside if isinstance(previous.tag, str) else "") + (previous.tail or "")
        else:
            found = parent.text or ""
        if found or parent.tag in PARAGRAPHS:
            return found[-NEAR:]
        element = parent if previous is None else previous
    return ""


def is_linked(element: Any) -> bool:
    """Whether a raised text leads somewhere: to a note, as no exponent does."""
    parent = element.getparent()
    return any(True for _ in element.iter("a")) or (parent is not None and parent.tag == "a")


def write_exponent(element: Any, text: str) -> None:
    """Write an exponent as raised digits, in place of its element."""
    for inner in list(element):
        element.remove(inner)
    element.text, element.tag = text.translate(RAISED), "span"
