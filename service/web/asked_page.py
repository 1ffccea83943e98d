"""The page about claims that many asked about and nobody verified; one click makes a draft.

It belongs to the blueprint of pages.py and is for whoever may write, as the pages about sources and coverage are.
"""

from __future__ import annotations

from flask import Response, redirect, request, url_for

from service import wording
from service.asked_claims import AskedState
from service.errors import BadRequest, NotFound
from service.store.keys import Scope
from service.web.asked_api import AskedQuery
from service.web.audit_trail import LOCAL
from service.web.auth import require
from service.web.context import application, caller
from service.web.crowd import computing
from service.web.draft_page import show_draft
from service.web.forms import read_admitted
from service.web.pages import blueprint
from service.web.reading import check_model
from service.web.rendering import asked_language, page, page_language

__all__ = ("blueprint",)


class ClaimGone(NotFound):
    """A claim is not in the list any more."""

    code = "claim-gone"


@blueprint.route("/asked", methods=["GET", "POST"])
def asked() -> Response:
    """The claims. Posted to with a key where the browser runs no script."""
    if request.method == "POST":
        read_admitted(Scope.WRITE)
    return show_asked()


@blueprint.post("/asked/<id>")
def act_on_asked(id: str) -> Response:
    """Begin a draft about a claim, or put it aside, as the button says."""
    said = read_admitted(Scope.WRITE)
    held = application()
    if said.get("act") == "draft":
        try:
            draft = held.drafts.begin(held.asked.get(id), caller().owner)
        except NotFound as fault:
            raise ClaimGone(str(fault)) from None
        if said.get("key"):
            return show_draft(draft)
        return redirect(url_for("pages.draft", id=draft.id, lang=asked_language()), 303)  # type: ignore[return-value]
    try:
        held.asked.mark(id, AskedState(said.get("act", "")), caller().owner or LOCAL)
    except ValueError:
        raise BadRequest("There is no such button.") from None
    except NotFound:
        pass  # a statement matches meanwhile
    return shown_again(said)


def shown_again(said: dict[str, str]) -> Response:
    """The claims: here where a key came along, which would have to be asked for again, else under their address."""
    if said.get("key"):
        return show_asked()
    return redirect(url_for("pages.asked", lang=asked_language()), 303)  # type: ignore[return-value]


def show_asked() -> Response:
    """The page of claims."""
    require(Scope.WRITE)
    given = {name: request.args[name] for name in ("state", "cursor") if request.args.get(name)}
    wanted, held = check_model(AskedQuery, given), application()
    with computing():
        found = held.asked.select(wanted.state, wanted.cursor, wanted.limit)
    return page(
        "asked.html",
        title=wording.say(page_language(), "asked.title"),
        here=url_for("pages.asked"),
        found=found,
        state=wanted.state,
        states=tuple(AskedState),
        least=held.asked.min_checks,
        drafts=held.drafts.list(caller().owner),
    )
