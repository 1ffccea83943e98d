"""Frames: wordings with slots, whose values change places to another claim or to the same one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from training.pairs.corpus import LABELS, Part
from training.pairs.examples import NO_TARGET, STANCES
from training.pairs.frames import Frame, frame_examples, read_frames

RACE = Frame(
    "en",
    ("Ann", "Ben", "Rome", "Oslo"),
    ("{1} beat {2} in {3} and {4}.", "in {3} and {4}, {2} lost to {1}."),
    changing=((0, 1),),
    keeping=((2, 3),),
)
ROW = {"language": "en", "values": ["a", "b"], "wordings": ["{1} {2}", "{2} {1}"], "changing": [[1, 2]], "keeping": []}


def test_a_wording_is_filled_and_begins_with_a_capital() -> None:
    assert RACE.say(0) == "Ann beat Ben in Rome and Oslo."
    assert RACE.say(1) == "In Rome and Oslo, Ben lost to Ann."
    assert RACE.say(1, exchanged=(0, 1)) == "In Rome and Oslo, Ann lost to Ben."


def test_who_did_what_decides_whether_two_sentences_make_the_same_claim() -> None:
    ann_won = {RACE.say(n, places) for n in (0, 1) for places in (None, (2, 3))}
    ben_won = {RACE.say(n, (0, 1)) for n in (0, 1)}
    found = frame_examples([RACE] * 20, seed=1)
    assert {LABELS[each.label] for each in found} == {"asserted", "different"}
    for each in found:
        sides = {each.claim, each.statement}
        if LABELS[each.label] == "asserted":
            assert sides <= ann_won
            assert STANCES[each.stance] == "supports"
        else:
            assert sides & ann_won
            assert sides & ben_won
            assert each.stance == NO_TARGET


def test_the_same_seed_gives_the_same_pairs() -> None:
    assert frame_examples([RACE], seed=3) == frame_examples([RACE], seed=3)


@pytest.mark.parametrize(
    "change",
    [
        {"wordings": ["{1} {2}", "{1}"]},
        {"wordings": ["{1} {2}"]},
        {"changing": []},
        {"changing": [[1, 3]]},
        {"values": None},
    ],
)
def test_a_malformed_frame_is_named_by_file_and_line(tmp_path: Path, change: dict[str, object]) -> None:
    (tmp_path / "bad.jsonl").write_text(f"{json.dumps(ROW)}\n{json.dumps(ROW | change)}\n")
    with pytest.raises(ValueError, match=r"bad\.jsonl:2"):
        read_frames(Part.LEARN, tmp_path)


def test_the_frames_read_are_of_both_languages_and_split() -> None:
    learned = read_frames(Part.LEARN)
    unseen = [frame for part in Part if part is not Part.LEARN for frame in read_frames(part)]
    assert len(learned) >= 400
    assert 0.1 <= len(unseen) / len(learned) <= 0.25
    assert {frame.language for frame in unseen} == {"de", "en"}
    assert not {frame.wordings for frame in learned} & {frame.wordings for frame in unseen}
