"""The page about sources: what there is and how it is, what could be added, and a button for each thing to do.

It belongs to the blueprint of pages.py. As with the inbox, whoever may write sees it, and a form counts only from our
own pages or with a key in it.
"""

from __future__ import annotations

from collections.abc import Sequence

from flask import Response, redirect, request, url_for

from service import wording
from service.errors import AddressRefused, BadRequest, NotFound
from service.presenters import problem_title
from service.presenters_sources import size_words
from service.source_presets import Preset, preset_names, presets_of
from service.sources import SourceKind, SourcePlan
from service.store.keys import Scope
from service.store.sources import is_same
from service.web.auth import require
from service.web.context import application
from service.web.forms import read_admitted
from service.web.pages import blueprint
from service.web.reading import check_model
from service.web.rendering import asked_language, page, page_language
from service.web.source_shapes import SourceBody
from service.web.sources_api import add_presets, plan_of
from service.web.under_way import steps_under_way

__all__ = ("blueprint",)


@blueprint.route("/sources", methods=["GET", "POST"])
def sources() -> Response:
    """The sources. Posted to with a key where the browser runs no script."""
    if request.method == "POST":
        read_admitted(Scope.WRITE)
    return show_sources()


@blueprint.post("/sources/act")
def act_on_source() -> Response:
    """Do what the button says, and show the sources again."""
    asked = read_admitted(Scope.WRITE)
    act, _, what = asked.get("act", "").partition(":")
    held = application().sources
    acts = {"refresh": held.refresh, "pause": held.pause, "resume": held.resume, "remove": held.remove}
    try:
        (add_presets if act == "preset" else acts[act])(what)
    except KeyError:
        raise BadRequest("There is no such button.") from None
    except NotFound:
        pass  # somebody else was quicker
    return shown_again(asked)


@blueprint.post("/sources/add")
def add_feed() -> Response:
    """Add a feed, and show the sources."""
    asked = read_admitted(Scope.WRITE)
    address = asked.get("address", "").strip()
    try:
        body = check_model(SourceBody, {"kind": SourceKind.FEED.value, "address": address})
        application().sources.add(plan_of(body))
    except (BadRequest, AddressRefused):
        reply = show_sources(refused=wording.say(page_language(), "sources.add.refused"), address=address)
        reply.status_code = 400
        return reply
    return shown_again(asked)


def shown_again(asked: dict[str, str]) -> Response:
    """The sources: here where a key came along, which would have to be asked for again, else under their address."""
    if asked.get("key"):
        return show_sources()
    return redirect(url_for("pages.sources", lang=asked_language()), 303)  # type: ignore[return-value]


def show_sources(refused: str | None = None, address: str = "") -> Response:
    """The page."""
    require(Scope.WRITE)
    held = application().sources.list()
    plans = [source.plan for source in held]
    offered = [(name, missing) for name in preset_names() if (missing := missing_of(name, plans))]
    return page(
        "sources.html",
        title=wording.say(page_language(), "sources.title"),
        here=url_for("pages.sources"),
        sources=held,
        steps=steps_under_way(held),
        now=application().clock.read().at,
        offered=offered,
        refused=refused,
        address=address,
        problem_title=problem_title,
        size_words=size_words,
    )


def missing_of(name: str, plans: Sequence[SourcePlan]) -> list[Preset]:
    """The sources of a preset that are not there yet."""
    return [preset for preset in presets_of(name) if not any(is_same(preset.plan, plan) for plan in plans)]
