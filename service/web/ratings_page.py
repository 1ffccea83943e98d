"""The page about rating words: those that nobody mapped, with a form to do it, and what was mapped, to be taken back.

It belongs to the blueprint of pages.py and is for whoever may write, as the pages about sources and coverage are.
"""

from __future__ import annotations

from contextlib import suppress

from flask import Response, redirect, request, url_for

from index.errors import MappingNotFound
from index.models import NormalizedRating
from service import wording
from service.errors import BadRequest
from service.store.keys import Scope
from service.web.auth import require
from service.web.context import application
from service.web.crowd import computing
from service.web.forms import read_admitted
from service.web.pages import blueprint
from service.web.ratings_api import MappingBody, RatingsQuery, put_mapping, take_back
from service.web.reading import check_model
from service.web.rendering import asked_language, page, page_language

__all__ = ("blueprint",)

PAGE_SIZE = 10  # rating words
MAPPED_SIZE = 50
CHOICES = tuple(each for each in NormalizedRating if each is not NormalizedRating.UNMAPPED)


@blueprint.route("/ratings", methods=["GET", "POST"])
def ratings() -> Response:
    """The rating words. Posted to with a key where the browser runs no script."""
    if request.method == "POST":
        read_admitted(Scope.WRITE)
    return show_ratings()


@blueprint.post("/ratings/map")
def map_rating() -> Response:
    """Map rating words, and show the others."""
    asked = read_admitted(Scope.WRITE)
    said = {name: asked.get(name, "") for name in ("words", "normalized")}
    try:
        body = check_model(MappingBody, {**said, "publisher": asked.get("publisher") or None})
    except BadRequest:
        shown = show_ratings(refused=True)
        shown.status_code = 400
        return shown
    return shown_again(asked, done=put_mapping(body).mapping.words)


@blueprint.post("/ratings/unmap")
def unmap_rating() -> Response:
    """Take a mapping back, and show the rating words again."""
    asked = read_admitted(Scope.WRITE)
    with suppress(MappingNotFound):  # somebody else was quicker
        take_back(asked.get("mapping", ""))
    return shown_again(asked)


def shown_again(asked: dict[str, str], done: str | None = None) -> Response:
    """The rating words: here where a key came along, which would have to be asked for again, else at their address."""
    if asked.get("key"):
        return show_ratings(done)
    return redirect(url_for("pages.ratings", lang=asked_language()), 303)  # type: ignore[return-value]


def show_ratings(done: str | None = None, *, refused: bool = False) -> Response:
    """The page; `refused`: what was sent names no rating words, or does not say what they mean."""
    require(Scope.WRITE)
    asked = check_model(RatingsQuery, {"limit": PAGE_SIZE, **_cursor()})
    held = application().ratings
    with computing():
        found = held.unmapped(asked.cursor, asked.limit)
    return page(
        "ratings.html",
        title=wording.say(page_language(), "ratings.title"),
        here=url_for("pages.ratings"),
        found=found,
        mapped=held.list(limit=MAPPED_SIZE).mapped,
        choices=CHOICES,
        done=done,
        refused=refused,
    )


def _cursor() -> dict[str, str]:
    return {"cursor": request.args["cursor"]} if request.args.get("cursor") else {}
