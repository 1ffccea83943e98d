"""The identity provider: only what it signed for this service and this very attempt says who somebody is."""

from __future__ import annotations

import base64
import hmac
import json
import time
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from joserfc import jwt
from joserfc.jwk import ECKey, RSAKey

from service.account_errors import ProviderUnavailable, SignInFailed
from service.config import Settings
from service.errors import PageUnavailable
from service.pipeline.fetch import Answer
from service.store.accounts import Role
from service.web.identity_provider import Begun, IdentityProvider, groups_in, open_provider, role_of

ISSUER = "https://id.example/realm"
BACK = "https://facts.example/sign-in/callback"
KEY = RSAKey.generate_key(2048, parameters={"kid": "one"})
OTHER_KEY = RSAKey.generate_key(2048, parameters={"kid": "one"})
SECRET = "a secret of 32 letters or so, shared"


@dataclass
class FakeProvider:
    """A provider that says what a test wants it to, and notes what it was asked."""

    about: dict[str, Any] = field(default_factory=dict)
    claims: dict[str, Any] = field(default_factory=dict)
    header: dict[str, Any] = field(default_factory=lambda: {"alg": "RS256", "kid": "one"})
    key: Any = field(default_factory=lambda: KEY)
    userinfo: dict[str, Any] | None = None
    id_token: str | None = None
    asked: list[tuple[str, dict[str, str], bytes | None]] = field(default_factory=list)
    is_down: bool = False

    def __call__(self, url: str, headers: dict[str, str], max_bytes: int, *, content: bytes | None) -> Answer:
        self.asked.append((url, headers, content))
        if self.is_down:
            raise PageUnavailable("The site cannot be reached.")
        path = urlsplit(url).path.removeprefix("/realm")
        said: Any = None
        if path == "/.well-known/openid-configuration":
            said = {
                "issuer": ISSUER, "authorization_endpoint": f"{ISSUER}/auth", "token_endpoint": f"{ISSUER}/token",
                "jwks_uri": f"{ISSUER}/keys", "userinfo_endpoint": f"{ISSUER}/userinfo", **self.about,
            }  # fmt: skip
        elif path == "/token":
            said = {"access_token": "opaque", "token_type": "Bearer", "id_token": self.id_token or self.sign()}
        elif path == "/keys":
            said = {"keys": [KEY.as_dict(private=False)]}
        elif path == "/userinfo":
            said = self.userinfo
        return Answer(200 if said is not None else 400, {}, json.dumps(said).encode())

    def sign(self) -> str:
        now = int(time.time())
        given = {"iss": ISSUER, "sub": "42", "aud": "gegencheck", "exp": now + 300, "iat": now, **self.claims}
        return jwt.encode(self.header, {name: value for name, value in given.items() if value is not None}, self.key)


def provider(fake: FakeProvider, **changes: Any) -> IdentityProvider:
    settings = Settings(oidc_issuer=ISSUER, oidc_client_id="gegencheck", **changes)
    return IdentityProvider(settings, fake)


def finish(fake: FakeProvider, answer: dict[str, str] | None = None, **changes: Any):
    """Sign in with what the fake says; its token has the attempt's nonce, unless the test gives another."""
    asked = provider(fake, **changes)
    _, begun = asked.begin(BACK)
    fake.claims = {"nonce": begun.nonce, **fake.claims}
    return asked.finish(begun, {"state": begun.state, "code": "the code", **(answer or {})}, BACK)


def test_a_person_is_sent_there_with_all_that_binds_the_answer_to_this_attempt() -> None:
    address, begun = provider(FakeProvider()).begin(BACK)
    sent = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
    assert address.startswith(f"{ISSUER}/auth?")
    assert (sent["response_type"], sent["client_id"], sent["redirect_uri"]) == ("code", "gegencheck", BACK)
    assert (sent["scope"], sent["state"], sent["nonce"]) == ("openid profile email", begun.state, begun.nonce)
    assert sent["code_challenge_method"] == "S256"
    assert begun.verifier not in address
    assert len({begun.state, begun.nonce, begun.verifier}) == 3
    assert provider(FakeProvider()).begin(BACK)[1] != begun


def test_whom_it_vouches_for_is_known_by_issuer_and_subject() -> None:
    fake = FakeProvider(claims={"preferred_username": "bea", "name": "Bea", "email": "bea@id.example"})
    person = finish(fake)
    assert (person.issuer, person.subject, person.name, person.display_name) == (ISSUER, "42", "bea", "Bea")
    assert person.role is None
    body = parse_qs(next(content for url, _, content in fake.asked if url.endswith("/token")).decode())
    assert (body["grant_type"], body["code"], body["redirect_uri"]) == (["authorization_code"], ["the code"], [BACK])
    assert body["code_verifier"]
    assert body["client_id"] == ["gegencheck"]


