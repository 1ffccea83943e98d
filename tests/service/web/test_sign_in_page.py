"""/sign-in and /sign-out, from the side of the person and of whoever would like to be somebody else."""

from __future__ import annotations

import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit
from urllib.request import Request, build_opener

import pytest
from people import ORIGIN, PASSWORD, browser_of, kept_password, sign_in, token_of

from service.account_errors import ProviderUnavailable, SignInFailed
from service.store.accounts import Person, Role
from service.web.crowd import CROWD
from service.web.identity_provider import Begun
from service.web.sign_in_page import PROVIDER, own_address

RIGHT = {"name": "ann", "password": PASSWORD}
WRONG = {**RIGHT, "password": "wrong"}
SESSION, KNOWN, STATE = "gegencheck-session-80", "gegencheck-known-80", "gegencheck-state-80"


@pytest.fixture
def ann(house):
    return house.application.accounts.create("ann", Role.EDITOR, kept_password(), "Ann")


def value_of(client: Any, name: str) -> str | None:
    found = client.get_cookie(name)
    return found.value if found else None


def alert(reply: Any) -> str:
    found = re.search(r'role="alert"[^>]*>([^<]+)<', reply.text)
    return found[1] if found else ""


# ---------------------------------------------------------------- by password


def test_the_right_password_opens_a_session_and_leads_where_one_wanted_to_go(house, ann) -> None:
    client = browser_of(house)
    reply = client.post("/sign-in", data={**RIGHT, "next": "/inbox?status=open"})
    assert (reply.status_code, reply.headers["Location"]) == (303, "/inbox?status=open")
    assert client.get("/inbox").status_code == 200
    assert client.get("/sign-in").status_code == 303, "whoever is signed in is not asked again"
    (session,) = house.application.account_sessions.list(ann.id)
    assert session.account_id == ann.id


@pytest.mark.parametrize("https", [False, True])
def test_the_cookie_is_for_this_host_alone_and_no_script(open_other, https: bool) -> None:
    house = open_other(trusted_proxies=1)
    house.application.accounts.create("ann", Role.READER, kept_password())
    proxy = {"X-Forwarded-For": "192.0.2.7", "X-Forwarded-Proto": "https" if https else "http"}
    headers = {**proxy, "Origin": "https://localhost" if https else "http://localhost"}
    reply = house.app.test_client().post("/sign-in", data=RIGHT, headers=headers)
    assert reply.headers["Cache-Control"] == "no-store"
    for cookie in reply.headers.getlist("Set-Cookie"):
        assert "HttpOnly" in cookie
        assert "SameSite=Lax" in cookie
        assert "Path=/" in cookie
        assert "Domain" not in cookie
        assert ("Secure" in cookie) is https
        assert cookie.startswith("__Host-gegencheck-" if https else "gegencheck-")


@pytest.mark.parametrize("lang", ["de", "en"])
def test_whoever_fails_reads_the_same_whatever_was_wrong(house, ann, lang: str) -> None:
    accounts = house.application.accounts
    accounts.create("dora", Role.ADMIN, kept_password())
    accounts.disable("dora")
    tried = (WRONG, {**RIGHT, "name": "nobody"}, {**RIGHT, "name": "dora"}, {"name": "", "password": ""}, {})
    replies = [browser_of(house).post(f"/sign-in?lang={lang}", data=sent) for sent in tried]
    said = {(reply.status_code, alert(reply), reply.headers.get("Set-Cookie")) for reply in replies}
    assert said == {(403, {"de": "Name oder Passwort ist falsch.", "en": "Name or password is wrong."}[lang], None)}
    assert PASSWORD not in "".join(reply.text for reply in replies)


@pytest.mark.parametrize("name", ["ann", "nobody"])
def test_guessing_is_answered_429_with_the_time_to_wait(house, ann, name: str) -> None:
    for _ in range(5):
        assert browser_of(house).post("/sign-in", data={**WRONG, "name": name}).status_code == 403
    waits = browser_of(house).post("/sign-in", data={**RIGHT, "name": name})
    assert waits.status_code == 429
    assert 1 <= int(waits.headers["Retry-After"]) <= 5
    assert alert(waits) == "Too many tries have failed. Try again in about a minute."


