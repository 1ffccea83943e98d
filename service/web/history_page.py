"""/editor/ID/history: what a statement said when, word by word, who wrote that and why.

It belongs to the blueprint of pages.py and is for whoever may write.
"""

from __future__ import annotations

from flask import Response, request, url_for

from index.errors import StatementNotFound
from index.store.editing import linked
from index.store.history import Version, versions_of
from service import wording
from service.errors import NotFound
from service.presenters_history import names_of_writers, steps_of, words_of
from service.store.keys import Scope
from service.web.auth import require
from service.web.context import application
from service.web.pages import blueprint
from service.web.rendering import page, page_language

__all__ = ("blueprint",)

DONE = ("added", "saved", "retired", "restored", "released")


class StatementUnknown(NotFound):
    """There is no such statement in use."""

    code = "statement-unknown"


@blueprint.get("/editor/<id>/history")
def show_history(id: str) -> Response:
    """What a statement said when, who wrote that and why."""
    require(Scope.WRITE)
    return history_page(id, request.args.get("done"))


def history_page(id: str, done: str | None) -> Response:
    """The page; `done` is what somebody did just now. Raises StatementUnknown."""
    held, versions = application(), all_versions(id)
    return page(
        "history.html",
        title=wording.say(page_language(), "history.title"),
        here=url_for("pages.show_history", id=id),
        steps=steps_of(versions),
        words_of=lambda change: words_of(change, page_language()),
        statement=versions[0].statement,
        retired=versions[0].retired,
        translations=linked(held.statements, versions[0].statement),
        names=names_of_writers(held.keys, held.accounts),
        done=done if done in DONE else None,
    )


def all_versions(id: str) -> list[Version]:
    """The versions of a statement, in use or not. Raises StatementUnknown."""
    try:
        return versions_of(application().statements, id)
    except StatementNotFound:
        raise StatementUnknown(f"There is no statement {id!r}.") from None


def name_of(id: str | None) -> str:
    """What somebody who wrote is called; "" for imports."""
    held = application()
    return names_of_writers(held.keys, held.accounts).get(id or "", id or "")
