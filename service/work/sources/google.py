"""Google's claims:search: a publisher's reviews with the key of whoever runs the service, reply by reply.

The key travels in a header: addresses are written down, headers are not.
"""

from __future__ import annotations

import json
from datetime import timedelta
from urllib.parse import urlencode

from index.errors import ImportRejected
from index.exchange.importing import read_reviews
from service.errors import PageBehindWall, PageUnavailable
from service.pipeline.polite import AnswerRefused, Fetched, SiteAsksToWait
from service.work.sources.visit import Visit

KEY_HEADER = "X-Goog-Api-Key"
PAGE_SIZE = 50
MAX_REPLIES = 400  # of one run
OVERLAP = timedelta(days=3)  # reviews that Google learned of late
MAX_TOKEN = 2000


class KeyRefused(PageUnavailable):
    """Google does not accept the key, or its quota is used up."""

    code = "source-key-refused"


def read_google(visit: Visit) -> None:
    """Read what is new since the last run that went well; all of it, or so many days, in the first one."""
    documents, source, run = visit.application.sources.documents, visit.source.id, visit.run.number
    asked = question(visit)
    documents.enter_root(source, first_address(visit), run)
    while (document := documents.next(source, run)) is not None and visit.run.tally.pages < MAX_REPLIES:
        visit.go_on()
        token = document.said.get("token")
        try:
            fetched = ask(visit, {**asked, **({"pageToken": token} if token else {})})
            visit.take(read_reviews(fetched.content, "application/json"))
        except SiteAsksToWait:
            raise
        except (PageUnavailable, ImportRejected):
            if token:  # it may be worth nothing by the next run, which begins anew
                documents.forget(source, document)
            raise
        visit.count(pages=1)
        if following := next_token(fetched.content):
            place = f"{visit.plan.address}#{run}.{visit.run.tally.pages}"
            documents.enter(source, [(place, "", True, {"token": following})])
        if token:
            documents.forget(source, document)
        else:
            documents.note_read(source, document, run, (None, None))
        visit.keep()


def first_address(visit: Visit) -> str:
    """What stands for the first reply among the documents."""
    return f"{visit.plan.address}#{visit.plan.site}"


def question(visit: Visit) -> dict[str, str]:
    """What Google is asked."""
    asked = {"reviewPublisherSiteFilter": visit.plan.site or "", "pageSize": str(PAGE_SIZE)}
    days = visit.plan.days
    if visit.source.succeeded_at is not None:
        days = (visit.run.started_at - visit.source.succeeded_at + OVERLAP).days + 1
    return {**asked, "maxAgeDays": str(days)} if days else asked


def ask(visit: Visit, asked: dict[str, str]) -> Fetched:
    """One reply. Raises KeyRefused, SiteAsksToWait, PageUnavailable."""
    key = visit.application.sources.key_of(visit.source.id)
    if not key:
        raise KeyRefused("There is no key for Google: give the source one.")
    address = f"{visit.plan.address}?{urlencode(asked)}"
    try:
        return visit.application.polite.fetch(address, secrets={KEY_HEADER: key}, accept="application/json")
    except PageBehindWall:
        raise KeyRefused("Google does not accept this key, or its quota is used up: check it, or wait.") from None
    except AnswerRefused as refused:
        if refused.status == 400:
            raise KeyRefused("Google does not accept this key, or this site: check both.") from None
        raise


def next_token(content: bytes) -> str | None:
    """What asks for the reply after this one."""
    try:
        reply = json.loads(content)
    except (ValueError, RecursionError):
        return None
    token = reply.get("nextPageToken") if isinstance(reply, dict) else None
    return token if isinstance(token, str) and 0 < len(token) <= MAX_TOKEN else None
