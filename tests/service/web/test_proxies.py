"""A proxy in front: where it may bring callers from elsewhere the open API is closed, whatever they write themselves."""

from __future__ import annotations

from dataclasses import replace

import pytest

from service.web.proxies import FURTHER_SIGNS, PLAIN_SIGNS

TEXT = {"text": "Hot lemon water cures diabetes within seven days.", "wait": 0}
CALLS = (
    ("POST", "/v1/checks"), ("POST", "/v1/match"), ("GET", "/v1/statements"), ("GET", "/v1/feedback"),
    ("DELETE", "/v1/checks/x"), ("DELETE", "/v1/statements/x"), ("POST", "/v1/statements/import"),
)  # fmt: skip


def ask(house, headers: dict[str, str] | None = None, protocol: str = "HTTP/1.1", peer: str = "127.0.0.1"):
    """Asks for a check, through whatever adds these headers."""
    around = {"SERVER_PROTOCOL": protocol, "REMOTE_ADDR": peer}
    return house.client.post("/v1/checks", json=TEXT, headers=headers, environ_overrides=around)


@pytest.fixture(scope="module")
def open_house(open_module_house):
    """One service for all of these that make no key."""
    return open_module_house()


@pytest.fixture(scope="module")
def behind(open_house):
    """The same, once it believes in so many proxies."""

    def believe(proxies: int):
        application = open_house.application
        application = replace(application, settings=replace(application.settings, trusted_proxies=proxies))
        return replace(open_house, application=application)

    return believe


# ---------------------------------------------------------------- nobody announced a proxy


@pytest.mark.parametrize(
    "header",
    ["X-Forwarded-For", "X-Forwarded-Host", "X-Forwarded-Proto", "X-Forwarded-Anything", "X-Forwarded", "Forwarded",
     "X-Real-IP", "Via", "CF-Connecting-IP", "CF-Ray", "CDN-Loop", "True-Client-IP", "X-Client-IP", "X-Cluster-Client-IP",
     "X-Original-Forwarded-For", "X-Original-Host", "Fastly-Client-IP", "Fly-Client-IP", "X-Envoy-External-Address",
     "X-Amzn-Trace-Id", "X-Azure-ClientIP", "Tailscale-User-Login", "Proxy-Connection", "x-forwarded-for",
     "X-NginX-Proxy", "X-Scheme", "X-Url-Scheme", "X-SSL-Client-Verify", "Front-End-Https", "X-Real-Port", "X-Varnish",
     "X-HAProxy-Server-State", "Surrogate-Capability", "Max-Forwards", "X-Edge-IP", "X-Akamai-Edgescape"],
)  # fmt: skip
def test_behind_a_proxy_that_nobody_announced_it_is_closed(open_house, header: str) -> None:
    for value in ("127.0.0.1", "203.0.113.9", "for=127.0.0.1", ""):
        reply = ask(open_house, {header: value})
        assert (reply.status_code, reply.json["code"]) == (401, "key-required")
        for words in ("through a proxy", header.title().lower(), "keys create", "GEGENCHECK_TRUSTED_PROXIES"):
            assert words.lower() in reply.json["detail"].lower()


@pytest.mark.parametrize("protocol", ["HTTP/1.0", "HTTP/0.9"])
def test_an_old_protocol_is_a_proxy_s(house, protocol: str) -> None:
    """nginx speaks HTTP/1.0 to what stands behind it, unless told otherwise."""
    reply = ask(house, protocol=protocol)
    assert (reply.status_code, reply.json["code"]) == (401, "key-required")
    assert protocol in reply.json["detail"]
    assert ask(house, protocol="HTTP/1.1").status_code == 202
    assert ask(house, house.key("check"), protocol=protocol).status_code == 202


def test_what_browsers_and_programs_send_is_no_sign_of_a_proxy(open_house) -> None:
    usual = {
        "Accept": "*/*", "Accept-Encoding": "gzip", "Accept-Language": "de", "Cache-Control": "no-cache", "DNT": "1",
        "Connection": "keep-alive", "Cookie": "a=b", "Pragma": "no-cache", "Referer": "http://localhost/", "TE": "trailers",
        "Priority": "u=1", "Sec-Fetch-Site": "none", "Sec-CH-UA": "x", "Upgrade-Insecure-Requests": "1",
        "User-Agent": "curl/8", "X-Requested-With": "curl", "X-Request-Id": "1", "Traceparent": "00-1-1-00",
    }  # fmt: skip
    assert ask(open_house, usual).status_code == 202
    assert not [name for name in usual if name.lower().startswith((*PLAIN_SIGNS, *FURTHER_SIGNS))]


@pytest.mark.parametrize(("method", "path"), CALLS)
def test_nothing_at_all_is_open_behind_a_proxy(open_house, method: str, path: str) -> None:
    for headers in ({"X-Real-IP": "127.0.0.1"}, {"Via": "1.1 proxy"}, {"CF-Ray": "1"}):
        assert open_house.client.open(path, method=method, json={}, headers=headers).status_code == 401


def test_behind_a_proxy_that_nobody_announced_a_key_is_enough(house) -> None:
    assert ask(house, {"X-Forwarded-For": "203.0.113.9", **house.key("check")}).status_code == 202


# ---------------------------------------------------------------- announced proxies


