"""The one-time link: what it opens, for whom, for how long, and what becomes of it on the way."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import replace
from threading import Barrier, Thread

import pytest

from service.app import create_app
from service.web.auth import SESSIONS
from service.web.sessions import MAX_SESSIONS, SESSION_SECONDS, Sessions

OWN = {"Origin": "http://localhost"}
REVIEW = {
    "claim_reviewed": "Pears are purple.",
    "url": "https://checks.example/p",
    "rating": {"alternate_name": "False"},
}


@pytest.fixture(scope="module")
def house(open_module_house):
    """One service for all of these that leave it open: each brings browsers and a link of its own."""
    return open_module_house()


@pytest.fixture
def token(house) -> str:
    """That of the link that `serve` printed last."""
    house.app.extensions[SESSIONS].offer()
    return str(house.links[-1])


def open_link(house, token: str, client=None, **headers: str):
    return (client or house.client).get("/", query_string={"token": token}, headers=headers)


def write(client, headers: dict[str, str] = OWN) -> int:
    return int(client.post("/v1/statements", json=REVIEW, headers=headers).status_code)


# ---------------------------------------------------------------- the link


def test_the_link_lets_this_browser_write(house, token: str) -> None:
    client = house.client
    assert write(client) == 401
    reply = open_link(house, token, client)
    assert (reply.status_code, reply.headers["Location"]) == (303, "/")
    assert write(client) == 201
    shown = client.get("/v1/statements?query=purple").json["statements"][0]["id"]
    assert client.delete(f"/v1/statements/{shown}", headers=OWN).status_code == 204
    assert write(house.client) == 401, "another browser"


def test_the_link_leaves_no_trace(house, token: str, caplog) -> None:
    with caplog.at_level(logging.DEBUG):
        reply = open_link(house, token, **{"Accept-Language": "de"})
    assert token not in reply.text + str(reply.headers) + caplog.text
    assert reply.headers["Referrer-Policy"] == "no-referrer"
    assert reply.headers["Cache-Control"] == "no-store"


def test_the_cookie_is_for_this_service_s_pages_alone(house, token: str) -> None:
    cookie = open_link(house, token).headers["Set-Cookie"]
    name, *rest = cookie.split("; ")
    assert name.startswith("gegencheck-80=")
    assert {"HttpOnly", "SameSite=Strict", "Path=/", f"Max-Age={SESSION_SECONDS}"} <= set(rest)
    assert not any(part.startswith("Domain") for part in rest)
    assert "Secure" not in rest, "http on loopback: the browser would throw it away"


def test_the_link_keeps_the_language(house, token: str) -> None:
    reply = house.client.get("/", query_string={"token": token, "lang": "de"})
    assert reply.headers["Location"] == "/?lang=de"


def test_a_link_works_once_and_is_followed_by_another(house, token: str) -> None:
    first, second = house.client, house.client
    assert open_link(house, token, first).status_code == 303
    again = open_link(house, token, second)
    assert again.status_code == 403
    assert "Set-Cookie" not in again.headers
    assert write(second) == 401
    assert house.links[-1] != token
    assert open_link(house, house.links[-1], second).status_code == 303
    assert write(first) == 201, "both browsers write"
    assert write(second) == 201


@pytest.mark.parametrize(
    ("language", "words"), [("de", "Dieser Link gilt nicht mehr."), ("en", "This link is no longer valid.")]
)
def test_a_spent_link_says_where_the_next_one_is(house, language: str, words: str) -> None:
    reply = open_link(house, "used before", **{"Accept-Language": language})
    assert reply.status_code == 403
    assert words in reply.text
    assert "Terminal" in reply.text.title()
    assert 'id="ask"' in reply.text, "checking goes on"


def test_a_browser_that_is_let_in_already_may_open_an_old_link(house, token: str) -> None:
    """Back button, or a bookmark."""
    client = house.client
    open_link(house, token, client)
    assert open_link(house, token, client).headers["Location"] == "/"
    assert write(client) == 201


@pytest.mark.parametrize("given", ["", " ", "x" * 10_000, "ä\ud800", "\0"])
def test_other_tokens_open_nothing(house, token: str, given: str) -> None:
    assert open_link(house, given.encode("utf-8", "surrogatepass")).status_code == 403
    assert open_link(house, token).status_code == 303


def test_looking_at_a_link_does_not_use_it_up(house, token: str) -> None:
    """Chat programs and virus scanners ask for the head of what they see."""
    assert "Set-Cookie" not in house.client.head("/", query_string={"token": token}).headers
    assert open_link(house, token).status_code == 303


def test_without_a_link_there_is_no_way_in(house) -> None:
    """Before one was printed, and in a process that prints none."""
    without = replace(house)
    without.app = create_app(house.application)
    assert open_link(without, "").status_code == 403
    client = without.client
    client.set_cookie("gegencheck-80", "x")
    assert write(client) == 401


def test_the_page_says_that_this_browser_may_write(house) -> None:
    assert "may now write" in house.writer.get("/").text
    assert "may now write" not in house.client.get("/").text
    assert "darf jetzt auch schreiben" in house.writer.get("/?lang=de").text


# ---------------------------------------------------------------- who else might use it


@pytest.mark.parametrize(
    "origin", [None, "http://localhost:9999", "http://127.0.0.1", "https://localhost", "https://evil.example", "null"]
)
def test_other_origins_write_nothing_with_the_browser_s_session(house, token: str, origin: str | None) -> None:
    """To SameSite another port of this machine is the same site; and programs that send no Origin are no page of ours."""
    client, before = house.client, house.application.statements.checkpoint()
    open_link(house, token, client)
    headers = {"Origin": origin} if origin else {}
    assert write(client, headers) in (401, 403)
    assert client.delete("/v1/statements/x", headers=headers).status_code in (401, 403)
    assert house.application.statements.checkpoint() == before


@pytest.mark.parametrize("header", ["X-Forwarded-For", "Via", "X-Real-IP", "CF-Ray"])
def test_behind_a_proxy_neither_link_nor_session_counts(house, token: str, header: str) -> None:
    client = house.client
    refused = open_link(house, token, client, **{header: "127.0.0.1"})
    assert refused.status_code == 401
    assert "gegencheck keys create" in refused.text
    assert "Set-Cookie" not in refused.headers
    open_link(house, token, client)
    assert write(client, {**OWN, header: "127.0.0.1"}) == 401
    assert write(client) == 201


def test_once_a_key_was_made_neither_link_nor_session_counts(open_other) -> None:
    house = open_other()
    inside, late = house.writer, house.client
    assert write(inside) == 201
    house.key("write")
    assert write(inside) == 401
    assert open_link(house, house.links[-1], late).status_code == 401
    assert write(late) == 401


def test_the_link_is_no_key_for_a_rebound_name(house, token: str) -> None:
    assert open_link(house, token, Host="evil.example").status_code == 421
    assert open_link(house, token).status_code == 303


def test_after_a_restart_session_and_link_are_void(house, open_other, token: str) -> None:
    client = house.client
    open_link(house, token, client)
    cookie = client.get_cookie("gegencheck-80")
    restarted = open_other()
    again = restarted.client
    again.set_cookie("gegencheck-80", cookie.value)
    assert write(again) == 401
    assert open_link(restarted, house.links[-1]).status_code == 403


# ---------------------------------------------------------------- the sessions themselves


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.at = 1000.0

    def __call__(self) -> float:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def links() -> list[str]:
    return []


@pytest.fixture
def sessions(links: list[str], clock: Clock) -> Sessions:
    made = Sessions(links.append, clock)
    made.offer()
    return made


def enter(sessions: Sessions, links: list[str]) -> str:
    secret = sessions.open(links[-1])
    assert secret is not None
    return secret


def test_a_session_ends(sessions: Sessions, links: list[str], clock: Clock) -> None:
    secret = enter(sessions, links)
    clock.at += SESSION_SECONDS - 1
    assert sessions.holds(secret)
    clock.at += 1
    assert not sessions.holds(secret)
    clock.at -= 10
    assert not sessions.holds(secret), "it does not come back"


def test_only_so_many_sessions_at_once(sessions: Sessions, links: list[str]) -> None:
    secrets = [enter(sessions, links) for _ in range(MAX_SESSIONS + 1)]
    assert [sessions.holds(secret) for secret in secrets] == [False] + [True] * MAX_SESSIONS
    assert len(set(links)) == MAX_SESSIONS + 2


def test_a_new_link_voids_the_one_before(sessions: Sessions, links: list[str]) -> None:
    sessions.offer()
    assert sessions.open(links[0]) is None
    assert sessions.open(links[1]) is not None


def test_no_secret_is_kept(sessions: Sessions, links: list[str]) -> None:
    secret = enter(sessions, links)
    kept = str(vars(sessions))
    assert secret not in kept
    assert links[-1] not in kept


@pytest.mark.parametrize("made", [lambda sessions, links: links[-1], enter])
def test_secrets_cannot_be_guessed(sessions: Sessions, links: list[str], made: Callable[..., str]) -> None:
    assert len(made(sessions, links)) >= 43, "256 bits in base64"


def test_of_many_who_come_at_once_one_gets_in(sessions: Sessions, links: list[str]) -> None:
    start, opened = Barrier(8), []
    token = links[0]

    def come() -> None:
        start.wait()
        opened.append(sessions.open(token))

    threads = [Thread(target=come) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len([secret for secret in opened if secret]) == 1
