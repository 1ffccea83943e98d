"""The editor's form: a statement comes back as it was shown, and what is wrong is named by its field."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.models import Citation, NormalizedRating, Publisher, Rating, Statement
from service.errors import BadRequest
from service.web.editor_form import (
    FIELDS,
    content_of,
    is_unmapped,
    read_statement,
    translation_of,
    typed_of,
    wrong_fields,
)
from service.web.reading import check_model
from service.web.requests import StatementBody
from service.web.statement_bodies import statement_of

FULL = Statement(
    "Lemons cure.", "https://checks.example/1", Rating("False", 1.5, 5, 0, NormalizedRating.FALSE),
    Publisher("Example Checks", "checks.example"), language="en", headline="No cure", claimant="A neighbour",
    date_published=date(2021, 5, 3), explanation="No evidence.", cluster="c1", license="CC0", author="Jo",
    citations=(Citation("https://doi.example/1", "A study"), Citation("https://doi.example/2")),
    valid_from=date(2021, 1, 1), valid_until=date(2022, 1, 1), owner="Desk",
)  # fmt: skip
WORDS = st.text(st.characters(codec="ascii", categories=["L", "N"]), min_size=1, max_size=12)
LEAST = {"claim_reviewed": "Lemons cure.", "url": "https://checks.example/1", "rating": "False"}


def read(said: dict[str, str]) -> Statement:
    return statement_of(check_model(StatementBody, content_of(said)))


def test_a_statement_survives_the_form() -> None:
    assert set(typed_of(FULL)) == set(FIELDS)
    assert read(typed_of(FULL)) == FULL


@given(
    texts=st.fixed_dictionaries({
        name: st.none() | WORDS for name in ("headline", "claimant", "author", "license", "owner", "explanation", "cluster")
    }),
    citations=st.lists(st.builds(Citation, st.sampled_from(["https://a.example/1", "http://b.example/?q=2"]), st.none() | WORDS), max_size=4),
    day=st.none() | st.dates(),
)  # fmt: skip
def test_whatever_it_says_it_survives_the_form(texts: Any, citations: list[Citation], day: date | None) -> None:
    statement = replace(FULL, **texts, citations=tuple(citations), valid_from=day, valid_until=day)
    assert read(typed_of(statement)) == statement


def test_numbers_may_be_typed_with_a_comma() -> None:
    assert content_of({**LEAST, "rating_value": "1,5"})["rating"] == {"rating_value": 1.5, "alternate_name": "False"}


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({"claim_reviewed": "x"}, ["url", "rating"]),
        ({**LEAST, "url": "no address"}, ["url"]),
        ({**LEAST, "rating_value": "much"}, ["rating_value"]),
        ({**LEAST, "citations": "https://a.example/ A\nAnn, 2021"}, ["citations"]),
        ({**LEAST, "valid_from": "2026-02-01", "valid_until": "2026-01-01"}, ["valid_until"]),
        ({**LEAST, "valid_from": "tomorrow"}, ["valid_from"]),
        ({**LEAST, "language": "Deutsch!"}, ["language"]),
        ({**LEAST, "owner": "x" * 201}, ["owner"]),
    ],
)
def test_what_is_wrong_is_named_by_its_field(said: dict[str, str], wrong: list[str]) -> None:
    with pytest.raises(BadRequest) as refused:
        read(said)
    assert wrong_fields(refused.value) == wrong


def test_a_translation_begins_with_what_is_the_same_in_every_language() -> None:
    typed = translation_of(replace(FULL, cluster=None, id="d"))
    assert (typed["cluster"], typed["url"], typed["owner"]) == ("d", FULL.url, "Desk")
    assert {typed[name] for name in ("claim_reviewed", "language", "headline", "explanation", "rating")} == {""}


def test_ratings_mean_what_persons_mapped_them_to(house: Any) -> None:
    with house.app.test_request_context():
        unknown = read_statement({**LEAST, "rating": "Drei Zitronen"})
        assert is_unmapped(unknown)
        assert not is_unmapped(read_statement(LEAST))