def test_the_secret_goes_to_the_token_endpoint_alone(tmp_path) -> None:
    (tmp_path / "secret").write_text(f"{SECRET}\n")
    fake = FakeProvider()
    finish(fake, oidc_secret_file=str(tmp_path / "secret"))
    basic = base64.b64encode(f"gegencheck:{SECRET}".encode()).decode()
    assert [url for url, headers, _ in fake.asked if basic in str(headers)] == [f"{ISSUER}/token"]
    post = FakeProvider(about={"token_endpoint_auth_methods_supported": ["client_secret_post"]})
    finish(post, oidc_secret_file=str(tmp_path / "secret"))
    assert b"client_secret=a+secret" in next(content for url, _, content in post.asked if url.endswith("/token"))
    with pytest.raises(ProviderUnavailable, match="SECRET_FILE"):
        finish(FakeProvider(), oidc_secret_file=str(tmp_path / "none"))


@pytest.mark.parametrize(
    ("claims", "why"),
    [
        ({"nonce": "of another attempt"}, "replayed"),
        ({"nonce": None}, "no nonce"),
        ({"aud": "another client"}, "for another client"),
        ({"aud": ["another client"], "azp": "gegencheck"}, "for another client, said to be ours"),
        ({"aud": ["gegencheck", "other"], "azp": "other"}, "for two, requested by the other"),
        ({"aud": None}, "for nobody"),
        ({"iss": "https://evil.example"}, "by another issuer"),
        ({"iss": f"{ISSUER}/"}, "by nearly this issuer"),
        ({"exp": int(time.time()) - 600}, "expired"),
        ({"exp": None}, "without end"),
        ({"iat": int(time.time()) + 3600}, "from the future"),
        ({"sub": ""}, "nobody"),
        ({"sub": None}, "nobody at all"),
        ({"sub": "x" * 256}, "too long a subject"),
        ({"sub": 42}, "a number"),
        ({"at_hash": "AAAAAAAAAAAAAAAAAAAAAA"}, "another access token's"),
    ],
)
def test_a_token_that_was_not_made_for_this_attempt_proves_nothing(claims: dict[str, Any], why: str) -> None:
    with pytest.raises(SignInFailed):
        finish(FakeProvider(claims=claims))


def forged(**header: Any) -> str:
    """A token without a signature."""
    now = int(time.time())
    parts = (header, {"iss": ISSUER, "sub": "42", "aud": "gegencheck", "exp": now + 300, "iat": now, "nonce": "n"})
    return ".".join(base64.urlsafe_b64encode(json.dumps(part).encode()).decode().rstrip("=") for part in parts) + "."


@pytest.mark.parametrize("alg", ["none", "None", "NONE", ""])
def test_an_unsigned_token_proves_nothing(alg: str) -> None:
    asked = provider(FakeProvider(id_token=forged(alg=alg)))
    with pytest.raises(SignInFailed):
        asked.finish(Begun("s", "n", "v"), {"state": "s", "code": "c"}, BACK)


@pytest.mark.parametrize("known", [SECRET.encode(), KEY.as_pem(private=False), b""])
def test_a_token_signed_with_what_others_know_proves_nothing(known: bytes) -> None:
    """With our secret, or with the provider's public key taken for one (RS256 read as HS256)."""
    unsigned = forged(alg="HS256", kid="one").rstrip(".")
    mark = base64.urlsafe_b64encode(hmac.digest(known, unsigned.encode(), "sha256")).decode().rstrip("=")
    asked = provider(FakeProvider(id_token=f"{unsigned}.{mark}"))
    with pytest.raises(SignInFailed):
        asked.finish(Begun("s", "n", "v"), {"state": "s", "code": "c"}, BACK)


def test_a_token_signed_by_another_key_proves_nothing() -> None:
    for header, key in (
        ({"alg": "RS256", "kid": "one"}, OTHER_KEY),
        ({"alg": "RS256", "kid": "one", "jwk": OTHER_KEY.as_dict(private=False)}, OTHER_KEY),
        ({"alg": "RS256", "kid": "two"}, OTHER_KEY),
        ({"alg": "ES256", "kid": "one"}, ECKey.generate_key("P-256")),
    ):
        with pytest.raises(SignInFailed):
            finish(FakeProvider(header=header, key=key))


@pytest.mark.parametrize("token", ["", "x", "a.b.c", "....", "{}"])
def test_what_is_no_token_proves_nothing(token: str) -> None:
    with pytest.raises(SignInFailed):
        finish(FakeProvider(id_token=token or "-"))


def test_an_answer_to_another_attempt_is_refused_before_its_code_is_used() -> None:
    for answer in (
        {"state": "another"},
        {"state": ""},
        {"iss": "https://evil.example"},
        {"error": "access_denied"},
        {"code": ""},
    ):
        fake = FakeProvider()
        with pytest.raises(SignInFailed):
            finish(fake, answer)
        assert not any(url.endswith("/token") for url, _, _ in fake.asked), answer


def test_a_provider_that_names_itself_in_its_answers_has_to() -> None:
    """Or another provider could pass its answer off as this one's (mix-up, RFC 9207)."""
    about = {"authorization_response_iss_parameter_supported": True}
    with pytest.raises(SignInFailed):
        finish(FakeProvider(about=about))
    assert finish(FakeProvider(about=about), {"iss": ISSUER}).subject == "42"
    assert finish(FakeProvider(), {"iss": ISSUER}).subject == "42"


