"""Screenshots of chats: the words that people wrote, without what the program puts around them.

A chat is told by its time stamps, which stand alone or at the end of what was written. In one, times, the status bar
and the program's own words are left out, and a name above a message begins a paragraph: who says what is kept.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from service.pipeline.pictures.order import Row
from service.pipeline.pictures.recognising import Seen

FEWEST_TIMES = 2  # that make a chat (a choice); one alone may be that of a post, or of a clock on a wall
MOST_STAMP = 30  # characters of one at the end of a line
MOST_NAME = 4  # words of a name above a message
TIME = r"(?:[01]?\d|2[0-3])[:.][0-5]\d(?:\s?(?:Uhr|[AaPp]\.?[Mm]\.?))?"
TICKS = r"[\s✓✔√/vVJ∨«»,.·•]{0,6}"  # what two check marks are read as
STAMP = re.compile(rf"{TICKS}(?:bearbeitet|edited)?\s?{TIME}{TICKS}")
STAMP_AT_END = re.compile(rf"(?<=\S)\s{{1,3}}(?:bearbeitet\s|edited\s)?{TIME}{TICKS}$")
# "12:41 5G 87%", "LTE 87 %": the time and the signs of the phone.
STATUS = re.compile(
    rf"{TIME}(?:\s+\S{{1,12}}){{0,6}}|(?:[45]G|LTE|WLAN|Wi-?Fi|\d{{1,3}}\s?%|\W)(?:\s+\S{{1,6}}){{0,4}}"
)
MOST_STATUS = 60  # characters
WEEKDAYS = (
    "montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag"
    "|monday|tuesday|wednesday|thursday|friday|saturday|sunday"
)
INTERFACE = re.compile(
    r"(?:online|offline|(?:zul(?:etzt|\.)|last seen)\b.{0,40}|(?:schreibt|typing)\s?(?:…|\.{1,3})?"
    r"|(?:mehrfach |häufig )?weitergeleitet|forwarded(?: many times)?"
    r"|(?:eine )?nachricht(?: schreiben)?|(?:type a )?message|antworten|reply|gefällt mir|like|teilen|share"
    r"|kommentieren|comment|mehr anzeigen|see more|(?:ungelesene|unread) (?:nachrichten|messages)"
    rf"|(?:heute|gestern|today|yesterday|{WEEKDAYS})(?:,? {TIME})?"
    r"|\d{1,2}\.\s?(?:\d{1,2}\.|[a-zä]{3,9})\s?(?:\d{2,4})?"
    r"|\d{1,4} (?:mitglieder|members|teilnehmer|participants)|.{0,60}(?:ende-zu-ende|end-to-end).{0,80})",
    re.I,
)
ENDS = re.compile(r"[.!?…,;:]$")


def without_interface(paragraphs: Sequence[Sequence[Row]]) -> list[list[Row]]:
    """The paragraphs, and where they are those of a chat, only what people wrote there, each message by itself."""
    rows = [row for paragraph in paragraphs for row in paragraph]
    stamps = sum(is_stamp(line.text) or stamp_at_end(line.text) is not None for row in rows for line in row)
    if stamps < FEWEST_TIMES:
        return [list(paragraph) for paragraph in paragraphs]
    top = min(line.top for row in rows for line in row)
    found: list[list[Row]] = []
    for paragraph in paragraphs:
        message: list[Row] = []
        for place, row in enumerate(paragraph):
            ends = any(is_stamp(line.text) or stamp_at_end(line.text) for line in row)
            said = [line for line in row if not is_stamp(line.text)]
            kept = [cut for line in said if (cut := spoken(line, at_top=line.top < top + 2 * line.height))]
            if kept and not message and not ends and is_name(kept, paragraph[place + 1 : place + 2]):
                found.append([[replace(kept[0], text=f"{kept[0].text.rstrip(' :~')}:")]])
            elif kept:
                message.append(kept)
            if ends:
                found.append(message)
                message = []
        found.append(message)
    return [message for message in found if message]


def is_stamp(text: str) -> bool:
    """Whether a line is only a time, perhaps with the marks that it was read."""
    return STAMP.fullmatch(text.strip()) is not None


def spoken(line: Seen, at_top: bool) -> Seen | None:
    """A line without the time at its end; None where it is the program's own."""
    text = line.text.strip()
    if INTERFACE.fullmatch(text) or (at_top and len(text) <= MOST_STATUS and STATUS.fullmatch(text)):
        return None
    stamp = stamp_at_end(text)
    return replace(line, text=text[: stamp.start()] if stamp else text)


def stamp_at_end(text: str) -> re.Match[str] | None:
    """The time at the end of what was written, if there is one."""
    return STAMP_AT_END.search(text, max(len(text) - MOST_STAMP, 0))


def is_name(row: Row, below: Sequence[Row]) -> bool:
    """Whether a row is the name of whoever wrote what stands below it."""
    text = row[0].text.strip()
    words = text.split()
    named = len(row) == 1 and 0 < len(words) <= MOST_NAME and words[-1][0].isupper() and not ENDS.search(text)
    return named and bool(below) and text[0].isupper() and below[0][0].text[:1].isupper()