def test_the_persons_own_browser_gets_in_while_a_stranger_guesses(house, ann) -> None:
    own = browser_of(house)
    own.post("/sign-in", data=RIGHT)
    own.post("/sign-out", data={"csrf": token_of(own)})
    for _ in range(6):
        browser_of(house).post("/sign-in", data=WRONG)
    assert browser_of(house).post("/sign-in", data=RIGHT).status_code == 429
    assert own.post("/sign-in", data=RIGHT).status_code == 303


def test_the_mark_of_a_known_browser_is_good_for_that_person_alone_and_cannot_be_made_up(house, ann) -> None:
    house.application.accounts.create("bob", Role.READER, kept_password())
    mallory = browser_of(house)
    mallory.post("/sign-in", data={**RIGHT, "name": "bob"})
    mark = value_of(mallory, KNOWN)
    for _ in range(5):
        browser_of(house).post("/sign-in", data=WRONG)
    for made_up in (mark, "x", f"{mark}x", (mark or "").replace(".", "", 1)):
        client = browser_of(house)
        client.set_cookie(KNOWN, made_up)
        assert client.post("/sign-in", data=RIGHT).status_code == 429


@pytest.mark.parametrize("trusted", [0, 1])
def test_a_header_that_the_caller_wrote_is_no_new_address(open_other, trusted: int) -> None:
    """Guessing many names, each try from a made-up address: only what the proxy saw counts."""
    house = open_other(trusted_proxies=trusted)
    house.application.accounts.create("ann", Role.READER, kept_password())
    codes = []
    for number in range(21):
        made_up = f"203.0.113.{number}"
        forwarded = f"{made_up}, 192.0.2.7" if trusted else made_up
        headers = {"Origin": ORIGIN, "X-Forwarded-For": forwarded, "X-Real-IP": made_up, "Forwarded": f"for={made_up}"}
        house.application.sign_in_tries.begin([])
        sent = {"name": f"name{number}", "password": "x"}
        codes.append(house.app.test_client().post("/sign-in", data=sent, headers=headers).status_code)
    assert codes == [403] * 20 + [429]


