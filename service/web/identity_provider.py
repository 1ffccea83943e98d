"""The identity provider, by OpenID Connect: where a person is sent to, and whom it vouches for when they come back.

Authorization code with PKCE, state and nonce. What it says counts only where it is signed by one of its own keys, for
this service, for this very attempt. It is asked under the address rules of all fetches; its own host alone may be
private, where the settings say so.
"""

from __future__ import annotations

import hmac
import json
import secrets
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Protocol
from urllib.parse import urlsplit

from service.account_errors import ProviderUnavailable, SignInFailed
from service.config import Settings
from service.errors import PageUnavailable
from service.pipeline.fetch import Answer, HttpFetcher
from service.store.accounts import MAX_SUBJECT, Person, Role

Json = dict[str, Any]

# Signed by a key that only the provider has: never `none`, nor with the secret that we know as well.
ALGORITHMS = ["RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"]
LEEWAY_SECONDS = 120
MAX_BYTES = 1_000_000
ASK_SECONDS = 10
KNOWN_SECONDS = 600  # for which what the provider says of itself is not asked again
PATH = "/.well-known/openid-configuration"
NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")
NO_PROOF = "What the identity provider answered does not prove who you are: sign in again."


class Ask(Protocol):
    """One request to the provider: `content` is posted. Raises PageUnavailable."""

    def __call__(self, url: str, headers: dict[str, str], max_bytes: int, *, content: bytes | None) -> Answer:
        """The answer, whatever its status."""


@dataclass(frozen=True, slots=True)
class Begun:
    """What the browser keeps while its person is at the provider."""

    state: str
    nonce: str
    verifier: str


