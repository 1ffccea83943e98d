"""Articles: the readable part of what is checked, with where in a picture it was recognised."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from service.pictures import Corners, PagePicture, Recognition
from service.timed import Cue, second_at


@dataclass(frozen=True, slots=True)
class Review:
    """The rating that a fact-check page gives itself in its ClaimReview markup, verbatim."""

    claim_reviewed: str
    alternate_name: str
    url: str | None = None
    others: tuple[str, ...] = ()  # further claims that the page reviews

    @property
    def claims(self) -> tuple[str, ...]:
        """Every claim that the page reviews."""
        return self.claim_reviewed, *self.others


@dataclass(frozen=True, slots=True)
class Article:
    """The readable part of a page. Offsets of sentences and claims are code points into `text`."""

    text: str
    url: str | None = None
    canonical_url: str | None = None
    title: str | None = None
    author: str | None = None
    site_name: str | None = None
    description: str | None = None
    date_published: date | None = None
    language: str | None = None
    is_fact_check: bool = False
    review: Review | None = None
    is_whole: bool = True  # False where the page broke off while it was sent: the text is only its beginning
    quoted: tuple[tuple[int, int], ...] = ()  # spans of `text` that the page's mark-up calls quotations, in order
    picture: Recognition | None = None  # where the lines of `text` stand, where it was recognised in a picture
    pictures: tuple[PagePicture, ...] = ()  # those of the page that were looked at
    cues: tuple[Cue, ...] = ()  # when what is said, of what was spoken

    def picture_at(self, start: int) -> int | None:
        """Which picture of the page, from 0, the sentence stands in that begins here; None where it is in none."""
        return next((place for place, picture in enumerate(self.pictures) if picture.holds(start)), None)

    def second_at(self, start: int) -> float | None:
        """At which second of a recording it is said what begins here; None for what is not spoken."""
        return second_at(self.cues, start)

    def boxes_of(self, start: int, end: int) -> tuple[Corners, ...] | None:
        """Where a span of the text stands in the picture that it was recognised in; None where that is none."""
        place = self.picture_at(start)
        seen = self.picture if place is None else self.pictures[place].recognition
        return seen.boxes_of(start, end) if seen is not None else None
