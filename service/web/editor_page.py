"""/editor: the statements as persons write them: found, added, revised, translated, taken out of use, brought back.

The pages belong to the blueprint of pages.py and are for whoever may write. Nobody overwrites what they did not read:
each form holds the version that it was filled with.
"""

from __future__ import annotations

from flask import Response, redirect, url_for

from index.errors import StatementChanged, StatementExists, StatementNotFound
from index.models import Statement
from index.store.editing import add, restore
from index.store.rows import tag_of
from service import wording
from service.drafts import Change, DraftAct
from service.errors import BadRequest
from service.presenters_history import compare_statements
from service.store.keys import Scope
from service.web.auth import require
from service.web.context import application, caller
from service.web.draft_page import MAX_TAG, led_to
from service.web.editor_form import (
    FIELDS,
    is_unmapped,
    kept_content,
    read_statement,
    reason_in,
    translation_of,
    typed_of,
    wrong_fields,
)
from service.web.editor_lists import list_page
from service.web.forms import read_admitted
from service.web.history_page import StatementUnknown, all_versions, name_of
from service.web.pages import blueprint
from service.web.releasing import hand_in, needs_release
from service.web.rendering import asked_language, page, page_language
from service.web.statement_bodies import correct_checks
from service.web.versions import writer_of

__all__ = ("blueprint",)


@blueprint.get("/editor")
def editor() -> Response:
    """The statements, searched and filtered."""
    require(Scope.WRITE)
    return list_page()


@blueprint.get("/editor/new")
def new_statement() -> Response:
    """An empty form."""
    require(Scope.WRITE)
    account = caller().account
    return show_form({**dict.fromkeys(FIELDS, ""), "owner": account.display_name if account else ""})


@blueprint.post("/editor/new")
def add_statement() -> Response:
    """Add what was typed, or preview it."""
    said = read_admitted(Scope.WRITE, takes_key=False)
    if said.get("act") == "draft":
        return led_to(application().drafts.add(caller().owner, changed(said)), said)
    try:
        statement = read_statement(said)
        if said.get("act") == "preview":
            return show_form(said, preview=statement)
        if needs_release():
            return led_to(hand_in(changed(said)), said)
        made = add(application().statements, statement, writer_of(reason_in(said)))
    except BadRequest as refused:
        return show_form(said, wrong=wrong_fields(refused), status=400)
    except StatementExists as known:
        return show_form(said, known=known, status=409)
    correct_checks()
    return led_to_history(made.id, "added")


@blueprint.get("/editor/<id>")
def edit_statement(id: str) -> Response:
    """A statement as a form."""
    require(Scope.WRITE)
    statement = in_use(id)
    return show_form({**typed_of(statement), "version": tag_of(statement)}, statement)


@blueprint.post("/editor/<id>")
def save_statement(id: str) -> Response:
    """Save what was typed, preview it, or take the statement out of use, as the button says."""
    said = read_admitted(Scope.WRITE, takes_key=False)
    held, reason = application().statements, reason_in(said)
    if said.get("act") == "draft":
        all_versions(id)  # of what there is
        return led_to(application().drafts.add(caller().owner, changed(said, id)), said)
    try:
        statement = held.get(id)
        if said.get("act") == "retire" and needs_release():
            return led_to(hand_in(changed(said, id, DraftAct.RETIRE)), said)
        if said.get("act") == "retire":
            held.delete(id, said.get("version") or "-", writer_of(reason))
            correct_checks()
            return led_to_history(id, "retired")
        typed = read_statement(said)
        if said.get("act") == "preview":
            return show_form(said, statement, preview=typed)
        if needs_release():
            return led_to(hand_in(changed(said, id)), said)
        held.revise(id, typed, said.get("version") or "-", writer_of(reason))
    except BadRequest as refused:
        return show_form(said, statement, wrong=wrong_fields(refused), status=400)
    except (StatementChanged, StatementNotFound):
        return show_conflict(id, said)
    correct_checks()
    return led_to_history(id, "saved")


@blueprint.get("/editor/<id>/translate")
def translate_statement(id: str) -> Response:
    """A form for the same claim in another language."""
    require(Scope.WRITE)
    statement = in_use(id)
    return show_form(translation_of(statement), translated=statement)


@blueprint.post("/editor/<id>/restore")
def restore_statement(id: str) -> Response:
    """Bring a statement back."""
    said = read_admitted(Scope.WRITE, takes_key=False)
    all_versions(id)
    if needs_release():
        return led_to(hand_in(changed(said, id, DraftAct.RESTORE)), said)
    restore(application().statements, id, writer_of(reason_in(said)))
    correct_checks()
    return led_to_history(id, "restored")


def changed(said: dict[str, str], id: str | None = None, act: DraftAct = DraftAct.WRITE) -> Change:
    """What was typed as a change that may wait."""
    content = kept_content(said) if act is DraftAct.WRITE else {}
    version = None if id is None else (said.get("version") or "-")[:MAX_TAG]  # "-": of no version at all
    return Change(content, act, id, version, reason_in(said))


def in_use(id: str) -> Statement:
    """A statement that is in use. Raises StatementUnknown."""
    try:
        return application().statements.get(id)
    except StatementNotFound:
        raise StatementUnknown(f"There is no statement {id!r} in use.") from None


def led_to_history(id: str, done: str) -> Response:
    """On to the page that shows what was done."""
    return redirect(url_for("pages.show_history", id=id, lang=asked_language(), done=done), 303)  # type: ignore[return-value]


def show_form(
    said: dict[str, str],
    statement: Statement | None = None,
    *,
    preview: Statement | None = None,
    wrong: list[str] | None = None,
    known: StatementExists | None = None,
    translated: Statement | None = None,
    status: int = 200,
) -> Response:
    """The form, filled with what was said; above it a preview, or what is wrong."""
    address = url_for("pages.edit_statement", id=statement.id) if statement else url_for("pages.new_statement")
    made = page(
        "edit.html",
        title=wording.say(page_language(), "editor.revise" if statement else "editor.new"),
        here=url_for("pages.translate_statement", id=translated.id) if translated else address,
        action=address,
        statement=statement,
        typed={**dict.fromkeys(FIELDS, ""), **said},
        preview=preview,
        unmapped=preview is not None and is_unmapped(preview),
        wrong=wrong or [],
        known=known,
        translated=translated,
        conflict=None,
        four_eyes=needs_release(),
    )
    made.status_code = status
    return made


def show_conflict(id: str, said: dict[str, str]) -> Response:
    """Somebody saved meanwhile: both versions, and the form with what was typed, for the version that there is now.

    Raises StatementUnknown where there never was one.
    """
    latest = all_versions(id)[0]
    now = latest.statement
    try:
        mine = read_statement(said)
    except BadRequest:  # it was to be retired, from a form that was not filled in
        mine = now
    made = page(
        "edit.html",
        title=wording.say(page_language(), "editor.conflict"),
        here=url_for("pages.edit_statement", id=id),
        action=url_for("pages.edit_statement", id=id),
        statement=now,
        typed={**dict.fromkeys(FIELDS, ""), **said, "version": tag_of(now)},
        preview=None,
        unmapped=False,
        wrong=[],
        known=None,
        translated=None,
        conflict={
            "latest": latest,
            "who": name_of(latest.written_by),
            "changes": compare_statements(now, mine, page_language()),
            "mine": mine,
        },
        four_eyes=needs_release(),
    )
    made.status_code = 412
    return made
