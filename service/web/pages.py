"""The web page: paste a link or a text, see the stages pass, read the verdict. All of it works without JavaScript.

The script only adds comfort: it sends the same form as JSON, polls, and swaps in what these routes render.
"""

from __future__ import annotations

from flask import Blueprint, Response, g, jsonify, make_response, redirect, request, url_for
from werkzeug.exceptions import HTTPException

from index.errors import IndexFault
from service import wording
from service.errors import AddressRefused, BadRequest, GegencheckError, LinkSpent, Overload
from service.models import Check, Stage
from service.revisions import revised_words
from service.store.feedback import FeedbackKind
from service.store.keys import Scope
from service.twins import for_reader
from service.web.allowance import spend_checks
from service.web.auth import enter, require
from service.web.checks_api import ENDED, SEE, submit_check, submit_file, wait_for
from service.web.context import application, caller
from service.web.errors import CODES, HTTP_CODES, RETRY_AFTER_SECONDS, nearest, present_surprise, status_of
from service.web.forms import read_admitted, read_pasted, read_picture, told_as_json
from service.web.picture_drawing import draw_picture
from service.web.picture_requests import PictureForm
from service.web.reading import check_model
from service.web.reliability import about_matches, draw_dots
from service.web.rendering import may_write, page, page_language
from service.web.requests import CheckBody

blueprint = Blueprint("pages", __name__, template_folder="templates", static_folder="static", static_url_path="/assets")

WAIT_SECONDS = 20  # for a person without JavaScript, before the page asks them to look again
EDITOR = tuple(
    f"pages.{name}"
    for name in ("editor", "review_draft", "new_statement", "edit_statement", "translate_statement", "show_history")
)  # for people alone: none of it is done with a key
ASKING_FOR_A_KEY = {
    "pages.show": ("key-required",),
    "pages.show_account": ("key-required",),
    "pages.list_accounts": ("key-required", "scope-missing"),
    "pages.inbox": ("key-required", "scope-missing"),
    "pages.sources": ("key-required", "scope-missing"),
    "pages.show_coverage": ("key-required", "scope-missing"),
    "pages.show_replay": ("key-required", "scope-missing"),
    "pages.ratings": ("key-required", "scope-missing"),
    "pages.asked": ("key-required", "scope-missing"),
    "pages.draft": ("key-required", "scope-missing"),
    **dict.fromkeys(EDITOR, ("key-required", "scope-missing")),
}
TITLES = {
    "pages.inbox": "inbox.title",
    "pages.sources": "sources.title",
    "pages.show_coverage": "coverage.title",
    "pages.show_replay": "replay.title",
    "pages.ratings": "ratings.title",
    "pages.asked": "asked.title",
    "pages.draft": "drafts.title",
    **dict.fromkeys(EDITOR, "editor.title"),
    "pages.list_accounts": "accounts.title",
    "pages.show_account": "account.title",
}
CLOSED = {
    "pages.inbox": "inbox.closed",
    "pages.sources": "sources.closed",
    "pages.show_coverage": "coverage.closed",
    "pages.show_replay": "replay.closed",
    "pages.ratings": "ratings.closed",
    "pages.asked": "asked.closed",
    "pages.draft": "asked.closed",
    **dict.fromkeys(EDITOR, "editor.closed"),
    "pages.list_accounts": "accounts.closed",
}
FOR_WRITERS = {
    "pages.inbox": "gegencheck feedback list",
    "pages.sources": "gegencheck sources list",
    "pages.show_coverage": "gegencheck statements coverage",
    "pages.show_replay": "gegencheck replay",
    "pages.ratings": "gegencheck ratings list",
    "pages.asked": "gegencheck asked list",
    "pages.draft": "gegencheck asked list",
    **dict.fromkeys(EDITOR, "gegencheck statements list"),
    "pages.list_accounts": "gegencheck accounts list",
}
SHOWN_UNMATCHED = 3  # claims without a fact-check that are shown unfolded where nothing else was found


# ---------------------------------------------------------------- routes


@blueprint.get("/")
def start() -> Response:
    """The form; with a token, whatever that opens, and then the form without it."""
    if "token" in request.args:
        return use_link(request.args["token"])
    title = wording.say(page_language(), "page.start.title")
    if not may_write():
        return page("start.html", title=title)
    sources, now = application().sources.list(0), application().clock.read().at
    troubled = sum(source.due_tellings(now) > 0 for source in sources)
    return page("start.html", title=title, offers_sources=not sources, troubled_sources=troubled)


