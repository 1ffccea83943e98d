"""Key pairs by which webhooks can be verified without anything secret (Standard Webhooks, v1a: Ed25519).

A pair follows from the secret that signs v1, so it is rotated, backed up and revoked with it.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

SECRET, PUBLIC = "whsec_", "whpk_"
PURPOSE = b"gegencheck webhook v1a ed25519"  # so that nothing else that is made of the secret is this


def public_key(secret: str) -> str:
    """What whoever receives webhooks needs to verify v1a; nobody can sign with it."""
    return PUBLIC + base64.b64encode(_private(secret).public_key().public_bytes_raw()).decode()


def sign_v1a(secret: str, id: str, timestamp: int, data: bytes) -> str:
    """The signature of a webhook, as its header has it."""
    signature = _private(secret).sign(b".".join((id.encode(), str(timestamp).encode(), data)))
    return f"v1a,{base64.b64encode(signature).decode()}"


def _private(secret: str) -> Ed25519PrivateKey:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

    seed = hmac.new(base64.b64decode(secret.removeprefix(SECRET)), PURPOSE, hashlib.sha256).digest()
    return Ed25519PrivateKey.from_private_bytes(seed)
