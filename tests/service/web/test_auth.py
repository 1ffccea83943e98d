"""Who may call: each clause of the contract, from the side of whoever should not."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from service.models import CheckRequest

TEXT = {"text": "Hot lemon water cures diabetes within seven days.", "wait": 0}
EXTENSION = "chrome-extension://abcdefghijklmnopabcdefghijklmnop"
PUBLIC = ("/healthz", "/openapi.json", "/docs", "/docs/style.css", "/")
CLOSED = (
    ("GET", "/v1/checks/x"), ("DELETE", "/v1/checks/x"), ("GET", "/v1/checks?url=https://a.example"),
    ("POST", "/v1/checks"), ("POST", "/v1/extract"), ("POST", "/v1/claims"), ("POST", "/v1/match"),
    ("POST", "/v1/stance"), ("GET", "/v1/statements"), ("POST", "/v1/statements"), ("GET", "/v1/statements/x"),
    ("PUT", "/v1/statements/x"), ("DELETE", "/v1/statements/x"), ("POST", "/v1/statements/import"),
    ("GET", "/v1/imports/x"), ("POST", "/v1/statements/preview"), ("GET", "/v1/statements/x/cluster"),
    ("GET", "/v1/statements/x/history"), ("POST", "/v1/statements/x/restore"),
    ("POST", "/v1/checks/x/feedback"), ("GET", "/v1/feedback"), ("PATCH", "/v1/feedback/x"), ("GET", "/v1/filter"),
    ("POST", "/v1/batches"), ("GET", "/v1/batches/x"), ("GET", "/v1/batches/x/items"), ("DELETE", "/v1/batches/x"),
    ("GET", "/v1/webhooks/deliveries"), ("GET", "/v1/webhooks/deliveries/x"),
    ("POST", "/v1/webhooks/deliveries/x/resend"),
    ("GET", "/v1/keys"), ("POST", "/v1/keys"), ("GET", "/v1/keys/x"), ("DELETE", "/v1/keys/x"),
    ("POST", "/v1/keys/x/rotate"),
    ("GET", "/v1/sources"), ("POST", "/v1/sources"), ("GET", "/v1/sources/x"), ("PUT", "/v1/sources/x"),
    ("DELETE", "/v1/sources/x"), ("POST", "/v1/sources/x/refresh"),
    ("GET", "/v1/asked"), ("GET", "/v1/asked/x"), ("PATCH", "/v1/asked/x"), ("POST", "/v1/asked/x/draft"),
    ("GET", "/v1/drafts"), ("GET", "/v1/drafts/x"), ("DELETE", "/v1/drafts/x"), ("POST", "/v1/drafts/x/publish"),
    ("POST", "/v1/drafts/x/release"), ("POST", "/v1/drafts/x/refuse"),
    ("GET", "/v1/ratings/unmapped"), ("GET", "/v1/ratings/mappings"), ("POST", "/v1/ratings/mappings"),
    ("GET", "/v1/ratings/mappings/x"), ("DELETE", "/v1/ratings/mappings/x"),
    ("GET", "/v1/coverage"), ("GET", "/v1/source-presets"), ("POST", "/v1/source-presets/x"),
    ("GET", "/v1/policies"), ("POST", "/v1/policies"), ("GET", "/v1/policies/x"), ("POST", "/v1/replay"),
    ("GET", "/v1/negatives"), ("POST", "/v1/negatives"), ("GET", "/v1/negatives/x"), ("DELETE", "/v1/negatives/x"),
    ("GET", "/v1/audit"), ("GET", "/v1/transparency"), ("GET", "/v1/transparency.csv"),
)  # fmt: skip


def ask(house, headers: dict[str, str] | None = None, peer: str = "127.0.0.1", host: str = "localhost:8000"):
    """Asks for a check from an address, under a name."""
    return house.client.post(
        "/v1/checks", json=TEXT, headers=headers, base_url=f"http://{host}", environ_overrides={"REMOTE_ADDR": peer}
    )


def outcome(reply) -> tuple[int, str | None]:
    return reply.status_code, reply.json.get("code")


# ---------------------------------------------------------------- open and closed


def test_on_loopback_without_a_key_the_api_is_open(house) -> None:
    assert ask(house).status_code == 202


def test_on_the_open_api_nobody_writes(house) -> None:
    writing = [pair for pair in CLOSED if pair[0] != "GET" and ("statements" in pair[1] or pair[0] == "PATCH")]
    assert len(writing) == 8
    for method, path in writing:
        reply = house.client.open(path, method=method, json={})
        assert outcome(reply) == (401, "key-required")
        for way in ("the link that `gegencheck serve` prints", "the command line", "gegencheck keys create"):
            assert way in reply.json["detail"]


def test_on_the_open_api_one_checks_reads_says_what_is_wrong_and_deletes_what_one_made(house) -> None:
    check = house.check(**TEXT)
    where = f"/v1/checks/{check['id']}"
    assert house.client.post(f"{where}/feedback", json={"kind": "other"}).status_code == 201
    for path in (where, "/v1/statements", "/v1/filter"):
        assert house.client.get(path).status_code == 200
    assert house.client.delete(where).status_code == 204
    assert house.client.get(where).status_code == 404


def test_what_keys_made_stays_out_of_reach_of_the_open_api(house) -> None:
    """A caller without a key gets at nothing that belongs to one, even where the service is still open."""
    check = house.application.checks.submit(CheckRequest(text="x"), "somebody", None)
    assert house.client.get(f"/v1/checks/{check.id}").status_code == 404
    assert house.client.delete(f"/v1/checks/{check.id}").status_code == 404
    assert house.application.jobs.count() == 1


def test_once_a_key_was_made_it_is_closed_without_one(house) -> None:
    key = house.key("check")
    reply = ask(house)
    assert outcome(reply) == (401, "key-required")
    assert reply.headers["WWW-Authenticate"].startswith("Bearer")
    assert ask(house, key).status_code == 202


def test_a_key_made_by_another_process_closes_it_at_once(house, open_other) -> None:
    assert ask(house).status_code == 202
    open_other().key("check")
    assert outcome(ask(house)) == (401, "key-required")


def test_revoking_the_last_key_does_not_open_it(house) -> None:
    house.key("check")
    house.application.keys.revoke(house.application.keys.list()[0].id)
    assert outcome(ask(house)) == (401, "key-required")


@pytest.mark.parametrize("host", ["0.0.0.0", "192.168.1.5", "::", "gegencheck.example"])
def test_on_any_other_address_it_is_closed_without_a_key(open_other, host: str) -> None:
    house = open_other(host=host)
    assert outcome(ask(house)) == (401, "key-required")
    assert outcome(ask(house, {"Authorization": "Bearer x"})) == (401, "key-required")


def test_a_caller_from_elsewhere_is_not_this_machine_whatever_the_setting_says(house) -> None:
    assert outcome(ask(house, peer="192.168.1.7")) == (401, "key-required")


@pytest.mark.parametrize(("method", "path"), CLOSED)
def test_every_call_is_closed_without_a_key(house, method: str, path: str) -> None:
    house.key("check")
    assert house.client.open(path, method=method, json={}).status_code == 401


def test_the_list_above_is_complete(house) -> None:
    known = {(method, path.split("?")[0].replace("/x", "/<id>")) for method, path in CLOSED}
    pairing = {("GET", "/v1/pairings"), ("POST", "/v1/pairings"), ("POST", "/v1/pairings/<id>/token")}
    routes = {
        (method, re.sub("<[^>]+>", "<id>", rule.rule))
        for rule in house.app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
        if rule.rule.startswith("/v1/")
    }
    assert routes == known | pairing, "what leads to a key needs none (test_pairings_api.py)"


@pytest.mark.parametrize("path", PUBLIC)
def test_what_holds_no_data_needs_no_key(house, path: str) -> None:
    house.key("check")
    assert house.client.get(path).status_code == 200


@pytest.mark.parametrize("header", ["Basic eDp5", "Bearer", "Bearer ", "Bearer nonsense", "gck_1_2", "Bearer gck_0_0"])
def test_a_wrong_key_is_refused(house, header: str) -> None:
    house.key("check")
    assert outcome(ask(house, {"Authorization": header})) == (401, "key-required")


def test_a_wrong_key_is_refused_where_none_is_needed(house) -> None:
    assert outcome(ask(house, {"Authorization": "Bearer gck_0_0"})) == (401, "key-required")


def test_revoked_and_expired_keys_are_refused(house) -> None:
    expired = house.key("check", expires_at=datetime.now(UTC) - timedelta(minutes=1))
    assert outcome(ask(house, expired)) == (401, "key-required")
    key = house.key("check")
    assert ask(house, key).status_code == 202
    house.application.keys.revoke(house.application.keys.list()[-1].id)
    assert outcome(ask(house, key)) == (401, "key-required")


# ---------------------------------------------------------------- scopes and owners


@pytest.mark.parametrize(
    ("scope", "method", "path", "allowed"),
    [
        ("check", "POST", "/v1/checks", True),
        ("read", "POST", "/v1/checks", False),
        ("write", "POST", "/v1/checks", False),
        ("admin", "POST", "/v1/checks", True),
        ("check", "GET", "/v1/checks/x", True),
        ("read", "GET", "/v1/checks/x", True),
        ("write", "GET", "/v1/checks/x", False),
        ("read", "DELETE", "/v1/checks/x", False),
        ("read", "POST", "/v1/match", False),
        ("check", "GET", "/v1/statements", False),
        ("read", "GET", "/v1/statements", True),
        ("read", "POST", "/v1/statements", False),
        ("read", "PUT", "/v1/statements/x", False),
        ("read", "DELETE", "/v1/statements/x", False),
        ("read", "POST", "/v1/statements/import", False),
        ("write", "POST", "/v1/statements/import", True),
        ("read", "POST", "/v1/statements/preview", False),
        ("write", "GET", "/v1/imports/x", True),
        ("check", "GET", "/v1/imports/x", False),
    ],
)
def test_a_key_does_what_its_scopes_say(house, scope: str, method: str, path: str, allowed: bool) -> None:
    reply = house.client.open(path, method=method, json={}, headers=house.key(scope))
    assert (reply.status_code == 403) is not allowed
    if not allowed:
        assert reply.json["code"] == "scope-missing"


def test_one_key_does_not_see_anothers_checks(house) -> None:
    ann, bob, admin = house.key("check"), house.key("check"), house.key("admin")
    check = house.check(**TEXT, headers=ann)
    where = f"/v1/checks/{check['id']}"
    assert house.client.get(where, headers=bob).status_code == 404
    assert house.client.delete(where, headers=bob).status_code == 404
    assert house.client.get(where, headers=ann).json == house.client.get(where, headers=admin).json == check
    assert house.check(**TEXT, headers=bob)["id"] != check["id"]


def test_a_key_does_not_see_what_was_checked_before_there_were_keys(house) -> None:
    check = house.check(**TEXT)
    assert house.client.get(f"/v1/checks/{check['id']}", headers=house.key("check")).status_code == 404
    assert house.client.get(f"/v1/checks/{check['id']}", headers=house.key("admin")).status_code == 200


def test_one_key_does_not_see_anothers_imports(house) -> None:
    ann, bob = house.key("write"), house.key("write", "read")
    where = house.client.post("/v1/statements/import", json=[], headers=ann).headers["Location"]
    assert house.client.get(where, headers=bob).status_code == 404
    assert house.client.get(where, headers=ann).status_code == 200


# ---------------------------------------------------------------- a hostile page in this machine's browser


@pytest.mark.parametrize("host", ["evil.example", "evil.example:8000", "localhost.evil.example", "127.0.0.1.nip.io", "",
                                  "localhost@evil.example", "[::2]:8000", "10.0.0.5:8000"])  # fmt: skip
def test_a_rebound_name_is_refused(house, host: str) -> None:
    """DNS rebinding: to the browser a page of evil.example, whose name now leads here, is of the same origin."""
    for method, path in (("POST", "/v1/checks"), ("GET", "/v1/statements"), ("GET", "/")):
        reply = house.client.open(path, method=method, json=TEXT, headers={"Host": host, "Origin": f"http://{host}"})
        assert reply.status_code == 421
    assert house.application.jobs.count() == 0


@pytest.mark.parametrize(
    "host", ["localhost", "localhost:8000", "LOCALHOST:9", "127.0.0.1", "127.0.0.1:8000", "[::1]:8000"]
)
def test_our_own_names_are_good(house, host: str) -> None:
    assert ask(house, {"Host": host}).status_code == 202


def test_further_names_can_be_allowed(open_other) -> None:
    house = open_other(allowed_hosts=("gegencheck.test", "other.test:81"))
    house.add_statement()
    assert ask(house, {"Host": "gegencheck.test:8000"}).status_code == 202
    assert ask(house, {"Host": "other.test:81"}).status_code == 202
    assert ask(house, {"Host": "other.test"}).status_code == 421


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://localhost:9999", "https://localhost:8000",
                                    "http://127.0.0.1:8000", EXTENSION, "file://", ""])  # fmt: skip
def test_a_page_of_another_origin_is_refused(house, origin: str) -> None:
    for method in ("POST", "GET", "DELETE"):
        reply = house.client.open(
            "/v1/checks/x" if method != "POST" else "/v1/checks", method=method, json=TEXT,
            headers={"Origin": origin}, base_url="http://localhost:8000",
        )  # fmt: skip
        assert outcome(reply) == (403, "origin-refused")
        assert "Access-Control-Allow-Origin" not in reply.headers
    assert house.application.jobs.count() == 0


def test_our_own_origin_is_good(house) -> None:
    assert ask(house, {"Origin": "http://localhost:8000"}).status_code == 202
    assert ask(house, {"Origin": "http://127.0.0.1:8000"}, host="127.0.0.1:8000").status_code == 202


@pytest.mark.parametrize(
    "kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""]
)
@pytest.mark.parametrize(("method", "path"), [pair for pair in CLOSED if pair[0] in ("POST", "PUT")])
def test_what_a_form_can_send_is_refused(house, kind: str, method: str, path: str) -> None:
    """A form posts across origins without asking; old browsers do not even say from where."""
    headers = {"Content-Type": kind} if kind else {}
    reply = house.writer.open(path, method=method, data=b'{"text": "x"}', headers=headers)
    assert reply.status_code == (401 if path.startswith("/v1/keys") else 415)  # keys are made with a key alone
    assert house.application.jobs.count() == 0


def test_a_form_for_what_takes_a_key_is_told_that_it_takes_one(house) -> None:
    calls = [pair for pair in CLOSED if pair[0] in ("POST", "PUT")]
    found = {house.client.open(path, method=method).status_code for method, path in calls}
    assert found == {401, 415}
    assert outcome(house.client.post("/v1/statements/import", data=b"x")) == (401, "key-required")
    assert house.client.post("/v1/checks", data=b"x").status_code == 415
    assert house.application.jobs.count() == 0


def test_a_load_without_cors_is_refused(house) -> None:
    """<script src=…/v1/checks?url=…> would tell by its error event whether a page was checked."""
    headers = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}
    assert outcome(house.client.get("/v1/checks?url=https://a.example", headers=headers)) == (403, "origin-refused")


def test_html_and_csv_need_a_key_or_a_header_that_no_page_can_send(house) -> None:
    path = "/v1/statements/import"
    for kind in ("text/html", "text/csv"):
        assert house.writer.post(path, data=b"<p>", content_type=kind).status_code == 415
        sent = house.writer.post(path, data=b"<p>", content_type=kind, headers={"X-Requested-With": "curl"})
        assert sent.status_code == 202
    key = house.key("write")
    assert house.client.post(path, data=b"<p>", content_type="text/csv", headers=key).status_code == 202


# ---------------------------------------------------------------- extensions


@pytest.fixture
def with_extension(open_other):
    house = open_other(extension_origins=(EXTENSION,))
    house.add_statement()
    return house


def preflight(house, origin: str):
    headers = {
        "Origin": origin, "Access-Control-Request-Method": "POST", "Access-Control-Request-Private-Network": "true",
        "Access-Control-Request-Headers": "authorization,content-type",
    }  # fmt: skip
    return house.client.options("/v1/checks", headers=headers)


def test_a_configured_extension_may_call(with_extension) -> None:
    reply = ask(with_extension, {"Origin": EXTENSION})
    assert reply.status_code == 202
    assert reply.headers["Access-Control-Allow-Origin"] == EXTENSION
    assert "Origin" in reply.headers["Vary"]
    asked = preflight(with_extension, EXTENSION)
    assert asked.status_code == 204
    assert asked.headers["Access-Control-Allow-Origin"] == EXTENSION
    assert "Authorization" in asked.headers["Access-Control-Allow-Headers"]
    assert asked.headers["Access-Control-Allow-Private-Network"] == "true"
    assert "Access-Control-Allow-Credentials" not in asked.headers


@pytest.mark.parametrize(
    "origin", ["chrome-extension://ponmlkjihgfedcbaponmlkjihgfedcba", "https://evil.example", "null"]
)
def test_nobody_else_gets_cors(with_extension, origin: str) -> None:
    assert ask(with_extension, {"Origin": origin}).status_code == 403
    for _ in range(2):
        asked = preflight(with_extension, origin)
        assert asked.status_code == 403
        assert not any(name.startswith("Access-Control") for name in asked.headers.keys())  # noqa: SIM118
        with_extension.key("check")  # the same where the API is closed


def test_an_extension_with_a_key_needs_no_setting(house) -> None:
    """With host permission it is not bound by CORS; the key says who it is."""
    assert ask(house, {"Origin": EXTENSION, **house.key("check")}).status_code == 202


# ---------------------------------------------------------------- methods


def routes(house) -> dict[str, set[str]]:
    """Every address with all its methods; `x` for each variable part."""
    found: dict[str, set[str]] = {}
    for rule in house.app.url_map.iter_rules():
        found.setdefault(re.sub("<[^>]+>", "x", rule.rule), set()).update(rule.methods)
    return found


@pytest.mark.parametrize("closed", [False, True])
def test_options_name_the_methods_of_every_address_and_nothing_else(house, closed: bool) -> None:
    if closed:
        house.key("check")
    assert routes(house)["/v1/statements/x"] == {"GET", "HEAD", "OPTIONS", "PUT", "DELETE"}
    for path, methods in routes(house).items():
        reply = house.client.options(path)
        assert (reply.status_code, reply.data, set(reply.allow)) == (204, b"", methods), path
        assert "Content-Type" not in reply.headers
        assert "WWW-Authenticate" not in reply.headers
    assert set(house.client.options("*").allow) == {"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"}
    assert outcome(house.client.options("/v1/none")) == (404, "not-found")


def test_options_do_not_tell_a_foreign_page_anything(house) -> None:
    assert house.client.options("/v1/checks", headers={"Origin": "https://evil.example"}).status_code == 403
    assert house.client.options("/v1/checks", headers={"Host": "evil.example"}).status_code == 421


@pytest.mark.parametrize("closed", [False, True])
@pytest.mark.parametrize("origin", [{}, {"Origin": ""}, {"Origin": "https://evil.example"}])
def test_other_methods_are_problems_that_echo_nothing(house, closed: bool, origin: dict[str, str]) -> None:
    """Before anything else is looked at: neither a key nor an origin nor a body would make them good."""
    if closed:
        house.key("check")
    headers = {"X-Secret": "lemonade", "Authorization": "Bearer lemonade", **origin}
    for method in ("TRACE", "CONNECT", "BREW", "PROPFIND"):
        for path, methods in routes(house).items():
            reply = house.client.open(f"{path}?q=lemonade", method=method, headers=headers, data="lemonade")
            assert outcome(reply) == (405, "method-not-allowed"), path
            assert (reply.mimetype, set(reply.allow)) == ("application/problem+json", methods)
            assert "lemonade" not in reply.text + str(reply.headers)
        nowhere = house.client.open("evil.example:443", method=method)
        assert (nowhere.status_code, "DELETE" in nowhere.allow) == (405, True)


def test_head_answers_like_get_without_a_body(house) -> None:
    for path in ("/", "/docs", "/healthz", "/openapi.json", "/v1/statements", "/v1/checks/none", "/nothing"):
        asked, known = house.client.head(path), house.client.get(path)
        assert asked.data == b""
        assert (asked.status_code, asked.content_type) == (known.status_code, known.content_type), path
    house.key("check")
    assert house.client.head("/v1/statements").status_code == 401


def test_what_is_not_there_is_not_found_whatever_was_sent(house) -> None:
    for kind in ("text/plain", "", "application/json"):
        assert outcome(house.client.post("/v1/none", data="x", content_type=kind)) == (404, "not-found")