@pytest.mark.parametrize(
    "about",
    [
        {"issuer": "https://evil.example"},
        {"issuer": f"{ISSUER}/"},
        {"token_endpoint": "http://id.example/token"},
        {"authorization_endpoint": "javascript:alert(1)"},
        {"authorization_endpoint": None},
        {"jwks_uri": 7},
    ],
)
def test_a_provider_that_is_not_the_named_one_or_not_asked_over_tls_is_not_used(about: dict[str, Any]) -> None:
    with pytest.raises(ProviderUnavailable):
        provider(FakeProvider(about=about)).begin(BACK)


def test_one_that_is_away_is_said_to_be() -> None:
    with pytest.raises(ProviderUnavailable, match="cannot be reached"):
        provider(FakeProvider(is_down=True)).begin(BACK)


def test_what_it_says_of_itself_is_asked_for_again_after_ten_minutes() -> None:
    fake, now = FakeProvider(), [1000.0]
    asked = IdentityProvider(Settings(oidc_issuer=ISSUER), fake, lambda: now[0])
    for _ in range(3):
        asked.begin(BACK)
    assert len(fake.asked) == 1
    now[0] += 601
    asked.begin(BACK)
    assert len(fake.asked) == 2


def test_what_it_says_further_counts_only_of_the_same_person_and_never_against_what_is_signed() -> None:
    roles = {"oidc_roles": (("desk", "editor"), ("it", "admin"))}
    more = {"sub": "42", "preferred_username": "bea", "groups": ["desk"], "iss": "x"}
    person = finish(FakeProvider(userinfo=more), **roles)
    assert (person.name, person.role, person.issuer) == ("bea", Role.EDITOR, ISSUER)
    other = finish(FakeProvider(userinfo={**more, "sub": "43"}), **roles)
    assert (other.name, other.role) == ("42", Role.READER)
    signed = finish(FakeProvider(userinfo={**more, "groups": ["it"]}, claims={"groups": ["desk"]}), **roles)
    assert signed.role is Role.EDITOR


@pytest.mark.parametrize(
    ("groups", "role"),
    [([], Role.READER), (["other"], Role.READER), (["desk"], Role.EDITOR), (["desk", "it"], Role.ADMIN),
     (["it"], Role.ADMIN), (["IT"], Role.READER), (["admin"], Role.READER)],
)  # fmt: skip
def test_the_highest_role_of_the_groups_counts(groups: list[str], role: Role) -> None:
    assert role_of(groups, (("it", "admin"), ("desk", "editor"))) is role
    assert role_of(groups, ()) is None


@pytest.mark.parametrize(
    ("claims", "found"),
    [
        ({"groups": ["a", "b"]}, ["a", "b"]), ({"groups": "a"}, ["a"]), ({"groups": {"a": 1}}, []), ({}, []),
        ({"groups": ["a", 7, None]}, ["a"]),
    ],
)  # fmt: skip
def test_groups_are_a_list_or_one_name(claims: dict[str, Any], found: list[str]) -> None:
    assert groups_in(claims, "groups") == found


def test_groups_may_lie_inside_another_claim() -> None:
    assert groups_in({"realm_access": {"roles": ["desk"]}}, "realm_access.roles") == ["desk"]
    assert groups_in({"https://id.example/roles": ["desk"]}, "https://id.example/roles") == ["desk"]
    assert groups_in({"realm_access": "x"}, "realm_access.roles") == []


def test_signing_out_there_is_offered_where_it_says_how() -> None:
    assert provider(FakeProvider()).sign_out_address("https://facts.example/") is None
    ends = FakeProvider(about={"end_session_endpoint": f"{ISSUER}/logout"})
    address = provider(ends).sign_out_address("https://facts.example/")
    assert parse_qs(urlsplit(address).query) == {
        "client_id": ["gegencheck"], "post_logout_redirect_uri": ["https://facts.example/"],
    }  # fmt: skip
    unsafe = FakeProvider(about={"end_session_endpoint": "javascript:alert(1)"})
    assert provider(unsafe).sign_out_address("https://facts.example/") is None
    assert provider(FakeProvider(is_down=True)).sign_out_address("https://facts.example/") is None


@pytest.mark.loopback
@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:8841", "https://127.0.0.1:8841", "https://10.0.0.5", "http://id.example"]
)
def test_a_private_or_plain_provider_is_asked_only_where_the_settings_say_so(address: str) -> None:
    asked = open_provider(Settings(oidc_issuer=address))
    assert asked is not None
    with pytest.raises(ProviderUnavailable):
        asked.begin(BACK)
    assert open_provider(Settings()) is None


def test_where_a_private_provider_is_allowed_no_other_host_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """A provider must not lead this service about in the private network."""
    fake = FakeProvider(about={"issuer": "http://id.intern", "token_endpoint": "http://db.intern/"})
    asked = IdentityProvider(Settings(oidc_issuer="http://id.intern", oidc_private=True), fake)
    with pytest.raises(ProviderUnavailable, match="not over https"):
        asked.begin(BACK)
