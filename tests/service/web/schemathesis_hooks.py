"""What schemathesis must be told about this API (see schemathesis.toml)."""

from __future__ import annotations

import jsonschema_rs
import schemathesis
from hypothesis import strategies as st

from index.exchange.columns import fold

# Addresses as people have them: with or without a scheme, with a port, a path, a query, in any alphabet.
NAMES = ["news.example", "bücher.example", "a.b-c.example"]
SCHEMES = st.sampled_from(["https://", "http://", "HTTPS://"])
HOSTS = st.sampled_from([*NAMES, "93.184.216.34", "[2606:2800:220:1::1]"])
PORTS = st.sampled_from(["", ":443", ":8080"])
PATHS = st.from_regex(r"(/[A-Za-z0-9._~%C3%BC-]{0,8}){0,3}(\?[a-z]{1,3}=[A-Za-z0-9+-]{0,5})?", fullmatch=True)
WHOLE = st.builds("".join, st.tuples(SCHEMES, HOSTS, PORTS, PATHS))
schemathesis.openapi.format("uri", WHOLE | st.builds("".join, st.tuples(st.sampled_from(NAMES), PATHS)))
NAMES_A_POLICY = ("/v1/checks", "/v1/batches", "/v1/replay")
NAMES_COLUMNS = ("/v1/statements/import", "/v1/statements/preview")
TEXTS = ("text/html", "text/csv", "application/x-ndjson")


@schemathesis.hook
def filter_case(context, case) -> bool:
    """Left out: what no schema can say, and other tests do."""
    path, body = case.operation.path, case.body
    if case.media_type == "application/ld+json" and path != "/v1/statements/import":
        return False  # a ClaimReview has any of schema.org's many shapes (test_claimreview.py)
    if case.media_type == "multipart/form-data":
        return False  # a picture in a form, which the open API takes with a header alone (test_pictures.py)
    if case.media_type in TEXTS and case.meta.generation.mode is schemathesis.GenerationMode.NEGATIVE:
        return False  # whatever is not blank is text: a number of the wrong type is sent as its digits
    if case.meta.generation.mode is schemathesis.GenerationMode.NEGATIVE and _is_right_all_the_same(case):
        return False
    if case.meta.generation.mode is schemathesis.GenerationMode.NEGATIVE and _adds_nothing(case):
        return False
    if case.method == "GET" and path == "/v1/checks" and "url" in (case.query or {}) and len(case.query) > 1:
        return False  # `url` stands alone (test_listing.py)
    if isinstance(body, dict) and path in NAMES_A_POLICY and body.get("policy") is not None:
        return False  # which must be there (test_policies_api.py)
    if path in NAMES_COLUMNS and _names_a_column_twice(case.query or {}):
        return False  # two fields must not be in one (test_preview_api.py)
    if path == "/v1/keys" and isinstance(body, dict) and body.get("expires_at") is not None:
        return False  # which must not be over (test_keys_api.py)
    about_a_claim = path.endswith("/feedback") and isinstance(body, dict) and body.get("claim") is not None
    return not about_a_claim  # which must be one of that check's claims (test_feedback_api.py)


def _names_a_column_twice(query) -> bool:
    columns = [fold(str(column)) for name, column in query.items() if name.startswith("column_")]
    return len(set(columns)) < len(columns)


def _adds_nothing(case) -> bool:
    """Whether a query that was made wrong is not: a parameter that nobody knows, but empty, leaves no trace in it."""
    mutations = getattr(case.meta.phase.data, "mutations", None) or []
    if not mutations or any(
        each.parameter_location != "query" or "additionalProperties" not in each.keywords for each in mutations
    ):
        return False
    known = {each["name"] for each in case.operation.definition.raw.get("parameters", []) if each["in"] == "query"}
    return all(value is None or value in ([], {}) for name, value in (case.query or {}).items() if name not in known)


def _is_right_all_the_same(case) -> bool:
    """Whether a body that was made wrong is not.

    An asterisk is appended to break a pattern, which does not break "not blank"; the null of a text that may be missing
    becomes a text.
    """
    mutations = getattr(case.meta.phase.data, "mutations", None) or []
    if not mutations or not isinstance(case.body, dict | list):  # bytes that are no JSON stay wrong
        return False
    if any(each.parameter_location != "body" or "format" in each.keywords for each in mutations):
        return False
    raw = case.operation.schema.raw_schema
    content = case.operation.definition.raw["requestBody"]["content"]
    schema = content.get(case.media_type, {}).get("schema", False)
    return jsonschema_rs.validator_for({"components": raw["components"], "allOf": [schema]}).is_valid(case.body)