@pytest.mark.parametrize(
    ("proxies", "forwarded", "is_open"),
    [
        (1, "127.0.0.1", True),
        (1, " 127.8.9.1 ", True),
        (1, "::1", True),
        (2, "127.0.0.1, 127.0.0.1", True),
        (2, "127.0.0.1,::1", True),
        # missing or short
        (1, None, False),
        (1, "", False),
        (2, "127.0.0.1", False),
        (3, "127.0.0.1, 127.0.0.1", False),
        # another machine's
        (1, "203.0.113.9", False),
        (1, "10.0.0.7", False),
        (2, "203.0.113.9, 127.0.0.1", False),
        (2, "127.0.0.1, 10.0.0.2", False),  # what a proxy on another machine calls 127.0.0.1 is not this one
        # longer: somebody wrote a part of it, or there are more proxies than announced
        (1, "127.0.0.1, 203.0.113.9", False),
        (1, "203.0.113.9, 127.0.0.1", False),
        (1, "127.0.0.1, 127.0.0.1", False),
        (2, "127.0.0.1, 127.0.0.1, 203.0.113.9", False),
        # empty members and garbage
        (1, ",", False),
        (1, "127.0.0.1,", False),
        (1, ",127.0.0.1", False),
        (2, "127.0.0.1,", False),
        (2, ",127.0.0.1", False),
        (1, "unknown", False),
        (1, "localhost", False),
        (1, "127.0.0.1:4711", False),
        (1, "[::1]", False),
        (1, "127.1", False),
        (1, "0x7f000001", False),
        (1, "127.0.0.1%lo", False),
        (1, '"127.0.0.1"', False),
        (1, "::ffff:127.0.0.1", False),
        (1, "127.0.0.1;", False),
        (1, "127.0.0.1 127.0.0.1", False),
        (1, "１２７.０.０.１".encode().decode("latin-1"), False),
        (2, '127.0.0.1, "203.0.113.9, 127.0.0.1', False),
        (2, '127.0.0.1, ", 203.0.113.9, 127.0.0.1', False),
    ],
)  # fmt: skip
def test_the_addresses_that_announced_proxies_saw_decide(
    behind, proxies: int, forwarded: str | None, is_open: bool
) -> None:
    house = behind(proxies)
    headers = {} if forwarded is None else {"X-Forwarded-For": forwarded}
    for sent in (headers, {**headers, "X-Real-IP": "127.0.0.1", "X-Forwarded-Proto": "http"}):
        assert ask(house, sent).status_code == (202 if is_open else 401)
        assert ask(house, sent, protocol="HTTP/1.0").status_code == (202 if is_open else 401)


@pytest.mark.parametrize(("method", "path"), CALLS)
@pytest.mark.parametrize("headers", [{}, {"X-Real-IP": "127.0.0.1"}, {"X-Forwarded-Proto": "https"}])
def test_without_the_addresses_nothing_is_open(behind, method: str, path: str, headers: dict[str, str]) -> None:
    """Other headers of a proxy are no substitute: this let anybody delete."""
    reply = behind(1).client.open(path, method=method, json={}, headers=headers)
    assert (reply.status_code, reply.json["code"]) == (401, "key-required")
    assert "X-Forwarded-For holds 0 addresses, GEGENCHECK_TRUSTED_PROXIES says 1" in reply.json["detail"]


def test_a_header_sent_twice_counts_as_one_list(behind) -> None:
    """Servers hand on repeated headers as one, in the order in which they came."""
    house = behind(1)
    twice = [("X-Forwarded-For", "127.0.0.1"), ("X-Forwarded-For", "203.0.113.9")]
    assert house.client.get("/v1/statements", headers=twice).status_code == 401
    assert house.client.get("/v1/statements", headers=twice[:1]).status_code == 200


@pytest.mark.parametrize("header", ["CF-Connecting-IP", "True-Client-IP", "Forwarded", "X-Client-IP", "CDN-Loop"])
def test_a_proxy_more_than_were_announced_closes_it(behind, header: str) -> None:
    """A tunnel that ends on this machine: the announced proxy sees a loopback address for callers from anywhere."""
    house = behind(1)
    assert ask(house, {"X-Forwarded-For": "127.0.0.1"}).status_code == 202
    assert ask(house, {"X-Forwarded-For": "127.0.0.1", header: "203.0.113.9"}).status_code == 401


def test_the_proxy_itself_must_be_on_this_machine(behind) -> None:
    assert ask(behind(1), {"X-Forwarded-For": "127.0.0.1"}, peer="10.0.0.2").status_code == 401


def test_behind_announced_proxies_a_key_is_enough(open_other) -> None:
    house = open_other(trusted_proxies=1)
    house.add_statement()
    for headers in ({}, {"X-Forwarded-For": "203.0.113.9"}, {"X-Forwarded-For": "1, 2, 3"}, {"CF-Ray": "1"}):
        assert ask(house, {**headers, **house.key("check")}).status_code == 202


def test_a_page_cannot_claim_another_host_past_the_proxy(behind) -> None:
    """DNS rebinding: a page may add X-Forwarded-Host to what it sends, and not every proxy replaces it."""
    headers = {"X-Forwarded-For": "127.0.0.1", "X-Forwarded-Host": "localhost", "Host": "evil.example"}
    reply = behind(1).client.get("/v1/statements", headers=headers)
    assert (reply.status_code, reply.json["code"]) == (421, "host-refused")


def test_behind_a_proxy_that_ends_tls_our_own_pages_may_post(behind) -> None:
    headers = {"X-Forwarded-For": "127.0.0.1", "Origin": "https://localhost", "Host": "localhost"}
    assert ask(behind(1), {**headers, "X-Forwarded-Proto": "https"}).status_code == 202
    assert ask(behind(1), headers).status_code == 403


def test_behind_proxies_nobody_writes_without_a_key(behind) -> None:
    reply = behind(1).client.delete("/v1/statements/x", headers={"X-Forwarded-For": "127.0.0.1"})
    assert (reply.status_code, reply.json["code"]) == (401, "key-required")
