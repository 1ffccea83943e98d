"""The OpenAPI document: valid, complete, and true of what the service really sends and takes."""

from __future__ import annotations

import re

import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from service.web import replies
from service.web.audit_api import AuditShape
from service.web.batches_api import BatchItemsShape, BatchShape
from service.web.check_replies import CheckShape, ChecksShape, FoundShape
from service.web.negatives_api import NegativesShape
from service.web.openapi import openapi_path
from service.web.policy_shapes import PoliciesShape, PolicyShape, ReplayShape
from service.web.preview_api import PreviewShape
from service.web.transparency_api import AllReasonsShape
from service.web.webhooks_api import DeliveriesShape
from service.work_presenters import present_entry

SENTENCE = "Hot lemon water cures diabetes within seven days."


@pytest.fixture(scope="module")
def house(open_module_house):
    return open_module_house()


@pytest.fixture(scope="module")
def api(house):
    return house.client.get("/openapi.json").json


def test_it_is_valid_openapi_31(api) -> None:
    assert api["openapi"].startswith("3.1")
    OpenAPIV31SpecValidator(api).validate()


def test_every_route_of_the_api_is_in_it_and_nothing_else(house, api) -> None:
    routes = {
        (openapi_path(rule), method.lower())
        for rule in house.app.url_map.iter_rules()
        for method in rule.methods - {"HEAD", "OPTIONS"}
        if rule.endpoint.split(".")[0] not in ("pages", "docs")
    }
    assert {(path, method) for path, methods in api["paths"].items() for method in methods} == routes
    assert ("/v1/checks/{id}", "delete") in routes


def test_every_call_says_what_it_is_for_and_how_it_fails(api) -> None:
    for path, methods in api["paths"].items():
        for method, operation in methods.items():
            assert operation["summary"], (path, method)
            as_google = "content" in operation["responses"]["default"]
            assert as_google is path.startswith("/v1alpha1/"), path
            assert as_google or operation["responses"]["default"] == {"$ref": "#/components/responses/Problem"}
            assert ("Scope:" in operation.get("description", "")) is (
                path.startswith("/v1/") and "pairings" not in path
            )


def test_limits_and_headers_are_shown(api) -> None:
    texts = api["components"]["schemas"]["MatchBody"]["properties"]["texts"]
    assert (texts["minItems"], texts["maxItems"], texts["items"]["maxLength"]) == (1, 64, 50_000)
    names = {field["name"] for field in api["paths"]["/v1/checks"]["post"]["parameters"]}
    assert names == {"Idempotency-Key", "X-Requested-With"}
    for path, methods in api["paths"].items():
        makes = "post" in methods and {"201", "202"} & set(methods["post"]["responses"])
        fields = methods["post"].get("parameters", []) if "post" in methods else []
        keyed = any(field["name"] == "Idempotency-Key" for field in fields)
        makes = makes and path not in (
            "/v1/pairings/{id}/token", "/v1/sources/{id}/refresh",
            "/v1/drafts/{id}/publish", "/v1/statements/{id}/restore",  # what waits then is there already
        )  # fmt: skip
        assert keyed is bool(makes or path == "/v1/keys/{id}/rotate"), f"{path}: what creates takes a key"
    assert set(api["paths"]["/v1/statements/import"]["post"]["requestBody"]["content"]) == {
        "application/json", "application/ld+json", "application/x-ndjson", "text/csv", "text/html",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    }  # fmt: skip


def test_calls_that_queue_work_say_how_they_are_refused(api) -> None:
    for path in ("/v1/checks", "/v1/statements/import", "/v1/batches"):
        replies_ = api["paths"][path]["post"]["responses"]
        for status in ("429", "503"):
            assert replies_[status]["headers"]["Retry-After"]["schema"]["type"] == "integer"
            assert "application/problem+json" in replies_[status]["content"]
    assert set(api["paths"]["/metrics"]["get"]["responses"]["200"]["content"]) == {"text/plain"}


