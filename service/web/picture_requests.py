"""What callers may send beside a picture."""

from __future__ import annotations

from pydantic import Field

from service.models import CheckRequest
from service.web.fields import CallbackUrl, LanguageCode, PolicyVersion, Reference
from service.web.requests import DEFAULT_WAIT_SECONDS, MAX_WAIT_SECONDS, Query


class PictureForm(Query):
    """What may stand beside a picture that is sent as a form: the same as beside a page."""

    language: LanguageCode | None = None
    wait: float = Field(DEFAULT_WAIT_SECONDS, ge=0, le=MAX_WAIT_SECONDS)
    fresh: bool = False
    reference: Reference | None = None
    policy: PolicyVersion | None = None
    callback_url: CallbackUrl | None = None

    def to_request(self, picture: bytes, policy: str | None = None, text: str | None = None) -> CheckRequest:
        """The same for the pipeline with the picture, or else the `text`; `policy` is the id of the version meant."""
        if text is not None:
            return CheckRequest(None, text, None, self.language, self.reference, policy)
        return CheckRequest(None, None, None, self.language, self.reference, policy, picture=picture)
