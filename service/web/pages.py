"""The web page: paste a link or a text, see the stages pass, read the verdict. All of it works without JavaScript.

The script only adds comfort: it sends the same form as JSON, polls, and swaps in what these routes render.
"""

from __future__ import annotations

import re
from functools import partial
from typing import Any

from flask import Blueprint, Response, g, jsonify, make_response, redirect, render_template, request, url_for
from werkzeug.exceptions import HTTPException

from index.errors import IndexFault
from service import explaining, wording
from service.errors import AddressRefused, BadRequest, GegencheckError, LinkSpent, Overload
from service.models import Check, Stage
from service.store.feedback import FeedbackKind
from service.store.keys import Scope
from service.twins import for_reader, twins_of
from service.web.auth import enter, require
from service.web.checks_api import ENDED, SEE, submit_check, wait_for
from service.web.context import Caller, application, caller
from service.web.contrast import contrast
from service.web.errors import CODES, HTTP_CODES, RETRY_AFTER_SECONDS, nearest, present_surprise, status_of
from service.web.reading import FORM_BYTES, SMALL_BODY_BYTES, check_model, read_form, read_json
from service.web.reliability import about_matches, draw_dots
from service.web.requests import CheckBody

blueprint = Blueprint("pages", __name__, template_folder="templates", static_folder="static", static_url_path="/assets")

WAIT_SECONDS = 20  # for a person without JavaScript, before the page asks them to look again
SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
HOST = re.compile(r"(?:[\w-]+\.)+[a-z]{2,24}(?::\d+)?(?:[/?#]|$)", re.IGNORECASE)
LINK_LETTERS = 8192
ASKING_FOR_A_KEY = {"pages.show": ("key-required",), "pages.inbox": ("key-required", "scope-missing")}
SHOWN_UNMATCHED = 3  # claims without a fact-check that are shown unfolded where nothing else was found
STANDING = (
    "pages.start",
    "pages.show",
    "pages.accuracy",
    "pages.inbox",
    "pages.connect",
    "pages.decide_pairing",
)  # pages that can be shown again in the other language


# ---------------------------------------------------------------- routes


@blueprint.get("/")
def start() -> Response:
    """The form; with a token, whatever that opens, and then the form without it."""
    if "token" in request.args:
        return use_link(request.args["token"])
    return page("start.html", title=wording.say(page_language(), "page.start.title"))


def use_link(token: str) -> Response:
    """Open a session by the link that `serve` printed, and leave the link. Raises KeyRequired, LinkSpent."""
    caller = require(Scope.CHECK, Scope.READ)
    reply: Response = redirect(url_for("pages.start", lang=request.args.get("lang")), 303)  # type: ignore[assignment]
    opened = request.method == "GET" and not caller.owner and enter(token, reply)
    if not opened and Scope.WRITE not in caller.scopes and request.method == "GET":
        raise LinkSpent("This link was used before, or the service was started again since.")
    reply.headers["Referrer-Policy"] = "no-referrer"
    reply.headers["Cache-Control"] = "no-store"
    return reply


@blueprint.post("/check")
def submit() -> Response:
    """Begin a check of what was pasted: the script learns its address, a plain form is led there."""
    asked = read_asked()
    admit_form_key(asked.get("key", ""), Scope.CHECK)
    body = check_model(CheckBody, read_pasted(asked.get("input", "")))
    check = submit_check(body)
    address = url_for("pages.show", id=check.id, lang=request.args.get("lang"))
    if request.is_json:
        return make_response(jsonify(id=check.id, page=address), 202)
    if asked.get("key"):
        return show_check(wait_for(check, WAIT_SECONDS))
    wait_for(check, WAIT_SECONDS)
    return redirect(address, 303)  # type: ignore[return-value]