def test_neither_name_nor_password_nor_secret_is_logged(house, ann, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("DEBUG")
    client = browser_of(house)
    client.post("/sign-in", data={**WRONG, "name": "somebody.private"})
    client.post("/sign-in", data=RIGHT)
    for secret in ("somebody.private", PASSWORD, value_of(client, SESSION)):
        assert secret
        assert secret not in caplog.text


# ---------------------------------------------------------------- whose session it is


def test_a_session_that_somebody_put_there_is_not_the_one_that_is_signed_in(house, ann) -> None:
    """Session fixation: the secret is new at each sign-in, and the one before ends."""
    mallory = sign_in(house, "reader", "mallory")
    victim = browser_of(house)
    for planted in (mallory.secret, "made up"):
        victim.set_cookie(SESSION, planted)
        assert victim.post("/sign-in", data=RIGHT).status_code == 303
        assert value_of(victim, SESSION) not in (planted, None)
    assert house.application.account_sessions.find(mallory.secret) is None
    first = value_of(victim, SESSION)
    victim.post("/sign-in", data=RIGHT)
    assert value_of(victim, SESSION) != first
    assert house.application.account_sessions.find(first) is None


@pytest.mark.parametrize("headers", [{"Origin": "https://evil.example"}, {"Origin": "null"}, {"Origin": ""},
                                     {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}])  # fmt: skip
def test_no_other_page_signs_somebody_in_as_somebody_else(house, ann, headers: dict[str, str]) -> None:
    client = browser_of(house)
    reply = client.post("/sign-in", data=RIGHT, headers=headers)
    assert (reply.status_code, value_of(client, SESSION)) == (403, None)


def test_a_cookie_that_was_kept_opens_nothing_after_signing_out(house, ann) -> None:
    client = browser_of(house)
    client.post("/sign-in", data=RIGHT)
    kept = value_of(client, SESSION)
    out = client.post("/sign-out", data={"csrf": token_of(client)})
    assert (out.status_code, value_of(client, SESSION)) == (303, None)
    assert "You are signed out" in client.get(out.headers["Location"]).text
    client.set_cookie(SESSION, kept)
    assert client.get("/account").status_code == 401


def test_no_more_is_taken_from_the_form_than_it_has(house, ann) -> None:
    """Mass assignment: a role, an id or a session that somebody adds to the form changes nothing."""
    client = browser_of(house)
    more = {"role": "admin", "id": "acc_x", "account_id": "acc_x", "scopes": "admin", "display_name": "Root"}
    client.post("/sign-in?role=admin", data={**RIGHT, **more})
    token = token_of(client)
    client.post("/account/sessions", data={"csrf": token, "end": "none", **more})
    client.post("/account/password", data={"csrf": token, "current": "x", "new": "y", "again": "y", **more})
    found = house.application.accounts.get("ann")
    assert (found.role, found.display_name, found.id) == (Role.EDITOR, "Ann", ann.id)
    assert client.get("/v1/keys").status_code == 403


# ---------------------------------------------------------------- where it leads


@pytest.mark.parametrize(
    "wanted",
    [
        "https://evil.example", "//evil.example", "/\\evil.example", "\\\\evil.example", "/\t/evil.example",
        "/\n/evil.example", " //evil.example", "javascript:alert(1)", "evil.example", "", "http:evil.example",
        "/a\r\nSet-Cookie: x=y", "/ä", "x" * 3000, "/" + "x" * 3000, "///evil.example", "https:/evil.example", "/\x00",
    ],
)  # fmt: skip
def test_signing_in_leads_to_no_other_site(house, ann, wanted: str) -> None:
    client = browser_of(house)
    reply = client.post("/sign-in", data={**RIGHT, "next": wanted})
    assert (reply.status_code, reply.headers["Location"]) == (303, "/")
    assert "evil" not in browser_of(house).get("/sign-in", query_string={"next": wanted}).text
    assert client.get("/sign-in", query_string={"next": wanted}).headers["Location"] == "/"


@pytest.mark.parametrize("wanted", ["/", "/inbox", "/checks/abc?lang=de&thanks=1#feedback", "/a//b", "/%5Cevil"])
def test_it_leads_to_pages_of_ours(house, wanted: str) -> None:
    with house.app.test_request_context("/"):
        assert own_address(wanted) == wanted


def test_a_page_that_takes_an_account_says_where_to_sign_in(house, ann) -> None:
    closed = browser_of(house).get("/sources")
    assert closed.status_code == 401
    assert 'href="/sign-in?next=/sources"' in closed.text
    assert 'name="key"' in closed.text, "keys stay"


# ---------------------------------------------------------------- by a provider


class FakeProvider:
    """Vouches for whom a test wants."""

    host, issuer = "id.example", "https://id.example"

    def __init__(self) -> None:
        self.person: Person | Exception = Person(self.issuer, "42", "bea", "Bea")
        self.begun, self.finished = 0, list[tuple[Begun, str]]()

    def begin(self, return_to: str) -> tuple[str, Begun]:
        if isinstance(self.person, ProviderUnavailable):
            raise self.person
        self.begun += 1
        begun = Begun(f"state{self.begun}", f"nonce{self.begun}", f"verifier{self.begun}")
        return f"https://id.example/auth?state={begun.state}", begun

    def finish(self, begun: Begun, answer: Any, return_to: str) -> Person:
        self.finished.append((begun, return_to))
        if answer.get("state") != begun.state:
            raise SignInFailed("another attempt")
        if isinstance(self.person, Exception):
            raise self.person
        return self.person

    def sign_out_address(self, return_to: str) -> str | None:
        return f"https://id.example/logout?back={return_to}"


@pytest.fixture
def provider(house) -> FakeProvider:
    house.app.extensions[PROVIDER] = fake = FakeProvider()
    object.__setattr__(house.application, "settings", replace(house.application.settings, oidc_issuer=fake.issuer))
    return fake


def test_whom_the_provider_vouches_for_gets_an_account_as_a_reader(house, provider) -> None:
    client = browser_of(house)
    there = client.get("/sign-in/provider?next=/inbox")
    assert (there.status_code, there.headers["Location"]) == (303, "https://id.example/auth?state=state1")
    back = client.get("/sign-in/callback?state=state1&code=x")
    assert (back.status_code, back.headers["Location"]) == (303, "/inbox")
    (bea,) = house.application.accounts.list()
    assert (bea.name, bea.role, bea.issuer) == ("bea", Role.READER, provider.issuer)
    assert bea.signed_in_at is not None
    assert client.get("/account").status_code == 200
    assert provider.finished == [(Begun("state1", "nonce1", "verifier1"), "http://localhost/sign-in/callback")]
    (entry, _) = house.application.audit.select().entries
    assert (entry.actor, entry.action, entry.outcome) == (bea.id, "GET /sign-in/callback", "303")


def test_a_provider_that_hangs_holds_up_nobody_else(house, provider, monkeypatch) -> None:
    asked, answers, replies = threading.Semaphore(0), threading.Event(), list[Any]()

    def hang(_return_to: str) -> Any:
        asked.release()
        answers.wait(30)
        raise ProviderUnavailable("It did not answer.")

    monkeypatch.setattr(provider, "begin", hang)
    crowd, calls = house.app.extensions[CROWD], house.application.settings.threads // 8
    monkeypatch.setattr(crowd.hands, "_free", threading.Semaphore(1))
    going = [
        threading.Thread(target=lambda: replies.append(browser_of(house).get("/sign-in/provider")))
        for _ in range(calls)
    ]
    for thread in going:
        thread.start()
    assert all(asked.acquire(timeout=30) for _ in going), "one hand is enough for all of them, since they wait"
    assert browser_of(house).get("/sign-in").status_code == 200
    beyond = browser_of(house).get("/sign-in/provider")
    assert beyond.status_code == 503
    assert "Retry-After" in beyond.headers
    answers.set()
    for thread in going:
        thread.join(30)
    assert len(replies) == calls


def test_an_answer_counts_once_and_only_in_the_browser_that_was_sent_there(house, provider) -> None:
    """Replay, and signing a victim in as the attacker by a link to the attacker's own answer."""
    client, other = browser_of(house), browser_of(house)
    client.get("/sign-in/provider")
    answer = "/sign-in/callback?state=state1&code=x"
    assert other.get(answer).status_code == 403
    assert client.get(answer).status_code == 303
    assert client.get(answer).status_code == 403, "used up"
    other.get("/sign-in/provider")
    assert other.get(answer).status_code == 403, "on the way, but with another state"
    assert (value_of(other, SESSION), len(provider.finished)) == (None, 2)


def test_the_kept_state_cannot_be_made_up_and_gets_old(house, provider, monkeypatch: pytest.MonkeyPatch) -> None:
    client = browser_of(house)
    client.get("/sign-in/provider")
    kept = value_of(client, STATE) or ""
    for wrong in (f"{kept}x", kept[1:], "x", kept.rsplit(".", 1)[0]):
        client.set_cookie(STATE, wrong)
        assert client.get("/sign-in/callback?state=state1&code=x").status_code == 403
    client.set_cookie(STATE, kept)
    import time

    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now + 601)
    assert client.get("/sign-in/callback?state=state1&code=x").status_code == 403
    assert provider.finished == []


