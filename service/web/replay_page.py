"""The page about replay: what would change for past checks under another policy, threshold or index, and why.

It belongs to the blueprint of pages.py and is for whoever may write. Nothing is changed here.
"""

from __future__ import annotations

from typing import Any

from flask import Response, request, url_for

from service import wording
from service.replays import MOST_SEARCHED
from service.store.keys import Scope
from service.web.auth import require
from service.web.context import application
from service.web.forms import read_admitted
from service.web.pages import blueprint
from service.web.policies_api import replay_for_caller
from service.web.policy_shapes import IndexChoice, ReplayBody
from service.web.reading import check_model
from service.web.rendering import page, page_language

__all__ = ("blueprint",)

FIELDS = ("policy", "min_confidence", "index", "from", "cursor")


@blueprint.route("/replay", methods=["GET", "POST"])
def show_replay() -> Response:
    """The form, and what would change where it was filled in. Posted to with a key where the browser runs no script."""
    said: dict[str, str] = request.args.to_dict()
    if request.method == "POST":
        said = read_admitted(Scope.WRITE)
    require(Scope.WRITE)
    said = {name: said[name].strip() for name in FIELDS if said.get(name, "").strip()}
    body = check_model(ReplayBody, asked_of(said)) if said else None
    return page(
        "replay.html",
        title=wording.say(page_language(), "replay.title"),
        here=url_for("pages.show_replay"),
        kept="".join(f"{name}={said[name]}&" for name in ("policy", "index") if body and name in said),
        policies=[stored.policy.id for stored in application().policies.list()],
        body=body,
        newest=body is not None and body.index is IndexChoice.NEWEST,
        most_searched=MOST_SEARCHED,
        said=said,
        found=replay_for_caller(body) if body else None,
    )


def asked_of(said: dict[str, str]) -> dict[str, Any]:
    """The fields of the form as the API takes them: a number as people write it, a day as its first moment."""
    asked: dict[str, Any] = {**said, "limit": 100}
    if "min_confidence" in said:
        number = said["min_confidence"].replace(",", ".")
        asked["min_confidence"] = float(number) if number.replace(".", "", 1).isdecimal() else number
    if "from" in said:
        asked["from"] = f"{said['from']}T00:00:00Z"
    return asked
