"""The page about coverage: what statements there are, what was asked in vain, and how the sources are.

It belongs to the blueprint of pages.py and is for whoever may write, as the pages about sources and feedback are.
"""

from __future__ import annotations

from flask import Response, request, url_for

from service import coverage, wording
from service.store.keys import Scope
from service.web.auth import require
from service.web.coverage_api import count_all
from service.web.forms import read_admitted
from service.web.pages import blueprint
from service.web.rendering import page, page_language

__all__ = ("blueprint",)


@blueprint.route("/coverage", methods=["GET", "POST"])
def show_coverage() -> Response:
    """The figures. Posted to with a key where the browser runs no script."""
    if request.method == "POST":
        read_admitted(Scope.WRITE)
    require(Scope.WRITE)
    language, found = page_language(), count_all()
    return page(
        "coverage.html",
        title=wording.say(language, "coverage.title"),
        here=url_for("pages.show_coverage"),
        found=found,
        charts=coverage.charts_of(found, language),
    )
