"""Who published a review: organisations before people."""

from __future__ import annotations

from typing import Any

import pytest

from index.exchange.fields import Warnings
from index.exchange.publishers import read_author, read_publisher
from index.models import Publisher

URL = "https://www.checks.example/cows"
DESK = {"@type": "Organization", "name": "Example Checks", "url": "https://desk.example/"}
ANN = {"@type": "Person", "name": "Ann Author", "url": "https://ann.example/"}
OF_DESK = Publisher("Example Checks", "desk.example")


@pytest.mark.parametrize(
    ("fields", "publisher"),
    [
        ({"author": "Plain Name"}, Publisher("Plain Name", "checks.example")),
        ({"author": [{"name": "First", "url": "https://first.example"}, {"name": "Second"}]}, Publisher("First", "first.example")),
        ({}, Publisher(None, "checks.example")),
        ({"author": {"name": ["Listed"]}}, Publisher("Listed", "checks.example")),
        ({"author": ANN, "publisher": DESK}, OF_DESK),
        ({"author": [ANN, DESK]}, OF_DESK),
        ({"author": {**ANN, "affiliation": DESK}}, OF_DESK),
        ({"author": [{**ANN, "worksFor": [DESK]}]}, OF_DESK),
        ({"author": {**ANN, "affiliation": "Example Checks"}}, Publisher("Example Checks", "checks.example")),
        ({"author": {**ANN, "affiliation": DESK}, "publisher": {"@type": "Organization", "name": "Host"}}, OF_DESK),
        ({"author": ANN, "publisher": "Example Checks"}, Publisher("Example Checks", "checks.example")),
        ({"author": "Ann Author", "publisher": DESK}, OF_DESK),
        ({"author": ANN, "sourceOrganization": DESK}, OF_DESK),
        ({"author": ANN, "provider": {"name": "Example Checks"}}, Publisher("Example Checks", "checks.example")),
        ({"author": ANN, "publisher": DESK, "sourceOrganization": {"@type": "Organization", "name": "Agency"}}, OF_DESK),
        ({"author": DESK, "publisher": {"@type": "Organization", "name": "Host"}}, OF_DESK),
        ({"author": {**DESK, "@type": ["NewsMediaOrganization", "Thing"]}}, OF_DESK),
        ({"author": {"@type": "https://schema.org/Person", "name": "Ann"}, "publisher": DESK}, OF_DESK),
        ({"author": ANN}, Publisher("Ann Author", "ann.example")),
        ({"author": {"@type": "Organization", "legalName": "Example Checks e. V."}}, Publisher("Example Checks e. V.", "checks.example")),
    ],
)  # fmt: skip
def test_the_organisation_is_the_publisher(fields: dict[str, Any], publisher: Publisher) -> None:
    warnings = Warnings()
    assert read_publisher(fields, URL, warnings) == publisher
    assert list(warnings) == []


@pytest.mark.parametrize(
    ("fields", "author"),
    [
        ({"author": {**ANN, "affiliation": DESK}}, "Ann Author"),
        ({"author": [ANN, DESK]}, "Ann Author"),
        (
            {"author": [ANN, {"@type": "Person", "name": "Ben Writer"}, ANN], "publisher": DESK},
            "Ann Author, Ben Writer",
        ),
        ({"author": "Ann Author", "publisher": DESK}, "Ann Author"),
        ({"author": ["Ann Author", "Ben Writer"], "publisher": DESK}, "Ann Author, Ben Writer"),
        ({"author": ANN, "publisher": "Example Checks"}, "Ann Author"),
        (
            {"author": {"@type": "Person", "givenName": "Ann", "familyName": "Author", "affiliation": DESK}},
            "Ann Author",
        ),
        ({"author": {"@type": "Person", "familyName": ["Author"]}, "publisher": DESK}, "Author"),
        ({"author": ANN}, None),  # she is the publisher
        ({"author": "Example Checks"}, None),
        ({"author": DESK}, None),
        ({"author": {"@type": "Person"}, "publisher": DESK}, None),
        ({}, None),
    ],
)
def test_people_named_beside_the_publisher_are_the_author(fields: dict[str, Any], author: str | None) -> None:
    warnings = Warnings()
    assert read_author(fields, warnings) == author
    assert list(warnings) == []


@pytest.mark.parametrize(
    "fields", [{"author": {"@id": "#desk"}}, {"author": [{"@id": "#desk", "@type": "Organization"}]}]
)
def test_a_publisher_whom_nothing_describes_is_said(fields: dict[str, Any]) -> None:
    warnings = Warnings()
    assert read_publisher(fields, URL, warnings) == Publisher(None, "checks.example")
    assert list(warnings) == ["author refers to “#desk”, and nothing says who that is"]


def test_an_author_whom_nothing_describes_is_said() -> None:
    warnings = Warnings()
    assert read_author({"author": {"@id": "#ann"}, "publisher": DESK}, warnings) is None
    assert list(warnings) == ["author refers to “#ann”, and nothing says who that is"]


def test_a_person_is_the_publisher_by_the_name_in_two_parts_too() -> None:
    fields = {"author": {"@type": "Person", "givenName": "Ann", "familyName": "Author"}}
    assert read_publisher(fields, URL, Warnings()) == Publisher("Ann Author", "checks.example")