def test_what_the_service_sends_has_the_shapes_that_it_shows(house) -> None:
    """Each shape refuses unknown members, so this fails when a presenter and its shape part ways."""
    client = house.client
    house.publish("https://news.example/a", SENTENCE, "So it was told on the radio in the morning.")
    rules = {"name": "desk", "rules": [{"action": "flag"}], "otherwise": "allow"}
    policy = house.writer.post("/v1/policies", json=rules).json
    checks = (
        house.check(url="https://news.example/a"),
        house.check(text="x", reference="mine", policy="desk"),
        house.check(url="https://none.example/"),
    )
    made = house.writer.post("/v1/statements/import", json=[]).json
    entries = [present_entry(each) for each in house.application.audit.select().entries]
    audited = {"entries": entries, "next_cursor": None}
    batch = client.post("/v1/batches", json={"items": [{"text": SENTENCE}, {"url": "ftp://x"}]}).json
    previewed = house.writer.post("/v1/statements/preview", data="{}", content_type="application/x-ndjson").json
    house.work()
    for shape, sent in (
        *((CheckShape, check) for check in checks),
        (CheckShape, client.get(f"/v1/checks/{checks[0]['id']}?include=text").json),
        (CheckShape, client.post("/v1/checks", json={"text": "queued", "wait": 0}).json),
        (replies.ArticleShape, client.post("/v1/extract", json={"html": f"<p>{SENTENCE}</p>"}).json),
        (replies.ClaimsShape, client.post("/v1/claims", json={"text": SENTENCE}).json),
        (replies.MatchResultsShape, client.post("/v1/match", json={"texts": [SENTENCE, ""]}).json),
        (replies.StanceResultsShape,
         client.post("/v1/stance", json={"pairs": [{"claim": SENTENCE, "statement": "Not in 9 days."}]}).json),
        (replies.MatchResultsShape, client.post("/v1/match", json={"texts": [SENTENCE, ""], "stance": True}).json),
        (ChecksShape, client.get("/v1/checks?reference=none").json),
        (FoundShape, client.get("/v1/checks?reference=mine").json),
        (FoundShape, client.get("/v1/checks?url=https://news.example/a").json),
        (BatchShape, batch),
        (BatchItemsShape, client.get(f"/v1/batches/{batch['id']}/items").json),
        (PolicyShape, policy),
        (AuditShape, audited),
        (AllReasonsShape, house.writer.get("/v1/transparency").json),
        (NegativesShape, house.writer.get("/v1/negatives").json),
        (PoliciesShape, client.get("/v1/policies").json),
        (ReplayShape, client.post("/v1/replay", json={"reference": "mine", "min_confidence": 0.0}).json),
        (DeliveriesShape, client.get("/v1/webhooks/deliveries").json),
        (replies.StatementsShape, client.get("/v1/statements").json),
        (replies.ImportShape, made),
        (PreviewShape, previewed),
        (replies.ImportShape, client.get(f"/v1/imports/{made['id']}").json),
        (replies.HealthShape, client.get("/healthz").json),
        (replies.ReadyShape, client.get("/readyz").json),
        (replies.ErrorShape, client.post("/v1/match", json={}).json),
        (replies.ErrorShape, client.get("/v1/none").json),
    ):  # fmt: skip
        shape.model_validate(sent)
    assert checks[0]["claims"][0]["evidence"]
    assert checks[2]["problem"]


def test_the_docs_page_shows_every_call_shape_and_problem(house, api) -> None:
    page = house.client.get("/docs").text
    for path in api["paths"]:
        assert f"<code>{path}</code>" in page
    for name in api["components"]["schemas"]:
        assert f'id="{name}"' in page
    for code in ("page-behind-wall", "key-required", "index-not-ready"):
        assert f'id="{code}"' in page


def test_the_docs_page_needs_no_other_host_and_no_inline_code(house) -> None:
    page = re.sub(r"<pre><code>.*?</code></pre>", "", house.client.get("/docs").text, flags=re.S)  # examples name hosts
    for forbidden in ("<script", "style=", "<style", "onclick", "http://", "https://", "//cdn"):
        assert forbidden not in page
    assert house.client.get("/docs/style.css").mimetype == "text/css"


def test_a_picture_is_sent_as_a_form_beside_what_json_has_too(api) -> None:
    content = api["paths"]["/v1/checks"]["post"]["requestBody"]["content"]
    assert set(content) == {"application/json", "multipart/form-data"}
    form = content["multipart/form-data"]["schema"]
    assert form["required"] == ["file"]
    beside = set(api["components"]["schemas"]["CheckBody"]["properties"]) - {"url", "text", "html", "image", "pictures"}
    assert set(form["properties"]) - {"file"} == beside
    assert form["properties"]["wait"]["maximum"] == 30
