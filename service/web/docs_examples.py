"""An example for each call that a person can try as it stands: they are shown on /docs, and a test runs them all."""

from __future__ import annotations

import json
from typing import Any

LEMONS = "Hot lemon water cures diabetes within seven days."
PAGE = f"<html lang=en><title>Lemons</title><article><h1>A week of lemons</h1><p>{LEMONS}</p></article></html>"
STATEMENT = {
    "claim_reviewed": LEMONS,
    "url": "https://checks.example/lemons",
    "language": "en",
    "publisher": {"name": "Example Checks", "site": "checks.example"},
    "rating": {"alternate_name": "False"},
}
REVIEW = {
    "@type": "ClaimReview",
    "claimReviewed": LEMONS,
    "url": "https://checks.example/lemons",
    "reviewRating": {"alternateName": "False"},
}
POLICY = {
    "name": "desk",
    "rules": [
        {"name": "sure", "action": "flag", "ratings": ["false"], "min_confidence": 0.9},
        {"action": "review", "verdicts": ["refuted", "conflicting_evidence"], "modes": []},
    ],
    "otherwise": "allow",
}

# By method and path: what is asked after it, the body, and whether it takes a key.
EXAMPLES: dict[tuple[str, str], tuple[str, Any, bool]] = {
    ("POST", "/v1/checks"): ("", {"text": LEMONS, "reference": "ticket 7", "wait": 10}, False),
    ("GET", "/v1/checks"): ("?reference=ticket+7&limit=3", None, False),
    ("POST", "/v1/batches"): ("", {"items": [{"text": LEMONS, "reference": "ticket 7"}, {"text": "Not so."}]}, False),
    ("POST", "/v1/match"): ("", {"texts": [LEMONS], "limit": 3, "stance": True}, False),
    ("POST", "/v1/stance"): ("", {"pairs": [{"claim": f"No, {LEMONS}", "statement": LEMONS}]}, False),
    ("POST", "/v1/claims"): ("", {"text": f"Do you like lemons? {LEMONS}"}, False),
    ("POST", "/v1/extract"): ("", {"html": PAGE}, False),
    ("GET", "/v1/statements"): ("?query=lemon&limit=3", None, False),
    ("GET", "/v1/pairings"): ("", None, False),
    ("GET", "/v1/filter"): ("", None, False),
    ("GET", "/healthz"): ("", None, False),
    ("GET", "/readyz"): ("", None, False),
    ("GET", "/metrics"): ("", None, False),
    ("GET", "/v1/policies"): ("", None, False),
    ("POST", "/v1/policies"): ("", POLICY, True),
    ("POST", "/v1/replay"): ("", {"reference": "ticket 7", "min_confidence": 0.9}, False),
    ("GET", "/v1/sources"): ("", None, False),
    ("GET", "/v1/source-presets"): ("", None, False),
    ("GET", "/v1/coverage"): ("", None, True),
    ("GET", "/v1/webhooks/deliveries"): ("?state=dead", None, True),
    ("GET", "/v1/feedback"): ("?status=open", None, True),
    ("POST", "/v1/statements"): ("", STATEMENT, True),
    ("POST", "/v1/statements/import"): ("", [REVIEW], True),
}


def example(host: str, method: str, path: str) -> str:
    """The command for a call; "" where nothing runs by itself, because it takes the id of something made before."""
    found = EXAMPLES.get((method, path))
    if found is None:
        return ""
    query, body, keyed = found
    parts = [f"curl -s '{host}{path}{query}'"]
    if path == "/v1/filter":
        parts.append("-o filter.bin")
    if keyed:
        parts.append('-H "Authorization: Bearer $KEY"')
    if body is not None:
        parts += ["-H 'Content-Type: application/json'", f"-d '{json.dumps(body)}'"]
    return " ".join(parts)
