"""What an import would say, without a store."""

from __future__ import annotations

from index.exchange.importing import read_reviews
from index.exchange.previewing import preview_reviews
from index.exchange.reports import Note
from index.models import NormalizedRating


def test_a_preview_counts_all_and_shows_the_beginning() -> None:
    rows = "".join(
        f"Brücke {n} ist gesperrt.,https://a.example/{n},{'Falsch' if n % 3 else 'Daneben'}\n" for n in range(9)
    )
    seen = preview_reviews(read_reviews(f"claim,url,rating\n,,Falsch\n{rows}".encode(), "text/csv"), shown=2)
    assert (seen.usable, seen.rejected_count, seen.warnings_count) == (9, 1, 3)
    assert [(line, each.claim_reviewed, each.language) for line, each in seen.first] == [
        (3, "Brücke 0 ist gesperrt.", "de"),
        (4, "Brücke 1 ist gesperrt.", "de"),
    ]
    assert [(use.words, use.normalized, use.count) for use in seen.ratings] == [
        ("Falsch", NormalizedRating.FALSE, 6),
        ("Daneben", NormalizedRating.UNMAPPED, 3),
    ]
    assert seen.rejected == (Note(2, "claimReviewed is missing"),)
    assert [note.line for note in seen.warnings] == [3, 6, 9]


def test_what_is_shown_of_notes_is_bounded_and_all_are_counted() -> None:
    seen = preview_reviews(read_reviews(b"claim,url,rating\n" + b"x,,y\n" * 1500, "text/csv"))
    assert (len(seen.rejected), seen.rejected_count) == (1000, 1500)
