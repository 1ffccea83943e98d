"""Publishers' words and what we read in them."""

import pytest

from index.exchange.ratings import normalize_rating
from index.models import NormalizedRating as N


@pytest.mark.parametrize(
    ("words", "language", "expected"),
    [
        ("False", "en", N.FALSE), ("FALSE!", "de", N.FALSE), ("Pants on Fire!", "en", N.FALSE),
        ("Falsch", "de", N.FALSE), ("völlig falsch", "de", N.FALSE), ("Frei erfunden", "de", N.FALSE),
        ("Größtenteils falsch", "de", N.MOSTLY_FALSE), ("Mostly False", "hi", N.MOSTLY_FALSE),
        ("teilweise falsch", "de", N.MIXED), ("Half True", "en", N.MIXED), ("Mixture", "en", N.MIXED),
        ("Fehlender Kontext", "de", N.MISSING_CONTEXT), ("Falscher Kontext", "de", N.MISSING_CONTEXT),
        ("Misleading", "en", N.MISSING_CONTEXT), ("größtenteils richtig", "de", N.MOSTLY_TRUE),
        ("Mostly True", "en", N.MOSTLY_TRUE), ("richtig", "de", N.TRUE), ("Correct", "en", N.TRUE),
        ("Satire", "de", N.SATIRE), ("Manipuliert", "de", N.ALTERED_MEDIA), ("Deepfake", "en", N.ALTERED_MEDIA),
        ("Unbelegt", "de", N.UNPROVEN), ("Unproven", "en", N.UNPROVEN),
        ("Falsch. Das Video ist alt.", "de", N.FALSE), ("False – the photo is from 2015", "en", N.FALSE),
        ("Falsch", None, N.FALSE),
    ],
)  # fmt: skip
def test_known_words_are_mapped(words: str, language: str | None, expected: N) -> None:
    assert normalize_rating(words, language) is expected


@pytest.mark.parametrize(
    "words", ["reviewed", "Nicht falsch", "not false", "", "…", "5", "Sesat", "Falsches Pferd", "🤷"]
)
def test_unknown_words_stay_unmapped(words: str) -> None:
    assert normalize_rating(words, "de") is N.UNMAPPED
