"""/drafts/ID: a statement that somebody began to write, in the editor's form, and a change that waits for release.

The pages belong to the blueprint of pages.py. Whoever wrote a draft completes it or takes it back; somebody else reads
what it would do and releases or refuses it.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import replace

from flask import Response, redirect, request, url_for

from index.errors import IndexFault, StatementChanged, StatementExists, StatementNotFound
from index.models import Statement
from index.store.history import versions_of
from index.store.rows import tag_of
from service import wording
from service.drafts import Change, Draft, DraftState
from service.editing_errors import DraftChanged
from service.errors import BadRequest, NotFound
from service.presenters_history import compare_statements, said_in
from service.store.keys import Scope
from service.web.auth import require
from service.web.context import application, caller
from service.web.drafts_api import publish
from service.web.editor_form import (
    FIELDS,
    content_of,
    is_unmapped,
    kept_content,
    read_statement,
    reason_in,
    typed_of_content,
    wrong_fields,
)
from service.web.editor_lists import EditorQuery, Show, drafts_page
from service.web.errors import status_of
from service.web.forms import read_admitted
from service.web.history_page import history_page, name_of
from service.web.pages import blueprint
from service.web.reading import check_model
from service.web.releasing import planned, release
from service.web.rendering import asked_language, page, page_language
from service.web.requests import StatementBody

__all__ = ("blueprint",)

REASONS: dict[type[Exception], str] = {
    StatementChanged: "reason.statement-changed",
    StatementExists: "reason.statement-exists",
    StatementNotFound: "reason.statement-unknown",
    DraftChanged: "reason.draft-changed",
}
MAX_TAG = 32  # characters that are kept of what a form holds as one
PUBLISHED = (StatementChanged, StatementExists, StatementNotFound)


class DraftGone(NotFound):
    """A draft is not there any more, or not for whoever asks: released, given back, taken back or thrown away."""

    code = "draft-gone"


@contextmanager
def telling_of_drafts() -> Iterator[None]:
    """Say of what is not found that it was a draft. Raises DraftGone."""
    try:
        yield
    except NotFound as fault:
        raise DraftGone(str(fault)) from None


@blueprint.route("/drafts/<id>", methods=["GET", "POST"])
def draft(id: str) -> Response:
    """A draft of one's own as a form. Posted to with a key where the browser runs no script."""
    if request.method == "POST":
        read_admitted(Scope.WRITE)
    require(Scope.WRITE)
    with telling_of_drafts():
        found = application().drafts.get(id, caller().owner)
    return show_review(found) if found.state is DraftState.WAITING else show_draft(found)


@blueprint.post("/drafts/<id>/publish")
def publish_draft_form(id: str) -> Response:
    """Keep what was typed, preview it, or make a statement of it, as the button says."""
    said, held = read_admitted(Scope.WRITE), application().drafts
    with telling_of_drafts():
        found = held.get(id, caller().owner)
    try:
        if said.get("act") == "draft":
            return led_to(held.rewrite(id, found.owner, typed_change(found, said), DraftState.BEGUN), said)
        typed = read_statement(said)
        if said.get("act") == "preview":
            return show_draft(found, said, preview=typed)
        version = said.get("version", "")[:MAX_TAG] or found.change.version
        based = replace(found, change=replace(found.change, version=version))
        made = publish(based, check_model(StatementBody, content_of(said)))
    except BadRequest as refused:
        return show_draft(found, said, wrong=wrong_fields(refused), status=400)
    except PUBLISHED as fault:
        return show_draft(found, said, fault=fault, preview=typed, status=status_of(fault))
    if isinstance(made, Draft):
        return led_to(made, said)
    return led_to_editor(said, str(made["id"]))


@blueprint.post("/drafts/<id>/drop")
def drop_draft_form(id: str) -> Response:
    """Throw a draft away."""
    said = read_admitted(Scope.WRITE)
    with suppress(NotFound):
        application().drafts.remove(id, caller().owner)
    return led_to_editor(said)


@blueprint.post("/drafts/<id>/withdraw")
def withdraw_draft(id: str) -> Response:
    """Take one's draft back that waits."""
    said = read_admitted(Scope.WRITE)
    with telling_of_drafts():
        return led_to(application().drafts.withdraw(id, caller().owner), said)