class IdentityProvider:
    """The provider that the settings name."""

    def __init__(self, settings: Settings, ask: Ask, now: Callable[[], float] = time.time) -> None:
        self._settings, self._ask, self._now = settings, ask, now
        self._about: tuple[float, Json] | None = None

    @property
    def issuer(self) -> str:
        """By which it names itself."""
        return self._settings.oidc_issuer

    @property
    def host(self) -> str:
        """What a person knows it by."""
        return urlsplit(self.issuer).netloc

    def begin(self, return_to: str) -> tuple[str, Begun]:
        """Where to send a person, and what to keep until they come back. Raises ProviderUnavailable."""
        from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
        from authlib.oauth2.rfc7636 import create_s256_code_challenge

        begun = Begun(secrets.token_urlsafe(32), secrets.token_urlsafe(32), secrets.token_urlsafe(48))
        address = prepare_grant_uri(
            self._about_it()["authorization_endpoint"],
            client_id=self._settings.oidc_client_id,
            response_type="code",
            redirect_uri=return_to,
            scope=self._settings.oidc_scopes,
            state=begun.state,
            nonce=begun.nonce,
            code_challenge=create_s256_code_challenge(begun.verifier),
            code_challenge_method="S256",
        )
        return str(address), begun

    def finish(self, begun: Begun, answer: Mapping[str, str], return_to: str) -> Person:
        """Whom it vouches for. Raises SignInFailed, ProviderUnavailable."""
        about = self._about_it()
        if not hmac.compare_digest(answer.get("state", "").encode(), begun.state.encode()):
            raise SignInFailed("This answer belongs to another attempt to sign in.")
        # Another provider must not be able to pass its answer off as this one's (RFC 9207).
        told = answer.get("iss")
        if told != self.issuer and (told or about.get("authorization_response_iss_parameter_supported")):
            raise SignInFailed("This answer is another identity provider's.")
        if "error" in answer or not answer.get("code"):
            raise SignInFailed("The identity provider did not sign you in.")
        tokens = self._redeem(about, answer["code"], begun, return_to)
        claims = self._proven(about, tokens, begun.nonce)
        return self._person({**self._further(about, tokens, claims), **claims})

    def sign_out_address(self, return_to: str) -> str | None:
        """Where a person signs out of the provider itself, where it says so."""
        from authlib.common.urls import add_params_to_uri

        try:
            endpoint = self._about_it().get("end_session_endpoint")
        except ProviderUnavailable:
            return None
        if not isinstance(endpoint, str) or not self._is_good(endpoint):
            return None
        sent = {"client_id": self._settings.oidc_client_id, "post_logout_redirect_uri": return_to}
        return str(add_params_to_uri(endpoint, sent))

    # ------------------------------------------------------------ what it says

    def _about_it(self) -> Json:
        if self._about is None or not 0 <= self._now() - self._about[0] < KNOWN_SECONDS:
            found = self._get_json(f"{self.issuer.rstrip('/')}{PATH}")
            if found.get("issuer") != self.issuer:
                raise ProviderUnavailable(
                    "The identity provider calls itself by another name than GEGENCHECK_OIDC_ISSUER."
                )
            if not all(isinstance(found.get(name), str) and self._is_good(found[name]) for name in NEEDED):
                raise ProviderUnavailable("The identity provider does not say where it is asked, or not over https.")
            self._about = (self._now(), found)
        return self._about[1]

    def _redeem(self, about: Json, code: str, begun: Begun, return_to: str) -> Json:
        from authlib.oauth2.auth import ClientAuth
        from authlib.oauth2.rfc6749.parameters import prepare_token_request

        body = prepare_token_request(
            "authorization_code", code=code, redirect_uri=return_to, code_verifier=begun.verifier
        )
        offered = about.get("token_endpoint_auth_methods_supported") or ["client_secret_basic"]
        way = "client_secret_basic" if "client_secret_basic" in offered else "client_secret_post"
        secret = self._secret()
        auth = ClientAuth(self._settings.oidc_client_id, secret, way if secret else "none")
        headers = {"Accept": "application/json", "Content-Type": "application/x-www-form-urlencoded"}
        address, headers, body = auth.prepare("POST", about["token_endpoint"], headers, body)
        found = self._asked(address, headers, body.encode())
        if found is None:
            raise SignInFailed("The identity provider did not take its own code, or not this service's secret.")
        return found

    def _proven(self, about: Json, tokens: Json, nonce: str) -> Json:
        """The claims of the signed token, all of them checked. Raises SignInFailed."""
        from authlib.oidc.core import CodeIDToken
        from joserfc import jwt
        from joserfc.errors import JoseError
        from joserfc.jwk import KeySet
        from joserfc.jws import JWSRegistry

        client, registry = self._settings.oidc_client_id, JWSRegistry(algorithms=ALGORITHMS, strict_check_header=False)
        wanted = {"iss": {"essential": True, "value": self.issuer}, "aud": {"essential": True, "value": client}}
        given = {"nonce": nonce, "client_id": client, "access_token": tokens.get("access_token")}
        try:
            keys = KeySet.import_key_set(self._get_json(about["jwks_uri"]))  # type: ignore[arg-type]
            token = jwt.decode(tokens["id_token"], keys, registry=registry)
            claims = CodeIDToken(token.claims, token.header, wanted, given)
            claims.validate(now=int(self._now()), leeway=LEEWAY_SECONDS)
        except (JoseError, ValueError, KeyError, TypeError, AttributeError) as fault:
            raise SignInFailed(NO_PROOF) from fault
        return dict(claims)

    def _further(self, about: Json, tokens: Json, claims: Json) -> Json:
        """What it says of the same person where it is asked for more; nothing where it is not."""
        endpoint, access = about.get("userinfo_endpoint"), tokens.get("access_token")
        if not isinstance(endpoint, str) or not isinstance(access, str) or not self._is_good(endpoint):
            return {}
        found = self._asked(endpoint, {"Accept": "application/json", "Authorization": f"Bearer {access}"}, None)
        return found if found is not None and found.get("sub") == claims["sub"] else {}

    def _person(self, claims: Json) -> Person:
        subject = claims["sub"]
        if not isinstance(subject, str) or not 0 < len(subject) <= MAX_SUBJECT:
            raise SignInFailed(NO_PROOF)
        texts = (claims.get(name) for name in ("preferred_username", "email"))
        name = next((text for text in texts if isinstance(text, str) and text.strip()), subject)
        shown = claims.get("name")
        role = role_of(groups_in(claims, self._settings.oidc_claim), self._settings.oidc_roles)
        return Person(self.issuer, subject, name, shown if isinstance(shown, str) else "", role)

    # ------------------------------------------------------------ asking it

    def _get_json(self, address: str) -> Json:
        found = self._asked(address, {"Accept": "application/json"}, None)
        if found is None:
            raise ProviderUnavailable("The identity provider does not answer as it should.")
        return found

    def _asked(self, address: str, headers: dict[str, str], content: bytes | None) -> Json | None:
        """The object that it answers with; None for any other answer. Raises ProviderUnavailable."""
        if not self._is_good(address):
            raise ProviderUnavailable("The identity provider has to be asked over https.")
        sent = {**headers, "Accept-Encoding": "identity"}
        if content is not None:
            sent["Content-Length"] = str(len(content))
        try:
            answer = self._ask(address, sent, MAX_BYTES, content=content)
            found = json.loads(answer.content) if answer.status == 200 else None
        except PageUnavailable as fault:
            raise ProviderUnavailable("The identity provider cannot be reached.") from fault
        except (ValueError, RecursionError):
            return None
        return found if isinstance(found, dict) else None

    def _is_good(self, address: str) -> bool:
        """Whether it may be asked there: over TLS, or on a private host that the settings allow."""
        if address.startswith("https://"):
            return True
        private = self._settings.oidc_private and urlsplit(address).netloc == urlsplit(self.issuer).netloc
        return private and address.startswith("http://")

    def _secret(self) -> str:
        if not self._settings.oidc_secret_file:
            return ""
        try:
            return Path(self._settings.oidc_secret_file).expanduser().read_text(encoding="utf-8").strip()
        except (OSError, ValueError):
            raise ProviderUnavailable("The file named by GEGENCHECK_OIDC_SECRET_FILE cannot be read.") from None


def open_provider(settings: Settings) -> IdentityProvider | None:
    """The provider that the settings name, if they name one."""
    if not settings.oidc_issuer:
        return None
    own = (urlsplit(settings.oidc_issuer).netloc.lower(),) if settings.oidc_private else ()
    fetcher = HttpFetcher(replace(settings, fetch_hosts=own))

    def ask(url: str, headers: dict[str, str], max_bytes: int, *, content: bytes | None) -> Answer:
        return fetcher.ask(url, headers, max_bytes, seconds=ASK_SECONDS, content=content)

    return IdentityProvider(settings, ask)


def groups_in(claims: Json, name: str) -> list[str]:
    """The groups of a claim, also of one inside others (`realm_access.roles`)."""
    found: Any = claims.get(name)
    if found is None:
        found = claims
        for step in name.split("."):
            found = found.get(step) if isinstance(found, dict) else None
    given = [found] if isinstance(found, str) else found if isinstance(found, list) else []
    return [group for group in given if isinstance(group, str)]


def role_of(groups: Iterable[str], roles: tuple[tuple[str, str], ...]) -> Role | None:
    """The highest role of somebody's groups, of none a reader's; None where groups have no roles here."""
    if not roles:
        return None
    held = {Role(role) for group, role in roles if group in set(groups)}
    return next((role for role in reversed(Role) if role in held), Role.READER)
