"""Statements as they are sent: what is left out is worked out, and what is blank is nothing."""

from __future__ import annotations

from typing import Any

import pytest

from index.models import Citation, NormalizedRating
from service.web.requests import StatementBody
from service.web.statement_bodies import statement_of

LEAST: dict[str, Any] = {
    "claim_reviewed": "Lemons are blue.",
    "url": "https://www.checks.example/1",
    "rating": {"alternate_name": "Falsch"},
}


def test_site_language_and_meaning_are_worked_out() -> None:
    made = statement_of(
        StatementBody(**{**LEAST, "claim_reviewed": "Zitronen sind blau und wachsen auf den Dächern der Städte."})
    )
    assert (made.publisher.site, made.language, made.rating.normalized) == (
        "checks.example",
        "de",
        NormalizedRating.FALSE,
    )


@pytest.mark.parametrize(("owner", "kept"), [(" Desk ", "Desk"), ("  ", None), (None, None)])
def test_a_blank_owner_is_none(owner: str | None, kept: str | None) -> None:
    assert statement_of(StatementBody(**LEAST, owner=owner)).owner == kept


def test_citations_are_kept_in_their_order() -> None:
    cited = [{"url": "https://b.example/", "title": " "}, {"url": "https://a.example/", "title": "A"}]
    made = statement_of(StatementBody(**LEAST, citations=cited))
    assert made.citations == (Citation("https://b.example/"), Citation("https://a.example/", "A"))