@blueprint.route("/checks/<id>", methods=["GET", "POST"])
def show(id: str) -> Response:
    """A check, whatever its state. Posted to with a key where the browser runs no script."""
    if request.method == "POST":
        admit_form_key(read_asked().get("key", ""), *SEE)
    return show_check(application().checks.get(id, require(*SEE).sees))


@blueprint.post("/checks/<id>/forget")
def forget(id: str) -> Response:
    """Delete a check and go back to the form."""
    asked = read_asked()
    admit_form_key(asked.get("key", ""), Scope.CHECK)
    application().checks.forget(id, caller().sees)
    return redirect(url_for("pages.start", lang=request.args.get("lang")), 303)  # type: ignore[return-value]


@blueprint.get("/docs/accuracy")
def accuracy() -> Response:
    """How often matches are wrong, as measured for the pair model in use."""
    about = about_matches(application().index.current(), application().settings)
    return page("accuracy.html", title=wording.say(page_language(), "accuracy.title"), draw_dots=draw_dots, **about)


# ---------------------------------------------------------------- errors, as pages


@blueprint.errorhandler(GegencheckError)
@blueprint.errorhandler(IndexFault)
def show_fault(fault: Exception) -> Response:
    """An error of ours: said above the form, with what was pasted still in it."""
    code = fault.code if isinstance(fault, GegencheckError) else nearest(fault, CODES)
    if isinstance(fault, BadRequest) and any(field.pointer == "/url" for field in fault.problems):
        code = AddressRefused.code  # what was pasted was taken for a link
    return fault_page(code, status_of(fault), fault.retry_after if isinstance(fault, Overload) else None)


@blueprint.errorhandler(HTTPException)
def show_http_error(error: HTTPException) -> Response:
    """An error of Flask's; redirects pass."""
    status = error.code or 500
    if status < 400:
        return error.get_response()  # type: ignore[return-value]
    return fault_page(HTTP_CODES.get(status, ("bad-request", ""))[0], status)


@blueprint.errorhandler(Exception)
def show_surprise(error: Exception) -> Response:
    """An error that nobody foresaw; it is logged where the API logs such."""
    present_surprise(error)
    return fault_page("internal-error", 500)


def fault_page(code: str, status: int, retry_after: int | None = None) -> Response:
    """Why it did not work, when to come again, and the form to try again. The script gets the words alone."""
    g.problem_code = code
    language = page_language()
    retry_seconds = retry_after or (RETRY_AFTER_SECONDS if status == 503 else None)
    summary = wording.summarize_problem(code, language, supplied=True, retry_seconds=retry_seconds)
    if request.is_json:
        reply = make_response(
            jsonify(code=code, state=summary.state, lead=summary.lead, detail=summary.detail, advice=summary.advice)
        )
    elif code in ASKING_FOR_A_KEY.get(request.endpoint or "", ()):
        reply = page(
            "key.html",
            title=wording.say(language, "inbox.title" if request.endpoint == "pages.inbox" else "page.key.title"),
            wrong=bool(request.form or request.authorization),
            for_inbox=request.endpoint == "pages.inbox",
            by_link=not application().keys.any_made(),
        )
    else:
        pasted = request.form.get("input", "") if "submit" in (request.endpoint or "") else ""
        reply = page("start.html", title=summary.lead, fault=summary, code=code, pasted=pasted)
    reply.status_code = status
    if retry_seconds:
        reply.headers["Retry-After"] = str(retry_seconds)
    return reply


# ---------------------------------------------------------------- reading


def read_asked() -> dict[str, str]:
    """The fields of the form, posted as a form or, by the script, as JSON."""
    limit = FORM_BYTES if g.caller is not None else SMALL_BODY_BYTES  # a key may stand in the form itself
    if not request.is_json:
        return read_form(limit)
    found = read_json(limit)
    return {name: value for name, value in found.items() if isinstance(value, str)} if isinstance(found, dict) else {}


