"""The errors of editing statements: branches of the tree in errors.py."""

from __future__ import annotations

from service.errors import BadRequest, GegencheckError, NotAllowed


class VersionRequired(BadRequest):
    """A person who is signed in changes a statement without saying which version of it they read."""

    code = "version-required"


class ReleaseRefused(NotAllowed):
    """What somebody wrote is released by another person who is signed in."""

    code = "release-refused"


class DraftChanged(GegencheckError):
    """A draft is no longer what somebody read who wants to release it."""

    code = "draft-changed"