def use_link(token: str) -> Response:
    """Open a session by the link that `serve` printed, and leave the link. Raises KeyRequired, LinkSpent."""
    caller = require(Scope.CHECK, Scope.READ)
    reply: Response = redirect(url_for("pages.start", lang=request.args.get("lang")), 303)  # type: ignore[assignment]
    opened = request.method == "GET" and not caller.owner and enter(token, reply)
    if not opened and Scope.WRITE not in caller.scopes and request.method == "GET":
        raise LinkSpent("This link was already used, or the service has restarted since.")
    reply.headers["Referrer-Policy"] = "no-referrer"
    reply.headers["Cache-Control"] = "no-store"
    return reply


@blueprint.post("/check")
def submit() -> Response:
    """Begin a check of what was pasted: the script learns its address, a plain form is led there."""
    asked = read_admitted(Scope.CHECK)
    picture = read_picture()
    pasted = read_pasted(asked.get("input", ""), asked.get("pictures", ""))
    body = check_model(CheckBody, pasted) if picture is None else None
    spend_checks(1)
    check = submit_check(body) if body is not None else submit_file(check_model(PictureForm, {}), picture or b"")
    address = url_for("pages.show", id=check.id, lang=request.args.get("lang"))
    if told_as_json():
        return make_response(jsonify(id=check.id, page=address), 202)
    if asked.get("key"):
        return show_check(wait_for(check, WAIT_SECONDS))
    wait_for(check, WAIT_SECONDS)
    return redirect(address, 303)  # type: ignore[return-value]


@blueprint.route("/checks/<id>", methods=["GET", "POST"])
def show(id: str) -> Response:
    """A check, whatever its state. Posted to with a key where the browser runs no script."""
    if request.method == "POST":
        read_admitted(*SEE)
    return show_check(application().checks.get(id, require(*SEE).sees))


@blueprint.post("/checks/<id>/forget")
def forget(id: str) -> Response:
    """Delete a check and go back to the form."""
    read_admitted(Scope.CHECK)
    application().checks.forget(id, caller().sees)
    return redirect(url_for("pages.start", lang=request.args.get("lang")), 303)  # type: ignore[return-value]


@blueprint.get("/docs/accuracy")
def accuracy() -> Response:
    """How often matches are wrong, as measured for the pair model in use."""
    index, title = application().index.current(), wording.say(page_language(), "accuracy.title")
    about = about_matches(index, application().settings)
    stored = application().calibrations.in_force()
    site = stored if stored is not None and stored.fits(index.pair_model) else None
    return page("accuracy.html", title=title, draw_dots=draw_dots, site=site, **about)


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
    if told_as_json():
        reply = make_response(
            jsonify(code=code, state=summary.state, lead=summary.lead, detail=summary.detail, advice=summary.advice)
        )
    elif code in ASKING_FOR_A_KEY.get(request.endpoint or "", ()):
        reply = page(
            "key.html",
            title=wording.say(language, TITLES.get(request.endpoint or "", "page.key.title")),
            wrong=bool(request.form or request.authorization),
            command=FOR_WRITERS.get(request.endpoint or ""),
            closed=CLOSED.get(request.endpoint or ""),
            by_link=not application().asks_who_calls(),
            for_people=request.endpoint in EDITOR,
        )
    else:
        pasted = request.form.get("input", "") if "submit" in (request.endpoint or "") else ""
        with_pictures = bool(pasted and request.form.get("pictures"))
        reply = page(
            "start.html", title=summary.lead, fault=summary, code=code, pasted=pasted, with_pictures=with_pictures
        )
    reply.status_code = status
    if retry_seconds:
        reply.headers["Retry-After"] = str(retry_seconds)
    return reply


# ---------------------------------------------------------------- rendering


def show_check(check: Check, thanked: bool = False) -> Response:
    """The result, or how far it is; `thanked`: they have just said that something is wrong with it."""
    language = page_language()
    check = for_reader(check, language)
    summary = wording.summarize_check(check, language)
    template = "result.html" if check.state in ENDED else "running.html"
    claims = check.result.claims
    decided = [item for item in wording.deciding_claim_first(check.result) if item.evidence]
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
        revised=revised_words(check, language),
        numbered=[(place, item) for place, item in enumerate(claims) if item.evidence],
        thanked=thanked or "thanks" in request.args,
        kinds=[kind.value for kind in FeedbackKind],
        here=url_for("pages.show", id=check.id),
        stages=list(Stage),
        false_match_rate=false_match_rate(check),
        drawn=draw_picture(check.result),
    )


def false_match_rate(check: Check) -> float | None:
    """How often texts in the language of this one get a match where there is none; None where that is not known."""
    spoken = (check.result.article.language if check.result.article else None) or ""
    try:
        measured = application().index.current().pair_model.measured.get(spoken)
    except IndexFault:  # what was found before is shown all the same
        return None
    return measured.false_matches if measured else None
