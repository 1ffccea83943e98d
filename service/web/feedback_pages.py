"""The pages about feedback: the form under a result, and the inbox of whoever runs the service.

They belong to the blueprint of pages.py. No page of another origin can decide anything here: without a key a form
counts only from our own pages in a browser with a session (auth.py), and with keys the key itself must come along.
"""

from __future__ import annotations

from dataclasses import dataclass

from flask import Response, redirect, request, url_for

from service import wording
from service.errors import NotFound
from service.models import Check, CheckedClaim
from service.ruling_out import claim_meant, decide_feedback
from service.store.feedback import Feedback, FeedbackStatus
from service.store.keys import Scope
from service.twins import for_reader
from service.web.auth import require
from service.web.context import application, caller
from service.web.feedback_api import keep_feedback
from service.web.forms import read_admitted
from service.web.pages import blueprint, show_check
from service.web.reading import check_model
from service.web.rendering import asked_language, page, page_language
from service.web.requests import DecisionBody, FeedbackBody, FeedbackQuery
from service.web.signed_in import known_caller

__all__ = ("blueprint",)

PAGE_SIZE = 20
MAX_DIGITS = 9  # of the number of a claim


@dataclass(frozen=True, slots=True)
class Received:
    """A remark with what it is about: the check, and the claim where it is about one."""

    feedback: Feedback
    check: Check
    claim: CheckedClaim | None


@blueprint.post("/checks/<id>/feedback")
def say_wrong(id: str) -> Response:
    """Keep what somebody holds to be wrong with a check, and thank them on its page."""
    asked = read_admitted(Scope.CHECK)
    body = check_model(FeedbackBody, _said(asked))
    check = application().checks.get(id, caller().sees)
    keep_feedback(check, body, None)
    if asked.get("key"):  # led there, it would have to be asked for once more
        return show_check(check, thanked=True)
    address = url_for("pages.show", id=id, lang=asked_language(), thanks=1)
    return redirect(f"{address}#feedback", 303)  # type: ignore[return-value]


@blueprint.route("/inbox", methods=["GET", "POST"])
def inbox() -> Response:
    """What people said, newest first. Posted to with a key where the browser runs no script."""
    if request.method == "POST":
        read_admitted(_needed())
    return show_inbox()


@blueprint.post("/inbox/<id>")
def decide(id: str) -> Response:
    """Record a decision and go back to the inbox."""
    asked = read_admitted(_needed())
    note = asked.get("note", "").strip() or None
    body = check_model(DecisionBody, {"status": asked.get("status", ""), "note": note})
    decide_feedback(application(), id, body.status, body.note, caller().owner, caller().decides_on)
    if asked.get("key"):
        return show_inbox()
    address = url_for("pages.inbox", lang=asked_language(), status=_filters().get("status"))
    return redirect(address, 303)  # type: ignore[return-value]


def show_inbox() -> Response:
    """A page of feedback with what it is about."""
    reader = require(_needed())
    sees = reader.decides_on
    asked = check_model(FeedbackQuery, {**_filters(), "limit": PAGE_SIZE})
    status = asked.status or FeedbackStatus.OPEN
    found = application().feedback.select(sees, status, asked.cursor, asked.limit)
    return page(
        "inbox.html",
        title=wording.say(page_language(), "inbox.title"),
        received=[shown for each in found.feedback if (shown := _received(each, sees))],
        status=status,
        statuses=list(FeedbackStatus),
        next_cursor=found.next_cursor,
        may_open=reader.sees is None or not reader.owner,  # the checks that it is about
    )


def _needed() -> Scope:
    """What it takes to read what everybody says: this machine's browser that may write, an editor, an admin's key."""
    found = known_caller()
    return Scope.WRITE if found is not None and found.is_person else Scope.ADMIN


def _received(feedback: Feedback, sees: str | None) -> Received | None:
    """A remark and its check; None where they were deleted meanwhile."""
    try:
        check = for_reader(application().checks.get(feedback.check_id, sees), page_language())
    except NotFound:
        return None
    return Received(feedback, check, claim_meant(feedback, check))


def _said(asked: dict[str, str]) -> dict[str, object]:
    """The fields of the form as the API takes them; empty ones are left out."""
    claim = asked.get("claim", "")
    said: dict[str, object] = {"kind": asked.get("kind", "")}
    if claim:
        said["claim"] = int(claim) if claim.isdecimal() and len(claim) < MAX_DIGITS else claim
    if asked.get("comment", "").strip():
        said["comment"] = asked["comment"].strip()
    return said


def _filters() -> dict[str, str]:
    """Which part of the inbox is asked for."""
    return {name: request.args[name] for name in ("status", "cursor") if request.args.get(name)}
