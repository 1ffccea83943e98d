"""What an import would make of a file, before anything is stored: the first statements, all notes, all rating words."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from index.exchange.claimreview import ParsedReview
from index.exchange.importing import NO_MARKUP, NOTHING_IN_IT, settled
from index.exchange.local_ratings import NO_MAPPINGS, RatingMappings
from index.exchange.reports import Note, Notes
from index.models import NormalizedRating, Statement

SHOWN = 5  # statements
SHOWN_NOTES = 1000
SHOWN_RATINGS = 200


@dataclass(frozen=True, slots=True)
class RatingUse:
    """Rating words of a file, what they are read as, and how many statements have them."""

    words: str
    normalized: NormalizedRating
    count: int


@dataclass(frozen=True, slots=True)
class Preview:
    """What was read: `usable` statements, the first of them with their lines, and what is wrong with the others."""

    usable: int
    first: tuple[tuple[int | None, Statement], ...]
    ratings: tuple[RatingUse, ...]
    rejected: tuple[Note, ...]
    rejected_count: int
    warnings: tuple[Note, ...]
    warnings_count: int


def preview_reviews(
    reviews: Iterable[ParsedReview], shown: int = SHOWN, mappings: RatingMappings = NO_MAPPINGS
) -> Preview:
    """Read all of it and keep the beginning; `mappings` say what persons mapped rating words to.

    Raises ImportRejected where nothing can be read at all.
    """
    first: list[tuple[int | None, Statement]] = []
    rejected, warnings = Notes(), Notes()
    usable = 0
    words: Counter[tuple[str, NormalizedRating]] = Counter()
    for review in (settled(each, mappings) for each in reviews):
        if review.statement:
            usable += 1
            words[review.statement.rating.alternate_name, review.statement.rating.normalized] += 1
            if len(first) < shown:
                first.append((review.line, review.statement))
        if review.rejection:
            rejected.add([Note(review.line, review.rejection)])
        warnings.add(Note(review.line, warning) for warning in review.warnings)
    if not usable and not rejected.count and NO_MARKUP not in {note.reason for note in warnings.kept}:
        warnings.add([Note(None, NOTHING_IN_IT)])
    ratings = tuple(RatingUse(*rating, count) for rating, count in words.most_common(SHOWN_RATINGS))
    noted, warned = ((tuple(each.kept[:SHOWN_NOTES]), each.count) for each in (rejected, warnings))
    return Preview(usable, tuple(first), ratings, *noted, *warned)
