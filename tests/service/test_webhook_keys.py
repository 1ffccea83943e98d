"""v1a: whoever has the public key verifies what the secret signed, and nothing else passes."""

from __future__ import annotations

import base64

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from service.webhook_keys import public_key, sign_v1a

SECRET = f"whsec_{base64.b64encode(bytes(range(32))).decode()}"
OTHER = f"whsec_{base64.b64encode(bytes(range(1, 33))).decode()}"
KNOWN = "whpk_cl4ktD6rwI/KVQH3s1j9OxwhhIXAvRk6Sff2WMouhak="


def verify(public: str, signature: str, content: bytes) -> None:
    assert (public[:5], signature[:4]) == ("whpk_", "v1a,")
    key = Ed25519PublicKey.from_public_bytes(base64.b64decode(public[5:]))
    key.verify(base64.b64decode(signature[4:]), content)


def test_id_time_and_body_are_signed_as_the_standard_says() -> None:
    signature = sign_v1a(SECRET, "msg_1", 1796068673, b'{"type":"check.finished"}')
    verify(public_key(SECRET), signature, b'msg_1.1796068673.{"type":"check.finished"}')
    for content in (b'msg_2.1796068673.{"type":"check.finished"}', b'msg_1.1796068673.{"type":"check.failed"}'):
        with pytest.raises(InvalidSignature):
            verify(public_key(SECRET), signature, content)
    with pytest.raises(InvalidSignature):
        verify(public_key(OTHER), signature, b'msg_1.1796068673.{"type":"check.finished"}')


def test_the_pair_of_a_secret_stays_the_same_across_versions() -> None:
    assert public_key(SECRET) == KNOWN, "or receivers would refuse everything after an update"
