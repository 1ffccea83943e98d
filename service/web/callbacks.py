"""Where a caller wants to be told: an address that the service may ask, and a key whose secret signs."""

from __future__ import annotations

from service.errors import KeyRequired
from service.store.callbacks import Callback
from service.web.context import application, caller, language
from service.web.requests import check_fetchable

NEEDS_KEY = (
    "A callback_url needs a key, whose secret signs what is sent: create one (gegencheck keys create NAME) and send it "
    "as Authorization: Bearer KEY."
)


def callback_to(url: str | None) -> Callback | None:
    """The callback that was asked for, told in the caller's language. Raises BadRequest, KeyRequired."""
    if url is None:
        return None
    if caller().is_person:
        raise KeyRequired(NEEDS_KEY)
    check_fetchable(url, application().settings.fetch_hosts, "/callback_url")
    return Callback(url, language())
