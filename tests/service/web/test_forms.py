"""What a person means by what they put into the form."""

from __future__ import annotations

from typing import Any

import pytest

from service.web.forms import LINK_LETTERS, read_pasted


@pytest.mark.parametrize(
    ("pasted", "url"),
    [
        ("https://zeitung.example/a", "https://zeitung.example/a"),
        ("  https://zeitung.example/a \n", "https://zeitung.example/a"),
        ("zeitung.example/a?b=1", "https://zeitung.example/a?b=1"),
        ("www.zeitung.example", "https://www.zeitung.example"),
        ("zeitung.example:8443#top", "https://zeitung.example:8443#top"),
        ("ftp://zeitung.example/a", "ftp://zeitung.example/a"),  # a link, though one that is refused
        ("mailto:somebody@example.org", "mailto:somebody@example.org"),
        ("Zitronen heilen https://zeitung.example/a", None),
        ("Zitronen.", None),
        ("Das stimmt nicht.", None),
        ("zeitung.example und mehr", None),
        ("Wirklich?ja", None),
        ("", None),
    ],
)
def test_one_link_alone_is_a_link_and_all_else_is_text(pasted: str, url: str | None) -> None:
    assert read_pasted(pasted) == ({"text": pasted} if url is None else {"url": url})


def test_what_is_longer_than_any_link_is_text() -> None:
    link = "https://zeitung.example/"
    longest = link + "a" * (LINK_LETTERS - len(link))
    assert read_pasted(longest) == {"url": longest}
    assert read_pasted(f"{longest}a") == {"text": f"{longest}a"}


def test_a_link_that_was_pasted_is_what_is_checked(house: Any) -> None:
    sent = house.client.post("/check", json={"input": "www.zeitung.example"})
    assert sent.status_code == 202, sent.text
    assert house.client.get(f"/v1/checks/{sent.json['id']}").json["url"] == "https://www.zeitung.example/"


@pytest.mark.parametrize(
    "body", [{"input": 7}, {"input": ["https://zeitung.example"]}, ["https://zeitung.example"], "a"]
)
def test_fields_that_are_no_text_are_none(house: Any, body: Any) -> None:
    refused = house.client.post("/check", json=body)
    assert (refused.status_code, refused.json["code"]) == (400, "bad-request")


def test_a_key_in_the_form_opens_what_it_may(house: Any) -> None:
    secret = house.key("check", "read")["Authorization"].removeprefix("Bearer ")
    form = {"input": "Hot lemon water cures diabetes within seven days."}
    origin = {"Origin": "http://localhost"}
    assert house.client.post("/check", json=form, headers=origin).status_code == 401
    assert house.client.post("/check", json={**form, "key": "wrong"}, headers=origin).status_code == 401
    assert house.client.post("/check", json={**form, "key": f" {secret} "}, headers=origin).status_code == 202
