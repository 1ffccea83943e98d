"""The web page as an app on a phone: its manifest, its service worker, what is shared with it, and without a network.

It belongs to the blueprint of pages.py. None of it holds data of anybody, so none of it needs a key.
"""

from __future__ import annotations

from flask import Response, jsonify, url_for

from service import wording
from service.web.forms import read_asked
from service.web.pages import blueprint
from service.web.rendering import asked_language, page, page_language

__all__ = ("blueprint",)

ICONS = ((192, "any"), (512, "any"), (512, "maskable"))
READ = ("image/png", "image/jpeg", "image/webp", "image/gif")
HELD_SECONDS = 3600  # for which a browser need not ask for the manifest again


@blueprint.get("/manifest.webmanifest")
def manifest() -> Response:
    """What the page is called where it is installed, how it looks, and what may be shared with it."""
    language = page_language()
    icons = [
        {"src": icon_address(size, purpose), "sizes": f"{size}x{size}", "type": "image/png", "purpose": purpose}
        for size, purpose in ICONS
    ]
    start = url_for("pages.start", lang=asked_language())
    reply = jsonify(
        id="/",
        name=wording.say(language, "page.name"),
        short_name=wording.say(language, "page.name"),
        description=wording.say(language, "page.start.intro"),
        lang=language,
        dir="ltr",
        start_url=start,
        scope=url_for("pages.start"),
        display="standalone",
        background_color="#ffffff",
        theme_color="#14557e",
        icons=icons,
        share_target={
            "action": url_for("pages.take_shared"),
            "method": "POST",
            "enctype": "multipart/form-data",
            "params": {
                "title": "title",
                "text": "text",
                "url": "url",
                "files": [{"name": "picture", "accept": list(READ)}],
            },
        },
    )
    reply.mimetype = "application/manifest+json"
    reply.headers["Cache-Control"] = f"private, max-age={HELD_SECONDS}"
    return reply


def icon_address(size: int, purpose: str) -> str:
    """Where an icon lies."""
    name = f"icon-{size}.png" if purpose == "any" else f"icon-{purpose}-{size}.png"
    return url_for("pages.static", filename=name)


@blueprint.get("/worker.js")
def service_worker() -> Response:
    """The service worker, at the root so that it sees all pages."""
    reply: Response = blueprint.send_static_file("worker.js")
    reply.headers["Cache-Control"] = "no-cache"
    reply.headers["Content-Type"] = "text/javascript; charset=utf-8"
    return reply


@blueprint.get("/offline")
def offline() -> Response:
    """What the service worker shows where there is no network; the script lists the results that this browser keeps."""
    return page("offline.html", title=wording.say(page_language(), "offline.title"))


@blueprint.post("/share")
def take_shared() -> Response:
    """The form with what was shared in it. Nothing is checked before the person says so.

    The service worker takes a share before it comes here; this is for browsers that do not run it.
    """
    asked = read_asked()
    shared = (asked.get(name, "").strip() for name in ("url", "text", "title"))
    pasted = next((each for each in shared if each), "")
    title = wording.say(page_language(), "page.start.title")
    return page("start.html", title=title, pasted=pasted, here=url_for("pages.start"))
