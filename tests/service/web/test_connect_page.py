"""/connect: one press allows a browser, and nobody but its person can press it."""

from __future__ import annotations

import pytest

CHROME = "chrome-extension://abcdefghijklmnopabcdefghijklmnop"
OWN = {"Origin": "http://localhost"}


@pytest.fixture
def begun(house):
    return house.client.post("/v1/pairings", json={"name": "Firefox, Linux"}, headers={"Origin": CHROME}).json


def poll(house, begun):
    return house.client.post(f"/v1/pairings/{begun['id']}/token", headers={"Origin": CHROME})


def test_the_page_shows_who_asks_under_which_code(house, begun) -> None:
    page = house.client.get(f"/connect?code={begun['code']}&lang=en")
    assert page.status_code == 200
    for shown in (begun["code"], "Firefox, Linux", CHROME, "Allow it only if it shows the same code right now."):
        assert shown in page.text
    assert f'href="/connect?code={begun["code"]}&amp;lang=de"' in page.text
    assert "Darf dieser Browser Seiten prüfen?" in house.client.get(f"/connect?code={begun['code']}&lang=de").text


def test_no_page_can_frame_it_or_keep_it(house, begun) -> None:
    page = house.client.get(f"/connect?code={begun['code']}")
    assert "frame-ancestors 'none'" in page.headers["Content-Security-Policy"]
    assert page.headers["Cross-Origin-Opener-Policy"] == "same-origin"
    assert page.headers["Cache-Control"] == "no-store"
    assert "Access-Control-Allow-Origin" not in page.headers


def test_showing_it_decides_nothing(house, begun) -> None:
    for method in ("GET", "HEAD"):
        house.client.open(f"/connect?code={begun['code']}&decision=allow", method=method)
    assert poll(house, begun).status_code == 202


@pytest.mark.parametrize(
    "headers",
    [
        {}, {"Origin": "null"}, {"Origin": "https://evil.example"}, {"Origin": "http://localhost:9999"}, {"Origin": CHROME},
        {**OWN, "Sec-Fetch-Site": "cross-site"}, {**OWN, "Sec-Fetch-Site": "same-site"}, {**OWN, "Host": "evil.example"},
    ],
)  # fmt: skip
@pytest.mark.parametrize("as_json", [False, True])
@pytest.mark.parametrize("closed", [False, True])
def test_nobody_else_presses_its_button(house, begun, headers: dict[str, str], as_json: bool, closed: bool) -> None:
    fields = {"code": begun["code"], "decision": "allow"}
    if closed:
        fields["key"] = house.key("admin")["Authorization"].removeprefix("Bearer ")
    sent = house.client.post("/connect", headers=headers, **{"json" if as_json else "data": fields})
    assert sent.status_code in (403, 415, 421)
    assert poll(house, begun).status_code == 202


@pytest.mark.parametrize("code", ["BBBB-BBBB", "nonsense", "<script>", "B" * 500])
def test_an_unknown_code_is_said_and_another_can_be_typed(house, code: str) -> None:
    for reply in (
        house.client.get("/connect", query_string={"code": code, "lang": "en"}),
        house.client.post("/connect?lang=en", data={"code": code, "decision": "allow"}, headers=OWN),
    ):
        assert reply.status_code == 404
        assert "There is no such code" in reply.text
        assert '<input id="code"' in reply.text
        assert code not in reply.text


def test_a_code_that_is_typed_is_compared_before_it_is_allowed(house, begun) -> None:
    assert '<input id="code"' in house.client.get("/connect").text
    shown = house.client.post("/connect", data={"code": begun["code"].lower()}, headers=OWN)
    assert "Firefox, Linux" in shown.text
    assert poll(house, begun).status_code == 202


def test_codes_cannot_be_guessed_by_trying(house, begun) -> None:
    for _ in range(10):
        house.client.post("/connect", data={"code": "BBBB-BBBB", "decision": "allow"}, headers=OWN)
    late = house.client.post("/connect?lang=en", data={"code": begun["code"], "decision": "allow"}, headers=OWN)
    assert late.status_code == 429
    assert "Too many wrong codes" in late.text, "and not that checks are waiting"
    assert int(late.headers["Retry-After"]) > 500
    assert poll(house, begun).status_code == 202


# ---------------------------------------------------------------- where keys are asked for


def test_on_a_closed_service_nothing_is_told_and_an_admin_s_key_is_needed(house, begun) -> None:
    check, admin = (house.key(scope)["Authorization"].removeprefix("Bearer ") for scope in ("check", "admin"))
    page = house.client.get(f"/connect?code={begun['code']}&lang=en").text
    assert begun["code"] in page
    assert "Firefox" not in page
    assert 'name="key"' in page
    assert "There is no such code" not in house.client.get("/connect?code=BBBB-BBBB&lang=en").text, (
        "nor whether there is"
    )
    for key, status in (("", 401), ("gck_0_0", 401), (check, 403), (admin, 200)):
        fields = {"code": begun["code"], "decision": "allow", "key": key}
        assert house.client.post("/connect", data=fields, headers=OWN).status_code == status
    assert poll(house, begun).json["scopes"] == ["check"]


def test_from_elsewhere_nobody_allows_without_a_key(house, begun) -> None:
    elsewhere = {"REMOTE_ADDR": "192.168.1.7"}
    sent = {"code": begun["code"], "decision": "allow"}
    reply = house.client.post("/connect", data=sent, headers=OWN, environ_overrides=elsewhere)
    assert reply.status_code == 401
    assert poll(house, begun).status_code == 202
