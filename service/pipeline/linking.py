"""Evidence that is one cluster: statements beside a claim that say the same stand together, whatever their ratings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from index.retrieval.clusters import clustered
from index.retrieval.search import StatementIndex
from service.models import CheckedClaim


def link_evidence(claims: Sequence[CheckedClaim], index: StatementIndex) -> list[CheckedClaim]:
    """The claims, with the cluster of each piece of evidence that is in one. Raises IndexUnavailable."""
    places = clustered(index, [[item.match.statement for item in claim.evidence] for claim in claims])
    return [_linked(claim, row) for claim, row in zip(claims, places, strict=True)]


def _linked(claim: CheckedClaim, places: Sequence[int]) -> CheckedClaim:
    shared = {place for place in places if places.count(place) > 1}
    evidence = (
        replace(item, cluster=claim.evidence[place].match.statement.id if place in shared else None)
        for item, place in zip(claim.evidence, places, strict=True)
    )
    return replace(claim, evidence=tuple(evidence))
