"""Statements as Google's Fact Check Tools API shows claims (v1alpha1, `claims:search`)."""

from __future__ import annotations

from typing import Any

from index.models import Statement

Json = dict[str, Any]


def statement_to_google_claim(statement: Statement) -> Json:
    """A claim with one review. Google has no numbers of a rating, and what is not known is left out."""
    reviewed = statement.date_published
    review = {
        "publisher": _known({"name": statement.publisher.name, "site": statement.publisher.site}),
        "url": statement.url,
        "title": statement.headline,
        "reviewDate": f"{reviewed.isoformat()}T00:00:00Z" if reviewed else None,
        "textualRating": statement.rating.alternate_name,
        "languageCode": statement.language,
    }
    return _known({"text": statement.claim_reviewed, "claimant": statement.claimant, "claimReview": [_known(review)]})


def _known(values: Json) -> Json:
    return {name: value for name, value in values.items() if value not in (None, "", {})}
