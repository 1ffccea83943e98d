"""Subtitles (WebVTT, SRT), transcripts with times and YouTube's json3 to what is said when. The only home of webvtt."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from html import unescape
from typing import Any, TypeGuard

MAX_CUES = 20_000  # some twelve hours of speech
LONGEST = 1_000_000  # seconds: 11 days. A choice: nothing that was recorded is longer.
START = 5_000  # characters by which a format is told
WEBVTT = re.compile(r"\ufeff?WEBVTT(?:[ \t][^\n]*)?(?:\r?\n|\r)")
SRT = re.compile(
    r"\s*+(?:\d{1,6}[ \t]*\r?\n)?\d{1,3}:\d{2}:\d{2}[,.]\d{1,3}[ \t]*-->[ \t]*\d{1,3}:\d{2}:\d{2}[,.]\d{1,3}"
)
TIMED_LINE = re.compile(
    r"[ \t]*+[\[(]?(?:(\d{1,2}):)?(\d{1,2}):(\d{2})(?:[.,]\d{1,3})?[\])]?[ \t]*+(?:[-–—:|][ \t]+)?(.*)"
)
FIRST_SECONDS = 60  # a transcript begins within the first minute; what begins later may tell the time of day
FEWEST = 3  # lines with times that make a transcript
TAG = re.compile(r"<[^<>\n]{0,200}>|\{\\[^{}\n]{0,200}\}")
# What is heard and not said: "[Musik]", "(Applaus)", "♪ la la ♪". Longer brackets may be said.
SOUND = re.compile(r"\[[^\[\]\n]{1,40}\]|\([^()\n]{1,40}\)(?=\s*$)|♪[^♪\n]{0,300}♪?|\*[^*\n]{1,40}\*")
SPEAKER = re.compile(r"^\s*(?:>{1,3}|-|–|—)\s+")


@dataclass(frozen=True, slots=True)
class Spoken:
    """Words that begin at a second; `turns` where somebody else begins to speak."""

    seconds: float
    text: str
    end: float | None = None
    turns: bool = False


def is_subtitles(text: str) -> bool:
    """Whether a text is a subtitle file, by its beginning."""
    return bool(WEBVTT.match(text[:START]) or SRT.match(text[:START]))


def read_subtitles(text: str) -> list[Spoken]:
    """What is said in a WebVTT or SRT file; empty where it is broken."""
    import webvtt
    from webvtt.errors import MalformedFileError

    kind = "vtt" if WEBVTT.match(text[:START]) else "srt"
    plain = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    try:
        captions = webvtt.from_buffer(io.StringIO(plain), format=kind).captions[:MAX_CUES]
    except MalformedFileError:
        return []
    voice: str | None = None
    found = []
    for caption in captions:
        turns = caption.voice is not None and caption.voice != voice
        voice = caption.voice or voice
        begins, ends = caption.start_time.in_milliseconds() / 1000, caption.end_time.in_milliseconds() / 1000
        found.append(Spoken(begins, caption.text, ends, turns))
    return list(said(found))


def read_transcript(text: str) -> list[Spoken]:
    """What is said in lines that begin with a time, or follow one that is only a time; empty where this is no such."""
    found: list[Spoken] = []
    lines = [line for line in text.splitlines() if line.strip()]
    untimed = 0
    for line in lines[: 2 * MAX_CUES]:
        timed = TIMED_LINE.fullmatch(line)
        if timed:
            hours, minutes, seconds, words = timed.groups()
            found.append(Spoken(int(hours or 0) * 3600 + int(minutes) * 60 + int(seconds), words))
        elif found:
            untimed += bool(found[-1].text)
            found[-1] = Spoken(found[-1].seconds, f"{found[-1].text} {line}".strip())
        else:
            untimed += 1
    times = [one.seconds for one in found]
    is_one = len(found) >= FEWEST and times == sorted(times) and times[0] < FIRST_SECONDS
    return list(said(found)) if is_one and untimed <= len(found) else []


def read_json3(data: Any) -> list[Spoken]:
    """What is said in captions as YouTube gives them; empty where this is none."""
    events = data.get("events") if isinstance(data, dict) else None
    found = []
    for event in events[:MAX_CUES] if isinstance(events, list) else []:
        pieces = event.get("segs") if isinstance(event, dict) else None
        begins = event.get("tStartMs") if isinstance(event, dict) else None
        if isinstance(pieces, list) and is_time(begins, 1000 * LONGEST):
            words = "".join(str(piece.get("utf8") or "") for piece in pieces if isinstance(piece, dict))
            found.append(Spoken(begins / 1000, words))
    return list(said(found))


def is_time(given: Any, longest: float = LONGEST) -> TypeGuard[float]:
    """Whether a value from JSON is a time; NaN, infinities and numbers beyond any recording are none."""
    return isinstance(given, int | float) and 0 <= given <= longest


def parse_json(text: str) -> Any:
    """A JSON object; None where it is none."""
    if not text.lstrip("\ufeff \t\r\n").startswith("{"):
        return None
    try:
        found = json.loads(text.lstrip("\ufeff"))
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def said(found: Iterable[Spoken]) -> Iterator[Spoken]:
    """The words alone, each once: captions that roll up repeat the line above."""
    shown: Sequence[str] = ()
    for one in found:
        lines: list[str] = []
        turns = one.turns
        for line in one.text.splitlines():
            words = " ".join(SOUND.sub(" ", unescape(TAG.sub("", line))).split())
            turns = turns or (SPEAKER.match(words) is not None and not any(lines))
            lines.append(SPEAKER.sub("", words))
        new = [line for line in lines if line and line not in shown]
        shown = lines
        if any(sign.isalnum() for line in new for sign in line):
            yield Spoken(max(one.seconds, 0.0), " ".join(new), one.end, turns)
