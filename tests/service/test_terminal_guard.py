"""What strangers wrote, on its way to a terminal and into a pipe."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import click
import pytest

from service.terminal_guard import harmless

ROOT = Path(__file__).parents[2]
PRINTING = """
import click
from service.terminal_guard import guard_terminal
guard_terminal()
click.secho("Mond \\x1b]0;title\\x07\\x1b[2J ist\\thohl", fg="red")
print("\\x9b2J")
"""


@pytest.mark.parametrize(
    "steering",
    ["\x1b]0;title\x07", "\x1b[2J", "\x1b[1A\r", "\x9b31m", "\x08\x08", "\x1bc", "\x1b[?1049h", "\x00", "\x7f"],
)
def test_what_steers_a_terminal_does_not(steering: str) -> None:
    shown = harmless(f"Der Mond{steering} ist hohl.")
    assert not set(shown) & {"\x1b", "\x9b", "\x07", "\x08", "\r", "\x00", "\x7f"}
    assert shown.startswith("Der Mond\ufffd")


def test_colours_lines_and_tabs_stay() -> None:
    ours = click.style("rejected", fg="red", bold=True) + "\tline 3: Größe 你好 🌙\n"
    assert harmless(ours) == ours


def test_a_terminal_is_guarded_and_a_pipe_gets_everything() -> None:
    ours, theirs = os.openpty()
    subprocess.run(
        [sys.executable, "-c", PRINTING], stdout=theirs, cwd=ROOT, check=True, env={**os.environ, "TERM": "xterm"}
    )
    os.close(theirs)
    with os.fdopen(ours, "rb") as read:
        shown = read.read1(4096).decode()
    assert shown.split("\r\n") == ["\x1b[31mMond \ufffd]0;title\ufffd\ufffd[2J ist\thohl\x1b[0m", "\ufffd2J", ""]
    piped = subprocess.run([sys.executable, "-c", PRINTING], capture_output=True, cwd=ROOT, check=True).stdout.decode()
    assert "\x9b2J" in piped
