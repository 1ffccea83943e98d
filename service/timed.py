"""Timed text: at which second of a recording each part of an article is said, and the link to that second."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

YOUTUBE = ("youtube.com", "www.youtube.com", "m.youtube.com", "youtu.be", "www.youtube-nocookie.com")
# Players that begin at a second that their address names, and how. Others would only begin at the beginning.
BY_FRAGMENT = ("vimeo.com", "player.vimeo.com")
BY_START = ("www.dailymotion.com", "dailymotion.com")


@dataclass(frozen=True, slots=True)
class Cue:
    """Offsets into the article's text, and the second at which that is said."""

    start: int
    end: int
    seconds: float


class Moment(NamedTuple):
    """When something is said: as players show it, the link to that second if there is one, and the second."""

    clock: str
    url: str | None
    seconds: float


def second_at(cues: Sequence[Cue], place: int) -> float | None:
    """The second at which what stands at a place is said; None where that is in no cue. `cues` are in order."""
    found = bisect_right(cues, place, key=lambda cue: cue.start) - 1
    return cues[found].seconds if found >= 0 and place < cues[found].end else None


def clock_words(seconds: float) -> str:
    """1:23, or 1:02:03 from an hour on, as players show it."""
    whole = int(seconds)
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"


def moment_link(url: str | None, seconds: float) -> str | None:
    """The recording from that second on, where its player is one that can be told so by an address."""
    try:
        parts = urlsplit(url or "")
        host = (parts.hostname or "").lower()
    except ValueError:
        return None
    if parts.scheme not in ("http", "https"):
        return None
    whole = int(seconds)
    if host in BY_FRAGMENT:
        return urlunsplit(parts._replace(fragment=f"t={whole}s"))
    name = "t" if host in YOUTUBE else "start" if host in BY_START else None
    if name is None:
        return None
    asked = [(key, value) for key, value in parse_qsl(parts.query) if key not in ("t", "start")]
    return urlunsplit(parts._replace(query=urlencode([*asked, (name, f"{whole}s" if name == "t" else whole)])))
