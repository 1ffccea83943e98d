"""Which version somebody means: the tag of one, any for those who may, and nothing that could be read in two ways."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Response, g

from index.errors import StatementChanged
from index.models import Rating, Statement
from index.store.changes import Writer
from index.store.rows import tag_of
from service.editing_errors import VersionRequired
from service.errors import BadRequest
from service.store.accounts import Role
from service.web.context import Caller
from service.web.versions import expected_tag, tagged, writer_of

DUCKS = Statement("Ducks are banned.", "https://checks.example/1", Rating("False"), id="d")


def in_request(house: Any, if_match: str | None, *, person: bool = False) -> Any:
    context = house.app.test_request_context(headers={"If-Match": if_match} if if_match is not None else {})
    context.push()
    account = house.application.accounts.create("ann", Role.EDITOR, "hash") if person else None
    g.caller = Caller(account.id if account else "", frozenset(), account=account)
    return context


@pytest.mark.parametrize(
    ("if_match", "tag"), [('"abc"', "abc"), ('"abc-ld"', "abc"), ('"abc", "abc-ld"', "abc"), ("*", None), (None, None)]
)
def test_the_tag_that_is_meant(house: Any, if_match: str | None, tag: str | None) -> None:
    with in_request(house, if_match):
        assert expected_tag() == tag


@pytest.mark.parametrize(
    ("if_match", "person", "fault"),
    [(None, True, VersionRequired), ('W/"abc"', False, StatementChanged), ('"a", "b"', False, BadRequest)],
)
def test_what_names_no_version_is_refused(
    house: Any, if_match: str | None, person: bool, fault: type[Exception]
) -> None:
    with in_request(house, if_match, person=person), pytest.raises(fault):
        expected_tag()


def test_a_reply_bears_the_tag_of_what_it_shows() -> None:
    assert tagged(Response(), DUCKS).get_etag() == (tag_of(DUCKS), False)
    assert tagged(Response(), DUCKS, as_claimreview=True).get_etag() == (f"{tag_of(DUCKS)}-ld", False)


def test_who_writes_is_named_as_in_the_audit_log(house: Any) -> None:
    with in_request(house, None):
        assert writer_of("Why") == Writer("local", "Why")
    with in_request(house, None, person=True):
        assert writer_of() == Writer(g.caller.owner, None)
