"""/v1/sources: where statements come from; added, changed, paused, read now, forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from flask import Blueprint, Response

from service.errors import AddressRefused, BadRequest, FieldProblem, NotFound, SourcePaused
from service.planning import planned
from service.presenters_sources import present_preset, present_source
from service.source_presets import preset_names, presets_of
from service.sources import HOUR, Source, SourcePlan
from service.store.keys import Scope
from service.web.context import application, language
from service.web.operations import Operation, body_digest, idempotency_key, operation, reply
from service.web.source_shapes import PresetsShape, SourceBody, SourceShape, SourcesShape

blueprint = Blueprint("sources", __name__)

WRITES = (Scope.WRITE,)
READS = (Scope.READ, Scope.WRITE)


@blueprint.get("/v1/sources")
@operation(Operation("List the sources of statements, and whether each one works.", READS, {200: SourcesShape}))
def list_sources() -> Response:
    """All sources."""
    return reply({"sources": [shown(source) for source in application().sources.list()]})


@blueprint.post("/v1/sources")
@operation(Operation("Add a source. It is read soon.", WRITES, {201: SourceShape}, takes=SourceBody, creates=True))
def add_source(body: SourceBody) -> Response:
    """The source."""
    plan = plan_of(body)
    made = application().sources.add(plan, body.key, idempotency_key(body_digest(body)))
    if body.paused:
        made = application().sources.pause(made.id)
    return reply(shown(made), 201, location=f"/v1/sources/{made.id}")


@blueprint.get("/v1/source-presets")
@operation(
    Operation("List the sources that the program knows. None is read before you add it.", READS, {200: PresetsShape})
)
def list_presets() -> Response:
    """The sources of each preset."""
    return reply({"presets": {name: [present_preset(each) for each in presets_of(name)] for name in preset_names()}})


@blueprint.post("/v1/source-presets/<name>")
@operation(Operation("Add the sources of a preset that are not there yet.", WRITES, {200: SourcesShape}))
def add_preset(name: str) -> Response:
    """What was added."""
    return reply({"sources": [shown(source) for source in add_presets(name)]})


@blueprint.get("/v1/sources/<id>")
@operation(Operation("Show a source with its last runs.", READS, {200: SourceShape}))
def get_source(id: str) -> Response:
    """The source."""
    return reply(shown(application().sources.get(id)))


@blueprint.put("/v1/sources/<id>")
@operation(
    Operation(
        "Change a source. What was read stays, and so does its key if you send none.",
        WRITES,
        {200: SourceShape},
        takes=SourceBody,
    )
)
def change_source(id: str, body: SourceBody) -> Response:
    """The source as it is now."""
    sources = application().sources
    before = sources.get(id)
    plan = plan_of(body)
    if plan.address == before.plan.address:
        plan = replace(
            plan, fallback=before.plan.fallback, preset=before.plan.preset, confirmed_on=before.plan.confirmed_on
        )
    made = sources.change(id, plan, body.key)
    if body.paused != (made.paused_at is not None):
        made = sources.pause(id) if body.paused else sources.resume(id)
    return reply(shown(made))


@blueprint.delete("/v1/sources/<id>")
@operation(Operation("Forget a source, its runs and its key. Its statements stay.", WRITES, {204: None}))
def remove_source(id: str) -> Response:
    """Nothing, once it is gone."""
    application().sources.remove(id)
    return Response(status=204)


@blueprint.post("/v1/sources/<id>/refresh")
@operation(Operation("Read a source now.", WRITES, {202: SourceShape}, faults=(SourcePaused,)))
def refresh_source(id: str) -> Response:
    """The source, whose run is on its way."""
    return reply(shown(application().sources.refresh(id)), 202, location=f"/v1/sources/{id}")


def shown(source: Source) -> dict[str, Any]:
    """A source as the API shows it."""
    return present_source(source, application().clock.read().at, language())


def plan_of(body: SourceBody) -> SourcePlan:
    """What a body wants. Raises BadRequest."""
    given = body.model_dump(exclude={"kind", "address", "key", "paused", "every_hours"}, exclude_none=True)
    given["allowlist"] = tuple(body.allowlist)
    if body.every_hours is not None:
        given["every_seconds"] = body.every_hours * HOUR
    try:
        return planned(body.kind, body.address, given, application().settings.fetch_hosts)
    except AddressRefused as refused:
        raise BadRequest(str(refused), (FieldProblem("/address", str(refused)),)) from None


def add_presets(name: str) -> Sequence[Source]:
    """Add what is missing of a preset. Raises NotFound."""
    if name not in preset_names():
        raise NotFound(f"There is no such preset: there are {', '.join(preset_names())}.")
    return application().sources.add_missing([preset.plan for preset in presets_of(name)])