def read_pasted(pasted: str) -> dict[str, Any]:
    """What a person means by what they pasted: one link, or else a text."""
    line = pasted.strip()
    is_link = len(line) <= LINK_LETTERS and not re.search(r"\s", line)
    if is_link and HOST.match(line):
        return {"url": f"https://{line}"}
    if is_link and SCHEME.match(line):
        return {"url": line}
    return {"text": pasted}


def admit_form_key(secret: str, *scopes: Scope) -> None:
    """Let in whoever may call, and whoever put their key into the form where no header did. Raises NotAllowed."""
    if g.caller is None and secret.strip():
        key = application().keys.find(secret.strip())
        g.caller = Caller(key.id, frozenset(key.scopes)) if key else None
    require(*scopes)


def asked_language() -> str | None:
    """The language of `?lang=`, where it is one of ours."""
    asked = request.args.get("lang")
    return asked if asked in wording.LANGUAGES else None


def page_language() -> str:
    """The language of `?lang=`, else the browser's."""
    return asked_language() or wording.choose_language(request.headers.get("Accept-Language"), swiss=True)


# ---------------------------------------------------------------- rendering


def show_check(check: Check, thanked: bool = False) -> Response:
    """The result, or how far it is; `thanked`: they have just said that something is wrong with it."""
    language = page_language()
    check = for_reader(check, language)
    summary = wording.summarize_check(check, language)
    template = "result.html" if check.state in ENDED else "running.html"
    claims = check.result.claims
    decided = [item for item in claims if item.evidence]
    unmatched = [item for item in claims if not item.evidence]
    return page(
        template,
        title=summary.lead,
        check=check,
        summary=summary,
        decided=decided,
        undecided=unmatched,
        folded=bool(decided) or len(unmatched) > SHOWN_UNMATCHED,
        reply=wording.reply_text(check, language),
        numbered=[(place, item) for place, item in enumerate(claims) if item.evidence],
        thanked=thanked or "thanks" in request.args,
        kinds=[kind.value for kind in FeedbackKind],
        here=url_for("pages.show", id=check.id),
        stages=list(Stage),
        false_match_rate=false_match_rate(check),
    )


def false_match_rate(check: Check) -> float | None:
    """How often texts in the language of this one get a match where there is none; None where that is not known."""
    spoken = (check.result.article.language if check.result.article else None) or ""
    try:
        measured = application().index.current().pair_model.measured.get(spoken)
    except IndexFault:  # what was found before is shown all the same
        return None
    return measured.false_matches if measured else None


def page(template: str, title: str, **values: Any) -> Response:
    """A template with the words of the page's language. Nothing of it may be kept by the browser or on the way.

    `here` is the address under which it is shown in the other language: of pages that were posted to another one.
    """
    language = page_language()
    values.setdefault("here", request.path if request.endpoint in STANDING else url_for("pages.start"))
    values.setdefault("fault", None)
    values.setdefault("pasted", "")
    values.setdefault("kept", "")  # of the query, in the other language too
    html = render_template(
        template,
        title=title.rstrip(".:"),
        language=language,
        key_posted=bool(request.form.get("key")),
        asked_language=asked_language(),
        t=partial(wording.say, language),
        words=wording,
        explaining=explaining,
        contrast=contrast,
        safe_link=safe_link,
        twins_of=twins_of,
        needs_key=needs_key(),
        may_write=may_write(),
        **values,
    )
    reply = make_response(html)
    reply.headers["Cache-Control"] = "no-store"
    reply.headers["Content-Language"] = language
    reply.vary.update(["Accept-Language", "Authorization"])
    return reply


def needs_key() -> bool:
    """Whether this caller would have to show a key to ask for anything."""
    return g.get("caller") is None


def may_write() -> bool:
    """Whether this browser came in by the link that `serve` printed."""
    found: Caller | None = g.get("caller")
    return found is not None and not found.owner and Scope.WRITE in found.scopes


def safe_link(url: str | None) -> str | None:
    """A link that may stand on a page: http or https alone."""
    return url if wording.is_link(url) else None