def test_a_session_that_was_there_before_is_replaced(house, provider) -> None:
    mallory = sign_in(house, "reader", "mallory")
    del mallory.client.environ_base["HTTP_ORIGIN"]
    mallory.client.get("/sign-in/provider")
    mallory.client.get("/sign-in/callback?state=state1&code=x")
    assert value_of(mallory.client, SESSION) != mallory.secret
    assert house.application.account_sessions.find(mallory.secret) is None


def test_what_goes_wrong_is_said_on_the_form_and_nobody_is_signed_in(house, provider) -> None:
    for fault, status, words in (
        (SignInFailed("x"), 403, "did not work"),
        (ProviderUnavailable("x"), 502, "cannot be reached"),
    ):
        client = browser_of(house)
        client.get("/sign-in/provider")
        provider.person = fault
        back = client.get(f"/sign-in/callback?state=state{provider.begun}&code=x")
        assert back.status_code in (status, 403)
        assert value_of(client, SESSION) is None
        provider.person = Person(provider.issuer, "42", "bea", "Bea")
        assert words in alert(back) or "did not work" in alert(back)
    provider.person = ProviderUnavailable("x")
    assert browser_of(house).get("/sign-in/provider").status_code == 502


def test_a_disabled_account_is_not_let_in_by_the_provider_either(house, provider) -> None:
    assert isinstance(provider.person, Person)
    house.application.accounts.join(provider.person)
    house.application.accounts.disable("bea")
    client = browser_of(house)
    client.get("/sign-in/provider")
    assert client.get("/sign-in/callback?state=state1&code=x").status_code == 403
    assert value_of(client, SESSION) is None


