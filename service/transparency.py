"""Decisions as statements of reasons, by the fields of the EU's transparency database (DSA, version 2 of its schema).

They say nothing of people: no address, text, reference or name of an author. What only whoever acted knows is left to
them: the visibility is "other" with our action, and the territory is left out.
"""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Sequence
from datetime import date
from textwrap import shorten
from typing import Any

from service.actions import Action, PolicyDecision
from service.catalogue import say
from service.models import Article, Check
from service.presenters import Json
from service.rationale import rationale_of
from service.twins import for_reader

AUTOMATED = {
    Action.FLAG: "AUTOMATED_DECISION_FULLY",
    Action.REVIEW: "AUTOMATED_DECISION_PARTIALLY",  # a person looks at it
    Action.ALLOW: "AUTOMATED_DECISION_FULLY",
}
# What the database takes (validation of its API, June 2026): days from 2000 on, explanations of 2,000 characters.
FIRST_DAY = date(2000, 1, 1)
MAX_EXPLANATION = 2000
FIELDS = (
    "puid", "decision_visibility", "decision_visibility_other", "decision_ground", "incompatible_content_ground",
    "incompatible_content_explanation", "incompatible_content_illegal", "category", "category_specification",
    "content_type", "content_language", "content_date", "application_date", "decision_facts", "source_type",
    "automated_detection", "automated_decision",
)  # fmt: skip


def present_reasons(check: Check, language: str) -> Json:
    """A decided check as a statement of reasons. The check has ended and has a decision."""
    decided, ended_at = check.decision, check.finished_at
    if decided is None or ended_at is None:
        raise ValueError("only what was decided has reasons")
    check = for_reader(check, language)
    article = check.result.article
    explanation = shorten(rationale_of(check, decided, language), MAX_EXPLANATION, placeholder=" …")
    return {
        "puid": check.id,
        "decision_visibility": ["DECISION_VISIBILITY_OTHER"],
        "decision_visibility_other": decided.action.value,
        "decision_ground": "DECISION_GROUND_INCOMPATIBLE_CONTENT",
        "incompatible_content_ground": ground_of(decided, language),
        "incompatible_content_explanation": explanation,
        "incompatible_content_illegal": "No",
        "category": "STATEMENT_CATEGORY_NEGATIVE_EFFECTS_ON_CIVIC_DISCOURSE_OR_ELECTIONS",
        "category_specification": ["KEYWORD_MISINFORMATION_DISINFORMATION"],
        "content_type": ["CONTENT_TYPE_IMAGE" if article and article.picture else "CONTENT_TYPE_TEXT"],
        "content_language": language_code(article),
        "content_date": content_day(check, ended_at.date()).isoformat(),
        "application_date": ended_at.date().isoformat(),
        "decision_facts": facts_of(check, decided, language),
        "source_type": "SOURCE_VOLUNTARY",
        "automated_detection": "Yes",
        "automated_decision": AUTOMATED[decided.action],
    }


def content_day(check: Check, decided_on: date) -> date:
    """When the content appeared; where the page says no day that can be, when it was checked."""
    article = check.result.article
    said = article.date_published if article else None
    return said if said and FIRST_DAY <= said <= decided_on else check.created_at.date()


def language_code(article: Article | None) -> str | None:
    """The language by its two letters; None where it is not known or has none."""
    code = ((article.language if article else None) or "").partition("-")[0].upper()
    return code if len(code) == 2 else None


def ground_of(decided: PolicyDecision, language: str) -> str:
    """Which version of which policy decided."""
    return say(language, "transparency.ground", policy=decided.policy)


def facts_of(check: Check, decided: PolicyDecision, language: str) -> str:
    """What was measured: verdict and confidence of the claim that decided, and the id of the statement."""
    claims = check.result.claims
    if decided.claim is None or decided.claim >= len(claims):
        return say(language, "transparency.no_facts")
    verdict = claims[decided.claim].verdict
    values = {"verdict": verdict.code.value, "confidence": f"{verdict.confidence:.2f}"}
    if decided.statement is None:
        return say(language, "transparency.facts", **values)
    return say(language, "transparency.facts_statement", statement=decided.statement, **values)


def reasons_csv(rows: Iterable[Json]) -> str:
    """Statements of reasons as CSV (RFC 4180), lists in JSON."""
    written = io.StringIO()
    writer = csv.DictWriter(written, FIELDS)
    writer.writeheader()
    writer.writerows({name: _cell(value) for name, value in row.items()} for row in rows)
    return written.getvalue()


def _cell(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, Sequence) and not isinstance(value, str) else value
