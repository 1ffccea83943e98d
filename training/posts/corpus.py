"""The corpus of posts: texts as people forward them, each with the statements that it makes and six that it does not.

A post (one JSON object a line in posts/*.jsonl) has a `text` of 30 to 250 words, its `form`, what is `right` (what it
asserts, denies or reports, in fact-checkers' words) and what is `hard` (what a careless reader would take for its
claim). README.md beside this file is the datasheet.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

from training.pairs.corpus import Part, part_of, read_rows

POSTS = Path(__file__).parent / "posts"

# Half is there to learn from. Posts are few and calibration needs many, so it gets more of them than of the families.
ENDS = {Part.CHOOSE: 0.05, Part.CALIBRATE: 0.3, Part.JUDGE: 0.5}


class Form(StrEnum):
    """How a post looks."""

    SHAREPIC = "sharepic"  # read off a picture
    CHAIN_LETTER = "chain_letter"
    VOICE = "voice"  # a voice message, written down
    COMMENT_QUOTE = "comment_quote"  # a comment and what it quotes
    SEVERAL = "several"  # claims, of which one or two can be looked up
    IRONY = "irony"
    HASHTAGS = "hashtags"
    GLUED = "glued"  # a title and a page's other words stuck to the text
    PLAIN = "plain"
    THREAD = "thread"


class Near(StrEnum):
    """What a hard statement changes about what the post says."""

    ENTITY = "other_entity"
    QUOTE = "other_quote"
    ASSERTION = "other_assertion"
    OBJECT = "other_object"
    NUMBER = "other_number"
    GENERAL = "too_general"


class Does(StrEnum):
    """What a post does with a statement that is right."""

    ASSERTED = "asserted"
    DENIED = "denied"
    REPORTED = "reported"


@dataclass(frozen=True, slots=True)
class Right:
    """A statement that a post makes, denies or reports."""

    text: str
    language: str
    does: Does


@dataclass(frozen=True, slots=True)
class Hard:
    """A statement that shares names, words or subject with a post and is not made by it."""

    text: str
    language: str
    kind: Near


@dataclass(frozen=True, slots=True)
class Post:
    """A post with its statements; one without right ones is an opinion, an announcement or news of the day."""

    id: str
    language: str
    form: Form
    topic: str
    text: str
    right: tuple[Right, ...]
    hard: tuple[Hard, ...]

    @property
    def part(self) -> Part:
        """By its id."""
        return part_of_post(self.id)


def part_of_post(id: str) -> Part:
    """What a post is for; its id alone decides."""
    return part_of(id, ENDS)


def read_posts(folder: Path = POSTS) -> list[Post]:
    """All posts, in the order of the files. Raises ValueError naming file and line where one is malformed."""
    return read_rows(folder, _post)


def posts_of(posts: Sequence[Post], *parts: Part) -> list[Post]:
    """Those of some parts, in their order."""
    return [post for post in posts if post.part in parts]


def _post(row: dict[str, Any]) -> Post:
    right = tuple(Right(each["text"], each["language"], Does(each["stance"])) for each in row["right"])
    hard = tuple(Hard(each["text"], each["language"], Near(each["kind"])) for each in row["hard"])
    return Post(row["id"], row["language"], Form(row["form"]), row["topic"], row["text"], right, hard)
