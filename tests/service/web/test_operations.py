"""What every declared call shares: what an Idempotency-Key stands for, and how lists are linked."""

from __future__ import annotations

from typing import Any

import pytest
from flask import Flask, Response
from pydantic import BaseModel

from service.errors import BadRequest
from service.store.idempotency import IdempotencyKey
from service.web.operations import MAX_KEY_LENGTH, body_digest, idempotency_key, link_next

WORDS = "Hot lemon water cures diabetes within seven days."


class Body(BaseModel):
    kind: str
    claim: int | None = None


def key_of(header: str | None, path: str = "/v1/things", method: str = "POST", owner: str = "ann") -> Any:
    headers = {} if header is None else {"Idempotency-Key": header}
    with Flask("test").test_request_context(path, method=method, headers=headers):
        return idempotency_key(b"body", owner=owner)


def test_a_key_is_one_for_its_caller_and_call_alone() -> None:
    key = key_of("once")
    assert isinstance(key, IdempotencyKey)
    assert key_of(" once ") == key
    assert key_of("once", path="/v1/things?page=2") == key
    others = [
        key_of("twice"),
        key_of("once", path="/v1/others"),
        key_of("once", method="PUT"),
        key_of("once", owner="bob"),
    ]
    assert len({(each.owner, each.call, each.key) for each in [key, *others]}) == 5


def test_without_a_key_there_is_none_and_one_that_cannot_be_is_refused() -> None:
    assert key_of(None) is None
    assert key_of("k" * MAX_KEY_LENGTH) is not None
    for header in ("", "  ", "k" * (MAX_KEY_LENGTH + 1)):
        with pytest.raises(BadRequest, match="1 to 255 characters"):
            key_of(header)


def test_one_key_makes_one_thing_for_each_call(house: Any) -> None:
    said = {"kind": "other", "comment": "Once each."}
    paths = [f"/v1/checks/{house.check(text=f'{WORDS} {n}')['id']}/feedback" for n in range(2)]
    made = [house.client.post(path, json=said, headers={"Idempotency-Key": "one"}) for path in paths * 2]
    assert [reply.status_code for reply in made] == [201] * 4
    first, second, *again = [reply.json["id"] for reply in made]
    assert first != second
    assert again == [first, second]


def test_a_body_is_known_again_however_it_is_spelled() -> None:
    digest = body_digest(Body.model_validate_json('{"kind": "a", "claim": null}'))
    assert body_digest(Body.model_validate_json(' {"kind":"\\u0061"}\n')) == digest
    assert body_digest(Body(kind="a", claim=0)) != digest


def test_a_page_of_a_list_links_the_next_one_where_there_is_one() -> None:
    linked = link_next(Response(), "/v1/things", {"limit": 2, "query": "a&b"}, "7")
    assert linked.headers["Link"] == '</v1/things?limit=2&query=a%26b&cursor=7>; rel="next"'
    assert "Link" not in link_next(Response(), "/v1/things", {}, None).headers
