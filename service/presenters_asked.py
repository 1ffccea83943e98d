"""The JSON shapes of claims that were asked about and not verified."""

from __future__ import annotations

from typing import TYPE_CHECKING

from service.presenters import Json

if TYPE_CHECKING:
    from service.asked_claims import AskedClaim, AskedPage


def present_asked_page(page: AskedPage) -> Json:
    """Some clusters of claims."""
    return {"claims": [present_asked(each) for each in page.claims], "next_cursor": page.next_cursor}


def present_asked(asked: AskedClaim) -> Json:
    """A cluster of claims: how many, and never whose."""
    return {
        "id": asked.id,
        "claim": asked.claim,
        "language": asked.language,
        "checks": asked.checks,
        "callers": asked.callers,
        "pages": asked.pages,
        "asked_on": asked.asked_on.isoformat(),
        "state": asked.state.value,
    }
