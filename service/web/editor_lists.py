"""The editor's list of statements: searched, and one kind of them at a time."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated, Any

from flask import Response, request, url_for
from pydantic import Field

from service import wording
from service.presenters_history import names_of_writers
from service.web.context import application, caller
from service.web.crowd import computing
from service.web.fields import Cursor
from service.web.reading import check_model
from service.web.rendering import page, page_language
from service.web.requests import Query

PAGE_SIZE = 20


class Show(StrEnum):
    """Which statements are listed."""

    IN_USE = "in_use"
    OWN = "own"
    DRAFTS = "drafts"  # one's own
    WAITING = "waiting"  # for release, everybody's
    RETIRED = "retired"


class EditorQuery(Query):
    """What is searched, and which kind is shown."""

    show: Show = Show.IN_USE
    query: Annotated[str, Field(max_length=200)] = ""
    cursor: Cursor | None = None


def list_page() -> Response:
    """The page."""
    given = {name: request.args[name] for name in ("show", "query", "cursor") if request.args.get(name)}
    asked, held = check_model(EditorQuery, given), application()
    if asked.show in (Show.DRAFTS, Show.WAITING):
        return drafts_page(asked)
    kinds: dict[str, Any] = {"own": asked.show is Show.OWN, "retired": asked.show is Show.RETIRED}
    with computing():
        found = held.statements.select(query=asked.query, cursor=asked.cursor, limit=PAGE_SIZE, **kinds)
    return page(
        "editor.html",
        title=wording.say(page_language(), "editor.title"),
        here=url_for("pages.editor"),
        found=found,
        asked=asked,
        kinds=shown_kinds(),
        drafts=None,
        today=held.clock.read().at.date(),
    )


def drafts_page(asked: EditorQuery) -> Response:
    """The list of drafts: one's own, or those that wait for release."""
    held = application()
    waits = asked.show is Show.WAITING
    return page(
        "editor.html",
        title=wording.say(page_language(), "editor.title"),
        here=url_for("pages.editor"),
        found=None,
        asked=asked,
        kinds=shown_kinds(),
        drafts=held.drafts.waiting() if waits else held.drafts.list(caller().owner),
        names=names_of_writers(held.keys, held.accounts) if waits else {},
        me=caller().owner,
    )


def shown_kinds() -> tuple[Show, ...]:
    """What can be listed; nothing waits for release where that is not needed."""
    held = application()
    waits = held.settings.four_eyes or bool(held.drafts.waiting())
    return tuple(each for each in Show if each is not Show.WAITING or waits)
