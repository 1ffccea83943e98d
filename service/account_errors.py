"""The errors about people who sign in, of the tree that errors.py draws."""

from __future__ import annotations

from service.errors import BadRequest, GegencheckError, NotAllowed


class WeakPassword(BadRequest):
    """A password that others would guess: too short, or too common."""

    code = "weak-password"


class SignInRefused(NotAllowed):
    """Name or password is wrong; which of them is not told."""

    code = "sign-in-refused"


class SignInFailed(NotAllowed):
    """What came back from the identity provider does not prove who somebody is."""

    code = "sign-in-failed"


class FormExpired(NotAllowed):
    """A call with a session that does not prove that our own page sent it."""

    code = "form-expired"


class ProviderUnavailable(GegencheckError):
    """The identity provider cannot be reached, or what it says cannot be used."""

    code = "provider-unavailable"