@blueprint.get("/drafts/<id>/review")
def review_draft(id: str) -> Response:
    """What a draft would do that waits for release."""
    require(Scope.WRITE)
    with telling_of_drafts():
        return show_review(application().drafts.get_waiting(id))


@blueprint.post("/drafts/<id>/release")
def release_draft_form(id: str) -> Response:
    """Release what somebody else wrote, or refuse it, as the button says."""
    said, held = read_admitted(Scope.WRITE), application().drafts
    with telling_of_drafts():
        if said.get("act") == "refuse":
            held.refuse(id, caller().owner, said.get("reason", "").strip() or None)
            return led_to_editor(said, show=Show.WAITING)
        try:
            made = release(id, said.get("tag", ""))
        except (DraftChanged, BadRequest, *PUBLISHED) as fault:
            return show_review(held.get_waiting(id), fault)
    return redirect(url_for("pages.show_history", id=made.id, lang=asked_language(), done="released"), 303)  # type: ignore[return-value]


def typed_change(found: Draft, said: dict[str, str]) -> Change:
    """A draft's change with what was typed."""
    return replace(found.change, content=kept_content(said), reason=reason_in(said))


def led_to(found: Draft, said: dict[str, str]) -> Response:
    """On to a draft: here where a key came along, which would have to be asked for again."""
    if said.get("key"):
        return show_review(found) if found.state is DraftState.WAITING else show_draft(found)
    return redirect(url_for("pages.draft", id=found.id, lang=asked_language()), 303)  # type: ignore[return-value]


def led_to_editor(said: dict[str, str], made: str | None = None, show: Show = Show.DRAFTS) -> Response:
    """On to what was made, or to the list."""
    if said.get("key"):  # which would have to be asked for again
        return history_page(made, "added") if made else drafts_page(EditorQuery(show=show))
    lang = asked_language()
    to = url_for("pages.show_history", id=made, lang=lang, done="added") if made else None
    return redirect(to or url_for("pages.editor", lang=lang, show=show.value), 303)  # type: ignore[return-value]


def show_draft(
    found: Draft,
    said: dict[str, str] | None = None,
    *,
    preview: Statement | None = None,
    wrong: list[str] | None = None,
    fault: IndexFault | None = None,
    status: int = 200,
) -> Response:
    """A draft in the editor's form; `said` is what was typed already."""
    prefilled = {"claim_reviewed": found.claim, "language": found.language or ""}
    kept = typed_of_content(found.change.content, found.change.reason) if found.change.content else prefilled
    kept["version"] = found.change.version or ""
    now = present_version(found.change.statement_id) if isinstance(fault, StatementChanged) else None
    if now and said:
        said = {**said, "version": tag_of(now)}  # whoever saves after this has seen it
    made = page(
        "draft.html",
        title=wording.say(page_language(), "drafts.title"),
        here=url_for("pages.draft", id=found.id),
        draft=found,
        typed={**dict.fromkeys(FIELDS, ""), **kept, **(said or {})},
        preview=preview,
        unmapped=preview is not None and is_unmapped(preview),
        wrong=wrong or [],
        fault_text=fault_words(fault),
        changes=compare_statements(now, preview, page_language()) if now and preview else [],
        refused_by=name_of(found.decided_by),
        four_eyes=application().settings.four_eyes,
    )
    made.status_code = status
    return made


def show_review(found: Draft, fault: Exception | None = None) -> Response:
    """What a draft would do: to whoever wrote it, with the way back; to others, to release or refuse."""
    would = planned(application(), found.change)
    now = present_version(found.change.statement_id)
    made = page(
        "review.html",
        title=wording.say(page_language(), "review.title"),
        here=url_for("pages.review_draft", id=found.id),
        draft=found,
        would=would,
        now=now,
        changes=compare_statements(now, would, page_language()) if now and found.change.act.value == "write" else [],
        whole=said_in(would, page_language()) if now is None else [],
        who=name_of(found.owner),
        own=found.owner == caller().owner,
        fault_text=fault_words(fault),
    )
    made.status_code = status_of(fault) if fault else 200
    return made


def present_version(id: str | None) -> Statement | None:
    """A statement as it is or was last; None for one that is new."""
    return versions_of(application().statements, id)[0].statement if id else None


def fault_words(fault: Exception | None) -> str | None:
    """Why it did not work, in the words of the page's language."""
    if fault is None:
        return None
    return wording.say(page_language(), REASONS.get(type(fault), "drafts.incomplete"))
