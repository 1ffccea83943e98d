"""Frames: one claim in several wordings with slots, whose values can change places. Read from frames/.

Two wordings of a frame make the same claim. With two values exchanged one of them makes another claim out of the same
words (`changing`), or still the same one (`keeping`, as the members of a list). A reader that counts shared words fails
on both (Zhang et al., PAWS, NAACL 2019, https://aclanthology.org/N19-1131).
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import combinations
from pathlib import Path
from typing import Any

from training.pairs.corpus import LABELS, Part, part_of, read_rows
from training.pairs.examples import NO_TARGET, STANCES, Example

FRAMES = Path(__file__).parent / "frames"
MIN_WORDINGS = 2
MOST_SAME = 3  # pairs of one frame that make the same claim
MOST_OTHER = 3  # and that make another

_SLOT = re.compile(r"\{(\d)\}")

Places = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Frame:
    """Wordings with slots {1}, {2} …, the values that fill them, and which two may change places to what effect."""

    language: str
    values: tuple[str, ...]
    wordings: tuple[str, ...]
    changing: tuple[Places, ...]
    keeping: tuple[Places, ...]

    def say(self, wording: int, exchanged: Places | None = None) -> str:
        """One wording, filled, with two values exchanged where two places are given."""
        order = list(range(len(self.values)))
        if exchanged is not None:
            first, second = exchanged
            order[first], order[second] = second, first
        said = _SLOT.sub(lambda slot: self.values[order[int(slot[1]) - 1]], self.wordings[wording])
        return said[:1].upper() + said[1:]

    @property
    def part(self) -> Part:
        """By its first wording."""
        return part_of(self.wordings[0])


def read_frames(part: Part, folder: Path = FRAMES) -> list[Frame]:
    """The frames of a part. Raises ValueError naming file and line where one is malformed."""
    return [frame for frame in read_rows(folder, _frame) if frame.part is part]


def _frame(row: dict[str, Any]) -> Frame:
    frame = Frame(
        row["language"], tuple(row["values"]), tuple(row["wordings"]),
        *(tuple((first - 1, second - 1) for first, second in row[name]) for name in ("changing", "keeping")),
    )  # fmt: skip
    slots = set(range(1, len(frame.values) + 1))
    for wording in frame.wordings:
        if {int(slot) for slot in _SLOT.findall(wording)} != slots:
            raise ValueError(f"a wording does not use each of {len(slots)} values: {wording}")
    if len(frame.wordings) < MIN_WORDINGS or not frame.changing:
        raise ValueError("a frame needs two wordings and two places whose exchange changes the claim")
    if not all(place + 1 in slots for places in frame.changing + frame.keeping for place in places):
        raise ValueError("an exchange names a place that there is not")
    return frame


def frame_examples(frames: Sequence[Frame], seed: int) -> list[Example]:
    """Pairs of equal and of different claims, at most MOST_SAME and MOST_OTHER of each frame, in either order."""
    draw = random.Random(seed)  # noqa: S311 - reproducible, not secret
    return [example for frame in frames for example in _pairs(frame, draw)]


def _pairs(frame: Frame, draw: random.Random) -> Iterator[Example]:
    wordings = range(len(frame.wordings))
    same = [(frame.say(one), frame.say(other)) for one, other in combinations(wordings, 2)]
    same += [(frame.say(draw.choice(wordings)), frame.say(draw.choice(wordings), places)) for places in frame.keeping]
    other = [
        (frame.say(one), frame.say(other, draw.choice(frame.changing))) for one, other in combinations(wordings, 2)
    ]
    other += [(frame.say(one), frame.say(one, places)) for places in frame.changing for one in [draw.choice(wordings)]]
    for pairs, most, label in ((same, MOST_SAME, "asserted"), (other, MOST_OTHER, "different")):
        for claim, statement in draw.sample(pairs, min(most, len(pairs))):
            example = _example(claim, statement, label, frame)
            yield example if draw.random() < 1 / 2 else replace(example, claim=statement, statement=claim)


def _example(claim: str, statement: str, label: str, frame: Frame) -> Example:
    # What changed places may exclude the other claim or not: that teaches nothing about the stance.
    stance = STANCES.index("supports") if label == "asserted" else NO_TARGET
    return Example(claim, statement, LABELS.index(label), stance, "frame", frame.language, frame.wordings[0])
