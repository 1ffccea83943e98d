"""What is written to a terminal: text that strangers wrote must not move its cursor, set its title or hide a line.

Pipes and files get everything as it is.
"""

from __future__ import annotations

import io
import re
import sys

# Our own colours stay; of what else steers a terminal nothing does, but for the end of a line and the tab.
STEERING = re.compile(r"\x1b\[[0-9;]{0,12}m|[\x00-\x08\x0b-\x1f\x7f-\x9f]")
INSTEAD = "\N{REPLACEMENT CHARACTER}"


class GuardedText(io.TextIOWrapper):
    """Text on its way to a terminal."""

    def write(self, text: str, /) -> int:
        """See io.TextIOWrapper."""
        super().write(harmless(text))
        return len(text)


def guard_terminal() -> None:
    """Let nothing of what is printed from here on steer the terminal, where it goes to one."""
    if sys.stdout.isatty():
        sys.stdout.flush()
        sys.stdout = GuardedText(
            sys.stdout.buffer, sys.stdout.encoding, sys.stdout.errors, line_buffering=True, write_through=True
        )


def harmless(text: str) -> str:
    """A text without what steers a terminal."""
    return STEERING.sub(lambda found: found[0] if len(found[0]) > 1 else INSTEAD, text)