def test_the_callback_leads_to_no_other_site(house, provider) -> None:
    client = browser_of(house)
    client.get("/sign-in/provider", query_string={"next": "//evil.example"})
    assert client.get("/sign-in/callback?state=state1&code=x").headers["Location"] == "/"


def test_signing_out_ends_the_session_here_and_names_the_provider(house, provider) -> None:
    client = browser_of(house)
    client.get("/sign-in/provider")
    client.get("/sign-in/callback?state=state1&code=x")
    kept = value_of(client, SESSION)
    out = client.post("/sign-out", data={"csrf": token_of(client)})
    assert "https://id.example/logout?back=http://localhost/" in out.text
    assert value_of(client, SESSION) is None
    assert house.application.account_sessions.find(kept) is None


# ---------------------------------------------------------------- a provider that is none of ours

SERVE = """
import sys, warnings
warnings.simplefilter("ignore")
from oidc_provider_mock import User, run_server_in_thread
bea = User(sub="bea-1", claims={"preferred_username": "bea", "name": "Bea Beispiel", "groups": ["desk"]})
with run_server_in_thread(0, require_nonce=True, user_claims=[bea]) as server:
    print(server.server_port, flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def mock_provider() -> Iterator[str]:
    """oidc-provider-mock in a process of its own; its issuer."""
    with subprocess.Popen([sys.executable, "-c", SERVE], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          stderr=subprocess.DEVNULL, text=True) as running:  # fmt: skip
        assert running.stdout is not None
        yield f"http://localhost:{int(running.stdout.readline())}"
        assert running.stdin is not None
        running.stdin.close()
        running.wait(20)


@pytest.mark.loopback
def test_signing_in_with_a_real_provider_on_loopback(open_other, mock_provider: str, tmp_path: Path) -> None:
    (tmp_path / "provider.secret").write_text("a secret\n")
    settings = {"oidc_issuer": mock_provider, "oidc_client_id": "gegencheck", "oidc_private": True}
    settings["oidc_secret_file"] = str(tmp_path / "provider.secret")
    house = open_other(**settings, oidc_roles=(("desk", "editor"),))
    client = browser_of(house)
    assert "Sign in with localhost:" in client.get("/sign-in").text
    there = client.get("/sign-in/provider?next=/account").headers["Location"]
    assert parse_qs(urlsplit(there).query)["code_challenge_method"] == ["S256"]
    back = allowed_by_bea(there)
    signed = client.get(back)
    assert (signed.status_code, signed.headers["Location"]) == (303, "/account")
    (bea,) = house.application.accounts.list()
    assert (bea.name, bea.display_name, bea.role, bea.issuer) == ("bea", "Bea Beispiel", Role.EDITOR, mock_provider)
    assert client.get("/sources").status_code == 200
    out = client.post("/sign-out", data={"csrf": token_of(client)})
    assert f"{mock_provider}/oauth2/end_session?client_id=gegencheck" in out.text
    again = browser_of(house)
    again.get("/sign-in/provider")
    assert again.get(back).status_code == 403, "an answer to another attempt"


def allowed_by_bea(address: str) -> str:
    """Press the button at the provider; where it leads back to."""
    from urllib.error import HTTPError
    from urllib.request import HTTPRedirectHandler

    class Stay(HTTPRedirectHandler):
        def redirect_request(self, *_: object) -> None:
            """Follow nothing."""

    with pytest.raises(HTTPError) as answer:
        build_opener(Stay).open(Request(address, data=b"sub=bea-1", method="POST"), timeout=20)
    with answer.value as led:
        return str(led.headers["Location"]).removeprefix("http://localhost")
