"""create_app: the application as a WSGI application. Routes live in web/, everything else in Application."""

from __future__ import annotations

import logging
import secrets
import time
from collections.abc import Iterable
from http import HTTPStatus
from typing import Any

from flask import Flask, Response, g, request

import service.web.account_page
import service.web.asked_page
import service.web.connect_page
import service.web.coverage_page
import service.web.draft_page
import service.web.editor_page
import service.web.history_page
import service.web.ratings_page
import service.web.replay_page
import service.web.sign_in_page
import service.web.sources_page
import service.web.statement_page  # noqa: F401 - their too
from index.store.one_store import within_one_store
from service.bootstrap import Application
from service.logs import REQUEST
from service.web import (
    allowance,
    articles_api,
    asked_api,
    audit_api,
    audit_trail,
    auth,
    batches_api,
    checks_api,
    claims_search_api,
    coverage_api,
    docs_page,
    drafts_api,
    feedback_api,
    feedback_pages,
    feeds,
    filter_api,
    health_api,
    history_api,
    imports_api,
    intake,
    keys_api,
    matching_api,
    metrics_api,
    negatives_api,
    pairings_api,
    policies_api,
    preview_api,
    ratings_api,
    sign_in_page,
    sources_api,
    statements_api,
    traces,
    transparency_api,
    webhooks_api,
)
from service.web.context import EXTENSION
from service.web.crowd import CROWD, Crowd
from service.web.errors import register_errors
from service.web.hands import WSGI
from service.web.identity_provider import open_provider
from service.web.pairings import Pairings
from service.web.sessions import Sessions
from service.web.under_way import register_paces

log = logging.getLogger(__name__)

BLUEPRINTS = (
    checks_api.blueprint, articles_api.blueprint, matching_api.blueprint, imports_api.blueprint,
    statements_api.blueprint, health_api.blueprint, docs_page.blueprint, feedback_pages.blueprint,
    feedback_api.blueprint, filter_api.blueprint, metrics_api.blueprint, pairings_api.blueprint,
    sources_api.blueprint, batches_api.blueprint, webhooks_api.blueprint, keys_api.blueprint,
    policies_api.blueprint, audit_api.blueprint, negatives_api.blueprint,
    transparency_api.blueprint, preview_api.blueprint, feeds.blueprint, claims_search_api.blueprint,
    coverage_api.blueprint, ratings_api.blueprint, asked_api.blueprint, history_api.blueprint, drafts_api.blueprint,
)  # fmt: skip

SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-DNS-Prefetch-Control": "off",  # or Chromium would look up the hosts of a page's links before anybody opens one
    "Cross-Origin-Resource-Policy": "same-origin",  # or a page could tell by loading whether a check exists
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}


def create_app(application: Application, sessions: Sessions | None = None) -> Flask:
    """The WSGI application around an application that `bootstrap` put together; `sessions` let browsers write."""
    app = Flask("service", static_folder=None)
    app.url_map.converters["statement"] = statements_api.StatementId
    app.extensions[EXTENSION] = application
    if sessions is not None:
        app.extensions[auth.SESSIONS] = sessions
    app.extensions[pairings_api.PAIRINGS] = Pairings()
    app.extensions[sign_in_page.PROVIDER] = open_provider(application.settings)
    register_paces(app)
    app.extensions[CROWD] = crowd = Crowd.of(application.settings)
    app.before_request(start_clock)
    app.teardown_request(forget_request)
    traces.register_traces(app, application.tracer)
    auth.register_auth(app, application.settings)
    intake.register_intake(app)
    allowance.register_allowance(app)
    audit_trail.register_audit(app)
    register_errors(app)
    metrics_api.register_metrics(app, application)
    app.after_request(finish_reply)
    for blueprint in BLUEPRINTS:
        app.register_blueprint(blueprint)
    app.wsgi_app = crowd.hands.around(for_one_store(app.wsgi_app))  # type: ignore[assignment,method-assign]
    return app


def for_one_store(app: WSGI) -> WSGI:
    """Let each request belong to the data that it looks at first: once a backup is restored, it writes nothing."""

    def bound(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        with within_one_store():
            return app(environ, start_response)

    return bound


def start_clock() -> None:
    """Note when a request came in, and give it an id of our own: a caller's could say what is not to be logged."""
    g.started = time.perf_counter()
    REQUEST.set(secrets.token_hex(8))


def forget_request(_fault: BaseException | None) -> None:
    """What this thread does next belongs to no request."""
    REQUEST.set("")


def finish_reply(reply: Response) -> Response:
    """Security headers on every reply, and a line in the log that names the route, never the address asked."""
    if request.blueprint == "pages":  # or browsers would send `Origin: null` with its forms
        reply.headers.setdefault("Referrer-Policy", "same-origin")
    for name, value in SECURITY_HEADERS.items():
        reply.headers.setdefault(name, value)
    if reply.status_code == 204:
        reply.headers.pop("Content-Type", None)  # of no content
    if request.path.startswith("/v1/"):
        reply.headers.setdefault("Cache-Control", "no-store")
    reply.vary.update(("Accept-Language", "Accept"))
    route = request.url_rule.rule if request.url_rule else "no such route"
    seconds = time.perf_counter() - g.started
    if reply.status_code != HTTPStatus.CONTINUE:
        metrics_api.note_request(reply.status_code, seconds)
        log.info(
            "%s %s %d %.0f ms", request.method, route, reply.status_code, seconds * 1000,
            extra={"facts": {"route": route, "status": reply.status_code, "milliseconds": round(seconds * 1000)}},
        )  # fmt: skip
    reply.headers["X-Request-Id"] = REQUEST.get()
    return reply
