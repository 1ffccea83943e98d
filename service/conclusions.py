"""What one statement says about a claim: the table of the design, as a pure function of rating, stance and mode."""

from __future__ import annotations

from index.models import NormalizedRating, Stance
from service.findings import Mode
from service.models import VerdictCode

RATED_FALSE = frozenset(
    {
        NormalizedRating.FALSE,
        NormalizedRating.MOSTLY_FALSE,
        NormalizedRating.ALTERED_MEDIA,
        NormalizedRating.SATIRE,
    }
)
RATED_TRUE = frozenset({NormalizedRating.TRUE, NormalizedRating.MOSTLY_TRUE})
RATED_BETWEEN = frozenset({NormalizedRating.MIXED, NormalizedRating.MISSING_CONTEXT})

# What a page that is refuted by such ratings alone is called by: nobody who made up a joke claimed it.
WITH_OWN_WORDS = (NormalizedRating.SATIRE, NormalizedRating.ALTERED_MEDIA)

# A page's own words: what it asserts or denies it answers for, what it reports or quotes it does not.
OWN_MODES = frozenset({Mode.ASSERTED, Mode.DENIED})


def stance_of_page(stance: Stance, mode: Mode) -> Stance:
    """Where the page stands: a sentence in line with a statement counts as refuting it where the page denies it."""
    return Stance.REFUTES if mode is Mode.DENIED and stance is Stance.SUPPORTS else stance


def conclude(rating: NormalizedRating, stance: Stance, mode: Mode) -> VerdictCode:
    """What one statement says about a claim; `fact_check_found` decides nothing."""
    page = stance_of_page(stance, mode)
    if page is Stance.NEUTRAL:
        return VerdictCode.FACT_CHECK_FOUND
    if rating in RATED_BETWEEN:
        return VerdictCode.CONFLICTING_EVIDENCE
    if rating in RATED_FALSE:
        return VerdictCode.REFUTED if page is Stance.SUPPORTS else VerdictCode.SUPPORTED
    if rating in RATED_TRUE:
        return VerdictCode.SUPPORTED if page is Stance.SUPPORTS else VerdictCode.REFUTED
    return VerdictCode.FACT_CHECK_FOUND
