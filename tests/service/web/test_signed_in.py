"""A session in a browser: what it may do, and that nobody else can make it do anything."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
from people import ORIGIN, Person, browser_of, sign_in, token_of, with_session

from service import bootstrap
from service.store.accounts import Role
from service.web.signed_in import name_browser

TEXT = {"text": "Hot lemon water cures diabetes within seven days.", "wait": 0}
STATEMENT = {
    "claim_reviewed": "Ducks must not be fed.", "url": "https://checks.example/ducks", "language": "en",
    "publisher": {"name": "Example Checks", "site": "checks.example"}, "rating": {"alternate_name": "False"},
}  # fmt: skip
TEMPLATES = sorted((Path(bootstrap.__file__).parent / "web" / "templates").glob("*.html"))


def outcome(reply) -> tuple[int, str | None]:
    return reply.status_code, reply.json.get("code")


def check(person: Person, **headers: str):
    return person.client.post("/v1/checks", json=TEXT, headers={**person.headers, **headers})


# ---------------------------------------------------------------- what a role may do


@pytest.mark.parametrize(
    ("method", "path", "least"),
    [
        ("POST", "/v1/checks", "reader"), ("GET", "/v1/statements", "reader"), ("POST", "/v1/match", "reader"),
        ("GET", "/v1/filter", "reader"), ("GET", "/v1/feedback", "reader"),
        ("POST", "/v1/statements", "editor"), ("PUT", "/v1/statements/x", "editor"), ("GET", "/v1/coverage", "editor"),
        ("DELETE", "/v1/statements/x", "editor"), ("PATCH", "/v1/feedback/x", "editor"),
        ("POST", "/v1/sources", "editor"), ("POST", "/v1/policies", "editor"), ("GET", "/v1/negatives", "editor"),
        ("GET", "/v1/keys", "admin"), ("POST", "/v1/keys", "admin"), ("GET", "/v1/audit", "admin"),
    ],
)  # fmt: skip
def test_a_session_does_what_a_key_of_the_roles_scopes_does(house, method: str, path: str, least: str) -> None:
    for role in Role:
        person, key = sign_in(house, role.value, role.value), house.key(*role.scopes)
        sent, version = {"method": method, "json": {}}, {"If-Match": "*"}
        by_session = person.client.open(path, headers={**person.headers, **version}, **sent)
        assert (by_session.status_code == 403) is (list(Role).index(role) < list(Role).index(Role(least))), role
        assert by_session.status_code == house.client.open(path, headers={**key, **version}, **sent).status_code


def test_who_lacks_the_scope_is_told_which_role_they_have(house) -> None:
    assert (
        sign_in(house).client.get("/v1/keys").json["detail"]
        == "The role reader does not cover this: it takes the scope admin."
    )


def test_what_somebody_checks_is_theirs_and_admins(house) -> None:
    ann, bob, admin = (
        sign_in(house, role, name) for role, name in (("reader", "ann"), ("editor", "bob"), ("admin", "eve"))
    )
    made = check(ann)
    where = f"/v1/checks/{made.json['id']}"
    house.work()
    assert [person.client.get(where).status_code for person in (ann, bob, admin)] == [200, 404, 200]
    elsewhere = with_session(house, ann.account)
    assert elsewhere.client.get(where).status_code == 200, "in another browser as well"
    assert ann.client.get(f"/checks/{made.json['id']}").status_code == 200
    assert bob.client.delete(where, headers=bob.headers).status_code == 404


def test_an_editor_writes_under_their_name_in_the_audit_log(house) -> None:
    bob, admin = sign_in(house, "editor", "bob"), sign_in(house, "admin", "eve")
    assert bob.client.post("/v1/statements", json=STATEMENT, headers=bob.headers).status_code == 201
    entries = admin.client.get("/v1/audit").json["entries"]
    assert [(each["actor"], each["actor_name"], each["outcome"]) for each in entries] == [
        (bob.account.id, "bob", "201"), (bob.account.id, "bob", "begun"),
    ]  # fmt: skip


def test_editors_decide_on_everybodys_feedback_and_readers_on_none(house) -> None:
    ann, bob, eve = (
        sign_in(house, role, name) for role, name in (("reader", "ann"), ("editor", "bob"), ("admin", "eve"))
    )
    made = check(ann).json
    house.work()
    said = ann.client.post(f"/v1/checks/{made['id']}/feedback", json={"kind": "other"}, headers=ann.headers).json
    where = f"/v1/feedback/{said['id']}"
    assert ann.client.patch(where, json={"status": "accepted"}, headers=ann.headers).status_code == 403
    for person in (bob, eve):
        assert [each["id"] for each in person.client.get("/v1/feedback").json["feedback"]] == [said["id"]]
        assert person.client.patch(where, json={"status": "rejected"}, headers=person.headers).status_code == 200
    assert house.client.get("/v1/feedback", headers=house.key("check", "write")).json["feedback"] == []
    shown = bob.client.get("/inbox?status=rejected").text
    assert said["id"] in shown
    assert f"/checks/{made['id']}" not in shown, "the check itself stays ann's"
    assert f"/checks/{made['id']}" in eve.client.get("/inbox?status=rejected").text


def test_a_role_that_is_taken_away_is_gone_with_the_next_call(house) -> None:
    bob = sign_in(house, "editor", "bob")
    assert bob.client.get("/v1/coverage").status_code == 200
    house.application.accounts.set_role("bob", Role.READER)
    assert bob.client.get("/v1/coverage").status_code == 403
    house.application.accounts.disable("bob")
    assert outcome(bob.client.get("/v1/statements")) == (401, "key-required")


def test_limits_hold_for_an_account_as_for_a_key(open_other) -> None:
    house = open_other(requests_per_minute=2)
    ann, bob = sign_in(house, name="ann"), sign_in(house, name="bob")
    codes = [ann.client.get("/v1/filter").status_code for _ in range(3)]
    assert codes[-1] == 429
    assert with_session(house, ann.account).client.get("/v1/filter").status_code == 429, "in another browser too"
    assert bob.client.get("/v1/filter").headers["RateLimit-Policy"] == '"requests";q=2;w=60'


def test_callbacks_need_a_key_whose_secret_signs(house) -> None:
    ann = sign_in(house)
    sent = {**TEXT, "callback_url": "https://hooks.example/"}
    assert outcome(ann.client.post("/v1/checks", json=sent, headers=ann.headers)) == (401, "key-required")


def test_an_admin_connects_a_browser_extension_and_nobody_else_does(house) -> None:
    ann, eve = sign_in(house), sign_in(house, "admin", "eve")
    extension = {"Origin": "chrome-extension://abcdefghijklmnopabcdefghijklmnop"}
    begun = house.client.post("/v1/pairings", json={"name": "Chrome"}, headers=extension).json
    sent = {"code": begun["code"], "decision": "allow"}
    assert "Chrome" in eve.client.get(f"/connect?code={begun['code']}").text
    assert ann.client.post("/connect", data={**sent, "csrf": ann.csrf}).status_code == 403
    assert eve.client.post("/connect", data={**sent, "csrf": eve.csrf}).status_code == 200
    taken = house.client.post(f"/v1/pairings/{begun['id']}/token", headers=extension)
    assert taken.json["scopes"] == ["check"]


# ---------------------------------------------------------------- open and closed


def test_once_there_is_an_account_nobody_is_let_in_unknown(house) -> None:
    assert house.client.get("/v1/statements").status_code == 200
    assert house.writer.get("/sources").status_code == 200
    sign_in(house)
    assert outcome(house.client.get("/v1/statements")) == (401, "key-required")
    assert "Sign in" in house.client.get("/v1/statements").json["detail"]
    assert house.writer.get("/sources").status_code == 401, "the link that `serve` printed counts no more"
    house.application.accounts.disable("ann")
    assert house.client.get("/v1/statements").status_code == 401, "disabling the last one does not open it"
    assert house.client.get("/v1/statements", headers=house.key("read")).status_code == 200


def test_a_named_provider_closes_it_as_well(open_other) -> None:
    house = open_other(oidc_issuer="https://id.example", oidc_client_id="x")
    assert house.client.get("/v1/statements").status_code == 401
    assert house.client.get("/sign-in").status_code == 200


def test_without_accounts_nothing_speaks_of_them(house) -> None:
    start = house.client.get("/")
    assert "sign-in" not in start.text.lower()
    assert "csrf" not in start.text
    assert "Set-Cookie" not in start.headers
    for path in ("/sign-in", "/sign-in/provider", "/sign-in/callback", "/account", "/accounts"):
        assert house.client.get(path).status_code == 404


def test_a_key_counts_before_a_session_and_a_wrong_one_is_not_mended_by_it(house) -> None:
    eve = sign_in(house, "admin", "eve")
    key = house.key("read")
    assert eve.client.get("/v1/keys", headers=key).status_code == 403
    assert eve.client.get("/v1/statements", headers={"Authorization": "Bearer gck_0_0"}).status_code == 401


# ---------------------------------------------------------------- other pages (CSRF)


@pytest.mark.parametrize(
    "origin", ["https://evil.example", "null", "http://localhost:9999", "https://localhost", "", None]
)
def test_a_page_of_another_origin_writes_nothing_though_the_cookie_comes_along(house, origin: str | None) -> None:
    eve = sign_in(house, "admin", "eve")
    token = eve.csrf
    if origin is None:
        del eve.client.environ_base["HTTP_ORIGIN"]
    headers = {"Origin": origin} if origin is not None else {}
    for path, sent in (("/v1/keys", {"json": {"name": "x", "scopes": ["admin"]}}), ("/sources/act", {"data": {"act": "preset:german"}}),
                       ("/account/password", {"data": {"csrf": token}}), ("/v1/checks", {"json": TEXT})):  # fmt: skip
        reply = eve.client.post(path, headers={"X-CSRF-Token": token, **headers}, **sent)
        assert reply.status_code == 403, path
    assert house.application.keys.list() == []
    assert house.application.jobs.count() == 0


@pytest.mark.parametrize("token", ["", "x", "ImZvcm0i.x.y"])
def test_without_its_token_no_form_and_no_call_writes(house, token: str) -> None:
    eve, other = sign_in(house, "admin", "eve"), sign_in(house, "admin", "fay")
    for wrong in (token, other.csrf):
        headers = {"X-CSRF-Token": wrong}
        refused = eve.client.post("/v1/keys", json={"name": "x", "scopes": ["admin"]}, headers=headers)
        assert outcome(refused) == (403, "form-expired")
        assert eve.client.delete("/v1/statements/x", headers=headers).status_code == 403
        assert eve.client.post("/check", json={"input": "x"}, headers=headers).status_code == 403
        for path in ("/check", "/sources/act", "/sources/add", "/inbox/x", "/checks/x/forget", "/connect",
                     "/account/password", "/account/sessions", "/sign-out"):  # fmt: skip
            assert eve.client.post(path, data={"csrf": wrong, "input": "x"}).status_code == 403, path
    assert house.application.account_sessions.find(eve.secret) is not None
    assert house.application.keys.list() == []


def test_a_token_ends_with_its_session(house) -> None:
    eve = sign_in(house, "admin", "eve")
    token = eve.csrf
    later = with_session(house, eve.account)
    assert later.client.post("/v1/checks", json=TEXT, headers={"X-CSRF-Token": token}).status_code == 403


@pytest.mark.parametrize("kind", ["text/plain", "application/json", "application/x-www-form-urlencoded", ""])
def test_no_kind_of_body_does_without_the_token_on_the_api(house, kind: str) -> None:
    eve = sign_in(house, "admin", "eve")
    body = b'{"name": "x", "scopes": ["admin"]}'
    assert eve.client.post("/v1/keys", data=body, content_type=kind or None).status_code == 403
    assert house.application.keys.list() == []


def test_other_pages_load_nothing_with_the_cookie_and_people_may_follow_links(house) -> None:
    ann = sign_in(house)
    for site in ("cross-site", "same-site"):
        headers = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "no-cors"}
        assert ann.client.get("/v1/statements", headers=headers).status_code == 401
        assert ann.client.get("/v1/statements", headers={**headers, "Sec-Fetch-Mode": "cors"}).status_code == 401
        led = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": "navigate"}
        del ann.client.environ_base["HTTP_ORIGIN"]
        assert ann.client.get("/account", headers=led).status_code == 200
        ann.client.environ_base["HTTP_ORIGIN"] = ORIGIN
    foreign = ann.client.get("/v1/statements", headers={"Origin": "https://evil.example"})
    assert foreign.status_code == 401
    assert not any(name.startswith("Access-Control") for name in foreign.headers.keys())  # noqa: SIM118


def test_an_extension_has_nothing_of_the_session(open_other) -> None:
    extension = "chrome-extension://abcdefghijklmnopabcdefghijklmnop"
    house = open_other(extension_origins=(extension,))
    eve = sign_in(house, "admin", "eve")
    token = eve.csrf
    assert eve.client.get("/v1/keys", headers={"Origin": extension}).status_code == 401
    sent = {"Origin": extension, "X-CSRF-Token": token}
    assert eve.client.post("/v1/keys", json={"name": "x", "scopes": ["admin"]}, headers=sent).status_code == 401
    allowed = eve.client.options("/v1/keys", headers={**sent, "Access-Control-Request-Method": "POST"})
    assert "Access-Control-Allow-Credentials" not in allowed.headers
    assert "X-CSRF-Token" not in allowed.headers["Access-Control-Allow-Headers"]


@pytest.mark.parametrize("template", TEMPLATES, ids=lambda path: path.name)
def test_every_form_of_ours_holds_the_token(template: Path) -> None:
    for form in re.findall(r"<form.*?</form>", template.read_text(encoding="utf-8"), re.S):
        assert "{{ csrf_field }}" in form or 'method="post"' not in form, form[:80]


# ---------------------------------------------------------------- cookies


def test_a_cookie_that_somebody_made_up_opens_nothing(house) -> None:
    ann = sign_in(house)
    for made_up in ("", "x", ann.account.id, house.application.account_sessions.list(ann.account.id)[0].id, "a" * 3900):
        client = browser_of(house)
        client.set_cookie("gegencheck-session-80", made_up)
        assert client.get("/account").status_code == 401
        assert token_of(client) == ""


def test_a_session_ends_by_itself(house) -> None:
    ann = sign_in(house)
    house.clock.let_pass(timedelta(hours=12, minutes=1).total_seconds())
    assert ann.client.get("/account").status_code == 401


def test_with_tls_the_cookie_of_the_plain_name_counts_for_nothing(open_other) -> None:
    """Another host of the domain could have put it there."""
    house = open_other(trusted_proxies=1)
    ann = sign_in(house)
    tls = {"X-Forwarded-Proto": "https", "X-Forwarded-For": "192.0.2.7"}
    del ann.client.environ_base["HTTP_ORIGIN"]
    ann.client.set_cookie("gegencheck-session-443", ann.secret)
    assert ann.client.get("/account", headers=tls).status_code == 401
    ann.client.set_cookie("__Host-gegencheck-session", ann.secret)
    assert ann.client.get("/account", headers=tls, base_url="https://localhost").status_code == 200


@pytest.mark.parametrize(
    ("agent", "name"),
    [
        ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox, Linux"),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/140.0.0.0 Safari/537.36 Edg/140.0", "Edge, Windows"),
        ("Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 Chrome/140.0 Mobile Safari/537.36", "Chrome, Android"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1", "Safari, iPhone"),
        ("<script>alert(1)</script>", ""), ("", ""),
    ],
)  # fmt: skip
def test_a_browser_is_called_what_people_call_it(agent: str, name: str) -> None:
    assert name_browser(agent) == name
