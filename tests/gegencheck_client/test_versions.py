"""A statement that was read names its version, which is sent back with what is written over it."""

from __future__ import annotations

import httpx2
import pytest

from gegencheck_client.calls import Call, read_reply
from gegencheck_client.models import Statement
from gegencheck_client.versions import ReadStatement, version_read

STATEMENT = {
    "id": "s1", "claim_reviewed": "x", "language": None, "url": "https://a.example/", "headline": None,
    "publisher": {"name": None, "site": None}, "author": None, "claimant": None, "date_published": None,
    "explanation": None, "cluster": None, "license": None, "citations": [], "valid_from": None, "valid_until": None,
    "owner": None,
    "rating": {"alternate_name": "False", "rating_value": None, "best_rating": None, "worst_rating": None,
               "normalized": "false"},
}  # fmt: skip
GET = Call("GET", "/v1/statements/s1", ReadStatement)


@pytest.mark.parametrize("etag", ['"abc"', 'W/"abc"'])
def test_the_version_is_that_of_the_reply_also_where_a_proxy_compressed_it(etag: str) -> None:
    read = read_reply(GET, httpx2.Response(200, json=STATEMENT, headers={"ETag": etag}), None, 1)
    assert version_read(read) == '"abc"'
    assert "etag" not in read.model_dump()
    call = Call("PUT", "/v1/statements/s1", ReadStatement, if_match=version_read(read))
    assert call.headers() == {"If-Match": '"abc"'}


def test_one_that_is_named_by_its_id_may_be_any_version() -> None:
    assert version_read("s1") is None
    assert "If-Match" not in GET.headers()


@pytest.mark.parametrize("kind", [Statement, ReadStatement])
def test_one_of_which_nobody_knows_the_version_overwrites_nothing(kind: type[Statement]) -> None:
    with pytest.raises(ValueError, match=r"statements\.get"):
        version_read(kind.model_validate(STATEMENT))
